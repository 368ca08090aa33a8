#!/usr/bin/env python3
"""Sharing over HTTP: two authorities of one house, the one follows the other through the house's own address. Off until it is on, proposals that
change nothing, a private address that is refused, an iframe's page, and every export over the interface."""
import hashlib, io, json, os, sys, tempfile, urllib.error, urllib.request, zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally, run

tally = Tally("python3 tests/share_test.py")
WORKFLOW = "arbejdsmarked/betaling-af-laegeerklaeringer"


class Patient(House):
    """A machine that others work on imports the bank slowly."""

    def __enter__(self):
        return self.start(wait=1800)


def raw(url):
    """(status, headers, bytes) without a session."""
    try:
        with urllib.request.urlopen(url, timeout=600) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def digest(bytes_):
    with zipfile.ZipFile(io.BytesIO(bytes_)) as archive:
        return hashlib.sha256(b"".join(n.encode() + b"\0" + str(len(archive.read(n))).encode() + b"\0" + archive.read(n) for n in sorted(archive.namelist(), key=lambda n: n.encode()))).hexdigest()


def users(house):
    people = json.loads(raw(house.base + "/api/status")[2])["demoUsers"]
    consultants = {p["authority"]: p for p in people if "konsulent" in str(p["role"])}
    return {cvr: house.session(p["user"]) for cvr, p in consultants.items()}


def sharing(house, giver, taker, cvr):
    feed = f"{house.base}/api/bank/share/feeds/{cvr}"
    tally.expect(raw(feed)[0] == 404, "nothing is shared before it is switched on")
    tally.expect(giver.call("PUT", "/api/bank/share/settings", {"share": True})[0] == 204, "the giver switches it on")
    status, _, body = raw(feed)
    listed = json.loads(body)
    tally.expect(status == 200 and len(listed["packages"]) > 50 and listed["authority"] == cvr, "the list is open", body[:300])
    one = next(p for p in listed["packages"] if p["slug"] == WORKFLOW)
    status, _, package = raw(f"{feed}/package?slug={WORKFLOW.replace('/', '%2F')}&version={one['version']}")
    tally.expect(status == 200 and digest(package) == one["digest"], "the package is the one whose digest is signed")
    tally.expect(raw(f"{feed}/package?slug={WORKFLOW}&version=99")[0] == 404, "another version is not given")
    status, shown = taker.call("POST", "/api/bank/share/previews", {"url": feed})
    tally.expect(status == 200 and shown["key"] == listed["key"] and not shown["mine"] and len(shown["fingerprint"]) == 39, "the taker sees the key", shown)
    status, refused = taker.call("POST", "/api/bank/share/subscriptions", {"url": feed, "key": "A" * 43 + "="})
    tally.expect(status == 409, "a key that the bank does not show is not pinned", refused)
    status, made = taker.call("POST", "/api/bank/share/subscriptions", {"url": feed, "key": shown["key"]})
    tally.expect(status == 201 and made["name"], "the taker subscribes", made)
    key = made["subscriptionKey"]
    status, result = taker.call("POST", f"/api/bank/share/subscriptions/{key}/check", {})
    tally.expect(status == 200 and result["arrived"] == len(listed["packages"]) and not result["refused"], "everything arrives", result)
    status, result = taker.call("POST", f"/api/bank/share/subscriptions/{key}/check", {})
    tally.expect(status == 200 and result["arrived"] == 0, "once", result)
    status, arrivals = taker.call("GET", "/api/bank/share/arrivals?state=new")
    arrival = next(a for a in arrivals["items"] if a["slug"] == WORKFLOW)
    tally.expect(arrival["local"] is None, "the taker has none of its own")
    tally.expect(giver.call("GET", f"/api/bank/share/arrivals/{arrival['arrivalKey']}")[0] == 404, "the giver does not see it")
    status, more = taker.call("GET", f"/api/bank/share/arrivals/{arrival['arrivalKey']}")
    tally.expect(status == 200 and more["summary"] and not any(f["error"] for f in more["findings"]), "it can be looked at", more)
    status, taken = taker.call("POST", f"/api/bank/share/arrivals/{arrival['arrivalKey']}/decision", {"decision": "take"})
    tally.expect(status == 200 and taken["version"] == 1, "it is taken", taken)
    tally.expect(taker.call("POST", f"/api/bank/share/arrivals/{arrival['arrivalKey']}/decision", {"decision": "take"})[0] == 409, "once only")
    status, about = taker.call("GET", f"/api/bank/workflows/{WORKFLOW}")
    tally.expect(about["own"] is True and "udgave" in about["versions"][0]["note"], "it is the taker's own now, with a note", about["versions"])
    status, came = taker.call("GET", f"/api/bank/workflows/{WORKFLOW}/provenance")
    tally.expect(came["items"][0]["digest"] == one["digest"] and came["items"][0]["signature"] == one["signature"] and came["items"][0]["key"] == listed["key"], "its provenance is kept", came)
    tally.expect(taker.call("DELETE", f"/api/bank/share/subscriptions/{key}")[0] == 204 and taker.call("GET", "/api/bank/share/arrivals?state=new")[1]["items"] == [], "the subscription ends, proposals with it")
    for wrong in ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://navn:kode@127.0.0.1/x"]:
        status, body = taker.call("POST", "/api/bank/share/previews", {"url": wrong})
        tally.expect(status == 400, f"{wrong} is no address", body)
    giver.call("PUT", "/api/bank/share/settings", {"share": False})
    tally.expect(raw(feed)[0] == 404, "and it can be switched off again")


def embedding(house, giver):
    page = f"{house.base}/indlejr/{WORKFLOW}"
    tally.expect(raw(page)[0] == 404, "embedding is off until it is switched on")
    status, body = giver.call("PUT", "/api/bank/share/settings", {"embed": True, "embedAncestors": ["https://www.kommune.dk; script-src *"]})
    tally.expect(status == 400, "an origin that is none is refused", body)
    giver.call("PUT", "/api/bank/share/settings", {"embed": True, "embedAncestors": ["https://www.kommune.dk"]})
    status, headers, body = raw(page)
    policy = headers.get("Content-Security-Policy", "")
    tally.expect(status == 200 and "frame-ancestors https://www.kommune.dk" in policy and "default-src 'none'" in policy, "the page names who may show it", policy)
    tally.expect(b"<svg" in body and b"<script" not in body and headers.get("Set-Cookie") is None, "a diagram, no script, no cookie")
    tally.expect(raw(f"{house.base}/indlejr/ingen/saadan")[0] == 404, "what is not there is not there")


def exports(giver, taker):
    heads = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF-", "rapport": b"%PDF-", "vsdx": b"PK", "bpmn": b"<?xml", "zip": b"PK"}
    for name, head in heads.items():
        with giver.opener.open(f"{giver.base}/api/bank/workflows/{WORKFLOW}/export?format={name}", timeout=600) as answer:
            body, place = answer.read(), answer.headers["Content-Disposition"]
        tally.expect(body.startswith(head) and "attachment; filename=\"betaling-af-laegeerklaeringer" in place, f"{name} over HTTP", f"{body[:20]!r} {place}")
    tally.expect(giver.call("GET", f"/api/bank/workflows/{WORKFLOW}/export?format=docx")[0] == 400, "another format is refused")
    for path in ["/api/bank/exports/list?domain=tvaergaaende", "/api/bank/exports/packages?domain=tvaergaaende"]:
        with giver.opener.open(giver.base + path, timeout=600) as answer:
            body = answer.read()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
        tally.expect("xl/workbook.xml" in names if "list" in path else all(n.startswith("tvaergaaende/") for n in names), f"{path}", str(names[:5]))


with Patient(extra=["--allow-local"]) as house:
    people = users(house)
    cvrs = sorted(people)
    if tally.expect(len(cvrs) >= 2, "two authorities with a consultant each", str(cvrs)):
        sharing(house, people[cvrs[0]], people[cvrs[1]], cvrs[0])
        embedding(house, people[cvrs[0]])
        exports(people[cvrs[0]], people[cvrs[1]])
with Patient() as house:
    consultant = next(iter(users(house).values()))
    for url in [house.base + "/api/bank/share/feeds/11111111", "http://localhost:1/x", "http://169.254.169.254/latest", "http://[::1]:1/x"]:
        status, body = consultant.call("POST", "/api/bank/share/previews", {"url": url})
        tally.expect(status == 403, f"{url} is refused without --allow-local", f"{status} {body}")
with tempfile.TemporaryDirectory(prefix="sagsgang-share-") as data:
    code, out, errors = run("subscribe", "--share", "on", "--data", data)
    tally.expect(code == 0, "the command line switches sharing on", errors)
    code, out, errors = run("subscribe", "--list", "--data", data, "--json")
    tally.expect(code == 0 and json.loads(out)["settings"]["share"] is True and json.loads(out)["subscriptions"] == [], "and lists", out + errors)
    code, out, errors = run("subscribe", "http://127.0.0.1:1/x", "--data", data)
    tally.expect(code == 3 and "private network" in errors, "a private address needs --allow-local", errors)
    code, out, errors = run("subscribe", "--check", "--data", data)
    tally.expect(code == 0, "checking nothing is fine", errors)
tally.end()
