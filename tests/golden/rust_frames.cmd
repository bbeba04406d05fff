# wasmgdb -nx samples/rust_demo/module.wasm samples/rust_demo/core
bt
bt -hide
set print runtime-frames fold
bt
bt 5
f 13
info locals
info args
set output-style gdb
bt 14
f 13
