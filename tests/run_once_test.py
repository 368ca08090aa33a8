#!/usr/bin/env python3
"""./run --once ends with one JSON line that is true, and running it again pays nothing twice."""
import json, os, shutil, sqlite3, subprocess, sys, tempfile
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, free_port

KEYS = {"workflow", "in", "automatic", "to_people", "rejected", "done_twice", "seconds"}
tally = Tally("python3 tests/run_once_test.py")


def run_once(data):
    done = subprocess.run(["./run", "--once", "--data", data, "--port", str(free_port())], cwd=ROOT, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=1800)
    lines = done.stdout.strip().splitlines()
    if not tally.expect(done.returncode == 0 and lines, "./run --once ends well", f"exit {done.returncode}: {done.stderr[-2000:]}"):
        tally.end()
    return json.loads(lines[-1])


def ledger(data):
    with sqlite3.connect(f"file:{data}/ledger.db?mode=ro", uri=True) as db:
        entries = db.execute("SELECT authority, idempotency_key, amount_oere FROM entry").fetchall()
        debit, credit = db.execute("SELECT sum(debit_oere), sum(credit_oere) FROM line").fetchone()
    return entries, debit, credit


def oracle_of(data):
    with open(os.path.join(data + ".sample", "oracle.json"), encoding="utf-8") as file:
        return json.load(file)


data = tempfile.mkdtemp(prefix="sagsgang-once-")
try:
    line = run_once(data)
    print("figure: run --once:", json.dumps(line))
    tally.expect(KEYS <= set(line), "the JSON line has the keys that scripts rely on", line)
    tally.expect(line["in"] == line["automatic"] + line["to_people"] + line["rejected"], "every invoice is counted once", line)
    tally.expect(0.75 <= line["automatic"] / line["in"] <= 0.95, "automatic/in is between 0.75 and 0.95", line)
    tally.expect(line["done_twice"] == 0, "nothing is done twice", line)
    entries, debit, credit = ledger(data)
    expected = [f for f in oracle_of(data)["files"] if f["outcome"] == "pay"]
    should = sum(int(Decimal(str(f["amount"])) * 100) for f in expected)
    tally.expect(sum(e[2] for e in entries) == should, "the ledger total equals the sum of the paid invoices", f"{sum(e[2] for e in entries)} øre, oracle {should} øre")
    tally.expect(len(entries) == len(expected) == line["automatic"], "one entry per paid invoice", f"{len(entries)} entries, oracle {len(expected)}, line {line['automatic']}")
    tally.expect(debit == credit == should, "debit equals credit", f"{debit} {credit}")
    again = run_once(data)
    after = ledger(data)
    tally.expect(after == (entries, debit, credit), "running it again pays nothing twice", f"{len(after[0])} entries after, {len(entries)} before")
    tally.expect({k: again[k] for k in KEYS - {"seconds"}} == {k: line[k] for k in KEYS - {"seconds"}}, "the second line tells the same counts", again)
finally:
    shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(data + ".sample", ignore_errors=True)
tally.end()
