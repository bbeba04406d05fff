#!/usr/bin/env python3
"""Write the first inputs of each corpus: small files that reach far, and some that lie about their sizes."""
import os
import struct

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "corpus")
HEADER = b"\0asm\x01\0\0\0"


def number(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def vector(items):
    return number(len(items)) + b"".join(items)


def text(name):
    return number(len(name)) + name.encode()


def section(kind, payload):
    return bytes([kind]) + number(len(payload)) + payload


def custom(name, payload):
    return section(0, text(name) + payload)


def write(folder, name, data):
    with open(os.path.join(HERE, folder, name), "wb") as file:
        file.write(data)


# Dumps.
def stack(frames, count=None, name="main"):
    return custom("corestack", b"\0" + text(name) + (vector(frames) if count is None else number(count) + b"".join(frames)))


frame = b"\0\0" + number(7) + number(300) + vector([b"\x7f\x05", b"\x7e\x7b", b"\x7d" + bytes(4), b"\x7c" + bytes(8), b"\x01"])
frame += vector([b"\x7f\x00"])
memory = section(5, vector([b"\0\x02"]))
data = section(11, vector([b"\0\x41\x80\x08\x0b" + text("core of memory"), b"\x02\0\x41\xff\xff\x07\x0b" + text("edge")]))
globals_ = section(6, vector([b"\x7f\x01\x41\x80\x80\x04\x0b", b"\x7e\x00\x42\x7f\x0b", b"\x7d\x00\x43" + bytes(4) + b"\x0b"]))
start = custom("core", b"\0" + text("program.wasm"))
modules = custom("coremodules", vector([b"\0" + text("program")]))
instances = custom("coreinstances", vector([b"\0\0" + vector([b"\0"]) + vector([b"\0", b"\x01"])]))
whole = HEADER + start + memory + globals_ + data + modules + instances + stack([frame, frame])
write("dump", "whole", whole)
write("dump", "bare_stack", HEADER + stack([frame]))
write("dump", "two_threads", HEADER + start + stack([frame]) + stack([], name="second"))
write("dump", "count_of_billions", HEADER + start + stack([frame], count=0xFFFFFFFF))
write("dump", "not_captured", HEADER + custom("coreinstances", vector([b"\0\0" + vector([number(0xFFFFFFFF)]) + vector([])])) + stack([frame]))
write("dump", "memory64", HEADER + start + section(5, vector([b"\x04" + number(1 << 40)])) + section(11, vector([b"\0\x42\xff\xff\xff\xff\xff\x0f\x0b" + text("far")])) + stack([frame]))
write("dump", "overlapping_segments", HEADER + start + memory + section(11, vector([b"\0\x41\x08\x0b" + text("aaaaaaaa"), b"\0\x41\x0c\x0b" + text("bbbbbbbb")])) + stack([frame]))
write("dump", "section_beyond_end", whole[:-3])
write("dump", "size_of_gigabytes", HEADER + b"\0\xff\xff\xff\xff\x0f\x04core")
raw = b"\0" + number(7) + number(11) + number(2) + number(1) + b"\x7f" + struct.pack("<i", -3) + b"\x7e" + struct.pack("<q", 9) + b"\x7f" + bytes(4)
write("dump", "rewriter_image", HEADER + start + stack([raw, raw]) + section(11, b"\x01\0\x41\0\x0b" + number(400)) + bytes(300) + b"the image goes on")

# Modules.
types = section(1, vector([b"\x60" + vector([b"\x7f", b"\x7e"]) + vector([b"\x7f"]), b"\x60\0\0"]))
imports = section(2, vector([text("env") + text("f") + b"\0\x01", text("env") + text("g") + b"\x03\x7f\x01", text("env") + text("m") + b"\x02\0\x01"]))
functions = section(3, vector([b"\0", b"\x01"]))
table = section(4, vector([b"\x70\0\x04"]))
globals2 = section(6, vector([b"\x7f\x01\x41\x80\x80\x04\x0b"]))
exports = section(7, vector([text("run") + b"\0\x01", text("memory") + b"\x02\0", text("__stack_pointer") + b"\x03\x01"]))
elements = section(9, vector([b"\0\x41\x01\x0b" + vector([b"\x01", b"\x02"])]))
loop = b"\x01\x02\x7f" + b"\x23\x01\x41\x10\x6b\x22\x02\x24\x01\x03\x40\x20\x00\x45\x0d\x00\x0b\x20\x00\x20\x02\x6d\x0b"
nest = b"\0" + b"\x02\x40" * 50 + b"\x00" + b"\x0b" * 51
code = section(10, vector([number(len(loop)) + loop, number(len(nest)) + nest]))
names = custom("name", b"\0" + number(5) + text("prog") + b"\x01" + number(10) + vector([b"\0" + text("f"), b"\x01" + text("main")]) + b"\x02" + number(6) + vector([b"\x01" + vector([b"\0" + text("n")])]))
links = custom("build_id", text("0123456789abcdef")) + custom("external_debug_info", text("other.wasm")) + custom("sourceMappingURL", text("m.map"))
module = HEADER + types + imports + functions + table + globals2 + exports + elements + code + data + names + links
write("module", "whole", module)
write("module", "names_only", HEADER + names)
write("module", "cut_in_code", module[: module.index(code) + 20])
write("module", "locals_by_billions", HEADER + types + section(3, vector([b"\0"])) + section(10, vector([number(8) + b"\x01\xff\xff\xff\xff\x0f\x7f\x0b"])))
write("module", "functions_by_billions", HEADER + section(3, b"\xff\xff\xff\xff\x0f\0\0"))
write("module", "body_beyond_section", HEADER + types + section(3, vector([b"\0"])) + section(10, b"\x01\xff\x7f\0\x0b"))
write("module", "deep_blocks", HEADER + types + section(3, vector([b"\x01"])) + section(10, vector([number(3 * 3000 + 2) + b"\0" + b"\x02\x40" * 3000 + b"\x0b" * 3001])))
write("module", "table_at_the_end", HEADER + table + section(9, vector([b"\0\x41\x7f\x0b" + vector([b"\0"] * 3)])))
write("module", "names_beyond_section", HEADER + custom("name", b"\x01\xff\xff\xff\xff\x0f\xff\xff"))

# Expressions: as in grammar/expression.ebnf, and what must stay bounded.
for name, line in {
    "members": b"(*thing)->next.items[3].x",
    "cast": b"*(struct node *)0xfff2c + sizeof(unsigned long long)",
    "rust_path": b"(alloc::vec::Vec<core::option::Option<&str>, A>) 0x10 as *const u8",
    "precedence": b"a ? b , c : -d << 2 & 077 == 1e3f || !'\\n'",
    "history": b"$ + $$ + $$3 - $1[\"a\\x41\"@2]",
    "scope": b"'file.c'::counter + ::global + f<int>::g",
    "function_type": b"sizeof(int (*(*)(char, ...))[4][5])",
    "parentheses": b"(" * 5000 + b"1" + b")" * 5000,
    "minuses": b"-" * 20000 + b"1",
    "stars": b"*&" * 9000 + b"p",
    "generics": b"(" + b"A<" * 3000 + b"u8" + b">" * 3000 + b")1",
    "not_text": b"\xff\xfe a \x00 + \xc3",
}.items():
    write("expression", name, line)
