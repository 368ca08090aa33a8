#!/usr/bin/env python3
"""tools/check_layers passes on the house and fails when one upward, one sideways and one unknown include is added."""
import os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(ROOT, "tools", "check_layers")


def run(src):
    done = subprocess.run([TOOL, src], capture_output=True, text=True)
    return done.returncode, done.stdout


def main():
    passed = failed = 0

    def expect(what, good, output=""):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"not ok: {what}\n{output}\nagain: python3 tests/check_layers_test.py")

    with tempfile.TemporaryDirectory() as folder:
        src = os.path.join(folder, "src")
        shutil.copytree(os.path.join(ROOT, "src"), src)
        code, output = run(src)
        expect("the house as it is passes", code == 0, output)
        for room, include, word in [("feel", "dmn/dmn.h", "floor 2"), ("bpmn", "feel/feel.h", "floor 1"), ("base", "nowhere/x.h", "unknown room")]:
            path = os.path.join(src, room, "planted.cc")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f'#include "{include}"\n')
            code, output = run(src)
            expect(f"{room} including {include} fails and is named", code == 1 and f"{room}/planted.cc:1" in output and word in output, output)
            os.remove(path)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
