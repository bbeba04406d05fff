# wasmgdb -nx tests/data/embedded/module.wasm tests/data/embedded/core
list
info source
frame 1
list tally.c:1,6
