#!/bin/bash
# Measures wasmgdb in pairs beside llvm-symbolizer and rg on a folder of big inputs.
#
#   benches/compare.sh INPUTS [-n PAIRS] [REGEX]
#
# INPUTS holds NAME.wasm with NAME.core for the names small_O0, medium_O0, medium_O2, large, large_O1, deep_O0,
# bigdata_O0, and bigmem.wasm with mem1g.core and mem4g.core; what is missing is left out. REGEX picks rows.
# WASMGDB, SYMBOLIZER and RG name the programs; by default wasmgdb is built here in release mode.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
if [ -z "${WASMGDB:-}" ]; then
  (cd "$here/.." && cargo build --release --quiet --bin wasmgdb)
  WASMGDB=${CARGO_TARGET_DIR:-$here/../target}/release/wasmgdb
fi
export WASMGDB
exec python3 "$here/measure.py" "$@"
