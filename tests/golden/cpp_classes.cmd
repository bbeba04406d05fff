# wasmgdb -nx -q  tests/forms/libcxx/debug.wasm tests/forms/libcxx/debug.core
frame function classes
p duck
p -max-depth 3 -- duck
p duck.legs
p duck.fins
p duck.wings
p/r duck
p *animal
p animal->legs
p *flyer
p -object on -- animal
p -object on -- *animal
p -object on -- *flyer
p -object on -- creature
ptype duck
p labelled
p labelled.inner.held.y
p kinds::Holder<short>::count
p -static-members off -- labelled
p mixed
p mixed.number
p mixed.high
p &mixed.high
p/x mixed
ptype mixed
ptype/o mixed
p unknown
p odd
p empty
p (kinds::Access) 3
p kinds::Level::Low
p data_member
p/x data_member
p no_member
p method
p virtual_method
p no_method
p labelled.inner.held.*data_member
p labelled.inner.held.*no_member
p labelled.inner.held.*method
p &Point::y
p &kinds::Duck::fins
whatis &Point::y
p Point::y
p Point::made
p &Point::sum
p lambda
p lambda.by_reference
ptype lambda
p with_this
p with_this.this->start
p without
p function
p *function
p function_reference
p *function_reference
p temporary
p constant
p constant + 1
p rows
p row
p row[1]
