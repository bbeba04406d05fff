# wasmgdb -nx -q tests/forms/cpp_values/values.wasm tests/forms/cpp_values/values.core
frame function others
p ints + ints
p 2 * ints - 1
p -ints
p ~ints
p ints > 1
p floats * floats
p ints + floats
p (ints + 1)[2]
p ints % 2
p sizeof(ints + ints)
p where.__ptr_->_M_line
p info
frame function errors
p generic.value()
p generic.value() == std::errc::timed_out
p failed.has_value()
p failed.error()
p failed.value()
p done.has_value()
p/r none
frame function dates
p date
p date.year()
p date.__d_
p now.time_since_epoch()
p time
