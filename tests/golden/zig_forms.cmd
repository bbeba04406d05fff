# wasmgdb -nx -q tests/forms/zig/debug.wasm tests/forms/zig/debug.core
frame function forms.texts
p text
p/r text
ptype text
p text[1]
p text[1..3]
p literal
p many
p words
frame function forms.lists
p list
p/r list
ptype list
p list[2]
p list[2..4]
p list[7]
p structs
p structs[0].y
p string
p no_list
p managed
p slice[0]
frame function forms.maps
p numbers
p numbers[2]
p ages
p ages["bob"]
p ages["nobody"]
p/r ages
p places
p letters
p ordered
p ordered[30]
p structs
p structs[1]
p structs[1].y
frame function forms.choices
p some
p some + 1
p none + 1
p limit > 39
p none
p/r some
ptype some
p some_point
p some_point.x
p no_pointer
p *some_pointer
p linked
p good
p bad
p/r bad
p circle
p/r circle
p circle.circle
p circle.rect
p nothing.circle
p rect
p rect.rect.w
p nothing
p tagged
p shapes
p shapes[0]
p colour
p/d colour
p open
ptype colour
p failure
frame function forms.numbers_of
p point
p pointer
p *pointer
p odd
p odd_signed
p code_point
set output-style gdb
frame function forms.lists
p list
p point_slice
frame function forms.maps
p ages
frame function forms.choices
p some_point
p circle
p no_pointer
p some_point.?.x
p some.? + 1
p none.?
p some_text.?.len
whatis some_point.?.y
