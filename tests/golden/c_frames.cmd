# wasmgdb -nx samples/c_list/module.O0.wasm samples/c_list/core.O0
info program
bt
bt 2
info stack 1
info s -1
info frame function main
info frame level 99
bt -2
bt full 2
bt -frame-arguments none 2
bt -frame-info source-line 2
bt foo
where 1
frame
f 2
f 99
f -1
frame level 4
frame function main
frame function nosuch
frame function walk
frame function
frame address 0x10
down
down 100
down
up 2
up 100
up
select-frame 5
info locals
info args
info locals -q nosuch
info locals nosuch
info locals ^s
info args -t struct
info args (
info threads
thread
thread 1
thread 2
thread x
set frame-numbering outermost
bt 3
f 12
set frame-numbering innermost
set output-style gdb
frame 1
info locals
info args
bt 3
info threads
