#!/usr/bin/env python3
"""Decision tables through real spreadsheet programs: what a person does in one arrives as meant, and what nobody touched stays as it was."""
import datetime, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, run

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, also where another python3 comes first
try:
    import openpyxl
except ImportError:
    openpyxl = None

FILE = os.path.join(ROOT, "bank", "arbejdsmarked", "betaling-af-laegeerklaeringer", "beslutninger.dmn")
tally = Tally("python3 tests/sheet_test.py")
with tempfile.TemporaryDirectory(prefix="sagsgang-sheet-") as folder:
    path = lambda name: os.path.join(folder, name)
    original = open(FILE, encoding="utf-8").read()
    tables = ["takst", "tolerance", "kontering", "fejlliste"]
    for table in tables:
        for form in ["xlsx", "csv", "json"]:
            code, _, err = run("table", "export", FILE, "--decision", table, "-o", path(f"{table}.{form}"))
            tally.expect(code == 0, f"export of {table} as {form}", err)
            code, out, err = run("table", "import", FILE, path(f"{table}.{form}"), "-o", path("same.dmn"))
            tally.expect(code == 0 and open(path("same.dmn"), encoding="utf-8").read() == original, f"{table} through {form} and back is the same file", out + err)

    if openpyxl is None:
        tally.skip("openpyxl is not installed", "tools/packages-test.txt")
    else:
        book = openpyxl.load_workbook(path("takst.xlsx"))
        sheet = book.worksheets[0]
        tally.expect(sheet.column_dimensions["A"].hidden and sheet.freeze_panes is not None, "the ids are hidden and the head is frozen", sheet.freeze_panes)
        tally.expect(all(c.value is None or c.data_type == "s" for r in sheet.iter_rows() for c in r), "every cell is a text")
        head = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == "rules")
        ids = {sheet.cell(r, 1).value: r for r in range(head + 1, sheet.max_row + 1)}
        tally.expect(sheet.cell(ids["takst_lae_125_2025"], 5).value == "456.00", "456.00 keeps its zeros", sheet.cell(ids["takst_lae_125_2025"], 5).value)
        # A number instead of a text, a date, a yes/no, a row without an id, a copied row, a removed row, blank rows.
        sheet.cell(ids["takst_lae_125_2025"], 5).value = 457.5
        sheet.cell(ids["takst_lae_125_2026"], 4).value = datetime.date(2026, 3, 1)
        sheet.cell(ids["takst_lae_135_2025"], 5).value = True
        removed = ids["takst_lae_165_2025"]
        for c in range(1, sheet.max_column + 1):
            sheet.cell(sheet.max_row + (3 if c == 1 else 0), c).value = [None, None, '"LÆ 999"', "-", 1e3][c - 1] if c <= 5 else None
        last = sheet.max_row
        for c in range(1, 7):
            sheet.cell(last + 2, c).value = sheet.cell(ids["takst_lae_145_2025"], c).value
        sheet.cell(last + 2, 5).value = "=1000*2"
        sheet.delete_rows(removed)
        book.save(path("edited.xlsx"))
        book = openpyxl.load_workbook(path("edited.xlsx"))
        for row in book.worksheets[0].iter_rows():  # openpyxl keeps no cached value of a formula: give it one as Excel would
            for cell in row:
                if cell.value == "=1000*2":
                    cell.value = 2000
        book.save(path("edited.xlsx"))
        code, out, err = run("table", "import", FILE, path("edited.xlsx"), "-o", path("edited.dmn"))
        tally.expect(code == 0, "an edited spreadsheet is imported", out + err)
        text = open(path("edited.dmn"), encoding="utf-8").read() if code == 0 else ""
        tally.expect("<text>457.5</text>" in text, "a number cell is a number")
        tally.expect('<text>date("2026-03-01")</text>' in text, "a date cell is a FEEL date")
        tally.expect("<text>true</text>" in text, "a yes/no cell is a boolean")
        tally.expect("takst_lae_165_2025" not in text, "a removed row removes its rule")
        tally.expect('<text>"LÆ 999"</text>' in text and "<text>1000</text>" in text, "a row without an id is a new rule")
        tally.expect("<text>2000</text>" in text and text.count('id="takst_lae_145_2025"') == 1, "a copied row is a rule of its own")
        tally.expect(len(re.findall(r'<rule id="', text)) == len(re.findall(r'<rule id="', original)) + 1, "one rule less, two more")
        tally.expect("er fjernet" in out and out.count("er ny") == 2, "the changes are told in words", out)

    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        tally.skip("LibreOffice is not installed", "apt-get install libreoffice-calc-nogui")
    else:
        for table in tables:
            os.makedirs(path("office"), exist_ok=True)
            done = subprocess.run([office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", path("office"), path(f"{table}.xlsx")],
                                  capture_output=True, text=True, timeout=300)
            code, out, err = run("table", "import", FILE, path(f"office/{table}.xlsx"), "-o", path("office.dmn"))
            tally.expect(code == 0 and open(path("office.dmn"), encoding="utf-8").read() == original, f"{table} opened and saved by LibreOffice is the same file", done.stderr[-300:] + out + err)
tally.end()
