#!/usr/bin/env python3
"""Starts a house with a sample and runs the browser tests against it (real Chromium, axe-core on each page)."""
import os, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from support.house import ROOT, House

# 200 invoices give at least the 20 refusals that the keyboard test clears.
with House(extra=["--sample", "200", "--seed", "4711", "--allow-local"]) as house:
    done = subprocess.run(["node", "tests/e2e/run.mjs", house.base], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    lines = [line for line in done.stdout.strip().splitlines()]
    for line in lines:
        print(f"figure: browser: {line[6:]}" if line.startswith("ok    ") else line)
    print(done.stderr, end="")
    if done.returncode:
        print(f"the server's last words:\n{house.tail()}")
        print("again: python3 tests/e2e/serve_and_run.py")
sys.exit(done.returncode)
