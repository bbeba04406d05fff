#!/bin/bash
# Builds a program with a build id, moves its debug information to a file of its own and leaves in the module two ways
# to find that: the build id, and the section external_debug_info. Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

$CC -g -O0 -Wl,--build-id relay.c -o module.debug.wasm
chmod 644 module.debug.wasm
llvm-strip-22 --strip-all --keep-section=build_id module.debug.wasm -o module.wasm
python3 "$TOOLS/link-debug-file.py" module.wasm module.debug.wasm
dump module.wasm core
check module.wasm module.debug.wasm core
