#!/usr/bin/env bash
# Makes the pictures of every page at 1280 and 320 px in docs/pictures/, from a house with a sample.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 - <<'PY'
import subprocess, sys
sys.path.insert(0, "tests")
from support.house import House, ROOT
with House(extra=["--sample", "200", "--seed", "4711"]) as house:
    sys.exit(subprocess.run(["node", "tests/e2e/pictures.mjs", house.base], cwd=ROOT).returncode)
PY
