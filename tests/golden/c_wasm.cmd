# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0.full
info frame
info frame 3
info frame 99
info wasm-locals
info operand-stack
f 7
info wasm-locals
info operand-stack
info wasm
info wasm 0
info wasm nosuch
info wasm-function
info wasm-function 13
info wasm-function func[15]
info wasm-function walk
info wasm-function 1
info wasm-function 10000
info wasm-function nosuch
set output-style gdb
info frame 1
info threads
