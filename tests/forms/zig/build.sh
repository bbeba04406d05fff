#!/bin/bash
# Builds {debug,release}.wasm and {debug,release}.core (Wasmtime's dumps). Zig maps no paths, so it is built at a fixed
# place, /samples, from a copy of its library there. Needs the tools named in samples/tools/lib.sh.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
ZIG=${ZIG:-zig}

library=$($ZIG env | sed -n 's/.*"\?lib_dir"\? *[=:] *"\([^"]*\)".*/\1/p')
rm -rf /samples/zig /samples/forms
mkdir -p /samples/forms
cp -r "$library" /samples/zig
cp forms.zig /samples/forms/
for mode in Debug ReleaseSafe; do
  name=${mode/Debug/debug}
  name=${name/ReleaseSafe/release}
  (cd /samples/forms && $ZIG build-exe forms.zig -target wasm32-wasi -O $mode -fno-strip -fno-compiler-rt -femit-bin="$WORK/$name.wasm" \
    --zig-lib-dir /samples/zig --cache-dir /samples/zig/cache --global-cache-dir "${ZIG_CACHE:-/samples/zig/global}")
  llvm-objcopy-22 --remove-section=.debug_pubnames --remove-section=.debug_pubtypes "$WORK/$name.wasm" $name.wasm
  chmod 644 $name.wasm
  dump $name.wasm $name.core
done
rm -rf /samples/zig /samples/forms
check ./*.wasm ./*.core
