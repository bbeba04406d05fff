#!/bin/bash
# Builds module.wasm (cargo's release profile, names alone) and a dump of each panic. Needs the tools named in
# ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

cargo_wasi "-Clink-arg=-Wl,-z,stack-size=65536 $(rust_flags /samples/$NAME)" --release
cp "$TARGET"/wasm32-wasip1/release/panics.wasm module.wasm
llvm-strip-22 -g module.wasm
chmod 644 module.wasm

# With little memory, an allocation fails.
for kind in subtract bounds none err borrow words compare alloc abort; do
  rm -f core.$kind
  "$WASMTIME" run -W max-memory-size=67108864 -D max-backtrace=256 -D coredump=core.$kind module.wasm $kind >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s core.$kind ] || { echo "$NAME: $kind left no dump" >&2; exit 1; }
done

# The same without std, on a target that has none; the linker is called without a driver.
RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=$TARGET \
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(rust_flags /samples/$NAME)" \
  "$CARGO" build -q --release -Zbuild-std=core --target wasm32-unknown-unknown --manifest-path bare/Cargo.toml
cp "$TARGET"/wasm32-unknown-unknown/release/bare.wasm bare.wasm
chmod 644 bare.wasm
number=0
for kind in err words compare; do
  number=$((number + 1))
  rm -f core.bare.$kind
  "$WASMTIME" run -D max-backtrace=256 -D coredump=core.bare.$kind --invoke run bare.wasm $number >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s core.bare.$kind ] || { echo "$NAME: bare $kind left no dump" >&2; exit 1; }
done
check *.wasm core.*
