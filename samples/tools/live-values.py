#!/usr/bin/env python3
"""Record what LLDB shows of a program in the live process, at the very trap that a sample's dump was taken at.

    live-values.py WASMTIME MODULE >tests/live/NAME.tsv

Needs the Python module of an LLDB that speaks wasm (`pip install lldb-for-pwndbg==23.1.0.post2`). One line a frame
(`frame`, function, file, line of the call or trap), and one for each scalar in each variable: size in bytes, value,
and the path to it, all apart by tabs. Integers, characters and pointers are unsigned. Only for programs without
optimisation: of optimised ones LLDB 23 reads the callers' location lists at the wrong place.
"""
import re
import socket
import subprocess
import sys
import time

import lldb

DEEPEST = 5
MOST_CHILDREN = 40


def leaves(value, path, depth=0):
    """(size, text, path) of every scalar at or below `value`; a pointer's target is not looked at."""
    value = value.GetNonSyntheticValue()
    kind = value.GetType().GetCanonicalType()
    count = value.GetNumChildren()
    name = value.GetName() or ""
    if name.startswith("$variant") or (not name and re.search(r":\d+$", kind.GetName() or "")):
        return
    if kind.IsPointerType() or kind.IsReferenceType() or count == 0:
        text = scalar(value, kind)
        if text is not None:
            yield value.GetByteSize(), text, path
    elif depth < DEEPEST:
        for index in range(min(count, MOST_CHILDREN)):
            child = value.GetChildAtIndex(index).GetNonSyntheticValue()
            yield from leaves(child, [*path, child.GetName() or ""], depth + 1)


def scalar(value, kind):
    if value.GetValue() is None or value.GetError().Fail() or "::*" in (kind.GetName() or ""):
        return None
    if kind.GetTypeClass() == lldb.eTypeClassEnumeration:
        return value.GetValue()
    if kind.GetBasicType() in (lldb.eBasicTypeFloat, lldb.eBasicTypeDouble):
        return value.GetValue()
    if value.GetByteSize() > 8 or kind.GetTypeClass() not in (
        lldb.eTypeClassBuiltin, lldb.eTypeClassPointer, lldb.eTypeClassReference
    ):
        return None
    return str(value.GetValueAsUnsigned() & (1 << 8 * value.GetByteSize()) - 1)


def main():
    wasmtime, module = sys.argv[1:]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([wasmtime, "run", "-g", str(port), module], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(3)
        debugger = lldb.SBDebugger.Create(False)
        debugger.SetAsync(False)
        debugger.HandleCommand("settings set target.prefer-dynamic-value no-dynamic-values")
        error = lldb.SBError()
        live = debugger.CreateTarget("").ConnectRemote(
            debugger.GetListener(), f"connect://127.0.0.1:{port}", "wasm", error)
        if error.Fail():
            sys.exit(f"cannot connect: {error}")
        live.Continue()
        thread = live.GetThreadAtIndex(0)
        print(f"# {debugger.GetVersionString().splitlines()[0]}, at the trap of {module.split('/')[-1]}")
        for frame in thread:
            entry = frame.GetLineEntry()
            if not entry.IsValid() or not entry.GetLine():
                continue
            print("frame", frame.GetFrameID(), frame.GetFunctionName(), entry.GetFileSpec().GetFilename(),
                  entry.GetLine(), sep="\t")
            for variable in frame.GetVariables(True, True, False, True):
                for size, text, path in leaves(variable, [variable.GetName() or ""]):
                    print(size, text, *path, sep="\t")
    finally:
        process.kill()
        process.wait()


main()
