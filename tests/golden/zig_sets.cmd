# wasmgdb -nx -q tests/forms/zig_sets/debug.wasm tests/forms/zig_sets/debug.core
frame function sets.others
p flags[2]
p flags[10]
p lanes[1]
p lanes + lanes
p lanes > 0
p odd[2]
p odd
p terminated
p terminated[1]
p shapes[1]
p words["three"]
p/r atomic
frame function sets.enumerators
p weights
p array
p/r colours
