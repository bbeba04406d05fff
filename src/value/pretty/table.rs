//! All built-in forms, and which one is for a value.

use std::sync::LazyLock;

use ahash::AHashMap as HashMap;

use crate::dwarf::Language;
use crate::dwarf::types::{Record, TypeKind};
use crate::value::language::base_name;
use crate::value::object::Object;
use crate::value::read::Reader;
use crate::value::view::View;

use super::part::{Formed, Part};
use super::spec::{Form, Former};
use super::{cpp, rust, zig};

const fn rust(within: &'static str, name: &'static str, view: Former) -> Form {
    Form { language: Language::Rust, name, within, view }
}

const fn cpp(name: &'static str, view: Former) -> Form {
    Form { language: Language::Cpp, name, within: "std", view }
}

/// The forms, in no order that matters: names are unique within a language and a namespace.
pub const FORMS: &[Form] = &[
    rust("alloc", "String", rust::string::view),
    rust("std", "OsString", rust::string::view),
    rust("std", "PathBuf", rust::string::view),
    rust("alloc", "CString", rust::string::c_string),
    rust("std", "CString", rust::string::c_string),
    rust("alloc", "Vec", rust::vec::view),
    rust("alloc", "VecDeque", rust::vec_deque::view),
    rust("alloc", "BinaryHeap", rust::vec::heap),
    rust("alloc", "LinkedList", rust::linked_list::view),
    rust("alloc", "BTreeMap", rust::btree::map),
    rust("alloc", "BTreeSet", rust::btree::set),
    rust("std", "HashMap", rust::hash::map),
    rust("std", "HashSet", rust::hash::set),
    rust("hashbrown", "HashMap", rust::hash::map),
    rust("hashbrown", "HashSet", rust::hash::set),
    rust("alloc", "Box", rust::pointer::boxed),
    rust("alloc", "Rc", rust::counted::view),
    rust("alloc", "Arc", rust::counted::view),
    rust("alloc", "Weak", rust::counted::weak),
    rust("core", "Cell", rust::cell::holder),
    rust("core", "UnsafeCell", rust::cell::transparent),
    rust("core", "SyncUnsafeCell", rust::cell::transparent),
    rust("core", "RefCell", rust::cell::ref_cell),
    rust("core", "Ref", rust::cell::borrowed),
    rust("core", "RefMut", rust::cell::borrowed),
    rust("core", "OnceCell", rust::cell::once_cell),
    rust("core", "LazyCell", rust::cell::lazy_cell),
    rust("std", "OnceLock", rust::cell::once_lock),
    rust("std", "LazyLock", rust::cell::once_lock),
    rust("std::sync", "Once", rust::cell::once),
    rust("core", "Arguments", rust::arguments::view),
    rust("std::sync", "Mutex", rust::cell::lock),
    rust("std::sync", "RwLock", rust::cell::lock),
    rust("std::sync", "MutexGuard", rust::cell::guard),
    rust("std::sync", "RwLockReadGuard", rust::cell::guard),
    rust("std::sync", "RwLockWriteGuard", rust::cell::guard),
    rust("core", "NonZero", rust::cell::number),
    rust("core", "Atomic", rust::cell::atomic),
    rust("core", "AtomicBool", rust::cell::atomic),
    rust("core", "AtomicI8", rust::cell::atomic),
    rust("core", "AtomicI16", rust::cell::atomic),
    rust("core", "AtomicI32", rust::cell::atomic),
    rust("core", "AtomicI64", rust::cell::atomic),
    rust("core", "AtomicIsize", rust::cell::atomic),
    rust("core", "AtomicU8", rust::cell::atomic),
    rust("core", "AtomicU16", rust::cell::atomic),
    rust("core", "AtomicU32", rust::cell::atomic),
    rust("core", "AtomicU64", rust::cell::atomic),
    rust("core", "AtomicUsize", rust::cell::atomic),
    rust("core", "AtomicPtr", rust::cell::atomic),
    rust("core", "Wrapping", rust::cell::transparent),
    rust("core", "Saturating", rust::cell::transparent),
    rust("core", "ManuallyDrop", rust::cell::transparent),
    rust("core", "MaybeDangling", rust::cell::transparent),
    rust("core", "MaybeUninit", rust::cell::maybe_uninit),
    rust("core", "Pin", rust::cell::transparent),
    rust("core", "NonNull", rust::cell::transparent),
    rust("core", "Unique", rust::cell::transparent),
    rust("core::slice", "Iter", rust::iterator::slice),
    rust("core::slice", "IterMut", rust::iterator::slice),
    rust("alloc::vec", "IntoIter", rust::iterator::owned),
    rust("core::str", "Chars", rust::iterator::chars),
    rust("core::net", "Ipv4Addr", rust::net::address),
    rust("core::net", "Ipv6Addr", rust::net::address),
    rust("core::net", "IpAddr", rust::net::either),
    rust("core::net", "SocketAddr", rust::net::either),
    rust("core::net", "SocketAddrV4", rust::net::socket_4),
    rust("core::net", "SocketAddrV6", rust::net::socket_6),
    rust("std::io", "Error", rust::io_error::view),
    rust("std::env", "Args", rust::iterator::arguments),
    rust("std::env", "ArgsOs", rust::iterator::arguments),
    rust("std::process", "ExitCode", rust::cell::named_number),
    rust("std::sync", "Sender", rust::channel::view),
    rust("std::sync", "SyncSender", rust::channel::view),
    rust("std::sync", "Receiver", rust::channel::view),
    rust("core", "Alignment", rust::cell::alignment),
    rust("core::panic", "Location", rust::cell::location),
    rust("std", "EagerStorage", rust::cell::thread_local),
    rust("std", "LazyStorage", rust::cell::thread_local),
    rust("alloc::vec", "Drain", rust::iterator::drain),
    rust("core::array", "IntoIter", rust::iterator::array),
    rust("alloc::collections::vec_deque", "IntoIter", rust::iterator::collection),
    rust("alloc::collections::linked_list", "IntoIter", rust::iterator::collection),
    rust("core::str", "Bytes", rust::iterator::bytes),
    rust("core::str", "Split", rust::iterator::split),
    rust("core::str", "SplitInclusive", rust::iterator::split),
    rust("core::str", "SplitTerminator", rust::iterator::split),
    rust("core::str", "SplitN", rust::iterator::split),
    rust("core::str", "RSplit", rust::iterator::split),
    rust("core::str", "RSplitTerminator", rust::iterator::split),
    rust("core::str", "RSplitN", rust::iterator::split),
    rust("core::str", "Lines", rust::iterator::split),
    rust("core::str", "SplitWhitespace", rust::iterator::split),
    rust("core", "Range", rust::range::view),
    rust("core", "RangeInclusive", rust::range::view),
    rust("core", "RangeFrom", rust::range::view),
    rust("core", "RangeTo", rust::range::view),
    rust("core", "RangeToInclusive", rust::range::view),
    rust("core", "RangeFull", rust::range::view),
    rust("core", "Duration", rust::time::duration),
    rust("std", "Instant", rust::time::duration),
    rust("std", "SystemTime", rust::time::system),
    cpp("basic_string", cpp::string::view),
    cpp("basic_string_view", cpp::string::string_view),
    cpp("vector", cpp::vector::view),
    cpp("array", cpp::vector::array),
    cpp("span", cpp::vector::span),
    cpp("valarray", cpp::vector::view),
    cpp("path", cpp::string::path),
    cpp("initializer_list", cpp::vector::initializer_list),
    cpp("stack", cpp::vector::adaptor),
    cpp("queue", cpp::vector::adaptor),
    cpp("priority_queue", cpp::vector::adaptor),
    cpp("bitset", cpp::bits::bitset),
    cpp("deque", cpp::deque::view),
    cpp("list", cpp::list::list),
    cpp("forward_list", cpp::list::forward_list),
    cpp("map", cpp::tree::map),
    cpp("multimap", cpp::tree::map),
    cpp("set", cpp::tree::set),
    cpp("multiset", cpp::tree::set),
    cpp("unordered_map", cpp::hash_table::map),
    cpp("unordered_multimap", cpp::hash_table::map),
    cpp("unordered_set", cpp::hash_table::set),
    cpp("unordered_multiset", cpp::hash_table::set),
    cpp("unique_ptr", cpp::pointer::unique),
    cpp("shared_ptr", cpp::pointer::shared),
    cpp("weak_ptr", cpp::pointer::weak),
    cpp("optional", cpp::choice::optional),
    cpp("expected", cpp::choice::expected),
    cpp("unexpected", cpp::choice::unexpected),
    cpp("variant", cpp::choice::variant),
    cpp("any", cpp::choice::any),
    cpp("tuple", cpp::tuple::view),
    cpp("atomic", cpp::number::atomic),
    cpp("atomic_flag", cpp::number::atomic),
    cpp("complex", cpp::number::complex),
    cpp("duration", cpp::number::duration),
    cpp("time_point", cpp::number::time_point),
    cpp("year", cpp::calendar::view),
    cpp("month", cpp::calendar::view),
    cpp("day", cpp::calendar::view),
    cpp("weekday", cpp::calendar::view),
    cpp("weekday_indexed", cpp::calendar::view),
    cpp("weekday_last", cpp::calendar::view),
    cpp("month_day", cpp::calendar::view),
    cpp("month_day_last", cpp::calendar::view),
    cpp("month_weekday", cpp::calendar::view),
    cpp("month_weekday_last", cpp::calendar::view),
    cpp("year_month", cpp::calendar::view),
    cpp("year_month_day", cpp::calendar::view),
    cpp("year_month_day_last", cpp::calendar::view),
    cpp("year_month_weekday", cpp::calendar::view),
    cpp("year_month_weekday_last", cpp::calendar::view),
    cpp("hh_mm_ss", cpp::calendar::time_of_day),
    cpp("error_code", cpp::error::code),
    cpp("error_condition", cpp::error::code),
    cpp("exception_ptr", cpp::error::exception),
    cpp("type_info", cpp::constant::type_info),
    cpp("type_index", cpp::constant::type_index),
    cpp("ratio", cpp::constant::ratio),
    cpp("strong_ordering", cpp::constant::ordering),
    cpp("weak_ordering", cpp::constant::ordering),
    cpp("partial_ordering", cpp::constant::ordering),
    cpp("once_flag", cpp::constant::once),
    cpp("source_location", cpp::constant::location),
    cpp("coroutine_handle", cpp::constant::coroutine),
    cpp("basic_ostringstream", cpp::stream::stream),
    cpp("basic_istringstream", cpp::stream::stream),
    cpp("basic_stringstream", cpp::stream::stream),
    cpp("basic_stringbuf", cpp::stream::buffer),
    cpp("sub_match", cpp::stream::sub_match),
    cpp("match_results", cpp::stream::matches),
    cpp("flat_map", cpp::flat::map),
    cpp("flat_multimap", cpp::flat::map),
    cpp("flat_set", cpp::flat::set),
    cpp("flat_multiset", cpp::flat::set),
    cpp("function", cpp::function::view),
    cpp("reference_wrapper", cpp::function::reference),
    cpp("__wrap_iter", cpp::iterator::plain),
    cpp("__deque_iterator", cpp::iterator::plain),
    cpp("reverse_iterator", cpp::iterator::reverse),
    cpp("move_iterator", cpp::iterator::moving),
    cpp("__bit_iterator", cpp::bits::iterator),
    cpp("__bit_reference", cpp::bits::reference),
    cpp("__bit_const_reference", cpp::bits::reference),
    cpp("__tree_iterator", cpp::iterator::tree),
    cpp("__tree_const_iterator", cpp::iterator::tree),
    cpp("__map_iterator", cpp::iterator::tree),
    cpp("__map_const_iterator", cpp::iterator::tree),
    cpp("__list_iterator", cpp::iterator::double),
    cpp("__list_const_iterator", cpp::iterator::double),
    cpp("__hash_iterator", cpp::iterator::double),
    cpp("__hash_const_iterator", cpp::iterator::double),
    cpp("__hash_map_iterator", cpp::iterator::double),
    cpp("__hash_map_const_iterator", cpp::iterator::double),
    cpp("__forward_list_iterator", cpp::iterator::forward),
    cpp("__forward_list_const_iterator", cpp::iterator::forward),
];

/// The forms by language and name.
static BY_NAME: LazyLock<HashMap<(Language, &'static str), Vec<&'static Form>>> = LazyLock::new(|| {
    let mut by_name: HashMap<_, Vec<&Form>> = HashMap::new();
    for form in FORMS {
        by_name.entry((form.language, form.name)).or_default().push(form);
    }
    by_name
});

/// The shape of `object` in its built-in form; none if its type has none.
pub fn formed<'a>(reader: Reader<'a, '_>, object: &Object) -> Option<Formed<View<'a>>> {
    let part = Part::new(reader, object.clone());
    let former = former(&part)?;
    Some(former(&part))
}

/// The type of `object` has a built-in form; nothing of the value is read.
pub fn has_form(reader: Reader<'_, '_>, object: &Object) -> bool {
    former(&Part::new(reader, object.clone())).is_some()
}

fn former(part: &Part<'_, '_>) -> Option<Former> {
    let name = part.found.name.as_deref()?;
    match (&part.found.kind, part.found.language) {
        (TypeKind::Record(record), Language::Rust) if has_members(record, ["data_ptr", "length"]) => {
            Some(rust::slice::view)
        }
        (TypeKind::Record(record), Language::Rust) if has_members(record, ["pointer", "vtable"]) => {
            // A pointer to a structure that ends in a trait object does not point at that.
            rust::trait_object::is_for(name).then_some(rust::trait_object::view)
        }
        (TypeKind::Record(record), Language::Zig) => zig::table::former(name, record),
        // rustc names pointers with their paths.
        (TypeKind::Pointer { .. }, Language::Rust) if name.starts_with("alloc::boxed::Box<") => {
            Some(rust::pointer::boxed)
        }
        (TypeKind::Record(_), Language::Cpp) if name.starts_with("vector<bool,") => Some(cpp::bits::vector),
        (TypeKind::Record(_), language) => {
            let forms = BY_NAME.get(&(language, base_name(name)))?;
            let path = part.reader.types().qualified_name(part.type_id)?;
            forms.iter().find(|form| is_within(&path, form.within)).map(|form| form.view)
        }
        _ => None,
    }
}

fn has_members(record: &Record, names: [&str; 2]) -> bool {
    let own = record.members.iter().map(|member| member.name.as_deref());
    record.members.len() == 2 && own.eq(names.map(Some))
}

fn is_within(path: &str, namespace: &str) -> bool {
    path.strip_prefix(namespace).is_some_and(|rest| rest.starts_with("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_has_two_forms() {
        for forms in BY_NAME.values() {
            for (index, form) in forms.iter().enumerate() {
                let others = forms.iter().skip(index + 1);
                assert_eq!(others.filter(|other| other.within == form.within).count(), 0, "{}", form.name);
            }
        }
    }
}
