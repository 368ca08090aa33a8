// Everything that is wrong with a package: the manifest and the scenarios against their schemas, the models against the
// rules of their rooms, and what must agree between the files (docs/packages.md).
#include <algorithm>
#include <set>

#include "bank/check_expressions.h"
#include "bank/package.h"
#include "bank/schemas.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "dmn/model.h"

namespace bank {
namespace {

void add(std::vector<Finding>& out, bool is_error, base::Where where, std::string code, std::string message, std::string message_da, std::string remedy) {
  out.push_back({std::move(where.file), where.line, where.column, std::move(where.element), std::move(code), std::move(message),
      std::move(message_da), std::move(remedy), is_error});
}

void check_document(const base::YamlDocument& document, const base::Json& schema, const std::string& code, std::vector<Finding>& out) {
  for (auto& fault : base::check_schema(schema, document.value)) {
    const std::string name = fault.pointer.empty() ? "the document" : fault.pointer;
    add(out, true, document.where(fault.pointer), code, name + " " + fault.message,
        "Feltet " + (fault.pointer.empty() ? "" : fault.pointer + " ") + "er ikke udfyldt, som det skal", std::move(fault.remedy));
  }
}

bool valid_date(const std::string& text) {
  if (text.size() != 10) return false;
  const auto number = [&](std::size_t at, std::size_t n) { return std::stoi(text.substr(at, n)); };
  for (const std::size_t i : {0u, 1u, 2u, 3u, 5u, 6u, 8u, 9u})
    if (text[i] < '0' || text[i] > '9') return false;
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

void check_dates(const Package& package, std::vector<Finding>& out) {
  const base::Json& m = package.manifest.value;
  const auto one = [&](const std::string& pointer) {
    const base::Json& value = m.at_pointer(pointer);
    if (value.is_string() && !valid_date(value.as_string()))
      add(out, true, package.manifest.where(pointer), "SG-DATE", pointer + " is no day of the calendar", "Datoen findes ikke", "YYYY-MM-DD");
  };
  one("/gyldig/fra");
  one("/gyldig/til");
  one("/gennemgang");
  for (std::size_t i = 0; i < m["jura"].size(); ++i) one("/jura/" + std::to_string(i) + "/verificeret"), one("/jura/" + std::to_string(i) + "/naeste_kontrol");
  const base::Json &from = m.at_pointer("/gyldig/fra"), &to = m.at_pointer("/gyldig/til");
  if (from.is_string() && to.is_string() && to.as_string() < from.as_string())
    add(out, true, package.manifest.where("/gyldig/til"), "SG-DATE", "gyldig.til is before gyldig.fra", "Gyldigheden slutter, før den begynder", {});
}

// A package is neither drawn from itself nor in its own place. Whether the others exist is the bank's to know, not the package's.
void check_relations(const Package& package, std::vector<Finding>& out) {
  if (package.slug.empty()) return;
  for (const char* key : {"afledt_af", "erstatter"}) {
    const base::Json& list = package.manifest.value[key];
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i)
      if (list.as_array()[i].string_or("") == package.slug)
        add(out, true, package.manifest.where("/" + std::string(key) + "/" + std::to_string(i)), "SG-RELATION", std::string(key) + " names the package itself",
            "Arbejdsgangen henviser til sig selv", "the slug of another package");
  }
}

// What must stand in the manifest because the diagram can run.
void check_executable(const Package& package, std::vector<Finding>& out) {
  const base::Json& m = package.manifest.value;
  const auto missing = [&](const std::string& what, const std::string& da) {
    add(out, true, package.manifest.where(""), "SG-EXECUTABLE", "an executable package needs " + what,
        "En arbejdsgang, der kan køre, skal have " + da, "see docs/packages.md");
  };
  if (!m.has("gevinst")) missing("'gevinst'", "feltet gevinst");
  if (std::none_of(package.files.begin(), package.files.end(), [](const auto& f) { return f.first.starts_with("scenarier/") && f.first.ends_with(".yaml"); }))
    missing("at least one scenarier/*.yaml", "mindst ét scenarie");
  if (!m.has("proces")) return missing("'proces'", "feltet proces");
  const std::string id = m["proces"].string_or("");
  const auto& processes = package.process->processes;
  if (std::none_of(processes.begin(), processes.end(), [&](const auto& p) { return p.id == id && p.executable; })) {
    std::vector<std::string> ids;
    for (const auto& p : processes)
      if (p.executable) ids.push_back(p.id);
    add(out, true, package.manifest.where("/proces"), "SG-PROCESS", "proces.bpmn has no executable process of this id",
        "Processen findes ikke i diagrammet", "one of: " + base::join(ids, ", "));
  }
}

void check_roles(const Package& package, std::vector<Finding>& out) {
  std::set<std::string> roles;
  for (const base::Json& role : package.manifest.value["roller"].is_array() ? package.manifest.value["roller"].as_array() : base::Json::Array{})
    roles.insert(role.string_or(""));
  for (const auto& lane : package.process->lanes)
    if (!lane.name.empty() && !roles.contains(lane.name))
      add(out, false, {.file = "proces.bpmn", .element = lane.id}, "SG-ROLE", "the lane is not among 'roller' of arbejdsgang.yaml",
          "Banen står ikke i listen over roller", "add it to roller, or rename the lane");
}

// Decisions and forms that the diagram calls are in the package.
void check_references(const Package& package, std::vector<Finding>& out) {
  std::set<std::string> decisions, forms;
  if (package.decisions)
    for (const auto& decision : package.decisions->decisions) decisions.insert(decision.id);
  for (const auto& [name, content] : package.files) {
    if (!name.ends_with(".form")) continue;
    auto form = base::parse_json(content, name);
    if (!form) {
      add(out, true, form.error().where, "SG-FORM", form.error().message, "Formularen kan ikke læses", form.error().remedy);
    } else if (!(*form)["id"].is_string()) {
      add(out, true, {.file = name}, "SG-FORM", "the form has no id", "Formularen har intet id", R"({"id": "…", "type": "default", …})");
    } else {
      forms.insert((*form)["id"].as_string());
    }
  }
  if (!package.process) return;
  for (const auto& node : package.process->nodes) {
    const auto& z = node.zeebe;
    if (!z.decision_id.empty() && z.decision_id.front() != '=' && !decisions.contains(z.decision_id))
      add(out, true, package.process->where(node), "SG-DECISION",
          "calls decision '" + z.decision_id + "', which beslutninger.dmn does not have", "Beslutningen findes ikke i pakken",
          "one of: " + base::join({decisions.begin(), decisions.end()}, ", "));
    if (!z.form_id.empty() && z.form_id.front() != '=' && !forms.contains(z.form_id))
      add(out, true, package.process->where(node), "SG-FORM", "shows form '" + z.form_id + "', which formularer/ does not have",
          "Formularen findes ikke i pakken", "one of: " + base::join({forms.begin(), forms.end()}, ", "));
  }
}

void check_files(const Package& package, std::vector<Finding>& out) {
  static const std::vector<std::string> kFolders = {"formularer/", "breve/", "scenarier/", "beslutningstest/", "data/"};
  for (const auto& [name, content] : package.files) {
    const bool known = name == "arbejdsgang.yaml" || name == "proces.bpmn" || name == "beslutninger.dmn" || name == "README.md" ||
                       std::any_of(kFolders.begin(), kFolders.end(), [&n = name](const std::string& f) { return n.starts_with(f); });
    if (!known) add(out, true, {.file = name}, "SG-FILE", "a package has no such file", "Filen hører ikke til i en pakke", "see docs/packages.md for where files go");
    if (!name.ends_with(".yaml") || name == "arbejdsgang.yaml") continue;
    auto document = base::parse_yaml(content, name);
    if (!document) {
      add(out, true, document.error().where, "SG-YAML", document.error().message, "Filen er ikke gyldig YAML", document.error().remedy);
    } else if (name.starts_with("scenarier/")) {
      check_document(*document, scenario_schema(), "SG-SCENARIO", out);
    } else if (name.starts_with("beslutningstest/")) {
      check_document(*document, decision_test_schema(), "SG-DECISION-TEST", out);
    }
  }
}

void check_models(const Package& package, std::vector<Finding>& out) {
  if (package.process)
    for (auto& f : bpmn::check(*package.process, package.executable ? bpmn::Profile::deploy : bpmn::Profile::lenient))
      add(out, f.is_error, std::move(f.where), std::move(f.code), std::move(f.message), std::move(f.message_da), std::move(f.remedy));
  if (package.process) check_expressions(*package.process, out);
  if (package.decisions)
    for (auto& f : dmn::check(*package.decisions))
      add(out, f.is_error, std::move(f.where), std::move(f.code), std::move(f.message), std::move(f.message_da), std::move(f.remedy));
}

}  // namespace

std::vector<Finding> check(const Package& package) {
  std::vector<Finding> out = package.faults;
  if (package.manifest.value.is_object()) {
    check_document(package.manifest, manifest_schema(), "SG-MANIFEST", out);
    check_dates(package, out);
    check_relations(package, out);
    if (package.process && package.executable) check_executable(package, out);
    if (!package.files.contains("proces.bpmn") && package.manifest.value.has("proces"))
      add(out, true, package.manifest.where("/proces"), "SG-PROCESS", "the package has no proces.bpmn to find this process in", "Diagrammet mangler", "add proces.bpmn, or take 'proces' away");
    if (package.process) check_roles(package, out);
  } else if (out.empty()) {
    add(out, true, {.file = "arbejdsgang.yaml"}, "SG-MANIFEST", "the manifest is no mapping", "Manifestet er tomt eller forkert", "see docs/packages.md");
  }
  check_references(package, out);
  check_files(package, out);
  check_models(package, out);
  std::stable_sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) { return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column); });
  return out;
}

}  // namespace bank
