#!/usr/bin/env python3
"""Similar workflows are found: on generated clusters (the same workflow redrawn with other words, order and detail) the mean average precision
is at least 0.9, in every bank that is made here, and on the shipped bank each current sickness-benefit workflow finds its 2010 edition first.

usage: tests/similarity_test.py [--seeds 11,12] [--count 900] [--bank DIR]      (DIR: a bank with klynger.json, made elsewhere)
"""
import argparse, json, os, shutil, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAGSGANG = os.environ.get("SAGSGANG", os.path.join(ROOT, "build", "release", "sagsgang"))
LEAST = 0.9


def call(*words):
    done = subprocess.run([SAGSGANG, *words], capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(f"not ok: sagsgang {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def measured(bank, what):
    m = json.loads(call("similar", "--measure", os.path.join(bank, "klynger.json"), "--bank", bank, "--json"))
    good = m["map"] >= LEAST and m["queries"] > 0
    print(f"{'ok' if good else 'not ok'}: {what}: {m['workflows']} workflows, MAP {m['map']:.4f}, P@5 {m['p5']:.4f} (of at most {m['p5Possible']:.4f}), "
          f"R-precision {m['rPrecision']:.4f}, {m['msPerQuery']:.1f} ms for each of {m['queries']} queries")
    return good


def shipped():
    """[(passed, what)] of the nine pairs and the main workflow."""
    folder = os.path.join(ROOT, "bank", "arbejdsmarked")
    out = []
    for name in sorted(os.listdir(folder)):
        old = name + "-2010"
        if not os.path.isdir(os.path.join(folder, old)):
            continue
        hits = json.loads(call("similar", os.path.join(folder, name), "--bank", os.path.join(ROOT, "bank"), "--max", "2", "--json"))
        slugs = [h["slug"].split("/")[1] for h in hits]
        out.append((slugs == [name, old], f"{name}: {slugs}"))
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", default="11,12")
    options.add_argument("--count", default="900")
    options.add_argument("--bank")
    given = options.parse_args()
    results = []
    if given.bank:
        results.append(measured(given.bank, given.bank))
    for seed in [] if given.bank else given.seeds.split(","):
        folder = tempfile.mkdtemp(prefix="similarity.")
        try:
            call("generate", "bank", folder, "--count", given.count, "--seed", seed, "--no-diagrams")
            results.append(measured(folder, f"seed {seed}"))
        finally:
            shutil.rmtree(folder)
    for good, what in shipped():
        results.append(good)
        if not good:
            print(f"not ok: the 2010 edition is not the nearest of {what}")
    failed = results.count(False)
    if failed:
        print(f"again: python3 tests/similarity_test.py --seeds {given.seeds} --count {given.count}")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
