#!/bin/bash
# Builds module.wasm (cargo's dev profile), core (Wasmtime's dump) and core.rewriter (the dump of the original
# instrumenting rewriter, run in Node). Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"
REWRITER=${REWRITER:-wasm-coredump-rewriter}

# A small shadow stack keeps the memory image in core.rewriter small.
cargo_wasi "-Clink-arg=-Wl,-z,stack-size=65536 $(rust_flags /samples/$NAME)"
cp "$TARGET"/wasm32-wasip1/debug/demo.wasm module.wasm
chmod 644 module.wasm
dump module.wasm core
"$REWRITER" <module.wasm >"$WORK/rewritten.wasm"
node --no-warnings "$TOOLS/memory-image.mjs" "$WORK/rewritten.wasm" core.rewriter
check module.wasm core core.rewriter
