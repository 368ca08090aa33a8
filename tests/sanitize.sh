#!/usr/bin/env bash
# Builds a test program with sanitizers and runs it:  tests/sanitize.sh asan feel_test   tests/sanitize.sh tsan threads_test
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1 target=$2
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"build/cmake-$preset.log"
ninja -C "build/$preset" "$target" >"build/ninja-$preset.log" 2>&1 || { grep -m1 -A12 -E 'error|FAILED' "build/ninja-$preset.log"; exit 3; }
exec "build/$preset/$target"
