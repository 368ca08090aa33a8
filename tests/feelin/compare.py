#!/usr/bin/env python3
"""Our FEEL beside npm feelin's: the corpus (the expressions of tests/feel) and seeded random ones, compared by value.

usage: tests/feelin/compare.py [--seed N] [--count N] [--show]      example: tests/feelin/compare.py --seed 7 --count 500

Where the two differ, disagreements.txt must say which kind of construct it is, and which section of the specification says that
we are right; an entry that no longer occurs fails. An expression that neither reads counts as agreement.
  --show   print every disagreement with its entry
The last line is `N passed, N failed`; `0 passed, 0 failed, 1 skipped` where feelin is not installed (web/node_modules).
"""
import argparse, glob, json, math, os, random, re, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OURS = os.path.join(ROOT, "build", "release", "feel_lines")


# ---- expressions ---------------------------------------------------------------------------------------------------
def corpus():
    out = []
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "feel", "*.feel-cases"))):
        usable = True
        for line in open(path, encoding="utf-8"):
            line = line.strip()
            if line.startswith(("given ", "dialect zeebe")):
                usable = False  # of the lines below: they need inputs or the other dialect
            if not usable or not line or line[0] == "#" or " ; " not in line or line.startswith(("error ", "cell ", "reason ", "dialect ")):
                continue
            text = line[: line.rindex(" ; ")]
            out.append(text[5:] if text.startswith("text ") else text)
    return [text for text in out if not re.search(r"\b(now|today)\(", text)]


class Generator:
    """Typed random expressions over numbers that doubles hold exactly, so that only meaning can differ, not rounding."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def of(self, kind, depth):
        forms = getattr(self, kind)(depth)
        return self.random.choice(forms)() if depth > 0 else self.random.choice(forms[:2])()

    def pick(self, *texts):
        return self.random.choice(texts)

    def number(self, d):
        n, o, r = lambda: self.of("number", d - 1), self.of, self.random
        return [lambda: str(r.randint(-9, 20)), lambda: self.pick("0", "1", "2.5", "-0.5", "10"), lambda: f"({n()} + {n()})", lambda: f"({n()} - {n()})",
                lambda: f"({n()} * {r.randint(-3, 4)})", lambda: f"-({n()})", lambda: f"(if {o('boolean', d - 1)} then {n()} else {n()})",
                lambda: f"{self.pick('sum', 'min', 'max', 'count')}({o('numbers', d - 1)})", lambda: f"{self.pick('floor', 'ceiling', 'abs')}({n()})",
                lambda: f"string length({o('string', d - 1)})", lambda: f"{o('numbers', d - 1)}[{r.randint(-2, 4)}]", lambda: f"modulo({n()}, {r.randint(1, 5)})",
                lambda: f"{o('context', d - 1)}.a", lambda: f"median({o('numbers', d - 1)})", lambda: f"({n()} ** 2)"]

    def boolean(self, d):
        b, o, r = lambda: self.of("boolean", d - 1), self.of, self.random
        return [lambda: self.pick("true", "false"), lambda: self.pick("null", "true"), lambda: f"({o('number', d - 1)} {self.pick('<', '<=', '>', '>=', '=', '!=')} {o('number', d - 1)})",
                lambda: f"({o('string', d - 1)} {self.pick('=', '!=', '<')} {o('string', d - 1)})", lambda: f"({b()} and {b()})", lambda: f"({b()} or {b()})", lambda: f"not({b()})",
                lambda: f"({o('number', d - 1)} in {o('range', d - 1)})", lambda: f"({o('number', d - 1)} between {r.randint(-5, 3)} and {r.randint(0, 9)})",
                lambda: f"list contains({o('numbers', d - 1)}, {o('number', d - 1)})", lambda: f"({self.pick('some', 'every')} v in {o('numbers', d - 1)} satisfies v {self.pick('<', '>=')} {r.randint(-2, 6)})",
                lambda: f"{self.pick('contains', 'starts with', 'ends with')}({o('string', d - 1)}, {o('string', d - 1)})", lambda: f"({o('numbers', d - 1)} = {o('numbers', d - 1)})",
                lambda: f"({o('number', d - 1)} instance of {self.pick('number', 'string', 'boolean')})"]

    def string(self, d):
        s, o, r = lambda: self.of("string", d - 1), self.of, self.random
        return [lambda: self.pick('"a"', '"bc"', '"abcabc"', '"Æble"'), lambda: self.pick('""', '"b"'), lambda: f"({s()} + {s()})", lambda: f"{self.pick('upper case', 'lower case')}({s()})",
                lambda: f"string({o('number', d - 1)})", lambda: f"{self.pick('substring before', 'substring after')}({s()}, {self.pick(chr(34) + 'b' + chr(34), chr(34) + 'c' + chr(34))})",
                lambda: f"(if {o('boolean', d - 1)} then {s()} else {s()})", lambda: f"string join([{s()}, {s()}], {self.pick(chr(34) + '-' + chr(34), chr(34) * 2)})",
                lambda: f"replace({s()}, \"{self.pick('b', '[ab]', 'c+')}\", \"{self.pick('x', '[$0]')}\")", lambda: f"{o('context', d - 1)}.s"]

    def numbers(self, d):
        l, o, r = lambda: self.of("numbers", d - 1), self.of, self.random
        return [lambda: f"[{', '.join(str(r.randint(-5, 9)) for _ in range(r.randint(1, 4)))}]", lambda: self.pick("[1, 2, 3]", "[5]", "[2, 2, 1]"), lambda: f"[{o('number', d - 1)}, {o('number', d - 1)}]",
                lambda: f"(for v in {l()} return v {self.pick('+', '-', '*')} {r.randint(0, 4)})", lambda: f"(for v in {r.randint(-2, 3)}..{r.randint(-1, 5)} return v)",
                lambda: f"{l()}[item {self.pick('<', '>', '>=')} {r.randint(-2, 5)}]", lambda: f"{self.pick('reverse', 'distinct values')}({l()})", lambda: f"concatenate({l()}, {l()})",
                lambda: f"append({l()}, {o('number', d - 1)})", lambda: f"sort({l()}, function(p, q) p {self.pick('<', '>')} q)", lambda: f"union({l()}, {l()})", lambda: f"index of({l()}, {r.randint(0, 3)})",
                lambda: f"flatten([{l()}, {l()}])"]

    def range(self, d):
        low = self.random.randint(-5, 5)
        return [lambda: f"[{low}..{low + self.random.randint(0, 6)}]", lambda: f"({low}..{low + 4})", lambda: f"[{low}..{low + 4})", lambda: f"(< {low})", lambda: f"(>= {low})"]

    def context(self, d):
        o = self.of
        return [lambda: "{a: 1, s: \"x\"}", lambda: "{a: 2, s: \"yz\", b: 3}", lambda: f"{{a: {o('number', d - 1)}, s: {o('string', d - 1)}}}",
                lambda: f"{{b: {o('number', d - 1)}, a: b + 1, s: \"q\"}}", lambda: f"context put({o('context', d - 1)}, \"a\", {o('number', d - 1)})",
                lambda: f"context merge([{o('context', d - 1)}, {o('context', d - 1)}])"]

    def temporal(self, d):
        r = self.random
        day = lambda: f"@\"{r.randint(2020, 2030)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}\""
        time = lambda: f"@\"{r.randint(2020, 2030)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:00Z\""
        months, seconds = lambda: f"@\"P{r.randint(0, 3)}Y{r.randint(0, 11)}M\"", lambda: f"@\"P{r.randint(0, 3)}DT{r.randint(0, 23)}H\""
        return [lambda: f"({day()} {self.pick('<', '=', '>')} {day()})", lambda: f"{day()}.{self.pick('year', 'month', 'day', 'weekday')}", lambda: f"string({day()} + {self.pick(months(), seconds())})",
                lambda: f"string({time()} - {time()})", lambda: f"string({time()} {self.pick('+', '-')} {self.pick(months(), seconds())})", lambda: f"string({seconds()} {self.pick('+', '-')} {seconds()})",
                lambda: f"string({months()} + {months()})", lambda: f"({seconds()} {self.pick('<', '=')} {seconds()})", lambda: f"string(years and months duration({day()}, {day()}))",
                lambda: f"{self.pick('day of year', 'day of week', 'month of year', 'week of year')}({day()})", lambda: f"{time()}.{self.pick('hour', 'minute', 'day')}"]

    def expression(self):
        return self.of(self.random.choice(["number", "boolean", "string", "numbers", "context", "boolean", "temporal"]), self.random.randint(1, 3))


# ---- values --------------------------------------------------------------------------------------------------------
def answers(command, lines):
    done = subprocess.run(command, cwd=ROOT, input="\n".join(lines) + "\n", capture_output=True, text=True)
    out = done.stdout.splitlines()
    if done.returncode != 0 or len(out) != len(lines):
        sys.exit(f"{command[0]} answered {len(out)} of {len(lines)} lines: {done.stderr[-2000:]}")
    return [json.loads(line) for line in out]


def same(a, b):
    if isinstance(a, bool) or isinstance(b, bool) or a is None or b is None:
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    if type(a) is not type(b):
        return False
    if isinstance(a, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return a == b


def agree(ours, theirs):
    if "error" in ours or "error" in theirs:  # a text that is refused has the value null in a model
        return ours.get("value") is None and theirs.get("value") is None
    return same(ours["value"], theirs["value"])


def entries():
    """(id, pattern, section, reason) of disagreements.txt."""
    out = []
    for number, line in enumerate(open(os.path.join(HERE, "disagreements.txt"), encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if not line or line[0] == "#":
            continue
        parts = line.split("\t")
        if len(parts) != 4:
            sys.exit(f"disagreements.txt:{number}: id, pattern, section and reason, with a tab between them")
        out.append((parts[0], re.compile(parts[1]), parts[2], parts[3]))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # feelin keeps lone surrogates
    home = os.path.dirname(os.environ.get("FEELIN_FROM", os.path.join(ROOT, "web", "package.json")))
    if not os.path.isdir(os.path.join(home, "node_modules", "feelin")):
        print("skipped: npm feelin is not installed (npm --prefix web install)")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    generator = Generator(options.seed)
    lines = list(dict.fromkeys(corpus() + [generator.expression() for _ in range(options.count)]))
    ours, theirs = answers([OURS], lines), answers(["node", os.path.join(HERE, "feelin_lines.mjs")], lines)
    known, used = entries(), {}
    passed = failed = listed = 0
    for line, a, b in zip(lines, ours, theirs):
        if agree(a, b):
            passed += 1
            continue
        entry = next((e for e in known if e[1].search(line)), None)
        if entry is None:
            failed += 1
            print(f"not ok: {line}\n    ours:   {json.dumps(a, ensure_ascii=False)}\n    feelin: {json.dumps(b, ensure_ascii=False)}")
            continue
        listed += 1
        used[entry[0]] = used.get(entry[0], 0) + 1
        if options.show:
            print(f"{entry[0]}: {line}\n    ours:   {json.dumps(a, ensure_ascii=False)}\n    feelin: {json.dumps(b, ensure_ascii=False)}")
    for name, _, section, reason in known:
        if name not in used:
            failed += 1
            print(f"not ok: the disagreement '{name}' ({section}: {reason}) occurs no more: take it out of disagreements.txt")
    print(f"figure: {len(lines)} expressions, {listed} listed disagreements of {len(known)} kinds (seed {options.seed})")
    print(f"{passed + listed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
