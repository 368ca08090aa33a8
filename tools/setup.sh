#!/usr/bin/env bash
# tools/setup.sh [test]: makes a fresh Debian 12 ready and builds. Repeatable; says what it does; does nothing twice.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$*" >&2; exit 3; }
mkdir -p build

packages=$(grep -hv '^#' tools/packages.txt; [ "${1:-}" = test ] && grep -hv '^#' tools/packages-test.txt || true)
missing=()
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
# Debian's own Node 18 is enough; a newer one that is already here is left alone.
node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
if [ "${node_major:-0}" -lt 18 ] || ! command -v npm >/dev/null; then missing+=(nodejs npm); fi

if [ ${#missing[@]} -gt 0 ]; then
  say "[1/4] Installing ${#missing[@]} Debian packages: ${missing[*]}"
  command -v apt-get >/dev/null || die "apt-get is not here: Sagsgang builds on Debian 12. Install by hand: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "missing packages and neither root nor sudo. Ask an administrator for: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  { "${as_root[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >build/apt.log 2>&1 || { tail -n 15 build/apt.log >&2; die "apt-get failed (whole log: build/apt.log). Is the package mirror reachable?"; }
else
  say "[1/4] Debian packages: all here"
fi

stamp=web/node_modules/.package-lock.stamp
if [ -f web/package-lock.json ]; then
  want=$(sha256sum web/package-lock.json | cut -d' ' -f1)
  if [ "$(cat $stamp 2>/dev/null || true)" != "$want" ]; then
    say "[2/4] Installing npm packages"
    # Not `npm ci`: it refuses a lock file that leaves out other platforms' optional binaries (some mirrors do not carry them).
    # The lock file still fixes every version, and --no-save leaves it as it is.
    (cd web && npm install --no-save --no-audit --no-fund --loglevel=error) >build/npm.log 2>&1 ||
      { tail -n 15 build/npm.log >&2; die "npm install failed (whole log: build/npm.log). Is the npm registry reachable?"; }
    printf '%s' "$want" >$stamp
  else
    say "[2/4] npm packages: all here"
  fi
fi

say "[3/4] Building sagsgang (the first time takes some ten minutes on two cores)"
[ -f build/release/build.ninja ] || cmake --preset release >build/cmake.log 2>&1 ||
  { tail -n 15 build/cmake.log >&2; die "cmake failed (whole log: build/cmake.log)"; }
targets=(sagsgang); [ "${1:-}" = test ] && targets=()
if [ -t 2 ]; then
  NINJA_STATUS='      %f/%t ' ninja -C build/release "${targets[@]}" >&2 || die "the build failed; the first error is above"
else
  ninja -C build/release "${targets[@]}" >build/ninja.log 2>&1 ||
    { grep -m1 -A12 -E 'error|FAILED' build/ninja.log >&2; die "the build failed (whole log: build/ninja.log)"; }
fi

if [ -f web/package.json ]; then
  stale=yes
  if [ -f web/dist/index.html ]; then
    stale=$(find web/src web/public web/index.html web/package-lock.json web/vite.config.ts -newer web/dist/index.html -type f | head -n 1)
  fi
  if [ -n "$stale" ]; then
    say "[4/4] Building the web pages"
    (cd web && npm run --silent build) >build/web.log 2>&1 || { tail -n 20 build/web.log >&2; die "the web build failed (whole log: build/web.log)"; }
  else
    say "[4/4] Web pages: up to date"
  fi
fi
