//! One value of every form that the debugger knows of Zig, in the frames of a chain of calls that ends in a trap.
//! What each value is stands here; what is shown of it is held against this text.

const std = @import("std");

const Point = struct { x: i32, y: i32 };

const Colour = enum(u8) { red, green = 5, blue };

const Open = enum(u8) { first = 1, _ };

const Shape = union(enum) {
    circle: f64,
    rect: struct { w: u16, h: u16 },
    named: []const u8,
    nothing,
};

const Tagged = union(Colour) { red: u8, green: Point, blue };

const Raw = extern union { number: u32, bytes: [4]u8 };

const Bare = union { number: u32, flag: bool };

const Flags = packed struct(u16) { ready: bool, mode: u3, level: u12 };

const Failure = error{ NotFound, TooBig };

const Node = struct { value: u32, next: ?*const Node = null };

/// Without the machinery that prints what a panic was about the module is small.
pub const panic = std.debug.no_panic;

var tally: u32 = 3;
var maybe_tally: ?u16 = 4;

var memory: [8192]u8 = undefined;
var fixed = std.heap.FixedBufferAllocator.init(&memory);
const allocator = fixed.allocator();

noinline fn texts(owner: []const u8) u32 {
    var text: []const u8 = "text";
    var empty: []const u8 = "";
    var sentinel: [:0]const u8 = "sentinel";
    var many: [*:0]const u8 = "many";
    var literal = "literal";
    var binary: []const u8 = &.{ 0, 1, 255 };
    var buffer = [_]u8{ 'a', 'b', 0, 0 };
    var part: []u8 = buffer[0..2];
    var words = [_][]const u8{ "one", "two" };
    var slice_of_words: []const []const u8 = &words;
    std.mem.doNotOptimizeAway(.{ &text, &empty, &sentinel, &many, &literal, &binary, &buffer, &part, &words });
    std.mem.doNotOptimizeAway(.{&slice_of_words});
    return lists(@intCast(owner.len));
}

noinline fn lists(count: u32) u32 {
    var array = [_]u16{ 1, 2, 3 };
    var matrix = [2][3]i8{ .{ 1, -2, 3 }, .{ 4, 5, -6 } };
    var slice: []const u16 = array[1..];
    var points = [_]Point{ .{ .x = 1, .y = 2 }, .{ .x = 3, .y = 4 } };
    var point_slice: []const Point = &points;
    var list: std.ArrayList(u32) = .empty;
    for (0..5) |n| list.append(allocator, @intCast(n * 10)) catch unreachable;
    var structs: std.ArrayList(Point) = .empty;
    structs.append(allocator, .{ .x = 7, .y = 8 }) catch unreachable;
    var string: std.ArrayList(u8) = .empty;
    string.appendSlice(allocator, "grown") catch unreachable;
    var no_list: std.ArrayList(u32) = .empty;
    var managed = std.array_list.Managed(i16).init(allocator);
    managed.append(-5) catch unreachable;
    var vector: @Vector(4, f32) = .{ 1, 2, 3, 4 };
    std.mem.doNotOptimizeAway(.{ &array, &matrix, &slice, &points, &point_slice, &list, &structs, &string });
    std.mem.doNotOptimizeAway(.{ &no_list, &managed, &vector });
    return maps(count);
}

noinline fn maps(count: u32) u32 {
    var numbers = std.AutoHashMap(u32, u16).init(allocator);
    numbers.put(1, 10) catch unreachable;
    numbers.put(2, 20) catch unreachable;
    var ages = std.StringHashMap(u8).init(allocator);
    ages.put("ada", 36) catch unreachable;
    ages.put("bob", 41) catch unreachable;
    var no_ages = std.StringHashMap(u8).init(allocator);
    var places: std.AutoHashMapUnmanaged(u16, Point) = .empty;
    places.put(allocator, 9, .{ .x = 5, .y = 6 }) catch unreachable;
    var letters: std.AutoHashMapUnmanaged(u8, void) = .empty;
    letters.put(allocator, 'x', {}) catch unreachable;
    var ordered: std.AutoArrayHashMapUnmanaged(u32, i8) = .empty;
    ordered.put(allocator, 30, -3) catch unreachable;
    ordered.put(allocator, 10, -1) catch unreachable;
    var structs: std.MultiArrayList(Point) = .empty;
    structs.append(allocator, .{ .x = 1, .y = -1 }) catch unreachable;
    structs.append(allocator, .{ .x = 2, .y = -2 }) catch unreachable;
    std.mem.doNotOptimizeAway(.{ &numbers, &ages, &no_ages, &places, &letters, &ordered, &structs });
    return choices(count, 40, null);
}

noinline fn choices(count: u32, limit: ?u32, missing: ?u32) u32 {
    var some: ?u8 = 3;
    var none: ?u8 = null;
    var some_point: ?Point = .{ .x = 1, .y = 2 };
    var node = Node{ .value = 1 };
    var linked = Node{ .value = 2, .next = &node };
    var some_pointer: ?*const Node = &node;
    var no_pointer: ?*const Node = null;
    var some_text: ?[]const u8 = "maybe";
    var no_text: ?[]const u8 = null;
    var some_some: ??u8 = @as(?u8, 4);
    var some_none: ??u8 = @as(?u8, null);
    var some_flag: ?bool = false;
    var some_function: ?*const fn (u32) u32 = &texts_of;
    var good: Failure!u16 = 44;
    var bad: Failure!u16 = error.TooBig;
    var good_void: Failure!void = {};
    var bad_void: Failure!void = error.NotFound;
    var good_maybe: Failure!?u8 = @as(?u8, 5);
    var any: anyerror!u8 = error.OutOfMemory;
    var failure: Failure = error.NotFound;
    var any_failure: anyerror = error.Unexpected;
    var maybe_failure: ?Failure = error.TooBig;
    var circle = Shape{ .circle = 1.5 };
    var rect = Shape{ .rect = .{ .w = 3, .h = 4 } };
    var named = Shape{ .named = "square" };
    var nothing: Shape = .nothing;
    var tagged = Tagged{ .green = .{ .x = 7, .y = 8 } };
    var shapes = [_]Shape{ .{ .circle = 0.5 }, .nothing };
    var some_shape: ?Shape = .{ .circle = 2.5 };
    var raw = Raw{ .number = 0x04030201 };
    var bare = Bare{ .number = 9 };
    var colour: Colour = .green;
    var open: Open = @enumFromInt(7);
    var first: Open = .first;
    var some_colour: ?Colour = .blue;
    std.mem.doNotOptimizeAway(.{ &some, &none, &some_point, &linked, &some_pointer, &no_pointer, &some_text, &no_text });
    std.mem.doNotOptimizeAway(.{ &some_some, &some_none, &some_flag, &some_function, &good, &bad, &good_void });
    std.mem.doNotOptimizeAway(.{ &bad_void, &good_maybe, &any, &failure, &any_failure, &maybe_failure, &circle });
    std.mem.doNotOptimizeAway(.{ &rect, &named, &nothing, &tagged, &shapes, &some_shape, &raw, &bare, &colour, &open });
    std.mem.doNotOptimizeAway(.{ &first, &some_colour, &limit, &missing });
    return numbers_of(count);
}

noinline fn texts_of(n: u32) u32 {
    return n + tally;
}

noinline fn numbers_of(count: u32) u32 {
    var yes = true;
    var small: i8 = -128;
    var odd: u3 = 5;
    var odd_signed: i5 = -7;
    var wide: u128 = 1 << 100;
    var negative: i128 = -5;
    var float: f32 = 0.1;
    var double: f64 = -2.5;
    var half: f16 = 1.5;
    var quad: f128 = 2.25;
    var letter: u8 = 'a';
    var code_point: u21 = 'ß';
    var size: usize = 1000;
    var point = Point{ .x = -1, .y = -2 };
    var pointer: *const Point = &point;
    var tuple = .{ @as(u8, 1), @as(u16, 2), true };
    var anonymous = .{ .a = @as(u8, 1), .b = @as(u16, 2) };
    var flags = Flags{ .ready = true, .mode = 5, .level = 100 };
    var unit: void = {};
    var function: *const fn (u32) u32 = &texts_of;
    var opaque_pointer: *const anyopaque = &point;
    std.mem.doNotOptimizeAway(.{ &yes, &small, &odd, &odd_signed, &wide, &negative, &float, &double, &half, &quad });
    std.mem.doNotOptimizeAway(.{ &letter, &code_point, &size, &point, &pointer, &tuple, &anonymous, &flags, &unit });
    std.mem.doNotOptimizeAway(.{ &function, &opaque_pointer });
    return crash(count);
}

noinline fn crash(count: u32) u32 {
    maybe_tally = null;
    tally += count;
    @trap();
}

export fn _start() void {
    _ = texts("owner");
}

/// The only function of the compiler's own library that is needed here: with all of that the module is twice as large.
export fn __multi3(product: *[2]u64, a: u64, a_high: u64, b: u64, b_high: u64) void {
    const half: u64 = 0xffff_ffff;
    const low = (a & half) *% (b & half);
    const middle = (a >> 32) *% (b & half) +% (low >> 32);
    const other = (a & half) *% (b >> 32) +% (middle & half);
    const high = (a >> 32) *% (b >> 32) +% (middle >> 32) +% (other >> 32);
    product.* = .{ (other << 32) | (low & half), high +% a *% b_high +% a_high *% b };
}
