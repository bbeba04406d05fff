# wasmgdb -nx -q tests/forms/rust/dev.wasm tests/forms/rust/dev.core
frame function forms::texts
p string
p/r string
ptype string
p string[1]
p literal[0..3]
p string[6..]
p cow_owned
p/r c
p path
p shared
frame function forms::lists
p vec
p/r vec
ptype vec
p vec[0]
p vec[2..5]
p vec[5]
p slice[1]
p deque
p deque[3]
p/x deque
p heap
p linked
p/r linked
p linked[1]
p linked[3]
p boxed[1]
p points[1].y
p *counted
p counted[0]
p chain
frame function forms::pointers
p boxed
p *boxed
p boxed.x
p boxed_number + 1
p/r boxed
whatis boxed
p rc
p *rc
p rc.strong
p/r rc
p rc_weak
p gone
p never
p arc_weak
p object
p/r object
ptype object
p objects[0]
p *object_ref
p pinned
p root
p *root
p root.id
p function
frame function forms::cells
p read
p written
p *reader_a
p/r free
p free.value.value
p once
p no_once
p lazy
p no_lazy
p locked
p *guard
p rw_read
p lock
p no_lock
p done
p cell
frame function forms::numbers
p nonzero
p nonzero + 1
p wrapping
p atomic32 == 32
p range
p exhausted
p seconds
p instant
p less
p flag
p atomic64
p/x atomic32
p thread
p uninit
p manual
p word
p tuple.1
p single
p bounds
frame function forms::choices
p some
p/r some
ptype some
p none
p some_box
p some_some
p err
p err_box
p blue
p/d blue
ptype blue
p rect
p/r rect
p nothing
frame 3
p by_value
p boxed
p borrowed
p arguments_with
frame 2
p arguments
set output-style gdb
frame function forms::lists
p vec
p linked
p vec[0]
p chain
frame function forms::pointers
p boxed
p rc
p object
p root
frame function forms::cells
p read
p no_lock
frame function forms::choices
p rect
p some_box
