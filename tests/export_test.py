#!/usr/bin/env python3
"""`sagsgang export`: every format opens with somebody else's reader (openpyxl, zipfile, poppler's pdftotext where it is) and holds what the
workflow holds; what is exported can be imported again."""
import datetime, json, os, re, shutil, subprocess, sys, tempfile, zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, run

tally = Tally("python3 tests/export_test.py")
WORKFLOW = "bank/arbejdsmarked/betaling-af-laegeerklaeringer"
DAY = "2026-12-01"


def exported(folder, what, name, *more):
    path = os.path.join(folder, name)
    code, out, errors = run("export", *what, "--out", path, "--date", DAY, *more)
    tally.expect(code == 0, f"export to {name}", out + errors)
    with open(path, "rb") as file:
        return file.read()


def formats(folder):
    heads = {"a.svg": b"<?xml", "a.png": b"\x89PNG", "a.pdf": b"%PDF-", "a.vsdx": b"PK", "a.bpmn": b"<?xml", "a.zip": b"PK"}
    for name, head in heads.items():
        bytes_ = exported(folder, [WORKFLOW], name)
        tally.expect(bytes_.startswith(head) and len(bytes_) > 1000, f"{name} is what its ending says", repr(bytes_[:20]))
        tally.expect(bytes_ == exported(folder, [WORKFLOW], "b" + name[1:]), f"{name}: the same workflow gives the same bytes")
    code, out, errors = run("import", os.path.join(folder, "a.vsdx"), "--json")
    tally.expect(code == 0, "our own importer reads the Visio file", errors)
    counts = json.loads(out)["files"][0]["report"]
    shapes = [row for row in counts["shapes"] if row["verdict"] in ("guessed", "refused")]
    tally.expect(not shapes, "and is sure of every shape", json.dumps(shapes)[:600])
    with zipfile.ZipFile(os.path.join(folder, "a.vsdx")) as package:
        tally.expect(package.testzip() is None and package.namelist()[0] == "[Content_Types].xml", "the Visio package is whole, its types first")
    code, _, errors = run("import", os.path.join(folder, "a.zip"), "--slug", "arbejdsmarked/igen", "--data", os.path.join(folder, "data"))
    tally.expect(code == 0, "the zip is a package again", errors)
    code, out, _ = run("export", "arbejdsmarked/igen", "--data", os.path.join(folder, "data"), "--out", os.path.join(folder, "c.zip"))
    with zipfile.ZipFile(os.path.join(folder, "a.zip")) as a, zipfile.ZipFile(os.path.join(folder, "c.zip")) as c:
        tally.expect({n: a.read(n) for n in a.namelist()} == {n: c.read(n) for n in c.namelist()}, "out of the bank it comes as it went in", out)


def report(folder):
    bytes_ = exported(folder, [WORKFLOW], "rapport.pdf", "--report", "--publisher", "Eksempel Kommune")
    tally.expect(bytes_ == exported(folder, [WORKFLOW], "rapport2.pdf", "--report", "--publisher", "Eksempel Kommune"), "the same report is the same bytes")
    tally.expect(b"/StructTreeRoot" in bytes_ and b"/Marked true" in bytes_ and b"/Lang (da-DK)" in bytes_ and b"/Outlines" in bytes_, "tagged, Danish, with an outline")
    tally.expect(b"/ToUnicode" in bytes_ and b"/JavaScript" not in bytes_, "its text can be selected, nothing in it runs")
    large = exported(folder, ["bank/arbejdsmarked/sygedagpengeopfoelgning"], "stor.pdf", "--report")
    pages = len(re.findall(rb"/Type /Page\b", large))
    tally.expect(pages > 5, "a large diagram takes several pages", str(pages))
    if shutil.which("pdftotext") is None:
        return tally.skip("the text of the report", "pdftotext is missing: apt-get install poppler-utils")
    text = subprocess.run(["pdftotext", "-layout", os.path.join(folder, "rapport.pdf"), "-"], capture_output=True, text=True).stdout
    info = subprocess.run(["pdfinfo", os.path.join(folder, "rapport.pdf")], capture_output=True, text=True)
    tally.expect("Tagged:          yes" in info.stdout and not info.stderr, "poppler reads it without a complaint", info.stdout + info.stderr)
    for word in ["Betaling af lægeerklæringer", "Eksempel Kommune", "Trin efter rolle", "Læs regningen", "Regler", "Jura", "kontrolleret", "Ansvar og data", "Tal", "1. december 2026", "nr. 43", "side 2"]:
        tally.expect(word in text, f"the report says {word!r}", text[:300])
    tall = subprocess.run(["pdftotext", "-layout", os.path.join(folder, "stor.pdf"), "-"], capture_output=True, text=True).stdout
    tally.expect(re.search(r"del 1 af \d+", tall) and "Delarbejdsgang: arbejdsmarked/sygedagpenge-indhenter-oplysninger" in tall, "parts of a large diagram are numbered, sub-workflows named")


def lists(folder):
    exported(folder, ["--all"], "alle.xlsx", "--bank", "bank")
    try:
        import openpyxl
    except ImportError:
        return tally.skip("the spreadsheet", "openpyxl is missing: apt-get install python3-openpyxl")
    sheet = openpyxl.load_workbook(os.path.join(folder, "alle.xlsx")).active
    rows = list(sheet.iter_rows(values_only=True))
    head = {name: i for i, name in enumerate(rows[0])}
    packages = sum("arbejdsgang.yaml" in names for _, _, names in os.walk(os.path.join(ROOT, "bank")))
    tally.expect(len(rows) == packages + 1, "one row for each workflow", f"{len(rows)} rows, {packages} packages")
    tally.expect(sheet.auto_filter.ref and sheet.auto_filter.ref.startswith("A1:") and sheet.freeze_panes == "B2", "filters on the head, which stays", f"{sheet.auto_filter.ref} {sheet.freeze_panes}")
    row = next(r for r in rows if r[head["Navn i banken"]] == "arbejdsmarked/betaling-af-laegeerklaeringer")
    tally.expect(row[head["Titel"]] == "Betaling af lægeerklæringer" and row[head["Katalog 2017"]] == 43 and row[head["Kan køres"]] == "ja", "facts of one", str(row))
    tally.expect(isinstance(row[head["Gælder fra"]], datetime.datetime) and row[head["Gælder fra"]].year == 2026, "dates are dates", str(row[head["Gælder fra"]]))
    tally.expect(all(r[head["KLE"]] is not None and isinstance(r[head["KLE"]], str) for r in rows[1:]), "KLE numbers stay texts")
    old = next(r for r in rows if r[head["Navn i banken"]] == "arbejdsmarked/sygedagpengeopfoelgning-2010")
    tally.expect(old[head["Udløbet"]] == "ja" and row[head["Udløbet"]] == "nej", "what has expired says so")
    exported(folder, ["--all"], "nogle.xlsx", "--bank", "bank", "--domain", "arbejdsmarked", "--kind", "korrekt", "--kle", "15")
    some = list(openpyxl.load_workbook(os.path.join(folder, "nogle.xlsx")).active.iter_rows(values_only=True))[1:]
    wanted = [r for r in rows[1:] if r[head["Domæne"]] == "Arbejdsmarked" and r[head["Art"]] == "Korrekt arbejdsgang" and (r[head["KLE"]] == "15" or r[head["KLE"]].startswith("15."))]
    tally.expect(some and some == wanted, "filters leave what fits", f"{len(some)} of {len(wanted)}")


def many(folder):
    exported(folder, ["--all"], "alle.zip", "--bank", "bank", "--domain", "tvaergaaende")
    unpacked = os.path.join(folder, "pakker")
    with zipfile.ZipFile(os.path.join(folder, "alle.zip")) as archive:
        archive.extractall(unpacked)
    code, out, errors = run("import", unpacked, "--data", os.path.join(folder, "data2"))
    tally.expect(code == 0 and "packages in the bank" in out and os.listdir(unpacked) == ["tvaergaaende"], "a zip of many is a tree to import", out[-300:] + errors)


def wrong(folder):
    for words, hint in [(["export"], "--out"), (["export", "--out", "x.pdf"], "which"), (["export", WORKFLOW, "--out", "x.docx"], ".vsdx"), (["export", "ingen/saadan", "--out", "x.pdf"], "there is no workflow"), (["export", WORKFLOW, "--out", "x.png", "--report"], ".pdf"),
                        (["export", "--all", "--bank", "bank", "--out", os.path.join(folder, "x.xlsx"), "--domain", "ingen"], "fits"), (["export", "--all", "--bank", "bank", "--out", "x.pdf"], ".xlsx")]:
        code, _, errors = run(*words)
        tally.expect(code == 2 and hint in errors, "wrong usage: " + " ".join(words), errors)


with tempfile.TemporaryDirectory(prefix="sagsgang-export-") as temp:
    formats(temp)
    report(temp)
    lists(temp)
    many(temp)
    wrong(temp)
tally.end()
