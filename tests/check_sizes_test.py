#!/usr/bin/env python3
"""tools/check_sizes passes on the house and names a file and functions that are too long; what only looks long passes."""
import os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.path.join(ROOT, "tools", "check_sizes")
LINE = "  ++count;\n"
STRING = 'const char* text = R"({{{\n' + "{\n" * 200 + ')";\n'

CASES = [  # file, content, the words of the fault ("" = passes)
    ("src/base/planted.cc", "// line\n" * 600, ""),
    ("src/base/planted.cc", "// line\n" * 601, "src/base/planted.cc:601: 601 lines"),
    ("web/src/planted.tsx", "// line\n" * 601, "web/src/planted.tsx:601: 601 lines"),
    ("src/base/rules.def", "RULE(a)\n" * 601, ""),
    ("src/base/planted.cc", "namespace base {\nint f() {\n" + LINE * 98 + "}\n}\n", ""),
    ("src/base/planted.cc", "namespace base {\nint f() {\n" + LINE * 99 + "}\n}\n", "src/base/planted.cc:2: 101 lines in one function"),
    ("src/base/planted.cc", "struct A {\n  A(int b = {})\n      : b_{b}, c_{} {\n" + LINE * 99 + "  }\n};\n", "src/base/planted.cc:2: 102 lines"),
    ("src/base/planted.cc", "struct A {\n" + "  int f() { return 0; }\n" * 200 + "};\n", ""),
    ("src/base/planted.cc", STRING + "int f() { return 0; }\n", ""),
]


def main():
    passed = failed = 0
    runs = [(ROOT, "the house as it is", "")] + [(None, case, case[2]) for case in CASES]
    for number, (root, case, words) in enumerate(runs):
        with tempfile.TemporaryDirectory() as folder:
            if root is None:
                path = os.path.join(folder, case[0])
                os.makedirs(os.path.dirname(path))
                with open(path, "w", encoding="utf-8") as file:
                    file.write(case[1])
            done = subprocess.run([TOOL, root or folder], capture_output=True, text=True)
        good = done.returncode == (1 if words else 0) and words in done.stdout
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"not ok: case {number}: expected {words or 'nothing'}, got\n{done.stdout}{done.stderr}\nagain: python3 tests/check_sizes_test.py")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
