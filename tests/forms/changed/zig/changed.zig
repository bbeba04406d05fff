//! Names of Zig's library with other members.
const array_list = @import("array_list.zig");
const hash_map = @import("hash_map.zig");
const multi_array_list = @import("multi_array_list.zig");

const std = @import("std");

/// Without the machinery that prints what a panic was about the module is small.
pub const panic = std.debug.no_panic;

noinline fn crash() u32 {
    @trap();
}

export fn _start() void {
    var number: u32 = 7;
    var list = array_list.Aligned(u32, null){ .start = @ptrCast(&number) };
    var managed = hash_map.HashMap(u32, u8){ .top = &number, .value = 3 };
    var map = hash_map.Custom(u32, u8){ .metadata = &number, .size = 1, .value = 3 };
    var many = multi_array_list.MultiArrayList(u32){ .bytes = @ptrCast(&number), .len = 1, .capacity = 1, .first = 5 };
    std.mem.doNotOptimizeAway(.{ &number, &list, &managed, &map, &many });
    _ = crash();
}
