# wasmgdb -nx -q tests/forms/rust_values/dev.wasm tests/forms/rust_values/dev.core
frame function values::iterators
p *place
p place.line
p NUMBERS
p values::LEVEL
p UNUSED
p split
p array
frame function values::errors
p custom
p system.repr
frame function values::addresses
p either[1]
p v6.octets
