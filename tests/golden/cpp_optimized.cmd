# wasmgdb -nx -q tests/forms/libcxx/optimized.wasm tests/forms/libcxx/optimized.core
set print elements 6
frame function containers
p brief
p longer[3]
p wide
p numbers
p bits[1]
p queue
p queue[1502]
p map[2]
p index["primes"][1]
p squares[3]
p span[1]
p *vector_at
p map_at->second
p *list_at
p hash_at->second
p *back_at
frame function owners
p unique->x
p no_one->x
p array[1]
p closing.__deleter_.calls
p shared->y
p expired
p capturing
p number
p engaged->x
p empty
p neither
p nested.second.first
p place->y
p complex
p wait
p frames
p five[1]
frame function classes
p duck.legs
p animal->legs
p -object on -- *flyer
p labelled.inner.held.y
p mixed.high
p data_member
p lambda
p function
p rows[1][2]
frame function c_values
p packet->items[1]
p *packet->items@3
p z
p $_cimag(z)
p table[1].run
p variable
p wide
