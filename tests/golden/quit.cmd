# wasmgdb -nx --style gdb -ex echo
show prompt
quit now
quit 3
