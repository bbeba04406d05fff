#!/usr/bin/env python3
"""The measurements of editor.sh.

Times are those of the clock, from writing a request to having its answer: that is what the user waits for. Shown are
medians over sessions, each with a new process, and the worst; on a busy machine only the medians mean much.
"""
import json
import os
import statistics
import subprocess
import sys
import time

WASMGDB = os.environ["WASMGDB"]


class Session:
    def __init__(self):
        self.process = subprocess.Popen([WASMGDB, "dap"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sent = 0
        self.events = []
        self.answers = {}

    def post(self, command, **arguments):
        self.sent += 1
        message = {"seq": self.sent, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()
        return self.sent

    def read(self):
        header = self.process.stdout.readline()
        if not header:
            sys.exit("the adapter is gone")
        self.process.stdout.readline()
        message = json.loads(self.process.stdout.read(int(header.split(b":")[1])))
        if message["type"] == "event":
            self.events.append(message["event"])
        else:
            self.answers[message["request_seq"]] = message

    def answer(self, number):
        while number not in self.answers:
            self.read()
        message = self.answers.pop(number)
        if not message["success"]:
            sys.exit(f"{message['command']}: {message['message']}")
        return message.get("body", {})

    def ask(self, command, **arguments):
        return self.answer(self.post(command, **arguments))

    def open(self, inputs, name):
        self.ask("initialize", adapterID="wasmgdb", supportsVariablePaging=True, supportsVariableType=True)
        path = os.path.join(inputs, name)
        attach = self.post("attach", program=f"{path}.wasm", coreFile=f"{path}.core")
        while "initialized" not in self.events:
            self.read()
            if attach in self.answers:
                self.answer(attach)
        self.ask("configurationDone")
        self.answer(attach)

    def stop(self):
        self.ask("disconnect")
        self.process.wait()


def clocked(times, run):
    begun = time.perf_counter()
    result = run()
    times.append((time.perf_counter() - begun) * 1000)
    return result


def first_view(session, deepest=0):
    """What an editor asks for when a program stops: the stack, and the variables of one frame."""
    session.ask("threads")
    frames = session.ask("stackTrace", threadId=1, startFrame=0, levels=20)["stackFrames"]
    for scope in session.ask("scopes", frameId=frames[deepest]["id"])["scopes"]:
        if not scope["expensive"]:
            session.ask("variables", variablesReference=scope["variablesReference"])


def opening(inputs, name, count):
    attach, view, whole = [], [], []
    for _ in range(count):
        begun = time.perf_counter()
        session = Session()
        clocked(attach, lambda: session.open(inputs, name))
        clocked(view, lambda: first_view(session))
        whole.append((time.perf_counter() - begun) * 1000)
        session.stop()
    row(f"{name}: attach", attach)
    row(f"{name}: stack, scopes, first variables", view, 300)
    row(f"{name}: all, from the start of the program", whole)


def stepping_through(inputs, name, count):
    """Every frame of the first page, as a user who presses "up" again and again."""
    times = []
    for _ in range(count):
        session = Session()
        session.open(inputs, name)
        for at in range(len(session.ask("stackTrace", threadId=1, levels=20)["stackFrames"])):
            clocked(times, lambda: first_view(session, at))
        session.stop()
    row(f"{name}: each of the first 20 frames", times, 300)


def paging(inputs, name, variable, count):
    pages = {"first": 0, "in the middle": 500_000, "last": 999_900}
    times = {place: [] for place in pages}
    for _ in range(count):
        session = Session()
        session.open(inputs, name)
        array = session.ask("evaluate", expression=variable, context="watch")
        assert array["indexedVariables"] == 1_000_000, array
        for place, start in pages.items():
            page = {"variablesReference": array["variablesReference"], "filter": "indexed", "start": start, "count": 100}
            rows = clocked(times[place], lambda: session.ask("variables", **page))["variables"]
            assert len(rows) == 100 and rows[0]["name"] == f"[{start}]", rows[0]
        session.stop()
    for place, found in times.items():
        row(f"{name}: 100 of 1,000,000 elements, {place}", found, 50)


def row(what, times, target=None):
    median = statistics.median(times)
    over = "   OVER" if target and median > target else ""
    print(f"{what:60} {median:8.1f} ms {max(times):8.1f} ms   {f'<= {target} ms' if target else ''}{over}", flush=True)


def main():
    arguments = sys.argv[1:]
    count = 7
    if "-n" in arguments:
        at = arguments.index("-n")
        count = int(arguments[at + 1])
        del arguments[at : at + 2]
    inputs = arguments[0]
    print(f"{'what':60} {'median':>11} {'worst':>11}   target")

    def has(name):
        return all(os.path.exists(os.path.join(inputs, f"{name}.{kind}")) for kind in ("wasm", "core"))

    for name in filter(has, ["large", "large_O1", "medium_O2", "deep_O0"]):
        opening(inputs, name, count)
    for name in filter(has, ["large", "large_O1"]):
        stepping_through(inputs, name, 1)
    if has("bigdata_O0"):
        paging(inputs, "bigdata_O0", "big_ints", count)
    print(f"load at the end: {os.getloadavg()[0]:.1f}; medians of {count} sessions; {time.strftime('%Y-%m-%d')}")


main()
