# wasmgdb -nx -q tests/forms/rust/dev.wasm tests/forms/rust/dev.core
frame function forms::choices
p some.is_some()
p none.is_some()
p some.unwrap() + 1
p none.unwrap()
p none.unwrap_or(9)
p err.is_err()
p err.unwrap_err()
p err.unwrap()
p nested.unwrap().unwrap()
p some_box.as_ref().unwrap().y
p some_none.unwrap().is_none()
p some.map(3)
frame function forms::cells
p cell.get()
p free.borrow() + 1
p mutex.lock().unwrap()
p rw.read().unwrap() + 1
frame function forms::pointers
p rc_cell.borrow().x
p rc_object.as_ref()
frame function forms::cells
p free.lock()
frame function forms::numbers
p nonzero.get()
p flag.load(Ordering::SeqCst)
p atomic_size.load() + 1
frame function forms::lists
p many.contains(7)
p many.contains(70000)
p many.get(3)
p points.contains(&points[1])
p points.contains(3)
p array.first().unwrap()
p many.as_slice().len()
frame function forms::texts
p string.as_str().len()
p words.contains("two")
