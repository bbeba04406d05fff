# wasmgdb -nx -q samples/c_list/module.O0.wasm samples/c_list/core.O0
whatis
ptype
frame 2
print part
print *part
p/x part->id
p -elements 2 -- part->label
p $
p (long)depth * 3
print nosuch
print *(part_t *)0
output depth
echo \n
ptype part_t
ptype/o struct part
whatis part->next
whatis part_t
info symbol &ledger
info symbol 15
info symbol 1
info symbol 999999
complete p par
complete p part->ma
set output-style gdb
print *part
print part
info symbol greeting
info symbol walk
info symbol
info registers sp $pc
info registers eax
print L"wide"
print L'w'
