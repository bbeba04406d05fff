pub fn MultiArrayList(comptime T: type) type {
    return struct { bytes: [*]const u8, len: usize, capacity: usize, first: T };
}
