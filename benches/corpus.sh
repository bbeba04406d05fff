#!/bin/bash
# Holds the JSON reports of a corpus of crashes against what a live debugger saw.
#
#   benches/corpus.sh LAB [REGEX]
#
# LAB holds corpus/CASE/{module.wasm,core,core.full,oracle.json} and compare.py, which judges one report. Prints its
# figures for each case, for `core` and for `core.full`, and the sum of each. WASMGDB names the program (default: a
# debug build made here); COMPARE holds more options for compare.py (`--all` shows each difference).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
lab=$(cd "$1" && pwd)
pattern=${2:-.}
if [ -z "${WASMGDB:-}" ]; then
  (cd "$here/.." && cargo build --quiet --bin wasmgdb)
  WASMGDB=${CARGO_TARGET_DIR:-$here/../target}/debug/wasmgdb
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for dump in core core.full; do
  echo "== $dump"
  : >"$work/figures"
  for folder in "$lab"/corpus/*/; do
    name=$(basename "$folder")
    [[ $name =~ $pattern && -f $folder/$dump && -f $folder/oracle.json ]] || continue
    libraries=()
    for library in "$folder"/lib*.wasm; do
      [ -f "$library" ] && libraries+=(--module "$library")
    done
    full=()
    [ $dump = core.full ] && full=(--full)
    if ! timeout 120 "$WASMGDB" --json --raw "${libraries[@]}" "$folder/module.wasm" "$folder/$dump" \
      >"$work/report.json" 2>"$work/errors"; then
      echo "$name: FAILED: $(head -c 300 "$work/errors")"
      continue
    fi
    figures=$(python3 "$lab/compare.py" "$folder/oracle.json" "$work/report.json" "${full[@]}" ${COMPARE:-} 2>&1) ||
      figures="FAILED: $(tail -1 <<<"$figures")"
    echo "$name: $figures"
    tail -1 <<<"$figures" >>"$work/figures"
  done
  python3 - "$work/figures" <<'SUM'
import re
import sys

total, cases = {}, 0
for line in open(sys.argv[1]):
    found = re.findall(r"(frames|vars|leaves) (\d+)/(\d+)|(wrong|exact|extra) (\d+)", line)
    cases += bool(found)
    for pair, part, whole, single, count in found:
        kept = total.setdefault(pair or single, [0, 0])
        kept[0] += int(part or count)
        kept[1] += int(whole or 0)
shown = ["{} {}/{} ({:.1f} %)".format(k, a, b, 100 * a / b) if b else f"{k} {a}" for k, (a, b) in total.items()]
print(f"-- {cases} cases: " + "  ".join(shown))
SUM
done
