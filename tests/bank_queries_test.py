#!/usr/bin/env python3
"""Everyday queries over the shipped bank: the workflow that is meant must be among the first three hits.

usage: tests/bank_queries_test.py [--file FILE] [--one WORDS]     FILE: another list of queries, as tests/bank/queries.yaml
"""
import argparse, json, os, re, shlex, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, run

FIRST = 3


def read(path):
    """The lines of the list: {q: …, find: slug or [slugs]}."""
    queries = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = re.match(r'\s*- \{q: (?:"([^"]*)"|(.*?)), find: (.*)\}\s*$', line)
            if match:
                queries.append((match.group(1) or match.group(2), [slug.strip() for slug in match.group(3).strip("[]").split(",")], number))
            elif line.strip().startswith("- "):
                sys.exit(f"{path}:{number}: not a query: {line.strip()}")
    return queries


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", default=os.path.join(ROOT, "tests", "bank", "queries.yaml"))
    parser.add_argument("--one")
    options = parser.parse_args()
    tally = Tally("python3 tests/bank_queries_test.py")
    queries = [q for q in read(options.file) if options.one in (None, q[0])]
    tally.expect(len(queries) >= (1 if options.one else 40), "there are at least 40 queries", f"{len(queries)} in {options.file}")
    first = 0
    with tempfile.TemporaryDirectory(prefix="sagsgang-queries-") as data:
        code, out, err = run("import", os.path.join(ROOT, "bank"), "--data", data)
        tally.expect(code == 0, "the bank is imported", out[-500:] + err[-500:])
        for words, wanted, line in queries:
            code, out, err = run("search", words, "--data", data, "--limit", "10", "--json")
            slugs = [item["slug"] for item in json.loads(out)["items"]] if code in (0, 1) and out else []
            place = next((i for i, slug in enumerate(slugs) if slug in wanted), None)
            first += place == 0
            tally.expect(place is not None and place < FIRST, f"»{words}« finds {' or '.join(wanted)}",
                         f"{options.file}:{line}: place {'none' if place is None else place + 1} of {slugs[:5]} {err}\n"
                         f"again: python3 tests/bank_queries_test.py --file {options.file} --one {shlex.quote(words)}")
    print(f"figure: {first} of {len(queries)} queries have the right workflow first")
    tally.end()


main()
