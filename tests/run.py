#!/usr/bin/env python3
"""Runs every test and adds up the counts of all runners; the last line is `N passed, N failed[, N skipped]`.

usage: ./test [--quick] [--only NAME] [--list]

  --quick      what takes under two minutes after a build: no sanitizers, no crash test, no browser
  --only NAME  only the steps whose name contains NAME     example: ./test --only feel
  --list       the names of the steps

Each step is one line here: its name, how its output is counted, its command. Logs are in build/test-logs/.
"""
import argparse, os, re, signal, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOGS = os.path.join(ROOT, "build", "test-logs")
ROOMS = ["base", "feel", "bpmn", "store", "dmn", "engine", "bank", "casework", "connectors", "api", "app"]
# Rooms that parse untrusted bytes or hold memory by hand also run under the address and undefined-behaviour sanitizers.
SANITIZED = ["base", "feel", "dmn", "bpmn"]
FUZZ_TARGETS = sorted(os.listdir(os.path.join(ROOT, "tests", "fuzz", "corpus")))
ENGINE_TARGETS = ["bpmn_xml", "records"]  # under sanitizers only in tests/fuzz/run: a second build of the engine would take ten minutes
SHARED = "../shared"
STUCK_SECONDS = 1800  # not a limit on speed: a step that hangs is stopped and named, instead of the whole run (the slowest takes a few minutes)


class Step:
    def __init__(self, name, kind, command, quick=True, needs=None):
        self.name, self.kind, self.command, self.quick, self.needs = name, kind, command, quick, needs


def steps():
    out = [Step("layers", "exit", ["tools/check_layers"]), Step("layers-can-fail", "plain", ["python3", "tests/check_layers_test.py"])]
    out += [Step("sizes", "exit", ["tools/check_sizes"]), Step("sizes-can-fail", "plain", ["python3", "tests/check_sizes_test.py"])]
    out.append(Step("registries", "exit", ["tools/check_registries"]))
    out.append(Step("element-table", "exit", ["tools/element_table", "--check"]))
    for room in ROOMS:
        program = f"build/release/{room}_test"
        if os.path.exists(os.path.join(ROOT, program)):
            out.append(Step(f"unit-{room}", "gtest", [program]))
    out.append(Step("scenarios", "plain", ["build/release/sagsgang", "test", "bank"]))
    out.append(Step("scenarios-restart", "plain", ["build/release/sagsgang", "test", "bank", "--restart"]))
    out.append(Step("drawings", "plain", ["python3", "tests/drawings_test.py"]))
    out.append(Step("bank-content", "plain", ["python3", "tests/bank_content_test.py"]))
    out.append(Step("export", "plain", ["python3", "tests/export_test.py"]))
    out.append(Step("similarity", "plain", ["python3", "tests/similarity_test.py"]))
    out.append(Step("publish", "plain", ["python3", "tests/publish_test.py"]))
    for queries in ["queries", "queries-everyday"]:
        out.append(Step(f"bank-{queries}", "plain", ["python3", "tests/bank_queries_test.py", "--file", f"tests/bank/{queries}.yaml"]))
    out.append(Step("sheets", "plain", ["python3", "tests/sheet_test.py"]))
    out.append(Step("eval-and-decision-tests", "plain", ["python3", "tests/eval_test.py"]))
    out.append(Step("layout-sheet", "exit", ["tools/layout_sheet", "--check"]))
    out.append(Step("help-examples", "plain", ["python3", "tests/help_test.py"]))
    for suite in ["dmn-tck", "token-simulation", "betsy", "bpmn-miwg"]:
        out.append(Step(f"conformance-{suite}", "plain", ["python3", "tests/conformance/floor.py", suite, f"{SHARED}/conformance/{suite}"]))
    out.append(Step("token-rule-can-fail", "plain", ["python3", "tests/conformance/token_rule_test.py", f"{SHARED}/conformance/token-simulation"]))
    out.append(Step("conformance-own-layout", "plain", ["build/release/conformance", "dmn-tck", "tests/conformance/dmn-layout"]))
    out.append(Step("simulation", "plain", ["build/release/simulation", "--histories", "300"], quick=False))
    out.append(Step("simulation-replay", "plain", ["build/release/simulation", "--replay", "--histories", "40", "--commands", "150"], quick=False))
    out.append(Step("feelin", "plain", ["python3", "tests/feelin/compare.py"]))
    for target in FUZZ_TARGETS:
        out.append(Step(f"fuzz-corpus-{target}", "plain", [f"build/release/replay_{target}"]))
        if target not in ENGINE_TARGETS:
            out.append(Step(f"asan-fuzz-corpus-{target}", "plain", ["bash", "tests/sanitize.sh", "asan", f"replay_{target}"], quick=False))
    out.append(Step("web-types", "exit", ["npm", "--prefix", "web", "run", "--silent", "check"]))
    out.append(Step("web-unit", "plain", ["python3", "tests/web_unit.py"]))
    out.append(Step("web-size", "exit", ["node", "web/scripts/size.mjs"]))
    out.append(Step("whatif", "plain", ["python3", "tests/whatif_test.py"], quick=False))
    out.append(Step("run-once", "plain", ["python3", "tests/run_once_test.py"], quick=False))
    out.append(Step("oracle-three-seeds", "plain", ["python3", "tests/oracle_test.py"], quick=False))
    out.append(Step("not-local", "plain", ["python3", "tests/not_local_test.py"], quick=False))
    out.append(Step("crash", "plain", ["python3", "tests/crash_test.py"], quick=False))
    out.append(Step("planted-bugs", "plain", ["bash", "tests/planted_bugs.sh"], quick=False))
    out.append(Step("restore", "plain", ["python3", "tests/restore_test.py"], quick=False))
    out.append(Step("sharing", "plain", ["python3", "tests/share_test.py"], quick=False))
    out.append(Step("border-and-forget", "plain", ["python3", "tests/border_test.py"], quick=False))
    out.append(Step("read-your-writes", "plain", ["python3", "tests/read_your_writes_test.py"], quick=False))
    out.append(Step("bad-input", "plain", ["python3", "tests/bad_input_test.py"], quick=False))
    out.append(Step("browser", "plain", ["python3", "tests/e2e/serve_and_run.py"], quick=False))
    out.append(Step("browser-static-site", "plain", ["node", "tests/e2e/site.mjs"], quick=False))
    for room in SANITIZED:
        out.append(Step(f"asan-{room}", "gtest", ["bash", "tests/sanitize.sh", "asan", f"{room}_test"], quick=False))
    return out


def count(kind, text, code):
    """(passed, failed, skipped) of a step's output; a step that counted nothing has failed."""
    if kind == "exit":
        return (1, 0, 0) if code == 0 else (0, 1, 0)
    if kind == "gtest":
        passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", text, re.M))
        failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test", text, re.M))
        skipped = sum(int(n) for n in re.findall(r"^\[  SKIPPED \] (\d+) test", text, re.M))
    else:
        lines = re.findall(r"^(?:[\w-]+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", text, re.M)
        passed, failed, skipped = ([int(x or 0) for x in lines[-1]] if lines else (0, 0, 0))
    if code != 0 and failed == 0:
        failed = 1
    if passed + failed + skipped == 0:
        failed = 1
    return passed, failed, skipped


def run_step(command, out):
    """The exit code; a step that hangs is killed with all it started."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(STUCK_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        out.write(f"\nnot ok: stopped after {STUCK_SECONDS} s: it hangs\n")
        return 3
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        raise


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    todo = [s for s in steps() if options.only in s.name and (not options.quick or s.quick)]
    if options.list:
        print("\n".join(s.name for s in todo))
        return 0
    if not todo:
        print(f"no step is called '{options.only}'; see ./test --list")
        return 2
    os.makedirs(LOGS, exist_ok=True)
    total = [0, 0, 0]
    for number, step in enumerate(todo, 1):
        begin = time.monotonic()
        log = os.path.join(LOGS, step.name + ".log")
        with open(log, "w", encoding="utf-8") as out:
            code = run_step(step.command, out)
        with open(log, encoding="utf-8", errors="replace") as text:
            output = text.read()
        counts = count(step.kind, output, code)
        total = [a + b for a, b in zip(total, counts)]
        state = "ok  " if counts[1] == 0 else "FAIL"
        skipped = f", {counts[2]} skipped" if counts[2] else ""
        print(f"[{number}/{len(todo)}] {state} {step.name}: {counts[0]} ok, {counts[1]} not ok{skipped} ({time.monotonic() - begin:.0f} s)", flush=True)
        for line in re.findall(r"^(?:figure: .*|skipped: .*)$", output, re.M)[:20]:
            print("        " + line, flush=True)
        if counts[1]:
            print("    " + "\n    ".join(output.strip().splitlines()[-40:]))
            print(f"    log: build/test-logs/{step.name}.log   again: ./test --only {step.name}   or: {' '.join(step.command)}", flush=True)
    skipped = f", {total[2]} skipped" if total[2] else ""
    print(f"{total[0]} passed, {total[1]} failed{skipped}")
    return 1 if total[1] else 0


if __name__ == "__main__":
    sys.exit(main())
