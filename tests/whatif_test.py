#!/usr/bin/env python3
"""Hvad nu hvis on a live house: the sample runs, a rate is changed through CSV, the past is asked again, and Python counts the same in history itself."""
import base64, csv, io, json, os, re, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally, run
from support.outcomes import search, wait_until_quiet

BASE = "/api/bank/workflows/arbejdsmarked/betaling-af-laegeerklaeringer/decisions"
tally = Tally("python3 tests/whatif_test.py")


def replay(session, decision, xml):
    status, started = session.call("POST", BASE + "/replays", {"decision": decision, "from": "2020-01-01", "to": "2099-12-31", "xml": xml, "purpose": "prøve af nye takster"})
    if not tally.expect(status == 202, f"a replay of {decision} begins", started):
        return {}, []
    path = "/api/replays/" + started["replayKey"]
    while True:
        status, answer = session.call("GET", path)
        if status != 200 or answer["state"] != "RUNNING":
            break
        time.sleep(0.05)
    rows, cursor = [], "0"
    while cursor:
        status, page = session.call("GET", f"{path}/differences?limit=7&cursor={cursor}")
        rows += page["items"]
        cursor = page["nextCursor"]
    return answer, rows


house = House(extra=["--sample", "120", "--seed", "43"])
try:
    house.start()
    wait_until_quiet(house)
    owner = house.session("konsulent")
    history = search(house.session("drift"), "decision-instances", {"decisionDefinitionId": "vurdering"})
    traces = [row["trace"] if isinstance(row["trace"], dict) else json.loads(row["trace"]) for row in history]
    tally.expect(len(traces) > 100, "history holds the sample's decisions", len(traces))

    # The rate that most cases used, changed in a spreadsheet.
    used = {}
    for trace in traces:
        for decision in trace["evaluatedDecisions"]:
            if decision["decisionDefinitionId"] == "takst":
                for rule in decision["matchedRules"]:
                    used[rule["ruleId"]] = used.get(rule["ruleId"], 0) + 1
    rule = max(used, key=used.get)
    status, sheet = owner.call("GET", BASE + "/table?decision=takst&format=csv")
    rows = list(csv.reader(io.StringIO(sheet.lstrip("\ufeff")), delimiter=";"))
    line = next(r for r in rows if r[0] == rule)
    column = next(i for i, kind in enumerate(next(r for r in rows if r[0] == "kind")) if kind == "Så")
    before = line[column]
    line[column] = str(round(float(before) * 1.5, 2))
    out = io.StringIO()
    csv.writer(out, delimiter=",", lineterminator="\n").writerows(rows)  # as another program writes it
    status, changed = owner.call("POST", BASE + "/table", {"format": "csv", "content": base64.b64encode(out.getvalue().encode()).decode()})
    tally.expect(status == 200 and len(changed["changes"]) == 1 and before in changed["changes"][0], "one change, in words", changed.get("changes", changed))
    stored = owner.call("GET", BASE)[1]
    draft = changed["xml"]
    tally.expect(len([1 for a, b in zip(stored.splitlines(), draft.splitlines()) if a != b]) == 1, "one line of the file is different")

    answer, rows = replay(owner, "takst", draft)
    tally.expect(answer.get("counts", {}).get("different") == used[rule], f"different rates: as many as used {rule}", f"{answer.get('counts')}, recounted {used[rule]}")
    tally.expect(answer["counts"]["same"] == len(traces) - used[rule], "and all the others are the same", answer["counts"])
    tally.expect(len(rows) == used[rule] and all(r["before"]["matchedRuleIds"] == [rule] == r["after"]["matchedRuleIds"] for r in rows), "each row names the rule", rows[:1])
    tally.expect({r["processInstanceKey"] for r in rows} <= {h["processInstanceKey"] for h in history}, "each row names its case")

    answer, rows = replay(owner, "vurdering", draft)
    tally.expect(answer["counts"]["different"] == len(rows) > 0, "whole assessments come out differently", answer["counts"])
    own = [next(t for t in r["before"]["tables"] if t["decisionDefinitionId"] == "takst")["matchedRuleIds"] for r in rows]
    tally.expect(all(ids == [rule] for ids in own), "only those that used the changed rate", own[:3])
    tally.expect(not re.search(r"\b\d{6}-?\d{4}\b", json.dumps([r["before"]["output"] for r in rows] + [r["after"]["output"] for r in rows])), "no personal number shows in the rows")
    status, again = replay(owner, "vurdering", stored)
    tally.expect(status.get("counts", {}).get("different") == 0 and status["counts"]["failed"] == 0, "the rules in force change nothing", status.get("counts"))
    tally.expect(owner.call("GET", BASE)[1] == stored, "and nothing was published by it")

    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "ny.dmn"), "w", encoding="utf-8") as file:
            file.write(draft)
        asked = ["whatif", "--data", house.data, "--decision", "takst", "--xml", os.path.join(folder, "ny.dmn"), "--from", "2020-01-01", "--to", "2099-12-31", "--purpose", "prøve"]
        total = len(traces)
        code, out, err = run(*asked, "--csv", os.path.join(folder, "a.csv"))
        tally.expect(code == 0 and out.startswith(f"{used[rule]} af {total} sager får andet udfald"), "sagsgang whatif against the running house", out + err)
        house.stop()
        code, out, err = run(*asked, "--cvr", owner.who["authority"], "--csv", os.path.join(folder, "b.csv"))
        tally.expect(code == 0 and out.startswith(f"{used[rule]} af {total} sager får andet udfald"), "sagsgang whatif on the stopped house", out + err)
        lines = [open(os.path.join(folder, name), encoding="utf-8").read().splitlines() for name in ("a.csv", "b.csv")]
        tally.expect([len(x) for x in lines] == [used[rule] + 1] * 2, "the lists hold each difference", [len(x) for x in lines])
finally:
    house.stop()
    house.remove()
tally.end()
