#!/bin/bash
# Builds module.wasm (cargo's dev profile) and core (Wasmtime's dump). Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"
RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}

commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
flags="-Clink-self-contained=no -Clink-arg=--target=wasm32-wasi -Clinker-flavor=gcc -Clink-arg=-fuse-ld=lld"
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
cp "${SAMPLES_TARGET:-$WORK}"/wasm32-wasip1/debug/harbour.wasm module.wasm
chmod 644 module.wasm
dump module.wasm core
check module.wasm core
