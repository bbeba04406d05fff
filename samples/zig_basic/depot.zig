//! A depot of crates: Zig's slices, optionals, error unions, tagged unions and enums, and a sum that overflows a byte.

const std = @import("std");

const Kind = enum(u8) { fruit = 3, tools, books = 9 };

const Content = union(enum) {
    empty,
    pieces: u32,
    label: []const u8,
    weight: struct { grams: u16, net: bool },
};

const PackError = error{ TooHeavy, Sealed };

const Crate = struct {
    id: u16,
    kind: Kind,
    content: Content,
    next: ?*const Crate = null,
};

const Bits = packed struct(u8) { open: bool, level: u3, rest: u4 };

var loaded: usize = 0;

fn weigh(content: Content) PackError!u8 {
    return switch (content) {
        .empty => 0,
        .pieces => |n| if (n > 250) error.TooHeavy else @intCast(n),
        .label => |text| @intCast(text.len),
        .weight => |w| @intCast(w.grams / 10),
    };
}

noinline fn addUp(crates: []const Crate, start: u8) PackError!u8 {
    var sum: u8 = start;
    for (crates, 0..) |crate, position| {
        const share = try weigh(crate.content);
        loaded = position;
        sum += share;
    }
    return sum;
}

noinline fn load(owner: []const u8, limit: ?u32) PackError!u8 {
    const crates = [_]Crate{
        .{ .id = 1, .kind = .fruit, .content = .{ .pieces = 120 } },
        .{ .id = 2, .kind = .tools, .content = .{ .label = "hammers" } },
        .{ .id = 3, .kind = .books, .content = .{ .weight = .{ .grams = 990, .net = true } } },
        .{ .id = 4, .kind = .books, .content = .empty },
    };
    const tail = Crate{ .id = 5, .kind = .fruit, .content = .empty, .next = &crates[3] };
    const none: ?u64 = null;
    const failed: PackError!u16 = error.Sealed;
    const bits = Bits{ .open = true, .level = 5, .rest = 9 };
    const matrix = [2][3]i16{ .{ 1, -2, 3 }, .{ 4, 5, -6 } };
    const name: [:0]const u8 = "depot";
    const ratio: f32 = 0.75;
    const wide: u128 = 1 << 100;
    std.mem.doNotOptimizeAway(.{ &tail, &none, &failed, &bits, &matrix, &name, &ratio, &wide, &limit });
    return try addUp(&crates, @intCast(owner.len + 30)) + 1;
}

pub fn main() void {
    const total = load("keeper", 40) catch 0;
    std.debug.print("{d}\n", .{total});
}
