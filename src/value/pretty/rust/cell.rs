//! Cells and locks: what they hold, and whether it is borrowed or locked.

use std::rc::Rc;

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeKind};
use crate::error::Error;
use crate::limits::MAX_POINTED_TEXT_BYTES;
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks, null};
use super::variant;

/// A type that is its only member: `UnsafeCell`, `Wrapping`, `ManuallyDrop`, `Pin`, `NonNull`.
pub fn transparent<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: cell.sole()?.object })
}

/// A number in wrappers of its library: `NonZero`, atomics.
pub fn number<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: cell.leaf()?.object })
}

/// Atomics, as what they hold: a boolean is kept as a byte, a pointer as its address.
pub fn atomic<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let leaf = cell.leaf()?;
    let held = match cell.argument("T") {
        Ok(held) => Some(held),
        Err(_) if cell.base_name() == "AtomicBool" => {
            Some(cell.reader.types().base("bool", Encoding::Boolean, 1, Language::Rust))
        }
        Err(_) => None,
    };
    let types = cell.reader.types();
    let same_size = held.filter(|held| types.size_of(*held) == types.size_of(leaf.object.type_id));
    let inner = same_size.map_or(leaf.object.clone(), |held| leaf.object.retyped(held));
    Ok(View::Wrapped { prefix: "", inner })
}

/// `ExitCode(3)`: a number in wrappers, with the name of the outermost.
pub fn named_number<'a>(code: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(named(code, FieldStyle::Tuple, Label::Name("__0".into()), code.leaf()?.object))
}

/// `Alignment`: an enumeration whose values are the alignments.
pub fn alignment<'a>(alignment: &Part<'a, '_>) -> Formed<View<'a>> {
    let leaf = alignment.leaf()?;
    let (size, value) = (alignment.size_of(leaf.type_id)?, leaf.number()?);
    if !value.is_power_of_two() {
        return Err(Error::Absent(format!("{value} is no alignment: not set, or overwritten")).into());
    }
    let number = alignment.reader.types().base("usize", Encoding::Unsigned, size, Language::Rust);
    Ok(View::Wrapped { prefix: "", inner: leaf.object.retyped(number) })
}

/// The storage of `thread_local!`: the value, if it was set up.
pub fn thread_local<'a>(storage: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = storage.member("value")?;
    if storage.base_name() == "LazyStorage" {
        let state = storage.member("state")?.leaf()?;
        let number = state.signed()?;
        let TypeKind::Enumeration(states) = &state.found.kind else { return lacks("a state") };
        match states.enumerators.iter().find(|(_, value)| *value == number).map(|(name, _)| &**name) {
            Some("Alive") => {}
            Some("Initial") => return Ok(unset(storage, "not set")),
            Some("Destroyed") => return Ok(unset(storage, "dropped")),
            _ => return lacks("a state that is known"),
        }
        let value = value.find("value")?;
        let value = value.inside("value").unwrap_or(value);
        return Ok(View::Wrapped { prefix: "", inner: value.object });
    }
    Ok(View::Wrapped { prefix: "", inner: value.object })
}

/// `Location`: `src/main.rs:12:5`.
pub fn location<'a>(location: &Part<'a, '_>) -> Formed<View<'a>> {
    let file = location.find_any(&["filename", "file_bytes_with_nul", "file"])?;
    let length = file.member("length").or_else(|_| file.find("length"))?.number()?;
    let address = file.address()?;
    location.check_count(length, 1, address)?;
    location.check_pointer(length, 1, address)?;
    if length > MAX_POINTED_TEXT_BYTES as u64 {
        return lacks("a path of a length that fits");
    }
    let byte = location.reader.types().base("u8", Encoding::Unsigned, 1, Language::Rust);
    let bytes = location.reader.bytes(&location.at(address, byte).object, length)?;
    let path = String::from_utf8_lossy(&bytes);
    let (line, column) = (location.member("line")?.number()?, location.find_any(&["col", "column"])?.number()?);
    let name = format!("{}:{line}:{column}", path.trim_end_matches('\0'));
    Ok(View::Variant { name: name.into(), children: Vec::new(), style: FieldStyle::Unit })
}

/// A tuple of one: `Cell(5)`.
pub fn holder<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let inner = cell.sole()?.sole()?;
    Ok(named(cell, FieldStyle::Tuple, Label::Name("__0".into()), inner.object))
}

/// `MaybeUninit<T>`: its bytes as a `T`, which they may not be.
pub fn maybe_uninit<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = cell.member("value")?;
    Ok(named(cell, FieldStyle::Tuple, Label::Name("__0".into()), value.object))
}

fn named<'a>(cell: &Part<'a, '_>, style: FieldStyle, label: Label, object: Object) -> View<'a> {
    View::Variant { name: cell.base_name().into(), children: vec![Child { label, object }], style }
}

fn noted<'a>(view: View<'a>, note: Option<String>) -> View<'a> {
    match note {
        Some(note) => View::Noted { view: Box::new(view), note: note.into() },
        None => view,
    }
}

/// `RefCell {value: …}`, and who borrows.
pub fn ref_cell<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = cell.member("value")?.find("value")?;
    let note = match cell.member("borrow")?.signed()? {
        0 => None,
        1 => Some("borrowed".to_owned()),
        count if count > 0 => Some(format!("borrowed {count} times")),
        -1 => Some("mutably borrowed".to_owned()),
        count => Some(format!("mutably borrowed {} times", count.unsigned_abs())),
    };
    Ok(noted(named(cell, FieldStyle::Named, Label::Name("value".into()), value.object), note))
}

/// `Ref`, `RefMut`: what is borrowed.
pub fn borrowed<'a>(guard: &Part<'a, '_>) -> Formed<View<'a>> {
    match guard.member("value")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "", inner: target.object }),
        None => null(),
    }
}

/// `Mutex {data: …}`, `RwLock {data: …}`, and whether it is locked or poisoned.
pub fn lock<'a>(lock: &Part<'a, '_>) -> Formed<View<'a>> {
    let data = lock.member("data")?;
    let data = data.inside("value").unwrap_or(data);
    // Without threads there is nothing to note.
    let poisoned = lock.own("poison").and_then(|poison| poison.number().ok());
    let is_rw = lock.base_name() == "RwLock";
    let inner = lock.member("inner")?;
    // A writer without threads counts as -1.
    let state = if is_rw { inner.signed().ok() } else { inner.number().ok().map(i128::from) };
    let state = match state {
        None | Some(0) => None,
        Some(count @ 1..=0x3fff_fffd) if is_rw => Some(format!("locked by {count} readers")),
        Some(_) if is_rw => Some("locked for writing".to_owned()),
        Some(1 | 2) => Some("locked".to_owned()),
        Some(state) => Some(format!("a lock of state {state}: not set, or overwritten")),
    };
    let poisoned = poisoned.filter(|flag| *flag != 0).map(|_| "poisoned".to_owned());
    let note: Vec<String> = state.into_iter().chain(poisoned).collect();
    let note = Some(note.join(", ")).filter(|note| !note.is_empty());
    Ok(noted(named(lock, FieldStyle::Named, Label::Name("data".into()), data.object), note))
}

/// `MutexGuard` and its kin: what the lock holds.
pub fn guard<'a>(guard: &Part<'a, '_>) -> Formed<View<'a>> {
    if let Some(lock) = guard.own("lock") {
        let Some(lock) = lock.target()? else { return null() };
        let data = lock.member("data")?;
        let inner = data.inside("value").unwrap_or(data).object;
        return Ok(View::Wrapped { prefix: "", inner });
    }
    match guard.member("data")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "", inner: target.object }),
        None => null(),
    }
}

/// `OnceCell`: what it was set to.
pub fn once_cell<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    match active(&cell.member("inner")?)? {
        (name, Some(value)) if &*name == "Some" => Ok(set(cell, value.object)),
        _ => Ok(unset(cell, "not set")),
    }
}

/// `LazyCell`: what it worked out, if it was asked.
pub fn lazy_cell<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    match active(&cell.member("state")?)? {
        (name, Some(value)) if &*name == "Init" => Ok(set(cell, value.object)),
        (name, _) if &*name == "Poisoned" => Ok(unset(cell, "poisoned")),
        _ => Ok(unset(cell, "not set")),
    }
}

/// The active variant of the enumeration inside: its name, and its first field.
fn active<'a, 'f>(cell: &Part<'a, 'f>) -> Formed<(Rc<str>, Option<Part<'a, 'f>>)> {
    let (name, fields) = variant::active(&cell.find("value")?)?;
    Ok((name, fields.own("__0")))
}

fn set<'a>(cell: &Part<'a, '_>, value: Object) -> View<'a> {
    named(cell, FieldStyle::Tuple, Label::Name("__0".into()), value)
}

fn unset<'a>(cell: &Part<'a, '_>, note: &str) -> View<'a> {
    let view = View::Variant { name: cell.base_name().into(), children: Vec::new(), style: FieldStyle::Unit };
    noted(view, Some(note.to_owned()))
}

/// `Once`: whether it ran.
pub fn once<'a>(once: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(unset(
        once,
        match once_state(once)?.as_str() {
            "Complete" => "completed",
            "Poisoned" => "poisoned",
            "Running" => "running",
            _ => "not run",
        },
    ))
}

/// `OnceLock`, `LazyLock`: the value, if its `Once` is complete.
pub fn once_lock<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    match once_state(&cell.member("once")?)?.as_str() {
        "Complete" => {}
        "Poisoned" => return Ok(unset(cell, "poisoned")),
        "Running" => return Ok(unset(cell, "being set")),
        _ => return Ok(unset(cell, "not set")),
    }
    let value = cell.find_any(&["value", "data"])?.find("value")?;
    let value = value.inside("value").unwrap_or(value);
    Ok(set(cell, value.object))
}

/// The name of a `Once`'s state. With threads it is a number whose meaning changed between versions (0 was "not
/// set" and became "complete"): only what means the same in all of them is told.
fn once_state(once: &Part<'_, '_>) -> Formed<String> {
    let state = once.find_any(&["state", "state_and_queued"])?.leaf()?;
    let number = state.signed()?;
    match &state.found.kind {
        TypeKind::Enumeration(states) => {
            let found = states.enumerators.iter().find(|(_, value)| *value == number);
            let unknown = || Error::Absent(format!("the state {number} is none of a once: not set, or overwritten"));
            Ok(found.map(|(name, _)| name.to_string()).ok_or_else(unknown)?)
        }
        _ => lacks("a state that every version means the same by"),
    }
}
