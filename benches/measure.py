#!/usr/bin/env python3
"""The measurements of compare.sh.

A pair runs wasmgdb and its peer in turn; cost is the processor time of the whole process (user and system), which a
busy machine disturbs least. Shown are the medians and the median of the pairs' ratios. The peer gets the addresses of
all frames of the dump, read here from the dump itself. Where there is no peer the cost stands alone. What the values
of arguments cost is told beside a backtrace of ours that has only found the frame bases. Memory is RssAnon,
polled: mapped files do not count, they cost nothing that others could use.
"""
import mmap
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

WASMGDB = os.environ["WASMGDB"]
SYMBOLIZER = os.environ.get("SYMBOLIZER", "llvm-symbolizer-22")
RG = os.environ.get("RG", "rg")


# Addresses of a dump's frames, counted from the code section's payload, as DWARF counts.
def unsigned(data, at):
    result = shift = 0
    while True:
        byte = data[at]
        at += 1
        result |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return result, at


def sections(data):
    at = 8
    while at < len(data):
        kind = data[at]
        size, at = unsigned(data, at + 1)
        yield kind, at, at + size
        at += size


def mapped(path):
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def bodies(module):
    """Offset of each defined function's body in the code section, and the number of imported functions."""
    imported, starts = 0, []
    for kind, at, _ in sections(module):
        if kind == 2:
            count, at = unsigned(module, at)
            for _ in range(count):
                for _ in range(2):
                    size, at = unsigned(module, at)
                    at += size
                assert module[at] == 0, "an import that is no function"
                _, at = unsigned(module, at + 1)
                imported += 1
        elif kind == 10:
            start = at
            count, at = unsigned(module, at)
            for _ in range(count):
                size, at = unsigned(module, at)
                starts.append(at - start)
                at += size
    return imported, starts


def addresses(module, core):
    imported, starts = bodies(module)
    found = []
    for kind, at, _ in sections(core):
        if kind != 0:
            continue
        size, at = unsigned(core, at)
        name, at = core[at : at + size], at + size
        if name != b"corestack":
            continue
        size, at = unsigned(core, at + 1)
        count, at = unsigned(core, at + size)
        for _ in range(count):
            _, at = unsigned(core, at + 1)
            function, at = unsigned(core, at)
            offset, at = unsigned(core, at)
            assert core[at : at + 2] == b"\0\0", "a frame with values"
            at += 2
            if function >= imported:
                found.append(hex(starts[function - imported] + offset))
    return found


# Running.
def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Failed(Exception):
    """A command of ours did not answer."""


def must_answer(command, lines=0):
    """Run a command that must succeed and print so many lines: a cheap failure is no cheap answer."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        raise Failed(f"exit status {done.returncode}: {done.stderr.decode(errors='replace').strip()[-200:]}")
    if done.stdout.count(b"\n") < lines:
        raise Failed(f"fewer than {lines} lines")


def cpu_seconds(command):
    process = start(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0:
        sys.exit(f"killed by signal {-process.returncode}: {' '.join(command)[:200]}")
    return usage.ru_utime + usage.ru_stime


def peak_anonymous(command):
    """Highest RssAnon seen, in MiB."""
    process = start(command)
    peak = 0
    status = f"/proc/{process.pid}/status"
    while process.poll() is None:
        try:
            with open(status) as file:
                found = re.search(r"RssAnon:\s+(\d+) kB", file.read())
        except OSError:
            break
        if found:
            peak = max(peak, int(found.group(1)))
    process.wait()
    return peak / 1024


def pairs(count, ours, peer):
    cpu_seconds(ours), cpu_seconds(peer)
    runs = [(cpu_seconds(ours), cpu_seconds(peer)) for _ in range(count)]
    ratio = statistics.median(a / max(b, 1e-4) for a, b in runs)
    return statistics.median(a for a, _ in runs), statistics.median(b for _, b in runs), ratio


class Table:
    def __init__(self, inputs, count, pattern):
        self.inputs, self.count, self.pattern = inputs, count, pattern
        print(f"{'':4} {'what':46} {'wasmgdb':>10} {'peer':>10} {'ratio':>7}   target")

    def path(self, name):
        return os.path.join(self.inputs, name)

    def wanted(self, row, what, *files):
        return re.search(self.pattern, f"{row} {what}") and all(os.path.exists(self.path(f)) for f in files)

    def row(self, row, what, measure):
        """Print what `measure` returns: ours, the peer's, the ratio, whether it is good, the target."""
        try:
            ours, peer, ratio, good, target = measure()
        except Failed as failure:
            ours, peer, ratio, good, target = "-", "", "", True, f"FAILED: {failure}"
        mark = "" if good else "   OVER"
        print(f"{row:4} {what:46} {ours:>10} {peer:>10} {ratio:>7}   {target}{mark}", flush=True)

    def beside(self, row, what, ours, peer, target, lines=0):
        def measure():
            must_answer(ours, lines)
            a, b, ratio = pairs(self.count, ours, peer)
            return f"{a * 1000:.1f} ms", f"{b * 1000:.1f} ms", f"{ratio:.2f}", ratio <= target, f"<= {target} of peer"

        self.row(row, what, measure)

    def alone(self, row, what, ours, target_ms):
        def measure():
            must_answer(ours)
            cost = statistics.median(cpu_seconds(ours) for _ in range(self.count)) * 1000
            return f"{cost:.1f} ms", "", "", cost <= target_ms, f"<= {target_ms} ms"

        self.row(row, what, measure)

    def memory(self, row, what, ours, target_mib):
        def measure():
            must_answer(ours)
            peak = max(peak_anonymous(ours) for _ in range(3))
            return f"{peak:.1f} MiB", "", "", peak <= target_mib, f"<= {target_mib} MiB"

        self.row(row, what, measure)

    def growth(self, row, name, target):
        """The backtrace with its arguments beside one without them that knows every frame's stack pointer."""
        what = f"bt beside frame bases alone, {name}"
        if not self.wanted(row, what, f"{name}.wasm", f"{name}.core"):
            return
        files = self.path(f"{name}.wasm"), self.path(f"{name}.core")
        bases = ask(*files, "bt -frame-arguments none", "output $sp")
        self.beside(row, what, ask(*files, "bt"), bases, target)

    def backtrace(self, row, name, target):
        what = f"bt, {name}"
        if not self.wanted(row, what, f"{name}.wasm", f"{name}.core"):
            return
        module, core = self.path(f"{name}.wasm"), self.path(f"{name}.core")
        wanted = addresses(mapped(module), mapped(core))
        peer = [SYMBOLIZER, "--functions=short", f"--obj={module}", *wanted]
        self.beside(row, what, ask(module, core, "bt"), peer, target, len(wanted))


def ask(module, core, *commands):
    return [WASMGDB, "-q", "--batch", *(word for command in commands for word in ("-ex", command)), module, core]


# A type that no unit on the stack has.
UNSEEN = "whatis hayro_syntax::object::Object"


def main():
    arguments = sys.argv[1:]
    count = 7
    if "-n" in arguments:
        at = arguments.index("-n")
        count = int(arguments[at + 1])
        del arguments[at : at + 2]
    inputs, pattern = arguments[0], arguments[1] if len(arguments) > 1 else "."
    if not shutil.which(SYMBOLIZER):
        sys.exit(f"{SYMBOLIZER} is not installed: SYMBOLIZER=PATH names another one")
    table = Table(inputs, count, pattern)

    def one(kind, row, what, name, core, commands, target):
        if table.wanted(row, what, f"{name}.wasm", f"{core}.core"):
            getattr(table, kind)(row, what, ask(table.path(f"{name}.wasm"), table.path(f"{core}.core"), *commands), target)

    table.backtrace("P1", "large", 1.0)
    table.backtrace("P1", "large_O1", 1.0)
    table.backtrace("P3", "medium_O0", 0.4)
    table.backtrace("P3", "medium_O2", 0.4)
    table.backtrace("P3", "small_O0", 0.4)
    one("alone", "P3", "bt, small_O0", "small_O0", "small_O0", ["bt"], 5)
    table.backtrace("P4", "deep_O0", 0.5)
    one("alone", "P4", "bt of 20,003 frames", "deep_O0", "deep_O0", ["bt"], 100)
    one("alone", "P4", "bt 20 of 20,003 frames", "deep_O0", "deep_O0", ["bt 20"], 10)
    for name in ["medium_O0", "medium_O2", "large", "large_O1"]:
        table.growth("P4", name, 1.3)
    one("alone", "P5", "prompt, small_O0", "small_O0", "small_O0", [], 15)
    one("alone", "P5", "prompt, large", "large", "large", [], 15)
    one("alone", "P5", "prompt, large_O1", "large_O1", "large_O1", [], 15)
    one("alone", "P5", "prompt, 1 GiB dump", "bigmem", "mem1g", [], 15)
    one("alone", "P6", "frame 0 with its line, large", "large", "large", ["frame 0"], 60)
    one("alone", "P6", "frame 0 with its line, large_O1", "large_O1", "large_O1", ["frame 0"], 60)
    one("memory", "P7", "bt, large", "large", "large", ["bt"], 60)
    one("memory", "P7", "bt, large_O1", "large_O1", "large_O1", ["bt"], 60)
    one("memory", "P7", "name index, large", "large", "large", ["bt", "info types ^no_such_type$"], 150)
    one("memory", "P7", "one read of the 1 GiB dump", "bigmem", "mem1g", ["x/4xw 0x20000000"], 8)
    one("alone", "P8", "all locals of all frames, medium_O0", "medium_O0", "medium_O0", ["bt full"], 100)
    one("alone", "P8", "all locals of all frames, medium_O2", "medium_O2", "medium_O2", ["bt full"], 100)
    needle = "NEEDLE-IN-A-HAYSTACK"
    if table.wanted("P9", "find in 1 GiB", "bigmem.wasm", "mem1g.core"):
        ours = ask(table.path("bigmem.wasm"), table.path("mem1g.core"), f'find "{needle}"')
        if shutil.which(RG):
            table.beside("P9", "find in 1 GiB", ours, [RG, "-c", "-a", needle, table.path("mem1g.core")], 1.5)
        else:
            table.alone("P9", "find in 1 GiB (no rg to compare with)", ours, 300)
    everything = ["set print elements unlimited", "set print repeats unlimited"]
    one("alone", "P10", "1,000,000 integers", "bigdata_O0", "bigdata_O0", [*everything, "print big_ints"], 300)
    one("memory", "P10", "1,000,000 integers", "bigdata_O0", "bigdata_O0", [*everything, "print big_ints"], 16)
    one("alone", "P10", "1,000,000 structures", "bigdata_O0", "bigdata_O0", [*everything, "print big_points"], 1000)
    nodes = [*everything, "print -walk next -- head"]
    one("alone", "P10", "a list of 100,000 nodes", "bigdata_O0", "bigdata_O0", nodes, 200)
    one("memory", "P10", "a list of 100,000 nodes", "bigdata_O0", "bigdata_O0", nodes, 16)
    # 0.7 s on two processors.
    one("alone", "P11", "a type by name, large", "large", "large", [UNSEEN], 1400)
    one("alone", "P11", "a type by name, large_O1", "large_O1", "large_O1", [UNSEEN], 1400)
    # The prompt, the youngest frames of the stack, and 20 ms for the name.
    one("alone", "P11", "a variable of frame 11, large", "large", "large", ["frame 11", "print id"], 75)
    print(f"load at the end: {os.getloadavg()[0]:.1f}; medians of {count} pairs; {time.strftime('%Y-%m-%d')}")


main()
