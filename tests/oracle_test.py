#!/usr/bin/env python3
"""Three seeds never used before: 0 bad invoices paid, 0 clean invoices sent to people, every fault named as planted.

usage: tests/oracle_test.py [SEED...]      without seeds three are drawn and printed
"""
import os, random, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import House, Tally
from support.outcomes import judge, wait_until_quiet

seeds = [int(s) for s in sys.argv[1:]] or [random.SystemRandom().randrange(1 << 31) for _ in range(3)]
tally = Tally("python3 tests/oracle_test.py " + " ".join(map(str, seeds)))
for seed in seeds:
    with House(extra=["--sample", "150", "--seed", str(seed)]) as house:
        wait_until_quiet(house)
        result = judge(house)
        print(f"figure: seed {seed}: {result['in']} invoices, {result['pay']} paid, {result['person']} to people, {result['rejected']} rejected; "
              f"{len(result['bad_paid'])} bad paid, {len(result['clean_to_people'])} clean to people, {len(result['other'])} other differences")
        tally.expect(not result["bad_paid"], f"seed {seed}: no bad invoice is paid", result["bad_paid"][:5])
        tally.expect(not result["clean_to_people"], f"seed {seed}: no clean invoice goes to a person", result["clean_to_people"][:5])
        tally.expect(not result["other"], f"seed {seed}: every invoice ends where the oracle says", result["other"][:5])
        tally.expect(result["balanced"], f"seed {seed}: the ledger balances and its total is the sum of the paid invoices", result["totals"])
tally.end()
