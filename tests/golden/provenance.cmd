# wasmgdb -nx samples/c_list/module.O2.wasm samples/c_list/core.O2
info frame
info provenance total / 2
up
why $pc
why part->stock
why $l0
why $fp
why $operand(0)
why 1 + 2
why
why no_such_name
frame 4
why $sp
why rule
