#!/bin/bash
# Writes the seeds of the debug_info corpus (clang-22 and lld-22), then those that need no compiler.
set -euo pipefail
cd "$(dirname "$0")"
for variant in "O0 -gdwarf-4" "O1 -gdwarf-4" "O1 -gdwarf-5" "O2 -gdwarf-5 -gsplit-dwarf" "O1 -gline-tables-only"; do
  read -r level options <<<"$variant"
  name=$(tr -d ' ' <<<"$level$options")
  clang++-22 --target=wasm32-unknown-unknown -g $options -$level -nostdlib -fno-rtti -Wl,--no-entry -Wl,--export=run \
    -Wl,--allow-undefined -ffile-prefix-map="$PWD=/seeds" -fdebug-compilation-dir=/seeds tiny.cpp -o ../corpus/debug_info/"$name"
  rm -f ../corpus/debug_info/*.dwo ./*.dwo
done
chmod 644 ../corpus/debug_info/*
python3 seeds.py
