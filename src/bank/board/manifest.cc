#include "bank/board/manifest.h"

#include <algorithm>
#include <set>

#include "bank/board/view.h"

namespace bank::board {
namespace {

using base::Json;

bool scalar(const Json& value) { return !(value.is_array() || value.is_object()) || value.size() == 0; }

void yaml_to(std::string& out, const Json& value, int depth, bool in_list) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  bool first = in_list;  // the first member stands behind the dash
  if (value.is_array()) {
    for (const Json& item : value.as_array()) {
      out += indent + "- ";
      if (scalar(item)) out += item.dump() + "\n";
      else yaml_to(out, item, depth + 1, true);
    }
    return;
  }
  for (const auto& [name, item] : value.as_object()) {
    out += (first ? std::string() : indent) + name + ":";
    first = false;
    if (scalar(item)) {
      out += " " + item.dump() + "\n";
      continue;
    }
    out += "\n";
    yaml_to(out, item, depth + 1, false);
  }
}

const std::string& first_of(const std::string& wanted, const std::string& otherwise) { return wanted.empty() ? otherwise : wanted; }

// Everything that the sources list under a name, each once by `key`.
Json gathered(const std::vector<std::shared_ptr<const Package>>& sources, const char* name, const char* key) {
  Json out = Json::array();
  std::set<std::string> seen;
  for (const auto& source : sources) {
    const Json& list = source->manifest.value[name];
    for (const Json& one : list.is_array() ? list.as_array() : Json::Array{})
      if (seen.insert(one[key].string_or("")).second) out.push(one);
  }
  return out;
}

std::string remarks(const State& state) {
  std::string out = "Tegnet af en tavle med kort.";
  if (!state.field("problem").empty()) out += " Problem: " + state.field("problem");
  if (!state.field("vision").empty()) out += " Vision: " + state.field("vision");
  for (const Line& goal : state.goals) out += " Mål: " + goal.text;
  const Figures now = state_figures(state);
  if (!state.field("beforeLead").empty()) out += " Forløbet tog før " + words(parse_range(state.field("beforeLead")).value_or(Range{})) + ".";
  if (now.lead.high > 0) out += " Forløbet tager " + words(now.lead) + ", behandlingen " + words(now.handling) + " (anslået på tavlen).";
  return out;
}

}  // namespace

std::string yaml(const Json& value) {
  std::string out;
  yaml_to(out, value, 0, false);
  return out;
}

std::string manifest(const State& state, const Target& target, const std::vector<std::shared_ptr<const Package>>& sources, const std::vector<std::string>& slugs, int version) {
  static const Json kNothing = Json::object();
  const Json& from = sources.empty() ? kNothing : sources.front()->manifest.value;
  const auto inherited = [&](const char* name, const Json& otherwise) { return from.has(name) && !from[name].is_null() ? from[name] : otherwise; };
  Json out = Json::Object{{"format", 1}};
  out.set("titel", first_of(target.title, state.field("title")));
  out.set("resume", first_of(target.summary, first_of(from["resume"].string_or(""), state.field("title") + ", tegnet af en tavle med kort.")));
  out.set("domaene", first_of(target.domain, from["domaene"].string_or("Tværgående")));
  out.set("kle", first_of(target.kle, from["kle"].string_or("00")));
  if (from["kla"].is_string()) out.set("kla", from["kla"]);
  out.set("art", first_of(target.kind, "lokal"));
  out.set("moenster", false);
  out.set("ejerrolle", first_of(target.owner_role, from["ejerrolle"].string_or("Leder")));
  out.set("version", "1." + std::to_string(version - 1) + ".0");
  if (!slugs.empty()) out.set("afledt_af", texts_json(slugs));
  out.set("jura", gathered(sources, "jura", "titel"));
  out.set("afgoerelse", inherited("afgoerelse", "ingen"));
  out.set("automatik", Json::Object{{"grad", "ingen"}, {"beskrivelse", "Diagrammet er tegnet af en tavle med kort; det kan ikke køres endnu."}});
  out.set("hjemmel", inherited("hjemmel", "Ikke beskrevet endnu."));
  out.set("bevaring", inherited("bevaring", Json::Object{{"kode", "K"}, {"slettefrist", nullptr}, {"bemaerkning", "Ikke besluttet endnu."}}));
  out.set("systemer", gathered(sources, "systemer", "slags"));
  Json roles = Json::array(), forms = gathered(sources, "blanketter", "titel");
  for (const Line& role : state.roles)
    if (std::any_of(state.cards.begin(), state.cards.end(), [&](const auto& c) { return c.second.role == role.id; })) roles.push(role.text);
  for (const std::string& id : state.order) {
    const Card& card = state.cards.at(id);
    const std::string& title = first_of(card.field("document"), card.field("text"));
    const auto known = [&](const Json& form) { return form["titel"].string_or("") == title; };
    if (card.field("kind") == "form" && std::none_of(forms.as_array().begin(), forms.as_array().end(), known)) forms.push(Json::Object{{"titel", title}});
  }
  out.set("roller", std::move(roles));
  if (forms.size() > 0) out.set("blanketter", std::move(forms));
  out.set("bemaerkninger", remarks(state));
  return yaml(out);
}

}  // namespace bank::board
