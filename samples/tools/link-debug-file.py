#!/usr/bin/env python3
"""Append the custom section `external_debug_info`, which names the file with a module's DWARF.

    link-debug-file.py MODULE NAME
"""
import sys


def length_prefixed(data):
    out, size = bytearray(), len(data)
    while size > 0x7F:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes(out) + bytes([size]) + data


module, name = sys.argv[1:]
payload = length_prefixed(b"external_debug_info") + length_prefixed(name.encode())
with open(module, "ab") as file:
    file.write(b"\0" + length_prefixed(payload))
