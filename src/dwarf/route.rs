//! Ways from a type to a part that lies inside of its values, found once for each type: library types are walked for
//! their length or their pointer at every element of a container.
//!
//! Nothing of a value is read: a way is a row of members, which whoever has a value follows. Behind pointers nothing is
//! looked for.

use std::cell::RefCell;
use std::rc::Rc;

use ahash::AHashMap as HashMap;

use super::types::{Member, MemberPlace, Type, TypeId, TypeKind};
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS, MAX_ROUTES_KEPT};

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'n> {
    /// The member of that name: the type's own, else that of a base or an anonymous member.
    Own(&'n str),
    /// The nearest member of that name, at any depth.
    Inside(&'n str),
    /// The first number, enumerator or pointer.
    Scalar,
    /// The first pointer.
    Pointer,
}

impl Wanted<'_> {
    /// Of members with a name; none for what is told by its type.
    fn name(&self) -> Option<&str> {
        match self {
            Wanted::Own(name) | Wanted::Inside(name) => Some(name),
            Wanted::Scalar | Wanted::Pointer => None,
        }
    }

    /// What lies in `member` may be what is looked for.
    fn enters(&self, member: &Member) -> bool {
        !matches!(self, Wanted::Own(_)) || member.is_base || member.name.is_none()
    }

    fn is(&self, found: &Type) -> bool {
        match found.kind {
            TypeKind::Pointer { .. } => *self == Wanted::Pointer || found.size_bytes != Some(0),
            TypeKind::Base(_) | TypeKind::Enumeration(_) => *self == Wanted::Scalar && found.size_bytes != Some(0),
            _ => false,
        }
    }
}

/// The way to a part.
#[derive(Debug)]
pub struct Route {
    /// From the outside in; none for the value itself.
    pub members: Vec<Member>,
    /// Bytes from the value to the part, where all of the way is at fixed places and of whole bytes.
    pub offset_bytes: Option<u64>,
    /// The type of the part as it is declared.
    pub declared: TypeId,
    /// The same without typedefs and qualifiers.
    pub type_id: TypeId,
    pub found: Rc<Type>,
}

/// A type without typedefs and qualifiers.
type Strip<'s> = &'s dyn Fn(TypeId) -> (TypeId, Rc<Type>);

/// The ways that were found, and those that were looked for in vain.
#[derive(Default)]
pub struct Routes {
    of_type: RefCell<HashMap<TypeId, Vec<Kept>>>,
}

struct Kept {
    /// As `Wanted`, with a name of its own.
    kind: std::mem::Discriminant<Wanted<'static>>,
    name: Box<str>,
    route: Option<Rc<Route>>,
}

impl Routes {
    /// The way from `id`, a type without typedefs, to the part; none if it has no such part, or if it is too large.
    pub fn route(&self, strip: Strip<'_>, id: TypeId, wanted: Wanted<'_>) -> Option<Rc<Route>> {
        let (kind, name) = (kind(wanted), wanted.name().unwrap_or_default());
        if let Some(kept) = self.of_type.borrow().get(&id)
            && let Some(known) = kept.iter().find(|kept| kept.kind == kind && *kept.name == *name)
        {
            return known.route.clone();
        }
        let route = match wanted.name() {
            Some(name) => by_name(strip, id, name, wanted),
            None => by_type(strip, id, wanted),
        };
        let route = route.map(Rc::new);
        let mut all = self.of_type.borrow_mut();
        let kept = all.entry(id).or_default();
        // A union of many members may be asked for each of them.
        if kept.len() < MAX_ROUTES_KEPT {
            kept.push(Kept { kind, name: name.into(), route: route.clone() });
        }
        route
    }
}

fn kind(wanted: Wanted<'_>) -> std::mem::Discriminant<Wanted<'static>> {
    std::mem::discriminant(&match wanted {
        Wanted::Own(_) => Wanted::Own(""),
        Wanted::Inside(_) => Wanted::Inside(""),
        Wanted::Scalar => Wanted::Scalar,
        Wanted::Pointer => Wanted::Pointer,
    })
}

/// A place on the way.
struct Place {
    /// Where it lies in, and as which member; none for the value itself.
    inside: Option<(usize, Member)>,
    declared: TypeId,
    type_id: TypeId,
    found: Rc<Type>,
}

/// All places that were come by; each is named by its index.
struct Places<'s> {
    strip: Strip<'s>,
    places: Vec<Place>,
}

impl<'s> Places<'s> {
    fn from(strip: Strip<'s>, id: TypeId) -> Self {
        let mut places = Places { strip, places: Vec::new() };
        places.add(None, id);
        places
    }

    fn add(&mut self, inside: Option<(usize, Member)>, declared: TypeId) -> usize {
        let (type_id, found) = (self.strip)(declared);
        self.places.push(Place { inside, declared, type_id, found });
        self.places.len() - 1
    }

    fn member(&mut self, outside: usize, member: &Member) -> usize {
        self.add(Some((outside, member.clone())), member.type_id)
    }

    fn found(&self, place: usize) -> Option<Rc<Type>> {
        self.places.get(place).map(|place| place.found.clone())
    }

    fn route(&self, place: usize) -> Option<Route> {
        let last = self.places.get(place)?;
        let mut members = Vec::new();
        let mut at = last;
        while let Some((outside, member)) = &at.inside {
            members.push(member.clone());
            at = self.places.get(*outside)?;
        }
        members.reverse();
        let distance = |sum: u64, member: &Member| match member.place {
            MemberPlace::Offset(offset) => Some(sum.wrapping_add(offset)),
            MemberPlace::Bits { .. } | MemberPlace::Virtual(_) => None,
        };
        let offset_bytes = members.iter().try_fold(0, distance);
        let (declared, type_id, found) = (last.declared, last.type_id, last.found.clone());
        Some(Route { members, offset_bytes, declared, type_id, found })
    }
}

/// Level by level.
fn by_name(strip: Strip<'_>, id: TypeId, name: &str, wanted: Wanted<'_>) -> Option<Route> {
    let mut places = Places::from(strip, id);
    let mut level = vec![0];
    let mut budget = MAX_LAYOUT_MEMBERS;
    for _ in 0..MAX_LAYOUT_DEPTH {
        let mut next = Vec::new();
        for place in level {
            let found = places.found(place)?;
            let TypeKind::Record(record) = &found.kind else { continue };
            for member in &record.members {
                budget = budget.checked_sub(1)?;
                if member.name.as_deref() == Some(name) {
                    let place = places.member(place, member);
                    return places.route(place);
                }
                if wanted.enters(member) {
                    next.push(places.member(place, member));
                }
            }
        }
        level = next;
    }
    None
}

/// In the order in which a value is laid out, members of variants behind the others.
fn by_type(strip: Strip<'_>, id: TypeId, wanted: Wanted<'_>) -> Option<Route> {
    let mut places = Places::from(strip, id);
    let mut open = vec![0];
    let mut budget = MAX_LAYOUT_MEMBERS;
    while let Some(place) = open.pop() {
        budget = budget.checked_sub(1)?;
        let found = places.found(place)?;
        if wanted.is(&found) {
            return places.route(place);
        }
        let TypeKind::Record(record) = &found.kind else { continue };
        let in_variants = record.variants.iter().flat_map(|v| v.variants.iter().flat_map(|v| v.members.iter()));
        let mut inner: Vec<usize> =
            record.members.iter().chain(in_variants).map(|member| places.member(place, member)).collect();
        inner.reverse();
        open.extend(inner);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::dwarf::language::Language;
    use crate::dwarf::types::{Encoding, PointerKind, Record, RecordKind};

    const NUMBER: TypeId = TypeId(0);
    const POINTER: TypeId = TypeId(1);
    const INNER: TypeId = TypeId(2);
    const BASE: TypeId = TypeId(3);
    const OUTER: TypeId = TypeId(4);

    fn member(name: Option<&str>, type_id: TypeId, place: MemberPlace) -> Member {
        Member { name: name.map(Rc::from), type_id, place, is_base: type_id == BASE, artificial: false }
    }

    fn record(members: Vec<Member>) -> TypeKind {
        let (kind, variants, statics, type_parameters) = (RecordKind::Struct, None, Vec::new(), Vec::new());
        let record =
            Record { kind, members, variants, type_parameters, statics, declaration: false, containing_type: None };
        TypeKind::Record(Rc::new(record))
    }

    /// `struct Outer : Base { Inner inner; int flag : 1; }`, `Base { int len; }`, `Inner { int *data; int len; }`.
    fn found(id: TypeId) -> Rc<Type> {
        let at = MemberPlace::Offset;
        let (kind, size_bytes) = match id {
            POINTER => (TypeKind::Pointer { target: NUMBER, kind: PointerKind::Pointer }, 4),
            INNER => (record(vec![member(Some("data"), POINTER, at(0)), member(Some("len"), NUMBER, at(4))]), 8),
            BASE => (record(vec![member(Some("count"), NUMBER, at(0))]), 4),
            OUTER => {
                let flag = MemberPlace::Bits { offset_bits: 99, size_bits: 1 };
                let members = vec![
                    member(None, BASE, at(0)),
                    member(Some("inner"), INNER, at(4)),
                    member(Some("flag"), NUMBER, flag),
                ];
                (record(members), 16)
            }
            _ => (TypeKind::Base(Encoding::Signed), 4),
        };
        let size_bytes = Some(size_bytes);
        Rc::new(Type { name: None, kind, size_bytes, align_bytes: None, language: Language::Cpp, die: None })
    }

    #[test]
    fn parts_are_found_through_bases_and_members_and_bits_have_no_whole_offset() {
        let routes = Routes::default();
        let strip = |id: TypeId| (id, found(id));
        let offset = |wanted| routes.route(&strip, OUTER, wanted).map(|route| (route.type_id, route.offset_bytes));
        assert_eq!(offset(Wanted::Own("count")), Some((NUMBER, Some(0))));
        assert_eq!(offset(Wanted::Own("len")), None);
        assert_eq!(offset(Wanted::Inside("len")), Some((NUMBER, Some(8))));
        assert_eq!(offset(Wanted::Scalar), Some((NUMBER, Some(0))));
        assert_eq!(offset(Wanted::Pointer), Some((POINTER, Some(4))));
        assert_eq!(offset(Wanted::Own("flag")), Some((NUMBER, None)));
        let itself = routes.route(&strip, NUMBER, Wanted::Scalar).expect("a number is one");
        assert_eq!((itself.members.len(), itself.offset_bytes), (0, Some(0)));
    }

    #[test]
    fn types_are_walked_once_for_each_part_even_in_vain() {
        let (routes, looks) = (Routes::default(), Cell::new(0));
        let strip = |id: TypeId| {
            looks.set(looks.get() + 1);
            (id, found(id))
        };
        let wanted = [Wanted::Inside("len"), Wanted::Own("len"), Wanted::Pointer, Wanted::Scalar];
        let look = || wanted.map(|wanted| routes.route(&strip, OUTER, wanted).map(|route| route.offset_bytes));
        let first = look();
        let after_the_first = looks.get();
        assert!(after_the_first > 0);
        for _ in 0..100 {
            assert_eq!(look(), first);
        }
        assert_eq!(looks.get(), after_the_first);
    }

    #[test]
    fn what_is_kept_of_one_type_is_bounded() {
        let routes = Routes::default();
        for index in 0..4 * MAX_ROUTES_KEPT {
            assert!(routes.route(&|id| (id, found(id)), OUTER, Wanted::Inside(&index.to_string())).is_none());
        }
        assert_eq!(routes.of_type.borrow().get(&OUTER).map(Vec::len), Some(MAX_ROUTES_KEPT));
    }
}
