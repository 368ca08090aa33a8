#!/usr/bin/env python3
"""Two authorities on one server: every endpoint called across the border answers 404. A deleted case leaves no trace, also after an older restore.

The calls are generated from /api/openapi.json: every operation with a key in its path is called by the other authority's people
with the first authority's keys; every list and search of theirs must not contain them.
"""
import json, os, re, shutil, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally, run
from support.outcomes import search, wait_until_quiet

tally = Tally("python3 tests/border_test.py")
METHODS = ["get", "post", "put", "patch", "delete"]


def first_key(session, kind, field, filter_=None):
    rows = search(session, kind, filter_ or {})
    return rows[0][field] if rows else None


def keys_of(session):
    """One real key of each kind that the first authority has."""
    instance = first_key(session, "process-instances", "processInstanceKey", {"state": "ACTIVE"})
    definition = first_key(session, "process-definitions", "processDefinitionKey")
    return {
        "process-instances": instance,
        "process-definitions": definition,
        "element-instances": first_key(session, "element-instances", "elementInstanceKey", {"processInstanceKey": instance}),
        "jobs": first_key(session, "jobs", "jobKey") or instance,
        "incidents": first_key(session, "incidents", "incidentKey") or instance,
        "user-tasks": first_key(session, "user-tasks", "userTaskKey", {"state": "CREATED"}),
        "variables": first_key(session, "variables", "variableKey", {"processInstanceKey": instance}),
        "decision-definitions": first_key(session, "decision-definitions", "decisionDefinitionKey"),
        "resources": definition,
        "tasks": first_key(session, "user-tasks", "userTaskKey", {"state": "CREATED"}),
        "cases": instance,
        "instances": instance,
        "quarantine": "unknown",
    }


def fill(path, keys):
    """The path with the first authority's keys in it; None where it takes none (then it is a list)."""
    parts, out = path.strip("/").split("/"), []
    filled = False
    for index, part in enumerate(parts):
        if not part.startswith("{"):
            out.append(part)
            continue
        room = next((p for p in reversed(parts[:index]) if p in keys), None)
        if room is None:
            return None, False
        filled = True
        out.append("faktura.xml" if part == "{documentName}" else str(keys[room]))
    return "/" + "/".join(out), filled


# A body that would be accepted from the right authority, so that 404 is the border's answer and not the body's.
BODIES = {
    "completion": {"action": "godkend", "reason": "prøve", "variables": {}}, "assignment": {"assignee": "x"}, "variables": {"variables": {"a": 1}},
    "activation": {"elements": [{"elementId": "x"}]}, "failure": {"retries": 1, "errorMessage": "x"}, "error": {"errorCode": "X", "errorMessage": "x"}, "settlement": {}, "migration": {"targetProcessDefinitionKey": "1"},
}


def body_for(path, method):
    if method in ("get", "delete"):
        return None
    last = path.rstrip("/").split("/")[-1]
    if path.startswith("/v2/user-tasks") and last == "completion":
        return {"variables": {}}
    if path.startswith("/v2/jobs") and last == "completion":
        return {"variables": {}}
    if method == "patch":
        return {"changeset": {"priority": 1}} if "user-tasks" in path else {"changeset": {"retries": 1}}
    return BODIES.get(last, {})


def files_with(folder, needle):
    found = []
    for base, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(base, name), "rb") as file:
                data = file.read()
            if any(n in data for n in (needle.encode(), needle.encode("utf-16-le"), (needle[:6] + "-" + needle[6:]).encode())):
                found.append(os.path.join(base, name))
    return found


backup = tempfile.mkdtemp(prefix="sagsgang-backup-")
house = House(extra=["--sample", "80", "--seed", "77"])
try:
    house.start()
    wait_until_quiet(house)
    own = house.session("drift")
    keys = keys_of(own)
    tally.expect(all(keys[k] for k in ["process-instances", "process-definitions", "user-tasks", "variables", "decision-definitions"]), "the first authority has keys to try", keys)
    others = [house.session(user) for user in ("konsulent2", "sagsbehandler2", "drift2")]
    status, spec = own.call("GET", "/api/openapi.json")
    tried = 0
    for path, operations in spec["paths"].items():
        if not path.startswith(("/api/", "/v2/")):
            continue
        for method in METHODS:
            if method not in operations:
                continue
            url, filled = fill(path, keys)
            if not filled or url is None or "{" in url:
                continue
            # Somebody of the other authority has the role; nobody may see that the key exists: 404 for him, 403 only for the roleless.
            statuses = [o.call(method.upper(), url, body_for(path, method))[0] for o in others]
            tried += 1
            tally.expect(404 in statuses and set(statuses) <= {404, 403}, f"{method.upper()} {path} across the border", f"{url} answered {statuses}")
    tally.expect(tried >= 20, "the openapi file has operations with keys", tried)
    for kind in ["process-instances", "process-definitions", "jobs", "incidents", "user-tasks", "decision-instances", "message-subscriptions"]:
        mine = {json.dumps(r, sort_keys=True) for r in search(own, kind, {})}
        theirs = {json.dumps(r, sort_keys=True) for r in search(others[2], kind, {})}
        tally.expect(not mine & theirs, f"no {kind} of the first authority in the other's search", list(mine & theirs)[:1])
    for kind in ["element-instances", "variables"]:  # searched within one case: ask for the other authority's
        filter_ = {"processInstanceKey": keys["process-instances"]}
        tally.expect(len(search(own, kind, filter_)) > 0, f"the first authority finds its {kind}")
        status, answer = others[2].call("POST", f"/v2/{kind}/search", {"filter": filter_})
        tally.expect(status == 404 or (status == 200 and answer["items"] == []), f"no {kind} of the first authority's case for the other", str(answer)[:200])
    for path in ["/api/tasks?limit=500", "/api/ledger?limit=500", "/api/operations/quarantine", "/api/benefits?days=30"]:
        answers = [o.call("GET", path) for o in others]
        text = json.dumps([a for s, a in answers if s == 200])
        tally.expect(any(s == 200 for s, _ in answers) and str(keys["process-instances"]) not in text and '"processInstanceKey"' not in text, f"{path} of the other authority is empty", text[:300])
    print(f"figure: border: {tried} operations called across the border")

    # Forgetting: the invoice of a waiting case names a citizen; after deletion his number is in no file of the data folder.
    instance = keys["process-instances"]
    status, variables = own.call("POST", "/v2/variables/search", {"filter": {"processInstanceKey": instance}, "page": {"limit": 500}})
    numbers = set(re.findall(r"\b(\d{6})-?([49]\d{3})\b", json.dumps(variables["items"])))
    if tally.expect(bool(numbers), "the case holds a personal number", str(variables)[:300]):
        cpr = "".join(sorted(numbers)[0])
        code, out, err = run("backup", "--data", house.data, "--to", backup)
        tally.expect(code == 0, "backup before the deletion", out + err)
        deleters = [house.session(user).call("DELETE", f"/api/cases/{instance}")[0] for user in ("sagsbehandler",)]
        tally.expect(deleters == [204], "the case is deleted", deleters)
        tally.expect(own.call("GET", f"/api/cases/{instance}")[0] in (404, 410), "the case is gone")
        house.stop()
        tally.expect(not files_with(house.data, cpr), "the number is in no file after the deletion", files_with(house.data, cpr))
        code, out, err = run("restore", "--from", backup, "--data", house.data, "--json")
        tally.expect(code == 0, "restore of the backup from before the deletion", out + err)
        tally.expect(not files_with(house.data, cpr), "the number is in no file after the older backup is restored", files_with(house.data, cpr))
        house.extra = ["--sample", "0"]
        house.start()  # replay works
        again = house.session("drift")
        status, variables = again.call("POST", "/v2/variables/search", {"filter": {"processInstanceKey": instance}, "page": {"limit": 500}})
        tally.expect(cpr not in json.dumps(variables).replace("-", ""), "the API does not know the number any more", str(variables)[:300])
        tally.expect(len(search(again, "process-instances", {})) > 50, "the other cases are there after the restore")
        house.stop()
        tally.expect(not files_with(house.data, cpr), "the number is in no file after running again", files_with(house.data, cpr))
finally:
    if house.process and house.process.poll() is None:
        house.stop()
    house.remove()
    shutil.rmtree(backup, ignore_errors=True)
tally.end()
