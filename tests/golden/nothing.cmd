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
print 2*21
set $n = 5
print $n + 1
print $n == 5 && sizeof(int)
ptype unsigned char
