//! Which form is for a Zig type. Optionals, error unions, tagged unions and slices are structures of known members in
//! DWARF; types of the library are called by their file and the arguments that made them:
//! `hash_map.HashMap(u32,u16,…)`.

use crate::dwarf::types::Record;

use super::super::spec::Former;
use super::{array_list, bit_set, enums, hash_map, multi_array_list, optional, queue, slice, tagged_union};

/// Library types by the name before their arguments. Their names changed with the versions (0.11 to 0.17).
const LIBRARY: &[(&str, Former)] = &[
    ("array_list.Aligned", array_list::view),
    ("array_list.AlignedManaged", array_list::view),
    ("array_list.ArrayListAligned", array_list::view),
    ("array_list.ArrayListAlignedUnmanaged", array_list::view),
    ("array_list.ArrayListAlignedManaged", array_list::view),
    ("bounded_array.BoundedArrayAligned", array_list::bounded),
    ("hash_map.HashMap", hash_map::managed),
    ("hash_map.HashMapUnmanaged", hash_map::view),
    ("hash_map.Custom", hash_map::view),
    ("array_hash_map.ArrayHashMap", hash_map::managed),
    ("array_hash_map.ArrayHashMapUnmanaged", multi_array_list::map),
    ("array_hash_map.ArrayHashMapWithAllocator", hash_map::managed),
    ("array_hash_map.Custom", multi_array_list::map),
    ("multi_array_list.MultiArrayList", multi_array_list::view),
    ("deque.Deque", queue::deque),
    ("priority_queue.PriorityQueue", queue::priority),
    ("priority_dequeue.PriorityDequeue", queue::double_ended),
    ("static_string_map.StaticStringMapWithEql", hash_map::static_strings),
    ("atomic.Value", array_list::atomic),
    ("bit_set.Integer", bit_set::view),
    ("bit_set.IntegerBitSet", bit_set::view),
    ("bit_set.Array", bit_set::view),
    ("bit_set.ArrayBitSet", bit_set::view),
    ("bit_set.Dynamic", bit_set::dynamic),
    ("bit_set.DynamicBitSetUnmanaged", bit_set::dynamic),
    ("bit_set.DynamicManaged", bit_set::managed),
    ("bit_set.DynamicBitSet", bit_set::managed),
    ("enums.EnumSet", enums::set),
    ("enums.IndexedSet", enums::set),
    ("enums.EnumMap", enums::map),
    ("enums.IndexedMap", enums::map),
    ("enums.EnumArray", enums::array),
    ("enums.IndexedArray", enums::array),
    ("enums.BoundedEnumMultiset", enums::counts),
    ("buf_map.BufMap", queue::buffered),
    ("buf_set.BufSet", queue::buffered),
];

/// The form of a structure of that name; none: its members.
pub fn former(name: &str, record: &Record) -> Option<Former> {
    let names: Vec<&str> = record.members.iter().filter_map(|member| member.name.as_deref()).collect();
    match names.as_slice() {
        ["ptr", "len"] => return Some(slice::view),
        [_, "some" | "maybe"] if name.starts_with('?') => return Some(optional::view),
        ["payload", "tag"] | ["tag", "payload"] => return Some(tagged_union::view),
        _ if name.contains('!') && names.iter().any(|name| optional::ERRORS.contains(name)) => {
            return Some(optional::error_union);
        }
        _ => {}
    }
    let base = name.split('(').next().unwrap_or(name);
    LIBRARY.iter().find(|(library, _)| *library == base).map(|(_, former)| *former)
}
