# wasmgdb -nx -q  tests/forms/libcxx/debug.wasm tests/forms/libcxx/debug.core
frame function c_values
info locals
p z
p w
p $_creal(z)
p $_cimag(w)
p $_creal(count)
p *packet
p packet->kind
p packet->code
p packet->items
p packet->items[1]
p packet->items[0]@packet->length
p *packet->items@3
p/x *packet->items@3
ptype packet
ptype/o struct packet
p both
p/x both
p other
p zero
p second
p none
p (enum plain) 3
p table
p table[1].run
p *table[1].run
p chosen
p variable
p variable[2]
p sizeof(variable)
ptype variable
whatis variable
p grid
p grid[1]
ptype grid
p text
p/x text
p pointer
p *pointer@6
p bytes
p/d bytes
p/c bytes
p wide
p wide[1]
p *wide@5
