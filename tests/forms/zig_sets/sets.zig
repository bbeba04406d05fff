//! Sets of bits, collections by enumerator and vectors, in a program without an operating system. What each value is
//! stands here; what is shown of it is held against this text.

const std = @import("std");

const Colour = enum { red, green, blue, black };
/// Places are numbered by value, not by the order of the source.
const Weight = enum(i16) { heavy = 900, light = -5, none = 0 };
/// Has a place for each of its 4 numbers.
const Open = enum(u2) { first = 1, _ };
const Shape = union(enum) { side: i32, name: []const u8, nothing };

pub const panic = std.debug.no_panic;

var memory: [2048]u8 = undefined;
var fixed = std.heap.FixedBufferAllocator.init(&memory);
const allocator = fixed.allocator();

fn order(_: void, a: u16, b: u16) std.math.Order {
    return std.math.order(a, b);
}

noinline fn bits(count: u32) u32 {
    var few = std.StaticBitSet(10).empty;
    few.set(3);
    few.set(9);
    var none = std.StaticBitSet(8).empty;
    var many = std.StaticBitSet(100).empty;
    many.set(0);
    many.set(99);
    var dynamic = std.DynamicBitSetUnmanaged.initEmpty(allocator, 70) catch unreachable;
    dynamic.set(65);
    var managed = std.DynamicBitSet.initEmpty(allocator, 5) catch unreachable;
    managed.set(4);
    std.mem.doNotOptimizeAway(.{ &few, &none, &many, &dynamic, &managed });
    return enumerators(count + 1);
}

noinline fn enumerators(count: u32) u32 {
    var colours = std.EnumSet(Colour).init(.{ .red = true, .black = true });
    var weights = std.EnumSet(Weight).init(.{ .heavy = true, .light = true });
    var open = std.EnumSet(Open).empty;
    open.insert(.first);
    open.insert(@enumFromInt(3));
    var map = std.EnumMap(Weight, []const u8).init(.{ .light = "feather", .heavy = "lead" });
    var array = std.EnumArray(Colour, u16).init(.{ .red = 1, .green = 2, .blue = 3, .black = 4 });
    var counts = std.enums.EnumMultiset(Colour).empty;
    counts.addAssertSafe(.green, 3);
    std.mem.doNotOptimizeAway(.{ &colours, &weights, &open, &map, &array, &counts });
    return others(count + 1);
}

noinline fn others(count: u32) u32 {
    var shapes: std.MultiArrayList(Shape) = .empty;
    shapes.append(allocator, .{ .side = -7 }) catch unreachable;
    shapes.append(allocator, .{ .name = "oval" }) catch unreachable;
    shapes.append(allocator, .nothing) catch unreachable;
    var ends: std.PriorityDequeue(u16, void, order) = .empty;
    ends.push(allocator, 6) catch unreachable;
    ends.push(allocator, 1) catch unreachable;
    var words = std.static_string_map.StaticStringMap(u32).initComptime(.{ .{ "one", 1 }, .{ "three", 3 } });
    var flags: @Vector(10, bool) = .{ true, false, true, true, false, false, false, false, false, true };
    var odd: @Vector(3, u5) = .{ 31, 0, 17 };
    var lanes: @Vector(4, i32) = .{ 1, -2, 3, 4 };
    var wide: u200 = 1 << 199;
    var wide_negative: i129 = -(1 << 100);
    var atomic = std.atomic.Value(u32).init(9);
    var terminated: [3:0]u8 = .{ 'a', 'b', 'c' };
    std.mem.doNotOptimizeAway(.{ &shapes, &ends, &words, &flags, &odd, &lanes, &atomic, &terminated, &wide, &wide_negative });
    if (count == 3) @trap();
    return count;
}

export fn _start() void {
    _ = bits(1);
}
