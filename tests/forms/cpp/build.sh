#!/bin/bash
# Builds debug.wasm and debug.core (Wasmtime's dump). Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
$CXX -g -O0 forms.cpp -o debug.wasm
chmod 644 debug.wasm
dump debug.wasm debug.core
check debug.wasm debug.core
