# wasmgdb -nx samples/c_list/module.O0.wasm
bt
info locals
frame 1
up
info threads
thread
thread 2
info program
info memory
info instances
info globals
info exports
disassemble split
info process
hexdump 0
