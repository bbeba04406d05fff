# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
info modules
info instances
info process
info imports
info exports
info sections
info sections core
info producers
info tables
info tables 1
info tables x
info memory
info memory 0
info memory 7
info globals
info imports 3
disassemble
disassemble /s
disassemble /r flat
disassemble 0x300,+16
disassemble func[1]
disassemble func[12]+3
disassemble /x
disassemble nosuch
hexdump 0x10000, 40

hexdump 0x1fff8, 16
hexdump
dump
dump memory
dump memory f
dump memory f 1
dump memory f 2 2
