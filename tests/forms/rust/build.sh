#!/bin/bash
# Builds {dev,release}.wasm and {dev,release}.core (Wasmtime's dumps). Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}

commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
flags="-Clink-self-contained=no -Clink-arg=--target=wasm32-wasi -Clinker-flavor=gcc -Clink-arg=-fuse-ld=lld"
flags="$flags -Clink-arg=-Wl,-O2"
flags="$flags --remap-path-prefix=$HERE=/forms/$NAME --remap-path-prefix=$WORK=/build"
for library in "$source" "$(readlink -f "$source")"; do
  flags="$flags --remap-path-prefix=$library=/rustc/$commit"
done
flags="$flags --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/crates"
for cache in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
  flags="$flags --remap-path-prefix=${cache%/}=/crates"
done

target=${SAMPLES_TARGET:-$WORK}
for profile in dev release; do
  folder=${profile/dev/debug}
  RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=$target \
    CARGO_TARGET_WASM32_WASIP1_LINKER=clang-22 CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$flags" \
    "$CARGO" build -q --profile $profile -Zbuild-std=std,panic_abort --target wasm32-wasip1
  cp "$target/wasm32-wasip1/$folder/forms.wasm" $profile.wasm
  chmod 644 $profile.wasm
  dump $profile.wasm $profile.core
  check $profile.wasm $profile.core
done
