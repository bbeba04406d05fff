# wasmgdb -nx -q samples/cpp_shapes/module.wasm samples/cpp_shapes/core
frame function survey
p -walk __next_ -- path.__end_
p -count -walk __next_ -- path.__end_
p -count -- path
p -count -- ages
p -count -- lengthy
set output-style gdb
p -walk __next_ -- path.__end_.__next_
p -count -- numbers
