#!/usr/bin/env bash
# Builds one room's tests with the address and undefined-behaviour sanitizers and runs them.
set -euo pipefail
cd "$(dirname "$0")/.."
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
[ -f build/asan/build.ninja ] || cmake --preset asan >build/cmake-asan.log
ninja -C build/asan "$1" >build/ninja-asan.log 2>&1 || { grep -m1 -A12 -E 'error|FAILED' build/ninja-asan.log; exit 3; }
exec "build/asan/$1"
