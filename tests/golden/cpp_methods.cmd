# wasmgdb -nx -q tests/forms/libcxx/debug.wasm tests/forms/libcxx/debug.core
frame function owners
p std::get<1>(triple)
p get<2>(triple).x + 1
p std::get<0>(nested)
p std::get<2>(third)
p std::get<0>(third)
p std::get<3>(triple)
p third.index()
p shared.use_count()
p unique.get()
p engaged.has_value()
p engaged.value().x
p empty.value()
p number.has_value()
p counter.load()
p wrapper.get()
p complex.imag()
p wait.count() + 1
p five.test(1)
p wait.zero()
frame function containers
p std::get<1>(array)
p numbers.data()
p brief.c_str()
p map.contains(2)
p map.contains(9)
p set.contains(3)
p map_at->second
p *list_at
p brief.substr(1)
