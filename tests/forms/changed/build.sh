#!/bin/bash
# Builds {cpp,rust,zig}.wasm and {cpp,rust,zig}.core (Wasmtime's dumps). Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
ZIG=${ZIG:-zig} RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}

clang++-22 --target=wasm32 $MAP -std=c++20 -nostdlib -Wl,--no-entry -Wl,--export=_start -g -O0 cpp/changed.cpp -o cpp.wasm

flags="-Clinker=wasm-ld-22 --remap-path-prefix=$HERE=/changed --remap-path-prefix=$WORK=/build"
source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
flags="$flags --remap-path-prefix=$source=/rustc/src --remap-path-prefix=$(readlink -f "$source")=/rustc/src"
(cd rust && RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=$WORK CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$flags" \
  "$CARGO" build -q -Zbuild-std=core --target wasm32-unknown-unknown)
cp "$WORK/wasm32-unknown-unknown/debug/changed.wasm" rust.wasm

library=$($ZIG env | sed -n 's/.*"\?lib_dir"\? *[=:] *"\([^"]*\)".*/\1/p')
rm -rf /samples/zig /samples/changed
mkdir -p /samples/changed
cp -r "$library" /samples/zig
cp zig/*.zig /samples/changed/
(cd /samples/changed && $ZIG build-exe changed.zig -target wasm32-wasi -O Debug -fno-strip -fno-compiler-rt \
  -femit-bin="$WORK/zig.wasm" --zig-lib-dir /samples/zig --cache-dir /samples/zig/cache \
  --global-cache-dir /samples/zig/global)
llvm-objcopy-22 --remove-section=.debug_pubnames --remove-section=.debug_pubtypes "$WORK/zig.wasm" zig.wasm
rm -rf /samples/zig /samples/changed

for language in cpp rust zig; do
  chmod 644 $language.wasm
  dump $language.wasm $language.core
  check $language.wasm $language.core
done
