#!/bin/bash
# Builds the workshop without and with optimisation, dumps both, and for -O0 makes a second dump that records the
# wasm locals and operand stacks. Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

for level in O0 O2; do
  $CC -g -$level workshop.c -o module.$level.wasm
  chmod 644 module.$level.wasm
  dump module.$level.wasm core.$level
done
python3 "$TOOLS/record-locals.py" "$WASMTIME" module.O0.wasm core.O0 core.O0.full
check module.* core.*
