#!/bin/bash
# Measures what an editor waits for, in sessions over the Debug Adapter Protocol.
#
#   benches/editor.sh INPUTS [-n SESSIONS]
#
# INPUTS is the folder that compare.sh takes; used are large, large_O1, medium_O2, deep_O0 and bigdata_O0, those that are
# there. WASMGDB names the program; by default it is built here in release mode.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
if [ -z "${WASMGDB:-}" ]; then
  (cd "$here/.." && cargo build --release --quiet --bin wasmgdb)
  WASMGDB=${CARGO_TARGET_DIR:-$here/../target}/release/wasmgdb
fi
export WASMGDB
exec python3 "$here/editor.py" "$@"
