pub fn HashMap(comptime K: type, comptime V: type) type {
    return struct { top: *const K, value: V };
}
pub fn Custom(comptime K: type, comptime V: type) type {
    return struct { metadata: ?*const K, size: u32, value: V };
}
