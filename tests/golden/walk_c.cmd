# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
frame function inspect
p -walk next -- bins[0].first
p -count -walk next -- bins[0].first
p -count -- bins[0].codes
p -walk where -- bins[0].first
p -walk stock -- bins[0].first
p -walk next -- (part_t *)0
p -walk next -- (part_t *)0xfffffff0
set output-style gdb
p -walk next -- bins[0].first
