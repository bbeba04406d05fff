#!/bin/bash
# Builds {dev,release}.wasm and {dev,release}.core (Wasmtime's dumps). Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"

for profile in dev release; do
  folder=${profile/dev/debug}
  cargo_wasi "-Clink-arg=-Wl,-O2 $(rust_flags /forms/$NAME)" --profile $profile
  cp "$TARGET/wasm32-wasip1/$folder/forms.wasm" $profile.wasm
  chmod 644 $profile.wasm
  dump $profile.wasm $profile.core
  check $profile.wasm $profile.core
done
