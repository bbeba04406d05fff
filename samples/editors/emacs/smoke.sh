#!/bin/bash
# Opens the sample c_list in Emacs, without a screen: stops at the line that trapped and shows the arguments there. In
# dap-mode (Debian: emacs-nox, elpa-dap-mode), in dape (Debian 13: elpa-dape) and in gud, whichever of them there is.
# WASMGDB names the program, else target/debug/wasmgdb.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
samples=$(cd "$here/../.." && pwd)
export WASMGDB=${WASMGDB:-$samples/../target/debug/wasmgdb}
export SAMPLES=$samples/

# Not -Q: it hides the packages of the distribution.
has() {
  emacs --batch --eval "(require '$1)" > /dev/null 2>&1
}

# try NAME SCRIPT: the script must stop in `split` and show that `count` is 0.
try() {
  local output
  output=$(timeout 120 emacs --batch -l "$here/$2" 2>&1) || { echo "$output"; echo "$1: failed" >&2; exit 1; }
  echo "$output" | grep -E '^(stopped|[a-z]+(: [a-z]+)? = |PASSED)' | sed "s/^/$1: /"
  echo "$output" | grep -q '^stopped in split at workshop.c:71: '
  echo "$output" | grep -Eq '^count(: long)? = 0$'
}

if has dap-mode; then try dap-mode smoke.el; fi
if has dape; then try dape smoke-dape.el; fi
try gud smoke-gud.el
