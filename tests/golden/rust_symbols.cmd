# wasmgdb -nx -q samples/rust_demo/module.wasm samples/rust_demo/core
info functions demo::
info types demo::
f 13
list
info line calculate
disassemble calculate
