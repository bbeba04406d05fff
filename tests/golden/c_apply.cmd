# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
frame apply 2 info locals
frame apply -1 info args
frame apply level 1-2 -q info args
frame apply all -c nosuch
faas info locals -q here
frame apply
frame apply 1
frame apply level 99 bt
frame
thread apply all bt 2
thread apply 1 2 frame
taas bt 1
tfaas info args -q ^depth
thread apply
thread apply all
faas
