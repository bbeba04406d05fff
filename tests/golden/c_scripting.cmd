# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
f 6
printf "%d %s of %5.2f|%-5d|%05d|%x\n", count, note, weight, count, count, mark
printf "%c%%%c %u %o %#x %p\n", 65, 'b', -1, 8, 255, bins
printf "%g %e\n", weight, weight
printf "%s\n", bins[0].tag
printf "%s\n", count
printf "%d\n"
printf "%q\n", 1
printf
printf "abc
display count
display/x mark
display/2i $pc
display nosuch
display
info display
down
up
undisplay 2
undisplay 9
undisplay x
display
undisplay
info display
info address count
info address part
info address ledger
info address split
info address nosuch
info address
info scope walk
info scope func[13]
info scope nosuch
info scope
set $i = 0
while $i < 3
printf "turn %d\n", $i
set $i = $i + 1
end
if $i == 3
echo three\n
if 0
echo never\n
else
echo nested else\n
end
else
echo wrong\n
end
if $i == 4
echo wrong\n
else
echo not four\n
end
while 1
set $i = $i - 1
if $i < 0
loop_break
end
if $i == 1
loop_continue
end
printf "down to %d\n", $i
end
loop_break
else
while
if nosuch
end
define count_up
set $n = 0
while $n < $arg0
printf "%d ", $n
set $n = $n + 1
end
echo done\n
end
count_up 4
p count
p weight
show values
show convenience
show language
set language rust
show language
set language auto
info registers
info breakpoints
info b
eval "print %d+%d", count, 1
eval "print nosuch%d", 1
set logging file /dev/null
set logging enabled on
set logging enabled off
set width 80
set width 0
set pagination off
dump value /dev/null bins
append binary value /dev/null bins[0]
append binary bins
dump value /dev/null
append
append memory /dev/null $sp $sp+4
append value /dev/null bins
dump binary value /dev/null bins
printf "%p %s|%E\n", 0, 0, 1.5
printf "%a", 1.5
print $_regex("abc", "b")
print $_regex("abc", "ab")
