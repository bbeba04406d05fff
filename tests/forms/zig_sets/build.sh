#!/bin/bash
# Builds debug.wasm and debug.core (Wasmtime's dump). Zig maps no paths, so it is built at a fixed place, /samples, from
# a copy of its library there. Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
ZIG=${ZIG:-zig}

library=$($ZIG env | sed -n 's/.*"\?lib_dir"\? *[=:] *"\([^"]*\)".*/\1/p')
rm -rf /samples/zig /samples/sets
mkdir -p /samples/sets
cp -r "$library" /samples/zig
cp sets.zig /samples/sets/
(cd /samples/sets && $ZIG build-exe sets.zig -target wasm32-freestanding -O Debug -fno-strip -fno-entry -rdynamic \
  -fno-compiler-rt -femit-bin="$WORK/debug.wasm" --zig-lib-dir /samples/zig --cache-dir /samples/zig/cache \
  --global-cache-dir /samples/zig/global)
llvm-objcopy-22 --remove-section=.debug_pubnames --remove-section=.debug_pubtypes "$WORK/debug.wasm" debug.wasm
chmod 644 debug.wasm
dump debug.wasm debug.core
rm -rf /samples/zig /samples/sets
check debug.wasm debug.core
