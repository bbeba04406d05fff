#!/bin/bash
# Builds values.wasm and lookalikes.wasm with their dumps. Needs the tools named in samples/tools/lib.sh.
# Kept small: the libraries come without their debug information, what is only declared without its linkage name.
. "$(dirname "$0")/../../../samples/tools/lib.sh"
for name in libc.a libc++.a libc++abi.a; do
  cp -L "/usr/lib/wasm32-wasi/$name" "$WORK/"
  llvm-strip-22 -g "$WORK/$name"
done
$CXX -std=c++23 -g -gdwarf-5 -gno-pubnames -mllvm -dwarf-linkage-names=Abstract -O0 -c values.cpp -o "$WORK/values.o"
$CXX -L"$WORK" "$WORK/values.o" -o values.wasm
clang++-22 --target=wasm32 $MAP -std=c++20 -nostdlib -Wl,--no-entry -Wl,--export=_start -g -O0 lookalikes.cpp \
  -o lookalikes.wasm
for module in values lookalikes; do
  chmod 644 $module.wasm
  dump $module.wasm $module.core
  check $module.wasm $module.core
done
