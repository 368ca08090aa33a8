#!/usr/bin/env python3
"""Every command has a --help with an example, and every example runs. Wrong usage ends with exit code 2 and a hint."""
import os, re, shlex, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import BINARY, ROOT, Tally, run

tally = Tally("python3 tests/help_test.py")
code, overview, _ = run("--help")
tally.expect(code == 0, "sagsgang --help", overview)
names = re.findall(r"^  ([a-z-]+) {2,}\S", overview, re.M)
for must in ["serve", "import", "search", "test", "check", "draw", "layout", "text", "eval", "table", "whatif", "backup", "restore", "user"]:
    tally.expect(must in names, f"the command {must} is listed", overview)

# The examples share one folder, and run in this order so that a backup exists before it is restored.
order = ["import", "search", "user", "generate-invoices", "check", "draw", "eval", "test", "table", "serve", "whatif", "backup", "restore"]
with tempfile.TemporaryDirectory(prefix="sagsgang-help-") as folder:
    for link in ["bank", "web", "build"]:
        if os.path.exists(os.path.join(ROOT, link)):
            os.symlink(os.path.join(ROOT, link), os.path.join(folder, link))
    path = os.pathsep.join([os.path.dirname(BINARY), os.environ["PATH"]])
    for name in sorted(names, key=lambda n: order.index(n) if n in order else 99):
        code, help_text, _ = run(name, "--help")
        examples = re.findall(r"^example: (.*)$", help_text, re.M)
        tally.expect(code == 0 and help_text.startswith("usage: sagsgang " + name), f"{name} --help", help_text)
        tally.expect(bool(examples), f"{name} --help has an example", help_text)
        for example in examples:
            done = subprocess.run(["bash", "-c", example], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=600,
                                  stdin=subprocess.DEVNULL)
            tally.expect(done.returncode == 0, f"example of {name}: {example}", f"exit {done.returncode}: {done.stdout[-800:]}{done.stderr[-800:]}")

for wrong, hint in [(["evla"], "eval"), (["eval", "1", "--explian"], "--explain"), (["check"], "example"), (["draw", "nothing.bpmn"], "nothing.bpmn")]:
    code, out, err = run(*wrong)
    tally.expect(code in (2, 3) and hint in err, f"wrong usage: {shlex.join(wrong)}", f"exit {code}: {err}")
tally.end()
