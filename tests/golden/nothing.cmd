# wasmgdb -nx
bt
frame
up
info locals
info threads
thread
info modules
info globals
info program
disassemble
hexdump 0
