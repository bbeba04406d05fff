#!/bin/bash
# Builds module.wasm (cargo's release profile, names alone) and a dump of each panic. Needs the tools named in
# ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"
RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}

commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
flags="-Clink-self-contained=no -Clink-arg=--target=wasm32-wasi -Clinker-flavor=gcc -Clink-arg=-fuse-ld=lld"
flags="$flags -Clink-arg=-Wl,-z,stack-size=65536"
flags="$flags --remap-path-prefix=$HERE=/samples/$NAME --remap-path-prefix=$WORK=/build"
for library in "$source" "$(readlink -f "$source")"; do
  flags="$flags --remap-path-prefix=$library=/rustc/$commit"
done
flags="$flags --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/crates"
for cache in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  flags="$flags --remap-path-prefix=${cache%/}=/crates"
done

RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=${SAMPLES_TARGET:-$WORK} \
  CARGO_TARGET_WASM32_WASIP1_LINKER=clang-22 CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$flags" \
  "$CARGO" build -q --release -Zbuild-std=std,panic_abort --target wasm32-wasip1
cp "${SAMPLES_TARGET:-$WORK}"/wasm32-wasip1/release/panics.wasm module.wasm
llvm-strip-22 -g module.wasm
chmod 644 module.wasm

# With little memory, an allocation fails.
for kind in subtract bounds none err borrow words compare alloc abort; do
  rm -f core.$kind
  "$WASMTIME" run -W max-memory-size=67108864 -D max-backtrace=256 -D coredump=core.$kind module.wasm $kind >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s core.$kind ] || { echo "$NAME: $kind left no dump" >&2; exit 1; }
done

# The same without std, on a target that has none; the linker is called without a driver.
flags=${flags#*-Clink-arg=-Wl,-z,stack-size=65536}
RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=${SAMPLES_TARGET:-$WORK} \
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$flags" \
  "$CARGO" build -q --release -Zbuild-std=core --target wasm32-unknown-unknown --manifest-path bare/Cargo.toml
cp "${SAMPLES_TARGET:-$WORK}"/wasm32-unknown-unknown/release/bare.wasm bare.wasm
chmod 644 bare.wasm
number=0
for kind in err words compare; do
  number=$((number + 1))
  rm -f core.bare.$kind
  "$WASMTIME" run -D max-backtrace=256 -D coredump=core.bare.$kind --invoke run bare.wasm $number >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s core.bare.$kind ] || { echo "$NAME: bare $kind left no dump" >&2; exit 1; }
done
check *.wasm core.*
