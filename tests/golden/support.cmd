# wasmgdb -nx
help
help support
help show version
help set print
help set print elements
help show print elements
help data
help files
help status
help xyzzy
h step
apropos -v history
apropos [
apropos
info
info xyzzy
show print pretty
show pr
show nosuch
set print pretty off
show print pretty
set pr ar on
set pr array-i
show p array-indexes
set print elements -1
set print elements 0
show print elements
set output-style gdb
show print value-numbers
set output-style reference
set print nosuch 3
set
set print
show version
show output-style
echo one\ttwo\n
echo


echo \033[31mred\n
# a comment
xyzzy
sh
step
break main
complete set print ma
complete he
complete set output-style 
complete sh
complete frame 
info breakpoints
info watchpoints
pwd
pwd x
cd /nosuch
cd README.md
cd .
define go
cd .
end
go
end
