#!/usr/bin/env bash
# Proves that the tests of the engine's invariants can fail: builds the engine with the planted bugs (src/engine/planted.h)
# and expects a failure for each, and none without a bug.
#   tests/planted_bugs.sh            all
#   tests/planted_bugs.sh 6          one
set -u
cd "$(dirname "$0")/.." || exit 3
build=build/planted
mkdir -p build
cmake --preset release -B "$build" -DSAGSGANG_PLANTED_BUGS=ON >"$build.log" 2>&1 || { cat "$build.log"; exit 3; }
ninja -C "$build" engine_test >>"$build.log" 2>&1 || { tail -30 "$build.log"; exit 3; }
filter='Partition.*:Forgetting.*:Containers.*:Tasks.*:RuntimeSim.AFailedSyncStopsItForGood'
passed=0
failed=0
run() { SAGSGANG_PLANTED_BUG=$1 "$build/engine_test" --gtest_filter="$filter" >"$build/bug-$1.txt" 2>&1; }
if run none; then passed=$((passed + 1)); else echo "not ok: without a bug a test fails (see $build/bug-none.txt)"; failed=$((failed + 1)); fi
for bug in ${1:-1 2 3 4 5 6 7 8}; do
  if run "$bug"; then echo "not ok: the planted bug against invariant $bug is not noticed"; failed=$((failed + 1))
  else passed=$((passed + 1)); echo "figure: the planted bug against invariant $bug is caught by $(grep -m1 -o '\[  FAILED  \] [A-Za-z.]*' "$build/bug-$bug.txt" | cut -c14-)"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
