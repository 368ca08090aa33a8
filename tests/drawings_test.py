#!/usr/bin/env python3
"""`sagsgang import --report`: a tree of drawings with broken ones among them. Nothing stops, nothing is half there, each file has its words."""
import json, os, shutil, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, run

tally = Tally("python3 tests/drawings_test.py")
CORPUS = os.path.join(ROOT, "tests", "fuzz", "corpus", "visio")
BROKEN = {"tom.vsdx": b"", "brudt.vsdx": None, "bombe.vdx": b"<!DOCTYPE x [<!ENTITY a 'b'>]><VisioDocument/>", "vrøvl.vsd": b"\xd0\xcf\x11\xe0" + b"\x07" * 4000, "halv.bpmn": b"<definitions>"}


def tree(folder):
    os.makedirs(os.path.join(folder, "Kultur", "Cykler"))
    with open(os.path.join(CORPUS, "bpmn.vsdx"), "rb") as file:
        good = file.read()
    for place, name in [("", "Sag.vsdx"), ("Kultur", "Sag.vsdx"), ("Kultur/Cykler", "Tilskud æøå.vdx")]:
        shutil.copy(os.path.join(CORPUS, "flowchart.vdx" if name.endswith("vdx") else "bpmn.vsdx"), os.path.join(folder, place, name))
    shutil.copy(os.path.join(CORPUS, "old.vdx"), os.path.join(folder, "Kultur", "Sag.vdx"))  # differs from Sag.vsdx in its ending only
    shutil.copy(os.path.join(ROOT, "bank", "arbejdsmarked", "betaling-af-laegeerklaeringer", "proces.bpmn"), os.path.join(folder, "Fremmed.bpmn"))
    for name, content in BROKEN.items():
        with open(os.path.join(folder, "Kultur", name), "wb") as file:
            file.write(good[: len(good) // 2] if content is None else content)
    with open(os.path.join(folder, "noter.txt"), "w", encoding="utf-8") as file:
        file.write("ikke en tegning")


with tempfile.TemporaryDirectory(prefix="sagsgang-drawings-") as temp:
    source, out = os.path.join(temp, "ind"), os.path.join(temp, "ud")
    tree(source)
    code, text, errors = run("import", source, "--report", "-o", out, "--json")
    tally.expect(code == 1, "a tree with broken files ends with 1: found faults", f"exit {code}: {errors}")
    report = json.loads(text)
    files = {one["file"]: one for one in report["files"]}
    tally.expect(report["totals"] == {"files": 10, "imported": 5, "empty": 0, "refused": 5}, "every drawing is counted", json.dumps(report["totals"]))
    tally.expect([one["file"] for one in report["files"]] == sorted(files), "in the order of their names")
    for name in BROKEN:
        one = files.get("Kultur/" + name, {})
        tally.expect(one.get("verdict") == "refused" and len(one.get("message", "")) > 10 and one.get("code"), f"{name} is refused with a reason", json.dumps(one))
    tally.expect("DOCTYPE" in files["Kultur/bombe.vdx"]["message"], "the bomb is refused for its DOCTYPE")
    made = sorted(os.path.relpath(os.path.join(at, f), out) for at, _, names in os.walk(out) for f in names)
    folders = ["Fremmed", "Kultur/Cykler/Tilskud æøå", "Kultur/Sag", "Kultur/Sag-vsdx", "Sag"]
    tally.expect(made == sorted(f"{f}/{n}" for f in folders for n in ["proces.bpmn", "rapport.json"]), "each imported drawing has its two files, and nothing else is there", "\n".join(made))
    for folder in folders:
        with open(os.path.join(out, folder, "rapport.json"), encoding="utf-8") as file:
            kept = json.load(file)
        tally.expect(kept["shapes"] and all(0 <= s["confidence"] <= 1 and s["reason"] for s in kept["shapes"]), f"{folder}: every shape has a confidence and a reason")
        code, _, errors = run("draw", os.path.join(out, folder, "proces.bpmn"), "--out", os.path.join(temp, "t.svg"))
        tally.expect(code == 0, f"{folder}: the diagram can be drawn", errors)
    code, text, errors = run("import", source, "--report", "-o", out)
    tally.expect(code == 1 and "refused: " in text and text.rstrip().endswith("10 drawings: 5 imported, 0 without a process, 5 refused"), "again, in words, over what is there", text[-600:] + errors)
    code, text, _ = run("import", os.path.join(source, "Sag.vsdx"))
    tally.expect(code == 0 and "Sag.vsdx: " in text and " taken, " in text, "one drawing needs no option", text)
    code, _, errors = run("import", os.path.join(temp, "ingen"), "--report")
    tally.expect(code == 2 and "ingen" in errors, "a place that is not there", errors)
    empty = os.path.join(temp, "tom")
    os.makedirs(empty)
    code, _, errors = run("import", empty, "--report")
    tally.expect(code == 2 and ".vsdx" in errors, "a folder without drawings", errors)
tally.end()
