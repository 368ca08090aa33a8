#!/usr/bin/env python3
"""After a 2xx on completing a user task, no list of any client shows it as open, under full write load.

Eight clients complete tasks, by /v2 and by /api; beside them writers start instances all the time. Each client notes a key when it
has its 2xx. Whoever lists afterwards must not see one of the keys that were noted before the list was asked for. Bounded by counts.
"""
import os, sys, threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally

CLIENTS, TASKS_EACH, WRITERS = 8, 50, 4
MODEL = """<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
<process id="%s" isExecutable="true"><startEvent id="s"/>%s<endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/></process></definitions>"""
TASK = '<userTask id="t"><extensionElements><zeebe:userTask/></extensionElements></userTask>'
JOB = '<serviceTask id="t"><extensionElements><zeebe:taskDefinition type="ingen"/></extensionElements></serviceTask>'

tally = Tally("python3 tests/read_your_writes_test.py")
house = House()


def deploy(session, files):
    import urllib.request
    body = "".join(f'--graense\r\nContent-Disposition: form-data; name="resources"; filename="{name}"\r\n\r\n{text}\r\n' for name, text in files.items()) + "--graense--\r\n"
    request = urllib.request.Request(session.base + "/v2/deployments", data=body.encode(), method="POST")
    request.add_header("Content-Type", "multipart/form-data; boundary=graense")
    request.add_header("Origin", session.base)
    with session.opener.open(request, timeout=60) as answer:
        return answer.status


class Run:
    """What all clients share: the keys whose completion was acknowledged, and what was seen that should not be."""

    def __init__(self):
        self.lock = threading.Lock()
        self.done, self.stale, self.failed = [], [], []
        self.lists = self.compared = 0
        self.over = threading.Event()
        self.written = 0

    def acknowledge(self, key):
        with self.lock:
            self.done.append(key)

    def check(self, session, by_api):
        with self.lock:
            before = len(self.done)
            noted = set(self.done)
        if by_api:
            status, answer = session.call("GET", "/api/tasks?state=CREATED&limit=1000")
        else:
            status, answer = session.call("POST", "/v2/user-tasks/search", {"filter": {"state": "CREATED", "processDefinitionId": "opgave"}, "page": {"limit": 1000}})
        with self.lock:
            if status != 200:
                self.failed.append(f"a list answered {status}: {answer}")
                return
            shown = {row["userTaskKey"] for row in answer["items"]}
            self.stale += [(key, by_api) for key in noted & shown]
            self.lists += 1
            self.compared += before


def client(run, session, keys):
    for number, key in enumerate(keys):
        by_api = number % 2 == 0
        if by_api:
            status, answer = session.call("POST", f"/api/tasks/{key}/completion", {"action": "faerdig"})
        else:
            status, answer = session.call("POST", f"/v2/user-tasks/{key}/completion", {"variables": {"nummer": number}})
        if status != 204:
            with run.lock:
                run.failed.append(f"completing {key} answered {status}: {answer}")
            continue
        run.acknowledge(key)
        run.check(session, by_api=not by_api)


def writer(run, session):
    while not run.over.is_set():
        status, _ = session.call("POST", "/v2/process-instances", {"processDefinitionId": "last", "variables": {"fyld": "x" * 500}})
        with run.lock:
            run.written += 1 if status == 200 else 0


try:
    house.start()
    lead = house.session("konsulent")
    tally.expect(deploy(lead, {"opgave.bpmn": MODEL % ("opgave", TASK), "last.bpmn": MODEL % ("last", JOB)}) == 200, "the models are deployed", "")
    for _ in range(CLIENTS * TASKS_EACH):
        lead.call("POST", "/v2/process-instances", {"processDefinitionId": "opgave"})
    people = [house.session("sagsbehandler") for _ in range(CLIENTS)]
    _, found = people[0].call("POST", "/v2/user-tasks/search", {"filter": {"state": "CREATED", "processDefinitionId": "opgave"}, "page": {"limit": 1000}})
    keys = [row["userTaskKey"] for row in found["items"]]
    tally.expect(len(keys) == CLIENTS * TASKS_EACH, "every task is there to begin with", len(keys))
    run = Run()
    writers = [threading.Thread(target=writer, args=(run, house.session("konsulent"))) for _ in range(WRITERS)]
    clients = [threading.Thread(target=client, args=(run, session, keys[index::CLIENTS])) for index, session in enumerate(people)]
    for thread in writers + clients:
        thread.start()
    for thread in clients:
        thread.join()
    run.over.set()
    for thread in writers:
        thread.join()
    print(f"figure: read-your-writes: {CLIENTS} clients, {len(run.done)} tasks completed, {run.written} instances written beside, {run.lists} lists, {run.compared} keys looked for, {len(run.stale)} stale")
    tally.expect(not run.failed, "every completion and list is answered", run.failed[:3])
    tally.expect(len(run.done) == len(keys) == run.lists, "every completion was followed by a list", (len(run.done), run.lists))
    tally.expect(run.written > 0, "there was a write load beside", run.written)
    tally.expect(not run.stale, "no list shows a task whose completion was acknowledged before it was asked for", run.stale[:5])
    _, left = people[0].call("POST", "/v2/user-tasks/search", {"filter": {"state": "CREATED", "processDefinitionId": "opgave"}})
    tally.expect(left["items"] == [], "no task is left", len(left["items"]))
finally:
    house.__exit__()
tally.end()
