#!/usr/bin/env python3
"""Runs the web front end's unit tests (vitest) and closes with the counts of all runners."""
import os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
done = subprocess.run(["npm", "--prefix", "web", "test", "--silent"], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                      env={**os.environ, "CI": "true", "NO_COLOR": "1"})
print(done.stdout[-4000:], done.stderr[-2000:])
line = re.search(r"^\s*Tests\s+(.*)$", done.stdout, re.M)
count = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped)", line.group(1) if line else "")}
failed = count.get("failed", 0) or (1 if done.returncode else 0)
if failed:
    print("again: npm --prefix web test")
print(f"{count.get('passed', 0)} passed, {failed} failed" + (f", {count['skipped']} skipped" if "skipped" in count else ""))
sys.exit(1 if failed else 0)
