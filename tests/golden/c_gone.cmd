# wasmgdb -nx -q samples/c_list/module.O2.wasm samples/c_list/core.O2
frame 2
print here
output here
x here
x/s here
printf "%d\n", here
printf "%s\n", here
find here, +4, 1
print here + 1
print *here
frame here
backtrace here
list *here
eval "p %d", here
hexdump here
dump value /dev/null here
if here
end
set here = 1
set variable here += 1
print here++
set part = 0
print part->stock = 3
print --part->stock
set nosuch 1
set nosuch = 1
set nosuch on off
print nosuch 1
print part 1
print (nosuch + 1
print 1 = 2
define two
backtrace 2
end
two
backtrace 2
frame apply 1 -q backtrace 1
