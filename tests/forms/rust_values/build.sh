#!/bin/bash
# Builds dev.wasm and dev.core (Wasmtime's dump). Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
cargo_wasi "-Clink-arg=-Wl,-O2 $(rust_flags /values/$NAME)"
llvm-objcopy-22 --remove-section=.debug_pubnames --remove-section=.debug_pubtypes --remove-section=name \
  "$TARGET/wasm32-wasip1/debug/values.wasm" dev.wasm
chmod 644 dev.wasm
dump dev.wasm dev.core
check dev.wasm dev.core
