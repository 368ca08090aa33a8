#!/usr/bin/env python3
"""Without --local nobody signs in with a demo password, no stand-in answers, and a machine's token still works."""
import json, os, sys, urllib.error, urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally, run

tally = Tally("python3 tests/not_local_test.py")


def call(base, method, path, body=None, token=None):
    request = urllib.request.Request(base + path, data=None if body is None else json.dumps(body).encode(), method=method)
    request.add_header("Content-Type", "application/json")
    request.add_header("Origin", base)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


house = House(extra=["--sample", "0"])
try:
    with_demo = house.start()  # the demo users are made
    tally.expect(call(house.base, "POST", "/api/session", {"user": "drift", "password": "drift"})[0] == 200, "with --local the demo user signs in")
    tally.expect(call(house.base, "GET", "/standin/sundhedsordre/ordrer/X")[0] == 404 and "standin" in call(house.base, "GET", "/standin/sundhedsordre/ordrer/X")[1],
                 "with --local the stand-in answers")
    house.stop()
    code, token, err = run("user", "token", "drift", "--data", house.data)
    tally.expect(code == 0, "a token is made", err)
    house.mode, house.extra = ["--authority", "11111111"], []
    house.start()
    status, text = call(house.base, "POST", "/api/session", {"user": "drift", "password": "drift"})
    tally.expect(status == 403 and "title" in json.loads(text), "without --local the demo password opens nothing", f"{status} {text}")
    status, text = call(house.base, "GET", "/api/status")
    tally.expect(status == 200 and json.loads(text)["local"] is False and not json.loads(text).get("demoUsers"), "the status names no demo users", text)
    status, text = call(house.base, "GET", "/standin/sundhedsordre/ordrer/X")
    tally.expect('"standin": "Stand-in for bestillingssystem' not in text and "Stand-in for bestillingssystem" not in text, "no stand-in answers", f"{status} {text}")
    status, text = call(house.base, "POST", "/v2/process-definitions/search", {}, token.strip())
    tally.expect(status == 200, "a machine's token works", f"{status} {text[:200]}")
    tally.expect(call(house.base, "POST", "/v2/process-definitions/search", {}, "x" * 40)[0] == 401, "a made-up token does not")
    house.stop()
    code, out, err = run("serve", "--bank", "bank", "--data", house.data)
    tally.expect(code == 2 and "--authority" in err, "packages without an owner are refused", err)
finally:
    if house.process and house.process.poll() is None:
        house.stop()
    house.remove()
tally.end()
