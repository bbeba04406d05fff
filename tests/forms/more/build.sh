#!/bin/bash
# Builds debug.wasm and debug.core (Wasmtime's dump). Needs the tools named in samples/tools/lib.sh.
# Kept small: the libraries come without their debug information, what is only declared without its linkage name.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
for name in libc.a libc++.a libc++abi.a; do
  cp -L "/usr/lib/wasm32-wasi/$name" "$WORK/"
  llvm-strip-22 -g "$WORK/$name"
done
$CXX -std=c++23 -g -gdwarf-5 -gno-pubnames -mllvm -dwarf-linkage-names=Abstract -O0 -c forms.cpp -o "$WORK/forms.o"
$CXX -L"$WORK" "$WORK/forms.o" -o debug.wasm
chmod 644 debug.wasm
dump debug.wasm debug.core
check debug.wasm debug.core
