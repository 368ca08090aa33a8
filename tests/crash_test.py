#!/usr/bin/env python3
"""1,000 invoices while the server is killed (SIGKILL) at random moments at least 20 times: each handled exactly once, ledger balanced.

usage: tests/crash_test.py [--invoices N] [--kills N] [--seed S]      the seed of the moments is printed
"""
import argparse, os, random, sys, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally
from support.outcomes import judge, ledger, wait_until_quiet

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--invoices", type=int, default=1000)
parser.add_argument("--kills", type=int, default=20)
parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
options = parser.parse_args()
moments = random.Random(options.seed)
tally = Tally(f"python3 tests/crash_test.py --invoices {options.invoices} --kills {options.kills} --seed {options.seed}")
print(f"figure: crash seed {options.seed}")



def wait_for_postings(target, seconds=5):
    """Until the ledger holds so many entries, so that the kill hits while work is going on; not longer than some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.path.exists(os.path.join(house.data, "ledger.db")) and len(ledger(house)[0]) >= target:
            return
        time.sleep(0.005)


house = House(extra=["--sample", str(options.invoices), "--seed", str(options.seed)])
kills, working, entries_at_kill = 0, 0, []
try:
    # Half of the kills hit before the server says that it is ready (recovery), half while it works.
    while kills < options.kills:
        if kills % 2:
            house.start_unready(moments.uniform(0.01, 0.5))
        else:
            house.start()
            wait_for_postings((entries_at_kill or [0])[-1] + moments.randrange(1, 50))
        house.kill()
        kills += 1
        if os.path.exists(os.path.join(house.data, "ledger.db")):
            count = len(ledger(house)[0])
            working += bool(entries_at_kill) and count > entries_at_kill[-1]
            entries_at_kill.append(count)
    house.start()
    wait_until_quiet(house)
    result = judge(house)
    print(f"figure: crash: {kills} kills, postings at each kill {entries_at_kill}; {result['in']} invoices, {result['pay']} paid, {result['person']} to people, "
          f"{result['rejected']} rejected; ledger {result['totals']}")
    tally.expect(working >= 3, "the kills hit while payments were being made", entries_at_kill)
    for kind in ["bad_paid", "clean_to_people", "other"]:
        tally.expect(not result[kind], f"after {kills} kills: nothing in {kind}", result[kind][:5])
    tally.expect(result["balanced"], "the ledger balances and nothing is paid twice", result["totals"])
    house.kill()
    house.start()
    after = judge(house)
    tally.expect(after == result, "after one more crash everything is as it was", after)
finally:
    if house.process and house.process.poll() is None:
        house.stop()
    if tally.failed == 0:
        house.remove()
    else:
        print(f"the data folder is kept: {house.data}")
tally.end()
