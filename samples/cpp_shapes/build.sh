#!/bin/bash
# Builds the program without optimisation and dumps it. Needs the tools named in ../tools/lib.sh.
. "$(dirname "$0")/../tools/lib.sh"

$CXX -g -O0 shapes.cpp -o module.wasm
chmod 644 module.wasm
dump module.wasm core
check module.wasm core
