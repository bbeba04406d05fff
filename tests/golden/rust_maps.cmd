# wasmgdb -nx -q tests/forms/rust/release.wasm tests/forms/rust/release.core
frame function forms::maps
p ages
p ages["bob"]
p ages["nobody"]
p/r ages
ptype ages
p wide
p wide[57]
p letters
p order
p order[17]
p -elements 3 -- order
p by_name
p by_name["a"].x
p/r sorted
p sorted
p no_order
set output-style gdb
p ages
p by_name
p -elements 3 -- order
