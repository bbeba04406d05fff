# wasmgdb -nx -q  tests/forms/libcxx/debug.wasm tests/forms/libcxx/debug.core
frame function classes
p -pretty off -- mixed
p -array on -- rows
p -array-indexes on -- rows
p -array-indexes on -array on -- rows
p -union off -- mixed
p -address off -- labelled
p -address off -- function
p -object on -- creature
p -elements 1 -- rows
p -static-members off -max-depth 1 -- labelled
p -member-types off -member-addresses off -- mixed
set output-radix 16
p rows
p mixed.number
set output-radix 10
frame function containers
p -array-indexes on -- numbers
p -array-indexes on -- list
p -array-indexes on -- set
p -array on -- numbers
p -repeats 3 -- no_numbers
frame function owners
p -pretty off -- triple
p -full-types on -- number
p -address off -- shared
