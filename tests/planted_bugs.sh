#!/usr/bin/env bash
# Proves that the tests of the engine's invariants can fail: builds the engine with the planted bugs (src/engine/planted.h)
# and expects a failure for each, and none without a bug. The simulator must catch them too: all but 4 (a release that can
# still compile what it deployed shows nothing), 7 by its replay mode, which counts what a step writes.
#   tests/planted_bugs.sh            all
# One more is against migration: what the dry run promises is not done.
#   tests/planted_bugs.sh 6          one
set -u
cd "$(dirname "$0")/.." || exit 3
build=build/planted
mkdir -p build
cmake --preset release -B "$build" -DSAGSGANG_PLANTED_BUGS=ON >"$build.log" 2>&1 || { cat "$build.log"; exit 3; }
ninja -C "$build" engine_test simulation >>"$build.log" 2>&1 || { tail -30 "$build.log"; exit 3; }
filter='Partition.*:Forgetting.*:Containers.*:Tasks.*:Migration.*:RuntimeSim.AFailedSyncStopsItForGood'
passed=0
failed=0
whom() { case $1 in [0-9]) echo "invariant $1" ;; *) echo "$1" ;; esac; }
run() { SAGSGANG_PLANTED_BUG=$1 "$build/engine_test" --gtest_filter="$filter" >"$build/bug-$1.txt" 2>&1; }
if run none; then passed=$((passed + 1)); else echo "not ok: without a bug a test fails (see $build/bug-none.txt)"; failed=$((failed + 1)); fi
for bug in ${1:-1 2 3 4 5 6 7 8 migration}; do
  if run "$bug"; then echo "not ok: the planted bug against $(whom $bug) is not noticed"; failed=$((failed + 1))
  else passed=$((passed + 1)); echo "figure: the planted bug against $(whom $bug) is caught by $(grep -m1 -o '\[  FAILED  \] [A-Za-z.]*' "$build/bug-$bug.txt" | cut -c14-)"; fi
done
simulate() {
  local how="--histories 60 --commands 300 --stop"
  [ "$1" = 7 ] && how="--replay --histories 20 --commands 150 --stop"
  SAGSGANG_PLANTED_BUG=$1 "$build/simulation" $how >"$build/simulated-bug-$1.txt" 2>&1
}
if simulate none; then passed=$((passed + 1)); else echo "not ok: without a bug the simulator finds one (see $build/simulated-bug-none.txt)"; failed=$((failed + 1)); fi
for bug in ${1:-1 2 3 5 6 7 8 migration}; do
  [ "$bug" = 4 ] && continue
  if simulate "$bug"; then echo "not ok: the simulator does not notice the planted bug against $(whom $bug)"; failed=$((failed + 1))
  else passed=$((passed + 1)); echo "figure: the simulator catches the planted bug against $(whom $bug): $(grep -A1 -m1 '^FAILED' "$build/simulated-bug-$bug.txt" | tail -1 | cut -c1-90)"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
