#!/usr/bin/env python3
"""Pay, back up, pay, restore, pay: nothing is paid twice, nothing is silently skipped; what was forgotten stays forgotten."""
import glob, json, os, shutil, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally, run
from support.outcomes import judge, ledger, search, wait_until_quiet



def instance_keys(house):
    return [row["processInstanceKey"] for row in search(house.session("drift"), "process-instances", {})]


tally = Tally("python3 tests/restore_test.py")
backup = tempfile.mkdtemp(prefix="sagsgang-backup-")
first = House(extra=["--sample", "60", "--seed", "101"])
try:
    first.start()
    wait_until_quiet(first)
    paid_before = len(ledger(first)[0])
    code, out, err = run("backup", "--data", first.data, "--to", backup)  # while it runs
    tally.expect(code == 0, "backup of a running house", out + err)
    keys_in_backup = set(instance_keys(first))
    first.stop()

    more = House(data=first.data, extra=["--sample", "60", "--seed", "202"])  # pays after the cut
    more.start()
    wait_until_quiet(more, before=60)
    entries_after = ledger(more)[0]
    paid_after = len(entries_after)
    tally.expect(paid_after > paid_before, "payments were made after the cut", f"{paid_before} → {paid_after}")
    keys_behind = set(instance_keys(more)) - keys_in_backup
    more.stop()

    code, out, err = run("restore", "--from", backup, "--data", first.data, "--json")
    tally.expect(code == 0, "restore of the older backup", out + err)
    report = json.loads(out.strip().splitlines()[-1]) if code == 0 else {}
    behind = {key for _, key, _ in entries_after} - {key for _, key, _ in entries_after[:paid_before]}
    quarantined = {effect["idempotencyKey"] for effect in report.get("quarantined", []) if effect["kind"] == "payment"}
    tally.expect(quarantined == behind, "the report lists every payment behind the cut", f"{len(quarantined)} listed, {len(behind)} made")

    again = House(data=first.data, extra=["--sample", "60", "--seed", "202"])  # the same invoices arrive again
    again.start()
    wait_until_quiet(again, before=60)
    entries, debit, credit = ledger(again)
    tally.expect(len({key for _, key, _ in entries}) == len(entries) == paid_after, "nothing is paid twice", f"{paid_after} before, {len(entries)} after")
    tally.expect(debit == credit == sum(e[2] for e in entries), "the ledger balances", f"{debit} {credit}")
    session = again.session("sagsbehandler")
    status, tasks = session.call("GET", "/api/tasks?limit=500")
    reasons = [t["reason"] for t in tasks["items"]] if status == 200 else []
    waiting = [r for r in reasons if "genskabt" in r]
    unseen = [key for key in behind if not any(key.split("/")[1] in reason for reason in waiting)]
    tally.expect(not unseen, "every payment behind the cut waits for a person who is told why", f"{len(waiting)} tasks, {len(behind)} payments; without a task: {unseen[:3]}")
    status, listed = again.session("drift").call("GET", "/api/operations/quarantine")
    tally.expect(status == 200 and len(listed["items"]) >= len(behind), "Drift lists the quarantine", listed)
    keys = instance_keys(again)
    tally.expect(keys_behind and len(keys) > len(keys_in_backup), "cases began on both timelines", f"{len(keys_behind)}, {len(keys)}")
    tally.expect(len(keys) == len(set(keys)) and not keys_behind & set(keys), "no key is issued again on the new timeline", keys_behind & set(keys))
    again.stop()
    print(f"figure: restore: {paid_before} paid before the cut, {len(behind)} behind it, all quarantined and shown to a person, {len(entries)} entries at the end")
finally:
    if first.process and first.process.poll() is None:
        first.stop()
    first.remove()
    shutil.rmtree(backup, ignore_errors=True)
tally.end()
