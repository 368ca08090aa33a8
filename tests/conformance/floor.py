#!/usr/bin/env python3
"""Runs a third-party suite, prints its figures as they are, and fails when it passes fewer cases than it did before.

usage: tests/conformance/floor.py SUITE FOLDER      floors: tests/conformance/floors.json (raise them when the figure rises)
"""
import json, os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
suite, folder = sys.argv[1:3]
with open(os.path.join(ROOT, "tests", "conformance", "floors.json"), encoding="utf-8") as file:
    floor = json.load(file)[suite]
if not os.path.isdir(os.path.join(ROOT, folder)):
    print(f"skipped: {folder} is not here\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)
done = subprocess.run(["build/release/conformance", suite, folder], cwd=ROOT, capture_output=True, text=True)
lines = done.stdout.strip().splitlines()
closing = re.fullmatch(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", lines[-1]) if lines else None
if not closing:
    print(done.stdout[-3000:], done.stderr[-3000:])
    print(f"not ok: {suite} printed no closing line (exit {done.returncode})\n0 passed, 1 failed")
    sys.exit(1)
passed = int(closing.group(1))
for line in lines:
    if line.startswith("figure: "):
        print(line)
print(f"figure: {suite}: {lines[-1]} (floor {floor})")
if passed < floor:
    print(f"not ok: {suite} passes {passed}, before it passed {floor}\nagain: build/release/conformance {suite} {folder}\n0 passed, 1 failed")
    sys.exit(1)
print("1 passed, 0 failed")
