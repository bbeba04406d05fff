#!/bin/bash
# Builds the C program without and with optimisation and the C++ program, and dumps each of their ends. Needs the
# tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

# A small shadow stack keeps the dumps of endless recursion small.
LINK="-Wl,-z,stack-size=8192"
$CC -g -O0 -Wno-everything $LINK traps.c -o module.O0.wasm
$CC -O2 -Wno-everything $LINK traps.c -o module.O2.wasm
$CXX -O1 -Wno-everything $LINK throws.cpp -o module.cpp.wasm
# Names alone stay in the optimised ones.
llvm-strip-22 -g module.O2.wasm module.cpp.wasm
chmod 644 module.*.wasm

# end MODULE CORE ARGUMENT
end() {
  rm -f "$2"
  "$WASMTIME" run -D max-backtrace=64 -D coredump="$2" "$1" "$3" >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s "$2" ] || { echo "$NAME: $1 $3 left no dump" >&2; exit 1; }
}

for kind in div rem overflow unreachable load store nullcall signature table stack callstack abort float nan assert copy panic; do
  for level in O0 O2; do
    end module.$level.wasm core.$kind.$level $kind
  done
done
for kind in at map new terminate pure; do
  end module.cpp.wasm core.$kind.cpp $kind
done
check module.* core.*
