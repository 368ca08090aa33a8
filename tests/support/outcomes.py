"""What became of each sample invoice, read from outside (HTTP, the ledger file, the rejected folder), against the generator's oracle."""
import glob, json, os, sqlite3, time
from decimal import Decimal

PAGE = 1000


def search(session, kind, filter_):
    """All rows of a /v2 search."""
    items, after = [], None
    while True:
        page = {"limit": PAGE}
        if after:
            page["after"] = after
        status, answer = session.call("POST", f"/v2/{kind}/search", {"filter": filter_, "page": page})
        if status != 200:
            raise RuntimeError(f"search of {kind} answered {status}: {answer}")
        items += answer["items"]
        after = answer["page"].get("endCursor")
        if len(answer["items"]) < PAGE or not after:
            return items


def oracle(house):
    """What must happen to each file of the sample that this house was started with."""
    path = os.path.join(house.data + ".sample", "oracle.json")
    seed = house.extra[house.extra.index("--seed") + 1]
    for _ in range(600):  # the server answers before it has made the sample
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
            if content["seed"] == seed:
                return content["files"]
        time.sleep(0.1)
    raise RuntimeError(f"no oracle of seed {seed} in {path}\n{house.tail()}")


def rejected(house):
    """Names of rejected files; each must have a readable report beside it."""
    names = set()
    for path in glob.glob(os.path.join(house.data, "rejected", "*", "*.xml")):
        assert os.path.exists(path + ".rapport.txt") or glob.glob(path[:-4] + "*.rapport.txt"), f"{path} has no report"
        names.add(os.path.basename(path))
    return names


def wait_until_quiet(house, seconds=300, before=0):
    """Until every sample file (and what was there `before`) is an instance or rejected, and every active instance waits for a person."""
    session = house.session("drift")
    want = len(oracle(house)) + before
    end = time.monotonic() + seconds
    state = None
    while time.monotonic() < end:
        active = len(search(session, "process-instances", {"state": "ACTIVE"}))
        done = len(search(session, "process-instances", {"state": "COMPLETED"}))
        tasks = len(search(session, "user-tasks", {"state": "CREATED"}))
        state = (active, done, tasks, len(rejected(house)))
        if active == tasks and active + done + state[3] >= want and not glob.glob(os.path.join(house.data, "inbox", "*", "*", "*.xml")):
            return state
        time.sleep(0.2)
    raise RuntimeError(f"not quiet after {seconds} s: active {state[0]}, done {state[1]}, tasks {state[2]}, rejected {state[3]} of {want}\n{house.tail()}")


def ledger(house):
    with sqlite3.connect(f"file:{house.data}/ledger.db?mode=ro", uri=True) as db:
        entries = db.execute("SELECT instance, idempotency_key, amount_oere FROM entry").fetchall()
        debit, credit = db.execute("SELECT coalesce(sum(debit_oere), 0), coalesce(sum(credit_oere), 0) FROM line").fetchone()
    return entries, debit, credit


def observed(house, session):
    """file → list of outcomes (a file that is handled once has exactly one)."""
    instances = search(session, "process-instances", {})
    names = {}
    for instance in instances:  # variables are sealed per case, so they are asked for case by case
        for row in search(session, "variables", {"processInstanceKey": instance["processInstanceKey"], "name": "dokument"}):
            names[instance["processInstanceKey"]] = json.loads(row["value"])["navn"]
    tasks = {row["processInstanceKey"] for row in search(session, "user-tasks", {"state": "CREATED"})}
    paid = {str(instance) for instance, _, _ in ledger(house)[0]}
    out = {name: ["rejected"] for name in rejected(house)}
    for row in instances:
        key = row["processInstanceKey"]
        outcome = "pay" if key in paid else "person" if key in tasks else row["state"].lower()
        out.setdefault(names.get(key, f"instance {key}"), []).append(outcome)
    return out


def judge(house):
    session = house.session("drift")
    seen = observed(house, session)
    entries, debit, credit = ledger(house)
    result = {"in": 0, "pay": 0, "person": 0, "rejected": 0, "bad_paid": [], "clean_to_people": [], "other": []}
    groups = {}
    for row in oracle(house):
        got = seen.pop(row["file"], ["missing"])
        result["in"] += 1
        if len(got) == 1 and got[0] in result:
            result[got[0]] += 1
        if len(got) != 1:
            result["other"].append((row["file"], row["fault"], got))
        if "group" in row:  # the same invoice twice: which of the two is paid is open, that exactly one is paid is not
            groups.setdefault(row["group"], []).append(got[0])
            continue
        if got[0] == row["outcome"]:
            continue
        kind = "bad_paid" if got[0] == "pay" else "clean_to_people" if row["outcome"] == "pay" and got[0] == "person" else "other"
        result[kind].append((row["file"], row["fault"], got))
    for name, got in groups.items():
        if sorted(got) != ["pay"] + ["person"] * (len(got) - 1):
            result["bad_paid" if got.count("pay") > 1 else "other"].append((name, "duplicate_number", got))
    result["other"] += [(name, "not in the sample", got) for name, got in seen.items()]
    should = sum(int(Decimal(str(row["amount"])) * 100) for row in oracle(house) if row["outcome"] == "pay")
    paid = sum(entry[2] for entry in entries)
    result["totals"] = {"ledger": paid, "oracle": should, "debit": debit, "credit": credit, "entries": len(entries)}
    result["balanced"] = paid == should == debit == credit and len({e[1] for e in entries}) == len(entries)
    return result
