//! Cells and locks: what they hold, and whether it is borrowed or locked.

use crate::dwarf::types::TypeKind;
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

/// A type that is its only member: `UnsafeCell`, `Wrapping`, `ManuallyDrop`, `Pin`, `NonNull`.
pub fn transparent<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: cell.sole()?.object })
}

/// A number in wrappers of its library: `NonZero`, atomics.
pub fn number<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: cell.leaf()?.object })
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
    let value = guard.member("value")?;
    let view = match value.target()? {
        Some(target) => View::Wrapped { prefix: "", inner: target.object },
        None => View::Wrapped { prefix: "", inner: value.object },
    };
    Ok(view)
}

/// `Mutex {data: …}`, `RwLock {data: …}`, and whether it is locked or poisoned.
pub fn lock<'a>(lock: &Part<'a, '_>) -> Formed<View<'a>> {
    let data = lock.member("data")?;
    let data = data.inside("value").unwrap_or(data);
    // Without threads there is nothing to note.
    let poisoned = lock.own("poison").and_then(|poison| poison.number().ok());
    let state = lock.member("inner")?.signed().ok();
    let is_rw = lock.base_name() == "RwLock";
    let state = match state {
        None | Some(0) => None,
        Some(count @ 1..=0x3fff_fffd) if is_rw => Some(format!("locked by {count} readers")),
        Some(_) if is_rw => Some("locked for writing".to_owned()),
        Some(_) => Some("locked".to_owned()),
    };
    let poisoned = poisoned.filter(|flag| *flag != 0).map(|_| "poisoned".to_owned());
    let note: Vec<String> = state.into_iter().chain(poisoned).collect();
    let note = Some(note.join(", ")).filter(|note| !note.is_empty());
    Ok(noted(named(lock, FieldStyle::Named, Label::Name("data".into()), data.object), note))
}

/// `MutexGuard` and its kin: what the lock holds.
pub fn guard<'a>(guard: &Part<'a, '_>) -> Formed<View<'a>> {
    if let Ok(Some(lock)) = guard.find_any(&["lock"]).and_then(|lock| lock.target()) {
        let data = lock.member("data")?;
        let inner = data.inside("value").unwrap_or(data).object;
        return Ok(View::Wrapped { prefix: "", inner });
    }
    match guard.member("data")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "", inner: target.object }),
        None => lacks("a lock"),
    }
}

/// `OnceCell`: what it was set to, as an `Option`.
pub fn once_cell<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let inner = cell.member("inner")?.find("value")?;
    Ok(named(cell, FieldStyle::Tuple, Label::Name("__0".into()), inner.object))
}

/// `OnceLock`, `LazyLock`: the value, if its `Once` is complete.
pub fn once_lock<'a>(cell: &Part<'a, '_>) -> Formed<View<'a>> {
    let unset = |note: &str| {
        let view = View::Variant { name: cell.base_name().into(), children: Vec::new(), style: FieldStyle::Unit };
        Ok(noted(view, Some(note.to_owned())))
    };
    match once_state(&cell.member("once")?)?.as_deref() {
        Some("Complete") => {}
        Some("Poisoned") => return unset("poisoned"),
        Some("Running") => return unset("being set"),
        _ => return unset("not set"),
    }
    let value = cell.find_any(&["value", "data"])?.find("value")?;
    let value = value.inside("value").unwrap_or(value);
    Ok(named(cell, FieldStyle::Tuple, Label::Name("__0".into()), value.object))
}

/// The name of a `Once`'s state. With threads it is a number whose meaning changed between versions (0 was "not
/// set" and became "complete"): only what means the same in all of them is told.
fn once_state(once: &Part<'_, '_>) -> Formed<Option<String>> {
    let state = once.find_any(&["state", "state_and_queued"])?.leaf()?;
    let number = state.signed()?;
    match &state.found.kind {
        TypeKind::Enumeration(states) => {
            Ok(states.enumerators.iter().find(|(_, value)| *value == number).map(|(name, _)| name.to_string()))
        }
        _ => lacks("a state that every version means the same by"),
    }
}
