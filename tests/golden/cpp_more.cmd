# wasmgdb -nx -q  tests/forms/more/debug.wasm tests/forms/more/debug.core
frame function values
info locals
p failed
p *fine
p *hollow
p none
p *bit_at
p !bit
p *last_letter
p *before_letters
p last_listed == last_listed
p *last_listed
p *last_queued
p *moving + 1
p gift
p gift.get() == &seed
p row[2]
p *row
p chart[{3, 4}]
p chart[{4, 3}]
p rigged
p -max-depth 5 -- rigged
p rigged.number
p (ship::Part) rig
p (ship::Part *) &rig == part
p *(ship::Part *) &rigged
p ((ship::Part &) sail).number
p dynamic_cast<ship::Rig *>(part)->ropes
p *dynamic_cast<ship::Rigged *>(part)
whatis method
p method
p rig.*method
p rig.*&ship::Part::number
p part->*&ship::Part::number
p &ship::Part::scaled
p &ship::Part::weight
p ship::Part::scaled
p bound
p closure
p nothing
p sizeof(Rig)
ptype Mast
p list.size() + letters.size()
p deque.front()
p letters.at(2)
p rig.scaled(2)
set output-style gdb
p rigged
p method
p &ship::Part::scaled
p rig
