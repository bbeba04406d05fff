# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
f 2
list -
f
list

list -
list 150

list
list 1
list -
list 1000
list 20,22
list 5,+2
list 80,
list ,10
list split
list -function split
list -source workshop.c -line 3
list -sou workshop.c -fun main
list -source workshop.c
list -label x
list -line
list 1 2
list workshop.c:nosuch
list price_shelf,
list workshop.c:3
list nosuch.c:2
list nosuch
list *0x668
list func[13]
set listsize 3
list 10
info line
info line 71
x/i
x
print $_
info line split
info line workshop.c:2
info line *0x668
info line *0x64e
info line 100000
info line nosuch
info line *0x3
info line func[16]
info source
info sources workshop
info functions walk
info functions -n unit
info functions -t long split
info functions -q zzz
info functions zzz
info variables e_?rate|ledger|asked
info variables -t double .
info variables -t double
info functions [
info types part
info types ^(int|char)$
info types -q zzz
directory samples/nosuch Cargo.toml samples/c_list:samples
show directories
directory samples $cdir
show directories
list workshop.c:3,3
directory
show directories
set substitute-path /a /b
set substitute-path /c /d
unset substitute-path /x
unset substitute-path /a
show substitute-path
unset substitute-path
show substitute-path
unset
unset x
complete unset 
