#!/usr/bin/env python3
"""Writes integers.txt: random integer expressions, their types and values, as a C compiler has them.

Run as: integers.py > integers.txt. Only types that have one size on all targets are used, and only expressions that C
defines, but for signed overflow, which wraps (-fwrapv)."""
import random
import re
import subprocess
import tempfile

TYPES = ["signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long long",
         "unsigned long long"]
BINARY = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "==", "!=", "<", ">", "<=", ">=", "&&", "||"]
random.seed(20250101)


def literal():
    kind = random.randrange(5)
    if kind == 0:
        return str(random.randrange(10))
    if kind == 1:
        return str(random.randrange(2**31))
    if kind == 2:
        return hex(random.randrange(2**32))
    if kind == 3:
        return f"{random.randrange(2**32)}u"
    return f"{random.randrange(2**63)}{random.choice(['ll', 'ull'])}"


def operand(depth):
    kind = random.randrange(6) if depth else 0
    if kind < 2:
        return literal()
    if kind == 2:
        return f"({random.choice(TYPES)}){operand(0)}"
    if kind == 3:
        return f"{random.choice(['-', '~', '!', '+'])}{operand(0)}"
    return f"({expression(depth - 1)})"


def expression(depth):
    kind = random.randrange(8)
    if kind == 0 and depth:
        return f"({expression(depth - 1)}) ? {operand(depth)} : {operand(depth)}"
    op = random.choice(BINARY)
    if op in ("<<", ">>"):
        return f"{operand(depth)} {op} {random.randrange(31)}"
    return f"{operand(depth)} {op} {operand(depth)}"


def main():
    expressions = sorted({expression(random.randrange(3)) for _ in range(900)})
    tags = ", ".join(f'{t}: "{t}"' for t in TYPES)
    lines = "\n".join(f'SHOW({e})' for e in expressions)
    source = f"""#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
static sigjmp_buf next;
static void trapped(int signal) {{ siglongjmp(next, signal); }}
#define TYPE(e) _Generic((e), {tags})
#define SHOW(e) if (!sigsetjmp(next, 1)) {{ \\
  unsigned long long value = (unsigned long long)(e); \\
  int is_unsigned = _Generic((e), unsigned long long: 1, unsigned int: 1, default: 0); \\
  printf(is_unsigned ? "%s\\t%s\\t%llu\\n" : "%s\\t%s\\t%lld\\n", #e, TYPE(e), value); }}
int main(void) {{
signal(SIGFPE, trapped);
{lines}
return 0; }}
"""
    # What divides by zero, as the compiler or the machine finds, is left out.
    while True:
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/a.c", "w", encoding="ascii") as file:
                file.write(source)
            command = ["gcc", "-std=gnu11", "-fwrapv", "-w", "-Werror=div-by-zero", "a.c", "-o", "a"]
            compiled = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            bad = {int(line) for line in re.findall(r"^a\.c:(\d+):", compiled.stderr, re.M)}
            if not bad:
                run = subprocess.run([f"{folder}/a"], capture_output=True, text=True, check=True)
                print(run.stdout, end="")
                return
        source = "\n".join("" if n in bad else line for n, line in enumerate(source.split("\n"), 1))


main()
