# wasmgdb -nx samples/rust_demo/module.wasm samples/rust_demo/core
bt 15
f 13
info locals
p (*thing)
p (*thing)->value
p thing->value
p (MyThing) 0xfe4c
p/x thing->value
output thing->value
output *thing
