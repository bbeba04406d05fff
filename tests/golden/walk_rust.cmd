# wasmgdb -nx -q tests/forms/rust/dev.wasm tests/forms/rust/dev.core
frame function forms::lists
p -walk next -- chain
p -walk next -elements 2 -- chain
p -count -walk next -- chain
p $ + 1
p -count -- linked
p -count -- vec
p -count -- no_linked
p -count -- slice
p -count -- count
p -walk nothing -- chain
frame function forms::pointers
p -walk parent -- leaf
set output-style gdb
p -walk parent.value -- leaf
p -count -- objects
