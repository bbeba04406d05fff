#!/bin/bash
# Opens the sample c_list in Emacs, without a screen: stops at the line that trapped and shows the arguments there.
# Needs Emacs with dap-mode (Debian: emacs-nox, elpa-dap-mode). WASMGDB names the program, else target/debug/wasmgdb.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$(cd "$here/../.." && pwd)
export WASMGDB=${WASMGDB:-$samples/../target/debug/wasmgdb}
export SAMPLES=$samples/
# Not -Q: it hides the packages of the distribution.
output=$(timeout 120 emacs --batch -l "$here/smoke.el" 2>&1) || { echo "$output"; exit 1; }
echo "$output" | grep -E '^(stopped|[a-z]+ = |PASSED)'
echo "$output" | grep -q 'stopped in split at workshop.c:71: '
echo "$output" | grep -q '^count = 0$'
