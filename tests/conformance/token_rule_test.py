#!/usr/bin/env python3
"""The order rule of the token simulation suite can fail: in every case, two beginnings in one scope of the expected trace
change places, or an element is left too late; the runner must find it.

usage: tests/conformance/token_rule_test.py FOLDER      prints "N passed, M failed"
"""
import json, os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
folder = os.path.join(ROOT, sys.argv[1])
if not os.path.isdir(folder):
    print(f"skipped: {sys.argv[1]} is not here\n0 passed, 0 failed, 1 skipped")
    sys.exit(0)


def parts(line):
    action, rest = line.split(":", 1)
    element, scope = rest.rsplit(":", 1)
    return action, element, scope


def swapped(lines):
    """Two successive lines that begin different elements in one scope change places."""
    last = {}
    for place, line in enumerate(lines):
        action, element, scope = parts(line)
        if action != "enter":
            continue
        before = last.get(scope)
        if before is not None and parts(lines[before])[1] != element:
            out = list(lines)
            out[before], out[place] = out[place], out[before]
            return out
        last[scope] = place
    return None


def late(lines):
    """An element is left only after the next one began in the scope around it."""
    around = {}
    for place, line in enumerate(lines):
        action, element, scope = parts(line)
        if action == "enter":
            around[element] = scope
        if action != "exit" or element not in around:
            continue
        for later in range(place + 1, len(lines)):
            if parts(lines[later])[0] == "enter" and parts(lines[later])[2] == around[element]:
                out = list(lines)
                out.insert(later, out.pop(place))
                return out
    return None


passed = failed = 0
with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
    cases = json.load(file)
for change in (swapped, late):
    with tempfile.TemporaryDirectory() as copy:
        wanted = []
        for case in cases["cases"]:
            for step in case["steps"]:
                if step["op"] != "expect_trace" or "file" not in step:
                    continue
                with open(os.path.join(folder, step["file"]), encoding="utf-8") as file:
                    changed = change(json.load(file))
                if changed is None:
                    continue
                del step["file"]
                step["inline"] = changed
                wanted.append(case["id"])
                break
        for name in os.listdir(folder):
            shutil.copy(os.path.join(folder, name), copy)
        with open(os.path.join(copy, "cases.json"), "w", encoding="utf-8") as file:
            json.dump(cases, file)
        with open(os.path.join(folder, "cases.json"), encoding="utf-8") as file:
            cases = json.load(file)  # unchanged again
        done = subprocess.run([os.path.join(ROOT, "build/release/conformance"), "token-simulation", copy], capture_output=True, text=True)
        found = {line.split(" ")[1].strip() for line in done.stdout.splitlines() if line.startswith("FAILED: ")}
        for case in wanted:
            passed, failed = (passed + 1, failed) if case in found else (passed, failed + 1)
            if case not in found:
                print(f"not found: {case} ({change.__name__})")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
