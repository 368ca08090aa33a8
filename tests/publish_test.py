#!/usr/bin/env python3
"""`sagsgang publish`: the site is whole (every link and anchor leads somewhere), the same bytes each time, and nothing is in it that should
not be: nothing unpublished, no notes, no names of users, no personal numbers, no scripts of packages, no files of other hosts."""
import html.parser, json, os, re, shutil, sqlite3, subprocess, sys, tempfile, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import ROOT, Tally, run

tally = Tally("python3 tests/publish_test.py")
DAY = "2026-12-01"
SECRET = {"an unpublished workflow": "kvalmerod", "its slug": "proever/lukket", "a note of a version": "internbemærkning", "the name of a user": "jette.underskov",
          "a personal number": "0102031234", "a personal number with a hyphen": "010203-1234", "an assignee": "bruger.nummer.syv"}

MANIFEST = """format: 1
titel: {title}
resume: {summary}
domaene: Prøver
kle: "15.20.00"
art: lokal
ejerrolle: Leder
version: 1.0.0
jura:
  - titel: {law}
    henvisning: §§ 10 og 11
    url: {url}
    verificeret: "2026-11-01"
    status: eksempel
afgoerelse: ingen
automatik: {{grad: ingen, beskrivelse: x}}
hjemmel: eksempel
bevaring: {{kode: K, slettefrist: P5Y}}
systemer: []
roller: [Sagsbehandler]
blanketter:
  - titel: Farlig blanket
    url: "{url}"
bemaerkninger: {remarks}
"""
PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="{id}" name="{name}" isExecutable="false">
    <bpmn:startEvent id="start" name="Begynd"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="opgave" name="{name}">
      <bpmn:documentation>{documentation}</bpmn:documentation>
      <bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="bruger.nummer.syv"/><zeebe:properties><zeebe:property name="lov" value="{law}"/></zeebe:properties></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:callActivity id="kald" name="Kalder"><bpmn:extensionElements><zeebe:properties><zeebe:property name="pakke" value="{call}"/></zeebe:properties></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:callActivity>
    <bpmn:endEvent id="slut" name="Slut"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="opgave"/><bpmn:sequenceFlow id="f2" sourceRef="opgave" targetRef="kald"/><bpmn:sequenceFlow id="f3" sourceRef="kald" targetRef="slut"/>
  </bpmn:process>
</bpmn:definitions>
"""
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)> [klik](javascript:alert(3)) ![x](http://ondt.example/x.png) <svg onload=alert(4)>"


def package(folder, name, *, title, process_name, documentation="", summary="Prøve.", remarks="ingen", law="Prøveloven", url="https://www.example.dk/lov", call=""):
    at = os.path.join(folder, "proever", name)
    os.makedirs(os.path.join(at, "data"))
    quoted = json.dumps
    escape = lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    with open(os.path.join(at, "arbejdsgang.yaml"), "w", encoding="utf-8") as out:
        out.write(MANIFEST.format(title=quoted(title, ensure_ascii=False), summary=quoted(summary, ensure_ascii=False), law=quoted(law, ensure_ascii=False), url=url, remarks=quoted(remarks, ensure_ascii=False)))
    with open(os.path.join(at, "proces.bpmn"), "w", encoding="utf-8") as out:
        out.write(PROCESS.format(id=name, name=escape(process_name), documentation=escape(documentation), law=escape(law), call=call))
    with open(os.path.join(at, "data", "billede.svg"), "w", encoding="utf-8") as out:
        out.write("<svg xmlns='http://www.w3.org/2000/svg'><script>alert('svgfil')</script></svg>")
    with open(os.path.join(at, "data", "noter.md"), "w", encoding="utf-8") as out:
        out.write("internbemærkning [x](javascript:alert('md'))")
    return at


class Reader(html.parser.HTMLParser):
    """Links, ids, scripts and attributes of one page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.loads, self.faults, self.open = [], set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            if values["id"] in self.ids:
                self.faults.append(f"the id {values['id']} twice")
            self.ids.add(values["id"])
        for name, value in attributes:
            if name.startswith("on"):
                self.faults.append(f"a handler {name}={value}")
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and values.get("rel") == "stylesheet":
            self.loads.append(values["href"])
        if tag in ("script", "img", "iframe", "object", "embed", "video", "audio", "source", "form"):
            self.loads.append(values.get("src") or values.get("data") or values.get("action") or "")
            if tag not in ("script", "form"):
                self.faults.append(f"a <{tag}>")
        if tag == "script" and not values.get("src"):
            self.faults.append("a script in the page")
        if tag not in ("meta", "link", "input", "br", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag == "path":
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()


def files_of(folder):
    out = {}
    for at, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(at, name), "rb") as file:
                out[os.path.relpath(os.path.join(at, name), folder)] = file.read()
    return out


def hold_whole(site, what):
    """Every page well formed, every link and anchor there, nothing from elsewhere."""
    files = files_of(site)
    pages = {path: Reader(content.decode()) for path, content in files.items() if path.endswith(".html")}
    faults, outside = [], set()
    for path, page in pages.items():
        faults += [f"{path}: {fault}" for fault in page.faults + [f"<{tag}> is left open" for tag in page.open]]
        for link in page.links + page.loads:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme in ("http", "https"):
                outside.add(link)
                if link in page.loads:
                    faults.append(f"{path} loads {link}")
                continue
            if parts.scheme == "mailto":
                continue
            if parts.scheme or parts.netloc:
                faults.append(f"{path}: {link}")
                continue
            if path == "404.html" and link.startswith("/"):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(path), urllib.parse.unquote(parts.path))) if parts.path else path
            if target not in files:
                faults.append(f"{path}: {link} leads nowhere")
            elif parts.fragment and target in pages and parts.fragment not in pages[target].ids:
                faults.append(f"{path}: {link} has no such place")
    tally.expect(not faults, f"{what}: every page is well formed, every link leads somewhere, nothing is loaded from elsewhere", "\n  ".join(faults[:20]))
    return files, pages, outside


def everything(files):
    return "\n".join(f"{path}\n{content.decode('utf-8', 'replace')}" for path, content in files.items())


def leaks(temp):
    tree, data, site = os.path.join(temp, "pakker"), os.path.join(temp, "data"), os.path.join(temp, "sider")
    package(tree, "aaben", title="Åben <b>prøve</b> " + SCRIPT, process_name="Ring til 010203-1234 " + SCRIPT, documentation="Nummer 0102031234. " + SCRIPT, summary=SCRIPT, remarks=SCRIPT, law="Lov " + SCRIPT,
            url="javascript:alert(5)", call="proever/lukket")
    package(tree, "under", title="Underprøve", process_name="Tilskuddene beregnes", call="proever/aaben")
    code, _, errors = run("import", tree, "--data", data, "--publish", "--note", "internbemærkning")
    tally.expect(code == 0, "the packages are imported", errors)
    shutil.rmtree(tree)
    package(tree, "lukket", title="Kvalmerod", process_name="Kvalmerod graves op")
    code, _, errors = run("import", tree, "--data", data)
    tally.expect(code == 0, "the unpublished one is imported", errors)
    with sqlite3.connect(os.path.join(data, "sagsgang.db")) as db:
        db.execute("UPDATE bank_version SET by_user = 'jette.underskov'")
    code, out, errors = run("publish", site, "--data", data, "--date", DAY, "--json")
    tally.expect(code == 0, "published", errors)
    made = json.loads(out)
    tally.expect(made["workflows"] == 2 and made["hiddenNumbers"] >= 2 and "personal number" in errors, "numbers that look personal are told", out + errors)
    files, pages, outside = hold_whole(site, "a hostile bank")
    text = everything(files).lower()
    for what, secret in SECRET.items():
        tally.expect(secret.lower() not in text, f"{what} is not in the site", secret)
    tally.expect(not re.search(r"(?<!\d)\d{6}-?\d{4}(?!\d)", text), "no number of the form of a personal number", str(re.findall(r"(?<!\d)\d{6}-?\d{4}(?!\d)", text)[:5]))
    tally.expect(outside == {"https://www.example.dk/lov"}, "no address of the hostile package became a link", str(outside))
    page = files["arbejdsgang/proever/aaben.html"].decode()
    tally.expect("&lt;script&gt;alert(1)" in page and "<script>alert" not in page, "what looks like a script is text")
    tally.expect(not re.search(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data|vbscript):", page, re.I), "no address that runs")
    tally.expect(not any(path.endswith((".svg", ".md", ".bpmn", ".yaml", ".dmn", ".zip")) for path in files), "no file of a package is copied", str(sorted(files)))
    tally.expect("Content-Security-Policy" in page and "default-src 'none'" in page, "pages carry a policy")
    tally.expect('href="../../arbejdsgang/proever/aaben.html"' in files["arbejdsgang/proever/under.html"].decode(), "down into the sub-workflow")
    tally.expect("Del af: <a href=\"../../arbejdsgang/proever/under.html\"" in page, "and up again")
    code, _, _ = run("publish", site, "--data", data, "--date", DAY, "--with-notes", "--json")
    tally.expect(code == 0 and "internbemærkning" in everything(files_of(site)), "notes only where they are asked for")
    code, _, errors = run("publish", site, "--data", data, "--authority", "22222222")
    tally.expect(code == 2 and "nothing is published" in errors, "another authority has published nothing", errors)


def shipped(temp):
    site, again = os.path.join(temp, "banken"), os.path.join(temp, "igen")
    code, out, errors = run("publish", site, "--bank", "bank", "--date", DAY, "--contact", "hjaelp@example.dk", "--url", "https://bank.example.dk/")
    tally.expect(code == 0, "the shipped bank is published whole", out + errors)
    files, pages, outside = hold_whole(site, "the shipped bank")
    code, _, _ = run("publish", again, "--bank", "bank", "--date", DAY, "--contact", "hjaelp@example.dk", "--url", "https://bank.example.dk/")
    tally.expect(files == files_of(again), "the same packages give the same bytes")
    workflows = [path for path in pages if path.startswith("arbejdsgang/")]
    tally.expect(len(workflows) >= 60, "a page for each workflow", str(len(workflows)))
    diagram = [path for path in workflows if "<svg" not in files[path].decode()]
    tally.expect(not diagram, "each with its diagram", str(diagram[:5]))
    tally.expect(all("Sidst kontrolleret" in files[path].decode() or "Ingen lov er knyttet" in files[path].decode() for path in workflows), "law with the day of its verification")
    old = files["arbejdsgang/arbejdsmarked/sygedagpengeopfoelgning-2010.html"].decode()
    tally.expect("Udløbet" in old and "sygedagpengeopfoelgning.html" in old, "what has expired says so and names what took its place")
    statement = files["tilgaengelighed.html"].decode()
    for word in ["hjaelp@example.dk", "delvis i overensstemmelse", "Digitaliseringsstyrelsen", "WCAG"]:
        tally.expect(word in statement, f"the accessibility statement says {word}")
    front = files["index.html"].decode()
    tally.expect("<noscript>" in front and all(f'href="{path}"' in front for path in workflows), "without scripts the front page lists everything")
    tally.expect(all(link.startswith("https://www.retsinformation.dk/") or link.startswith("https://bank.example.dk/") or not link.startswith("http:") for link in outside), "links lead out to laws and forms only", str(sorted(outside)[:20]))


def folders(temp):
    tree, site = os.path.join(temp, "to"), os.path.join(temp, "to-sider")
    at = package(tree, "en", title="Første", process_name="Et")
    package(tree, "to", title="Anden", process_name="To")
    code, _, errors = run("publish", site, "--bank", tree, "--date", DAY)
    tally.expect(code == 0 and "Anden" in everything(files_of(site)), "two workflows", errors)
    shutil.rmtree(os.path.join(tree, "proever", "to"))
    run("publish", site, "--bank", tree, "--date", DAY)
    files = files_of(site)
    tally.expect("arbejdsgang/proever/to.html" not in files and "Anden" not in everything(files), "what is no longer there is gone from the site")
    with open(os.path.join(at, "proces.bpmn"), "w", encoding="utf-8") as out:
        out.write("<ikke-bpmn>")
    package(tree, "tre", title="Tredje", process_name="Tre")
    code, _, errors = run("publish", site, "--bank", tree, "--date", DAY)
    tally.expect(code == 1 and "left out: " in errors and "proever/en" in errors, "a broken package is named and left out", errors)
    tally.expect("arbejdsgang/proever/tre.html" in files_of(site) and "arbejdsgang/proever/en.html" not in files_of(site), "the others are published all the same")
    tally.expect(sorted(os.listdir(temp)).count("to-sider.ufaerdig") == 0, "nothing half is left")
    mine = os.path.join(temp, "mine")
    os.makedirs(mine)
    with open(os.path.join(mine, "brev.txt"), "w", encoding="utf-8") as out:
        out.write("mit")
    code, _, errors = run("publish", mine, "--bank", tree)
    tally.expect(code == 3 and "no published bank" in errors and os.listdir(mine) == ["brev.txt"], "somebody's own folder is not replaced", errors)
    for wrong in (["publish"], ["publish", site, "--bank", tree, "--date", "i går"], ["publish", site, "--data", os.path.join(temp, "ingen")]):
        code, _, errors = run(*wrong)
        tally.expect(code == 2 and errors, "wrong usage: " + " ".join(wrong), errors)


def searches():
    """The site's own search without a browser: soeg.js with a document that loads files."""
    node = shutil.which("node")
    if node is None:
        return tally.skip("the search", "node is missing")
    done = subprocess.run([node, os.path.join(ROOT, "tests", "support", "site_search.mjs"), SITE], capture_output=True, text=True)
    for line in done.stdout.splitlines():
        good, what = line.split(" ", 1)
        tally.expect(good == "ok", what)
    tally.expect(done.returncode == 0 and done.stdout, "the searches ran", done.stderr)


with tempfile.TemporaryDirectory(prefix="sagsgang-publish-") as TEMP:
    leaks(TEMP)
    shipped(TEMP)
    folders(TEMP)
    SITE = os.path.join(TEMP, "banken")
    searches()
tally.end()
