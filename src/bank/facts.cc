// What lists, facets and search need to know of a package, taken out of it once at import.
#include <set>

#include "bank/bank.h"
#include "dmn/model.h"

namespace bank {
namespace {

// One member of each item, every value once, in the order of the list.
base::Json distinct(const base::Json& list, const char* member) {
  base::Json out = base::Json::array();
  std::set<std::string> seen;
  for (const base::Json& item : list.is_array() ? list.as_array() : base::Json::Array{})
    if (const std::string value = item[member].string_or(""); !value.empty() && seen.insert(value).second) out.push(value);
  return out;
}

// Titles of forms and letters, names of data objects and stores: the documents of a workflow.
std::vector<std::pair<std::string, std::string>> documents(const Package& package) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, bytes] : package.files) {
    if (!name.ends_with(".brev")) continue;
    const std::size_t slash = name.rfind('/');
    out.emplace_back(name.substr(slash + 1, name.size() - slash - 6), "");
  }
  if (package.process)
    for (const auto& artifact : package.process->artifacts)
      if (artifact.kind.starts_with("data") && !artifact.name.empty()) out.emplace_back(artifact.name, artifact.id);
  return out;
}

}  // namespace

base::Json facts(const Package& package) {
  const base::Json& m = package.manifest.value;
  base::Json out = base::Json::object();
  out.set("slug", package.slug);
  out.set("title", package.title);
  out.set("summary", package.summary);
  out.set("domain", package.domain);
  out.set("kle", package.kle);
  out.set("kla", package.kla);
  out.set("kind", package.kind);
  out.set("pattern", package.pattern);
  out.set("runnable", package.executable);
  out.set("stars", m.at_pointer("/vurdering/stjerner"));
  out.set("catalogueNumber", m["katalognummer"]);
  out.set("validTo", m.at_pointer("/gyldig/til"));
  out.set("laws", distinct(m["jura"], "titel"));
  out.set("systems", distinct(m["systemer"], "slags"));
  return out;
}

std::vector<Part> parts(const Package& package) {
  const base::Json& m = package.manifest.value;
  std::vector<Part> out;
  const auto add = [&](const char* field, const std::string& text, const std::string& element = {}) {
    if (!text.empty()) out.push_back({field, text, element});
  };
  const auto each = [](const base::Json& list, auto call) {
    if (list.is_array())
      for (const base::Json& item : list.as_array()) call(item);
  };
  add("titel", package.title);
  add("resume", package.summary);
  add("domaene", package.domain);
  add("kle", package.kle);
  add("kla", package.kla);
  each(m["jura"], [&](const base::Json& law) {
    add("jura", law["titel"].string_or(""));
    add("jura", law["henvisning"].string_or(""));
  });
  each(m["systemer"], [&](const base::Json& system) { add("system", system["slags"].string_or("") + ": " + system["brug"].string_or("")); });
  each(m["blanketter"], [&](const base::Json& form) { add("blanket", form["titel"].string_or("")); });
  each(m["roller"], [&](const base::Json& role) { add("rolle", role.string_or("")); });
  if (m["katalognummer"].is_int()) add("katalognummer", m["katalognummer"].number_text());
  if (package.process)
    for (const auto& node : package.process->nodes) {
      add("aktivitet", node.name, node.id);
      add("beskrivelse", node.documentation, node.id);
      for (const auto& property : node.zeebe.properties)
        if (property.key == "lov") add("jura", property.value, node.id);
    }
  for (const auto& [name, element] : documents(package)) add("dokument", name, element);
  if (package.decisions)
    for (const auto& decision : package.decisions->decisions) add("beslutning", decision.name, decision.id);
  return out;
}

}  // namespace bank
