#!/usr/bin/env python3
"""What every shipped workflow has (docs/packages.md): a start and an end, a way out when things go wrong, a role for every activity, law on every
decision activity; the 2017 catalogue is whole, and systems.yaml knows every kind that packages name and every product that the catalogue names."""
import glob, json, os, re, sys
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.house import Tally

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CATALOGUE = os.path.join(ROOT, "..", "shared", "domain", "katalog-2017.json")
KLE = os.path.join(ROOT, "..", "shared", "data", "kle")
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
ACTIVITIES = {"task", "userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "manualTask", "callActivity"}
# A person decides where the name says so; whatever a decision table does is a decision too.
DECIDES = re.compile(r"(Afgør|Beslut|Bestem|Bevilg|Fastsæt|Godkend|Giv afslag|Giver afslag|Tag stilling|Tager stilling|Træf|Visiter|Vurd)")
ADVERSE = ["Forvaltningsloven § 19", "Forvaltningsloven §§ 22"]  # hearing of the party; reasons and guidance on appeal


def name_of(element):
    return element.tag.rsplit("}", 1)[-1]


def laws(element):
    return [p.get("value", "") for p in element.iter(ZEEBE + "property") if p.get("name") == "lov"]


def diagram_faults(root):
    """One line for each rule that the diagram breaks."""
    out = []
    nodes = {e.get("id"): e for e in root.iter() if e.tag.startswith(BPMN) and e.get("id")}
    tags = [name_of(e) for e in nodes.values()]
    if "startEvent" not in tags or "endEvent" not in tags:
        out.append("no start or no end")
    if not {"boundaryEvent", "eventBasedGateway"} & set(tags) and tags.count("endEvent") < 2 and not goes_back(root):
        out.append("no exception path: no boundary event, no waiting for one of several, no second end, nothing that goes back")
    in_lane = {ref.text.strip() for ref in root.iter(BPMN + "flowNodeRef")}
    inside = {child.get("id") for sub in root.iter(BPMN + "subProcess") for child in sub.iter()}
    for element in nodes.values():
        kind, label = name_of(element), element.get("name", element.get("id"))
        if kind in ACTIVITIES and element.get("id") not in in_lane | inside:
            out.append(f"'{label}' has no role")
        if (kind == "businessRuleTask" or (kind == "userTask" and DECIDES.match(label))) and not laws(element):
            out.append(f"'{label}' decides without a law")
    return out


def goes_back(root):
    """Whether some path leads back to where it has been."""
    after = {}
    for flow in root.iter(BPMN + "sequenceFlow"):
        after.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))

    def reaches(start):
        seen, todo = set(), list(after.get(start, []))
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += after.get(node, [])
        return start in seen

    return any(reaches(node) for node in after)


def adverse_faults(slug, roots):
    """What a workflow that can go against the party does not show, neither itself nor in the workflows that it calls."""
    called, todo = set(), [slug]
    while todo:
        one = todo.pop()
        if one in roots and one not in called:
            called.add(one)
            todo += [p.get("value") for p in roots[one].iter(ZEEBE + "property") if p.get("name") == "pakke"]
    cited = "\n".join(law for one in called for law in laws(roots[one]))
    return [f"a decision against the party without {law}" for law in ADVERSE if law not in cited]


def check_packages(tally, manifests):
    roots = {slug: ElementTree.parse(os.path.join(ROOT, "bank", slug, "proces.bpmn")).getroot() for slug in manifests}
    for slug, text in manifests.items():
        faults = diagram_faults(roots[slug])
        # What runs says its law in the manifest and the decision tables; what only describes says it on the activity.
        if any(p.get("isExecutable") == "true" for p in roots[slug].iter(BPMN + "process")):
            faults = [fault for fault in faults if not fault.endswith("without a law")]
        if "\nafgoerelse: bebyrdende" in text:
            faults += adverse_faults(slug, roots)
        tally.expect(not faults, slug, "; ".join(faults))
        titles = [title.strip('"') for title in re.findall(r"^  - titel: (.*)$", text.split("\nafgoerelse:")[0], re.M)]
        strays = {law for law in laws(roots[slug]) if not law.startswith(tuple(titles))}
        tally.expect(not strays, slug, f"laws of activities that 'jura' does not name: {sorted(strays)}")
        tally.expect("jura: []" in text or "skal verificeres" in text, slug, "the law is not marked as an example")


def check_kinds(tally, manifests, systems):
    known = set(re.findall(r"\{navn: ([a-z0-9-]+)", systems))
    for slug, text in manifests.items():
        unknown = set(re.findall(r"^  - slags: (\S+)", text, re.M)) - known
        tally.expect(not unknown, slug, f"bank/systems.yaml lacks the kinds {sorted(unknown)}")
    used = {kind for line in re.findall(r"produkt:.*?slags: \[(.*?)\]", systems) for kind in line.split(", ")}
    tally.expect(used <= known, "systems.yaml", f"products of unlisted kinds {sorted(used - known)}")


def check_catalogue(tally, manifests, systems):
    if not os.path.exists(CATALOGUE):
        return tally.skip("the catalogue is not there", CATALOGUE)
    with open(CATALOGUE, encoding="utf-8") as file:
        processes = json.load(file)["processer"]
    ours = {int(m[1]): (slug, text) for slug, text in manifests.items() if (m := re.search(r"^katalognummer: (\d+)", text, re.M))}
    lines = [line for line in systems.splitlines() if "produkt:" in line]
    for process in processes:
        number = process["nr"]
        slug, text = ours.get(number, ("", ""))
        stars = re.search(r"^  stjerner: (\d)", text, re.M)
        tally.expect(stars and int(stars[1]) == process["stjerner"], f"catalogue number {number}", f"{slug or 'no package'}: stars {stars and stars[1]}, not {process['stjerner']}")
        for product in process["teknologi"]["nuværende"]:
            named = [line for line in lines if re.search(rf'(produkt: |\[|, )"?{re.escape(product)}"?(,|\])', line) and str(number) in re.findall(r"\d+", line.split("nr: ")[1])]
            tally.expect(named, "systems.yaml", f"'{product}' of catalogue number {number} is not there")


def check_kle(tally, manifests):
    if not os.path.isdir(KLE):
        return tally.skip("the KLE lists are not there", KLE)
    numbers = set()
    for path in glob.glob(os.path.join(KLE, "*.xml")) + glob.glob(os.path.join(KLE, "OS2KLE.txt")):
        with open(path, encoding="utf-8") as file:
            numbers |= set(re.findall(r"(?:<(?:HovedgruppeNr|GruppeNr|EmneNr)>|KLENummer=')([\d.]+)", file.read()))
    for slug, text in manifests.items():
        number = re.search(r'^kle: "([\d.]+)"', text, re.M)[1]
        tally.expect(number in numbers, slug, f"KLE {number} does not exist")


def main():
    manifests = {}
    for path in sorted(glob.glob(os.path.join(ROOT, "bank", "*", "*", "arbejdsgang.yaml"))):
        with open(path, encoding="utf-8") as file:
            manifests["/".join(path.split(os.sep)[-3:-1])] = file.read()
    with open(os.path.join(ROOT, "bank", "systems.yaml"), encoding="utf-8") as file:
        systems = file.read()
    tally = Tally("python3 tests/bank_content_test.py")
    check_packages(tally, manifests)
    check_kinds(tally, manifests, systems)
    check_catalogue(tally, manifests, systems)
    check_kle(tally, manifests)
    tally.end()


main()
