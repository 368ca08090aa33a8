#!/usr/bin/env python3
"""sagsgang eval: values, explanations in two languages, the trace as JSON, the REPL on a terminal (a pty) and on a pipe.
sagsgang test: decision tests that pass and fail, the command that runs a failed case again, coverage."""
import json, os, pty, re, select, signal, stat, subprocess, sys, tempfile, termios, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import BINARY, ROOT, Tally, run

tally = Tally("python3 tests/eval_test.py")
MODEL = os.path.join(ROOT, "bank/arbejdsmarked/betaling-af-laegeerklaeringer/beslutninger.dmn")


def piped(text, *options, env=None):
    done = subprocess.run([BINARY, "eval", *options], input=text, capture_output=True, text=True, env={**os.environ, **(env or {})})
    return done.returncode, done.stdout, done.stderr


class Terminal:
    """A REPL on a pty; `until` reads up to a text, so that no test waits for a fixed time."""

    def __init__(self, home):
        self.seen = ""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(HOME=home, TERM="xterm", LANG="C.UTF-8", LC_ALL="C.UTF-8")
            os.environ.pop("XDG_STATE_HOME", None)
            os.execv(BINARY, [BINARY, "eval"])
        self.pid = pid

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, text):
        while text not in self.seen:
            if not select.select([self.fd], [], [], 120)[0]:  # only a REPL that waits for ever comes here
                raise AssertionError(f"the REPL is silent before {text!r}: {self.seen!r}")
            try:
                data = os.read(self.fd, 4096)
            except OSError:
                data = b""
            if not data:
                raise AssertionError(f"the REPL ended before {text!r}: {self.seen!r}")
            self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", data.decode("utf-8", "replace"))
        before, self.seen = self.seen.split(text, 1)
        return before

    def raw(self):
        """Until the line editor has the terminal: libedit shows its prompt before that, and the kernel swallows a Ctrl-D that comes earlier."""
        for _ in range(12_000):  # only a REPL that waits for ever comes to the end
            if not termios.tcgetattr(self.fd)[3] & termios.ICANON:
                return
            time.sleep(0.01)
        raise AssertionError("the line editor never takes the terminal")

    def end(self):
        self.raw()
        self.send("\x04")
        for _ in range(12_000):
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise AssertionError("Ctrl-D does not end the REPL")


# Values and explanations.
code, out, _ = run("eval", "1 / 0", "--explain")
tally.expect(code == 0 and "1:3: division by zero" in out and "\n      ^" in out, "a null with its reason and place", out)
code, out, _ = run("eval", "1 / 0", "--explain", "--dansk")
tally.expect("1:3: der divideres med nul" in out, "the reason in Danish", out)
code, out, _ = run("eval", "a + b", "--input", '{"a": 1}', "--explain", "--dansk")
tally.expect("variablen 'b' er ikke oplyst" in out, "a name that nobody gave", out)
code, out, _ = run("eval", "1 / x", "--input", '{"x": 0}', "--format", "json")
trace = json.loads(out)
reason = (trace["reasons"] or [{}])[0]
tally.expect(trace["output"] is None and trace["evaluatedInputs"] == [{"inputName": "x", "inputValue": 0}], "the trace of an expression", out)
tally.expect((reason.get("code"), reason.get("line"), reason.get("column")) == ("division_by_zero", 1, 3) and reason.get("textDa") == "der divideres med nul", "its reason", out)

# A model: what matched, what stopped the others, in words and as JSON.
order = '{"ordre": {"erklaeringstype": "LÆ 285"}}'
code, out, _ = run("eval", "--model", MODEL, "--decision", "tolerance", "--input", order, "--explain")
tally.expect(out.startswith("1\n") and "rule 2 (tolerance_andre) matched: tolerance = 1" in out, "the rule that matched", out)
tally.expect('rule 1 (tolerance_special) stopped at Erklæringstype: "LÆ 165"; the value is "LÆ 285"' in out, "the cell that stopped the other", out)
code, out, _ = run("eval", "--model", MODEL, "--decision", "tolerance", "--input", order, "--format", "json")
decision = json.loads(out)["evaluatedDecisions"][-1]
tally.expect([r["ruleIndex"] for r in decision["matchedRules"]] == [2] and decision["stoppedRules"][0]["cell"] == '"LÆ 165"', "the same as JSON", out)
tally.expect(decision["evaluatedInputs"][0]["inputId"] == "tolerance_type" and decision["matchedRules"][0]["evaluatedOutputs"][0]["outputId"] == "tolerance_ud", "ids of clauses", out)

# The REPL on a pipe: assignment, several lines, commands, errors; the exit code is the worst line's.
code, out, err = piped("x = 3\nx * (1 +\n  2)\n:let navn = \"Åse\"\nupper case(navn)\n:type [x, x]\n(x = 3)\n")
tally.expect((code, out) == (0, "9\nÅSE\nlist<number>\ntrue\n"), "lines from a pipe", out + err)
code, out, err = piped("1 +\n2\n:helq\n:explain 1/0\n[1..3[\n")
tally.expect(code != 0 and "did you mean :help" in err and "division by zero" in out and "2\n" in out, "errors do not end it", out + err)
with tempfile.TemporaryDirectory(prefix="sagsgang-eval-") as folder:
    with open(os.path.join(folder, "v.json"), "w") as f:
        json.dump({"ordre": {"erklaeringstype": "LÆ 165"}}, f)
    code, out, err = piped(f":load {folder}/v.json\n:load {MODEL}\ntolerance\n:explain tolerance\n")
    tally.expect("\n5\n" in out and "tolerance_special) matched" in out, "a model loaded in the REPL", out + err)

# The REPL on a terminal: prompt, history in a private file, completion, several lines.
with tempfile.TemporaryDirectory(prefix="sagsgang-home-") as home:
    try:
        terminal = Terminal(home)
        terminal.until("feel> ")
        terminal.send("grænse = 40 + 2\n")
        terminal.until("grænse")
        terminal.until("42")
        terminal.until("feel> ")
        terminal.send("string le\t\"abc\")\n")
        terminal.until("ngth(")  # what was typed is not written again
        terminal.until("\n3")
        terminal.until("feel> ")
        terminal.send("[grænse,\n")
        terminal.until("  ... ")
        terminal.send("1]\n")
        terminal.until("[42, 1]")
        terminal.until("feel> ")
        terminal.send("\x1b[A\n")  # the line before, again
        terminal.until("[42, 1]")
        terminal.until("feel> ")
        tally.expect(True, "a session on a terminal")
        tally.expect(terminal.end() == 0, "Ctrl-D ends it")
    except AssertionError as fault:
        tally.expect(False, "a session on a terminal", str(fault))
    history = os.path.join(home, ".local/state/sagsgang/history")
    tally.expect(os.path.exists(history) and stat.S_IMODE(os.stat(history).st_mode) == 0o600, "the history is a private file", history)
    tally.expect(os.path.exists(history) and "40" in open(history, encoding="utf-8").read(), "the history holds what was typed")

# Decision tests.
GOOD = "titel: t\nbeslutning: tolerance\ntilfaelde:\n  - navn: en\n    input: {ordre: {erklaeringstype: \"LÆ 165\"}}\n    saa: {resultat: 5.00, regler: [1]}\n"
with tempfile.TemporaryDirectory(prefix="sagsgang-test-") as folder:
    with open(MODEL, encoding="utf-8") as model, open(os.path.join(folder, "m.dmn"), "w", encoding="utf-8") as copy:
        copy.write(model.read())

    def decided(yaml, *options):
        path = os.path.join(folder, "t.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(yaml)
        return run("test", path, *options)

    code, out, err = decided(GOOD)
    tally.expect(code == 0 and out.endswith("1 passed, 0 failed\n"), "a case that passes", out + err)
    code, out, err = decided(GOOD.replace("5.00", "6"))
    tally.expect(code == 1 and "t.yaml:6" in out and "result: expected 6, got 5" in out and "(tolerance_special) matched" in out, "one that fails shows the trace", out + err)
    again = re.search(r"again: (sagsgang test .*)", out)
    rerun = subprocess.run(["bash", "-c", again.group(1).replace("sagsgang", BINARY, 1)], capture_output=True, text=True) if again else None
    tally.expect(rerun is not None and rerun.returncode == 1 and rerun.stdout.endswith("0 passed, 1 failed\n"), "and its command runs it alone", out)
    code, out, err = decided(GOOD.replace("[1]", "[2]"))
    tally.expect(code == 1 and "matched rules of 'tolerance': expected [2], got [1]" in out, "a wrong rule fails", out + err)
    code, out, err = decided(GOOD.replace("regler: [1]", "grund: division_by_zero"))
    tally.expect(code == 1 and "expected \"division_by_zero\", got none" in out, "a reason that does not come fails", out + err)
    code, out, err = decided(GOOD.replace("titel: t", "titel: t\nnoget: 1"))
    tally.expect(code == 1 and "noget" in out, "an unknown key is named", out + err)
    code, out, err = decided(GOOD, "--coverage")
    tally.expect("tolerance: 1 of 2 rules; no case matches rule 2 (tolerance_andre)" in out, "rules that no case matched", out + err)
    code, out, err = decided(GOOD, "--coverage", "--json")
    rows = {row["table"]: row for row in json.loads(out)["coverage"]}
    tally.expect(rows["tolerance"]["matched"] == 1 and rows["tolerance"]["notMatched"] == [{"ruleIndex": 2, "ruleId": "tolerance_andre"}], "the same as JSON", out)
code, out, err = run("test", os.path.join(ROOT, "bank"), "--coverage", "--json")
missed = [row for row in json.loads(out)["coverage"] if row["notMatched"]]
tally.expect(code == 0 and not missed, "every rule of the packages that ship is matched by a case", json.dumps(missed)[:600] + err)
tally.end()
