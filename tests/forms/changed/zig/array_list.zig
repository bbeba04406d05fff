pub fn Aligned(comptime T: type, comptime alignment: ?u8) type {
    return struct { start: [*]const T, count: u8 = alignment orelse 0 };
}
