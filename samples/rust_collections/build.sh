#!/bin/bash
# Builds module.wasm (cargo's dev profile) and core (Wasmtime's dump). Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

cargo_wasi "$(rust_flags /samples/$NAME)"
cp "$TARGET"/wasm32-wasip1/debug/harbour.wasm module.wasm
chmod 644 module.wasm
dump module.wasm core
check module.wasm core
