#!/bin/bash
# Builds the program in Zig's Debug mode and dumps it. Zig maps no paths, so it is built at a fixed place, /samples,
# from a copy of its library there. Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"
ZIG=${ZIG:-zig}

library=$($ZIG env | sed -n 's/.*"\?lib_dir"\? *[=:] *"\([^"]*\)".*/\1/p')
rm -rf /samples/zig /samples/zig_basic
mkdir -p /samples/zig_basic
cp -r "$library" /samples/zig
cp depot.zig /samples/zig_basic/
(cd /samples/zig_basic && $ZIG build-exe depot.zig -target wasm32-wasi -O Debug -femit-bin="$WORK/module.wasm" \
  --zig-lib-dir /samples/zig --cache-dir /samples/zig/cache --global-cache-dir /samples/zig/global)
rm -rf /samples/zig /samples/zig_basic
cp "$WORK/module.wasm" module.wasm
chmod 644 module.wasm
dump module.wasm core
check module.wasm core
