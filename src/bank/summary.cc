#include "bank/summary.h"

#include <algorithm>

#include "dmn/model.h"

namespace bank {
namespace {

using base::Json;
using bpmn::ElementType;

std::string text(const Json& value) { return value.is_number() ? value.number_text() : value.string_or(""); }

template <class F>
void each(const Json& list, F&& call) {
  if (list.is_array())
    for (const Json& item : list.as_array()) call(item);
}

std::vector<std::string> strings(const Json& list) {
  std::vector<std::string> out;
  each(list, [&](const Json& item) {
    if (item.is_string()) out.push_back(item.as_string());
  });
  return out;
}

void add_once(std::vector<std::string>& to, const std::string& text) {
  if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
}

bool waits(const bpmn::Node& node) {
  return node.type == ElementType::intermediate_catch_event || node.type == ElementType::receive_task || node.type == ElementType::event_based_gateway;
}

void count(Summary& out, const bpmn::Model& model) {
  for (const bpmn::Node& node : model.nodes) {
    const std::string_view name = bpmn::xml_name(node.type);
    if (name.ends_with("Gateway")) out.choices += node.outgoing.size() > 1 ? 1 : 0;
    else if (!name.ends_with("Event")) ++out.activities;
    out.waits += waits(node) ? 1 : 0;
    if (node.type == ElementType::call_activity) out.calls.push_back({node.id, node.name.empty() ? node.id : node.name, property(node, "pakke")});
  }
  for (const bpmn::Artifact& one : model.artifacts)
    if (one.kind.starts_with("dataObject") || one.kind.starts_with("dataStore")) add_once(out.documents, one.name);
  std::sort(out.documents.begin(), out.documents.end());
}

}  // namespace

std::vector<std::string> properties(const bpmn::Node& node, std::string_view name) {
  std::vector<std::string> out;
  for (const bpmn::Header& one : node.zeebe.properties)
    if (one.key == name) out.push_back(one.value);
  return out;
}
std::string property(const bpmn::Node& node, std::string_view name) {
  auto all = properties(node, name);
  return all.empty() ? std::string() : std::move(all.front());
}

Summary summarize(const Package& package) {
  const Json& m = package.manifest.value;
  Summary out;
  out.slug = package.slug, out.title = package.title, out.text = package.summary, out.domain = package.domain;
  out.kle = package.kle, out.kla = package.kla, out.kind = package.kind, out.pattern = package.pattern, out.executable = package.executable;
  out.owner_role = text(m["ejerrolle"]), out.version = text(m["version"]);
  if (const Json& stars = m.at_pointer("/vurdering/stjerner"); stars.is_int()) out.stars = static_cast<int>(stars.as_int());
  if (m["katalognummer"].is_int()) out.catalogue_number = static_cast<int>(m["katalognummer"].as_int());
  out.stars_reason = text(m.at_pointer("/vurdering/begrundelse"));
  out.valid_from = text(m.at_pointer("/gyldig/fra")), out.valid_to = text(m.at_pointer("/gyldig/til")), out.review = text(m["gennemgang"]);
  out.decision = text(m["afgoerelse"]), out.automation = text(m.at_pointer("/automatik/grad")), out.automation_text = text(m.at_pointer("/automatik/beskrivelse"));
  out.legal_basis = text(m["hjemmel"]), out.remarks = text(m["bemaerkninger"]);
  out.keep_code = text(m.at_pointer("/bevaring/kode")), out.keep_period = text(m.at_pointer("/bevaring/slettefrist")), out.keep_text = text(m.at_pointer("/bevaring/bemaerkning"));
  each(m["jura"], [&](const Json& law) { out.law.push_back({text(law["titel"]), text(law["henvisning"]), text(law["url"]), text(law["verificeret"]), text(law["status"])}); });
  each(m["systemer"], [&](const Json& one) { out.systems.push_back({text(one["slags"]), text(one["brug"])}); });
  each(m["blanketter"], [&](const Json& one) { out.forms.push_back({text(one["titel"]), text(one["url"])}); });
  out.roles = strings(m["roller"]), out.derived_from = strings(m["afledt_af"]), out.replaces = strings(m["erstatter"]), out.see_also = strings(m["se_ogsaa"]);
  if (const Json& gain = m["gevinst"]; gain.is_object()) {
    Benefit benefit;
    if (gain["minutter_foer"].is_number()) benefit.minutes_before = gain["minutter_foer"].as_double();
    benefit.person_known = gain["minutter_ved_person"].is_number();
    if (benefit.person_known) benefit.minutes_person = gain["minutter_ved_person"].as_double();
    benefit.measured = text(gain["grundlag"]) == "maalt", benefit.source = text(gain["kilde"]);
    out.benefit = benefit;
  }
  if (package.process) count(out, *package.process);
  if (package.decisions) out.decisions = static_cast<int>(package.decisions->decisions.size());
  return out;
}

}  // namespace bank
