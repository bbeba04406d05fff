#!/usr/bin/env python3
"""Make a dump that records wasm locals and operand stacks, which Wasmtime's own dumps leave empty.

    record-locals.py WASMTIME MODULE CORE OUTPUT

Runs MODULE again under Wasmtime's debug stub, lets it trap, asks the stub for the locals and operands of every frame
(`qWasmLocal`, `qWasmStackValue` of the gdb remote protocol), and writes them into the frames of a copy of CORE.
"""
import socket
import subprocess
import sys
import time

VALUE_TYPES = {0x7F: 4, 0x7E: 8, 0x7D: 4, 0x7C: 8}


class Stub:
    """A client of the remote protocol: one packet out, one packet in."""

    def __init__(self, port):
        for _ in range(600):
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        else:
            sys.exit("the debug stub does not answer")
        self.pending = b""

    def ask(self, text):
        payload = text.encode()
        self.socket.sendall(b"$%s#%02x" % (payload, sum(payload) & 0xFF))
        while True:
            head, mark, tail = self.pending.partition(b"#")
            if mark and len(tail) >= 2:
                self.pending = tail[2:]
                self.socket.sendall(b"+")
                return expanded(head.partition(b"$")[2].decode("latin-1"))
            more = self.socket.recv(65536)
            if not more:
                sys.exit("the debug stub closed the connection")
            self.pending += more


def expanded(text):
    """Undo the protocol's run lengths: `0*"` is `0` and five more of it."""
    out = []
    at = 0
    while at < len(text):
        if text[at] == "*" and out and at + 1 < len(text):
            out.append(out[-1] * (ord(text[at + 1]) - 29))
            at += 1
        else:
            out.append(text[at])
        at += 1
    return "".join(out)


def is_value(answer):
    return len(answer) % 2 == 0 and answer != "" and all(c in "0123456789abcdef" for c in answer)


class Cursor:
    """Reads the pieces of a binary file in order."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self):
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def name(self):
        return self.take(self.unsigned())


def unsigned(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value):
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def sections(data):
    """(id, first byte of the header, payload, end) of each section."""
    cursor = Cursor(data, 8)
    while cursor.at < len(data):
        start = cursor.at
        kind, size = cursor.byte(), cursor.unsigned()
        yield kind, start, cursor.at, cursor.at + size
        cursor.at += size


def local_types(module):
    """For each function index, the value types of its parameters and locals; None for imports."""
    types, of_function, result = [], [], {}
    imported = 0
    for kind, _, payload, _ in sections(module):
        cursor = Cursor(module, payload)
        if kind == 1:
            for _ in range(cursor.unsigned()):
                assert cursor.byte() == 0x60, "a type that is no function"
                types.append(list(cursor.take(cursor.unsigned())))
                cursor.take(cursor.unsigned())
        elif kind == 2:
            for _ in range(cursor.unsigned()):
                cursor.name(), cursor.name()
                assert cursor.byte() == 0, "an import that is no function"
                cursor.unsigned()
                imported += 1
        elif kind == 3:
            of_function = [cursor.unsigned() for _ in range(cursor.unsigned())]
        elif kind == 10:
            for index in range(cursor.unsigned()):
                size = cursor.unsigned()
                body = Cursor(module, cursor.at)
                found = list(types[of_function[index]])
                for _ in range(body.unsigned()):
                    count = body.unsigned()
                    found += [body.byte()] * count
                result[imported + index] = found
                cursor.take(size)
    return result


def encode(kind, text):
    raw = bytes.fromhex(text)
    if kind in (0x7F, 0x7E):
        return bytes([kind]) + signed(int.from_bytes(raw[: VALUE_TYPES[kind]], "little", signed=True))
    if kind in (0x7D, 0x7C):
        return bytes([kind]) + raw[: VALUE_TYPES[kind]]
    return b"\x01"


def recorded(stub, frame, kinds):
    """The two value vectors of one frame."""
    values = []
    for index, kind in enumerate(kinds):
        answer = stub.ask(f"qWasmLocal:{frame};{index}")
        values.append(encode(kind, answer) if is_value(answer) else b"\x01")
    operands = []
    while len(operands) < 1000:
        answer = stub.ask(f"qWasmStackValue:{frame};{len(operands)}")
        if not is_value(answer) or len(answer) not in (8, 16):
            break
        operands.append(encode(0x7F if len(answer) == 8 else 0x7E, answer))
    return b"".join([unsigned(len(values)), *values, unsigned(len(operands)), *operands])


def fill(core, stub, kinds):
    """A copy of `core` whose frames hold what the stub says."""
    out = bytearray(core[:8])
    for kind, start, payload, end in sections(core):
        cursor = Cursor(core, payload)
        if kind != 0 or cursor.name() != b"corestack":
            out += core[start:end]
            continue
        cursor.byte()
        thread = cursor.name()
        count = cursor.unsigned()
        body = unsigned(9) + b"corestack\0" + unsigned(len(thread)) + thread + unsigned(count)
        for frame in range(count):
            cursor.byte()
            instance, function, offset = cursor.unsigned(), cursor.unsigned(), cursor.unsigned()
            assert (cursor.unsigned(), cursor.unsigned()) == (0, 0), "the dump has values already"
            body += b"\0" + unsigned(instance) + unsigned(function) + unsigned(offset)
            body += recorded(stub, frame, kinds[function])
        out += b"\0" + unsigned(len(body)) + body
    return bytes(out)


def main():
    wasmtime, module, core, output = sys.argv[1:]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [wasmtime, "run", "-g", str(port), "-D", "max-backtrace=256", module],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        stub = Stub(port)
        stub.ask("?")
        stop = stub.ask("vCont;c")
        if not stop.startswith(("T", "S")):
            sys.exit(f"the program did not trap: {stop}")
        with open(module, "rb") as a, open(core, "rb") as b:
            filled = fill(b.read(), stub, local_types(a.read()))
        with open(output, "wb") as file:
            file.write(filled)
    finally:
        process.kill()
        process.wait()


main()
