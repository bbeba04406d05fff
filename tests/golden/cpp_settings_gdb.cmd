# wasmgdb -nx -q --style gdb tests/forms/libcxx/debug.wasm tests/forms/libcxx/debug.core
frame function classes
p mixed
p -pretty on -- mixed
p -pretty on -- duck
p -pretty on -- labelled
p -array on -- rows
p -array on -pretty on -- row
p -array-indexes on -- rows
p -array-indexes on -repeats 2 -- rows
p -union off -- mixed
p -address off -- function
p -address off -- labelled
p -address off -- lambda
p -address off -- creature
p -address off -- function_reference
p -address off -- animal
p -symbol off -- duck
p -object on -- *animal
p -object on -- animal
p -object on -- creature
p -object on -- duck
p creature
p temporary
p function_reference
p lambda.by_reference
p -max-depth 1 -- duck
p -elements 1 -- rows
p -elements 1 -- mixed
p data_member
p method
p virtual_method
p no_method
p/x method
p empty
info locals mixed
set print pretty on
bt 2
info args
info locals mixed
frame function containers
p map
p index
p -array on -- numbers
p -array on -- set
p -array-indexes on -- list
p words
p wide
frame function owners
p shared
p third
p triple
p -object on -- unique
