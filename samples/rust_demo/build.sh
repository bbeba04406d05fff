#!/bin/bash
# Builds module.wasm (cargo's dev profile), core (Wasmtime's dump) and core.rewriter (the dump of the original
# instrumenting rewriter, run in Node). Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"
REWRITER=${REWRITER:-wasm-coredump-rewriter}
RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}

commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
flags="-Clink-self-contained=no -Clink-arg=--target=wasm32-wasi -Clinker-flavor=gcc -Clink-arg=-fuse-ld=lld"
# A small shadow stack keeps the memory image in core.rewriter small.
flags="$flags -Clink-arg=-Wl,-z,stack-size=65536"
flags="$flags --remap-path-prefix=$HERE=/samples/$NAME --remap-path-prefix=$WORK=/build"
for library in "$source" "$(readlink -f "$source")"; do
  flags="$flags --remap-path-prefix=$library=/rustc/$commit"
done
# Crates that the standard library is built from: their cache is named after the registry's host. Of several prefixes
# that fit, the last one counts.
flags="$flags --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/crates"
for cache in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  flags="$flags --remap-path-prefix=${cache%/}=/crates"
done

RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=${SAMPLES_TARGET:-$WORK} \
  CARGO_TARGET_WASM32_WASIP1_LINKER=clang-22 CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$flags" \
  "$CARGO" build -q -Zbuild-std=std,panic_abort --target wasm32-wasip1
cp "${SAMPLES_TARGET:-$WORK}"/wasm32-wasip1/debug/demo.wasm module.wasm
chmod 644 module.wasm
dump module.wasm core
"$REWRITER" <module.wasm >"$WORK/rewritten.wasm"
node --no-warnings "$TOOLS/memory-image.mjs" "$WORK/rewritten.wasm" core.rewriter
check module.wasm core core.rewriter
