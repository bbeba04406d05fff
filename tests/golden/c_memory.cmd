# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
f 7
x/4xw 0x10000


x/s greeting
x/2s
x/3i $pc
x
x/-2i $pc
x/-2s greeting+7

x/8xb bins
x/2dw &helpers
x/c greeting
x/2fg 0x10000
x/2ob 0x10020
x
x/2tb
x/-2xw 0x10008
x/3uh mem0:0x10000
x/xw mem3:0
x/xw 0xdeadbeef
x/s 0xdeadbeef
x bins[0]
x/q 0
find "nails"
find bins, +sizeof(bins), "nails"
find /w 0, 0x1ffff, 200
find /b2 0,0x1ffff,0x6e
find 0, +10, 5
find
find 10, 5, 3
find nosuch
set $i = 1
set var $j = $i + 1
bt $j
set variable nosuch = 1
set variable
set nosuch = 1
set counter = 1
bt $i - 2
print *(int *) 0
set null-dereference on
print *(int *) 0
show null-dereference
set null-dereference off
info scope split
frame 0
info scope split
info files
info auxv
quit $j
