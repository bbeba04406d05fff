//! Which members a record has by name, without an object: its own, those of anonymous members and of bases.

use crate::dwarf::types::TypeKind;
use crate::dwarf::{TypeId, TypeTable};

/// Anonymous members and bases that are looked into, one inside the other.
const MAX_MEMBER_DEPTH: usize = 32;

/// Records that are looked at for one name: a class may have the same base many times.
const MAX_RECORDS_SEEN: usize = 10_000;

/// Whether a record has a member, static member or base of that name, its anonymous members and bases included.
pub fn has_member(types: &TypeTable<'_>, id: TypeId, name: &str) -> bool {
    let mut open = vec![(id, 0)];
    let mut budget = MAX_RECORDS_SEEN;
    while let (Some((id, depth)), true) = (open.pop(), budget > 0) {
        budget -= 1;
        let (_, found) = types.strip(id);
        let TypeKind::Record(record) = &found.kind else { continue };
        let is_static = record.statics.iter().any(|s| &*s.name == name);
        if is_static || record.members.iter().any(|m| m.name.as_deref() == Some(name) && !m.is_base) {
            return true;
        }
        if depth < MAX_MEMBER_DEPTH {
            let inner = record.members.iter().filter(|m| m.is_base || m.name.is_none());
            open.extend(inner.map(|m| (m.type_id, depth + 1)));
        }
    }
    false
}
