#!/bin/bash
# Builds debug.wasm and optimized.wasm with their dumps. Needs the tools named in samples/tools/lib.sh.
# Kept small: the libraries come without their debug information, what is only declared without its linkage name.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
for name in libc.a libc++.a libc++abi.a; do
  cp -L "/usr/lib/wasm32-wasi/$name" "$WORK/"
  llvm-strip-22 -g "$WORK/$name"
done
build() {
  $CC -g -gdwarf-5 "$2" -c values.c -o "$WORK/values.o"
  $CXX -g -gdwarf-5 -mllvm -dwarf-linkage-names=Abstract "$2" -c forms.cpp -o "$WORK/forms.o"
  $CXX -L"$WORK" "$WORK/forms.o" "$WORK/values.o" -o "$1.wasm"
  chmod 644 "$1.wasm"
  dump "$1.wasm" "$1.core"
  check "$1.wasm" "$1.core"
}
build debug -O0
build optimized -O2
