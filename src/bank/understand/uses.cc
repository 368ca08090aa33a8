#include "bank/understand/uses.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/xml.h"

namespace bank::understand {
namespace {

using base::Json;

template <class F>
void each(const Json& list, F&& call) {
  if (list.is_array())
    for (const Json& item : list.as_array()) call(item);
}

class Collector {
 public:
  explicit Collector(const Package& package) : package_(package), manifest_(package.manifest.value) {}

  std::vector<Use> run() {
    from_manifest();
    if (package_.process) from_diagram(*package_.process);
    for (const auto& [path, content] : package_.files) from_file(path, content);
    return std::move(out_);
  }

 private:
  Use* add(const char* kind, const std::string& title, const bpmn::Node* node = nullptr, std::string detail = {}) {
    const std::string trimmed(base::trim(title));
    if (trimmed.empty()) return nullptr;
    std::string key = register_key(trimmed);
    if (key.empty() || !seen_.insert({kind, key, node == nullptr ? "" : node->id, detail}).second) return nullptr;
    out_.push_back({kind, std::move(key), trimmed, node == nullptr ? "" : node->id, node == nullptr ? "" : node->name, std::move(detail), {}, {}, {}, {}});
    return &out_.back();
  }
  void add_slug(const char* kind, const std::string& slug, const bpmn::Node* node = nullptr) {
    if (!valid_slug(slug) || !seen_.insert({kind, slug, node == nullptr ? "" : node->id, ""}).second) return;
    out_.push_back({kind, slug, slug, node == nullptr ? "" : node->id, node == nullptr ? "" : node->name, {}, {}, {}, {}, {}});
  }

  void from_manifest() {
    each(manifest_["roller"], [&](const Json& role) { add("rolle", role.string_or("")); });
    add("ejer", manifest_["ejerrolle"].string_or(""));
    each(manifest_["systemer"], [&](const Json& s) { add("system", s["slags"].string_or(""), nullptr, s["brug"].string_or("")); });
    each(manifest_["blanketter"], [&](const Json& form) {
      if (Use* use = add("blanket", form["titel"].string_or(""))) use->url = form["url"].string_or("");
    });
    each(manifest_["jura"], [&](const Json& law) {
      Use* use = add("lov", law["titel"].string_or(""), nullptr, law["henvisning"].string_or(""));
      if (use == nullptr) return;
      laws_.push_back(use->title);
      use->url = law["url"].string_or("");
      use->eli = law["eli"].string_or("");
      use->verified = law["verificeret"].string_or("");
      use->due = law["naeste_kontrol"].string_or("");
    });
    each(manifest_["afledt_af"], [&](const Json& slug) { add_slug("afledt", slug.string_or("")); });
    each(manifest_["erstatter"], [&](const Json& slug) { add_slug("erstatter", slug.string_or("")); });
  }

  void from_diagram(const bpmn::Model& model) {
    std::map<int, int> lane_of;  // node → innermost lane
    for (std::size_t l = 0; l < model.lanes.size(); ++l)
      for (const int n : model.lanes[l].nodes) lane_of[n] = static_cast<int>(l);
    std::map<std::string, std::string> data;  // id → name
    for (const auto& artifact : model.artifacts)
      if (artifact.kind.starts_with("data") && !artifact.name.empty()) data[artifact.id] = artifact.name;
    for (std::size_t n = 0; n < model.nodes.size(); ++n) {
      const bpmn::Node& node = model.nodes[n];
      int inside = static_cast<int>(n);
      while (!lane_of.contains(inside) && model.nodes[inside].parent >= 0) inside = model.nodes[inside].parent;
      if (const auto lane = lane_of.find(inside); lane != lane_of.end() && performed(node)) add("rolle", model.lanes[lane->second].name, &node);
      for (const auto& property : node.zeebe.properties) {
        if (property.key == "pakke") add_slug("kald", property.value, &node);
        if (property.key == "lov") cite_law(node, property.value);
      }
      documents(node, data);
    }
    for (const auto& [id, name] : data) add("dokument", name);
  }

  // Gateways and events are nobody's work.
  static bool performed(const bpmn::Node& node) {
    const auto name = bpmn::xml_name(node.type);
    return name.ends_with("ask") || name == "callActivity" || name == "subProcess" || name == "adHocSubProcess" || name == "transaction";
  }

  void cite_law(const bpmn::Node& node, const std::string& text) {
    const Citation citation = cite(text, laws_);
    add("lov", citation.law, &node, citation.reference);
  }

  void documents(const bpmn::Node& node, const std::map<std::string, std::string>& data) {
    if (node.xml == nullptr) return;
    const auto read = [&](const char* association, const char* end, const char* direction) {
      for (const auto* one : node.xml->children_named(bpmn::kBpmnNs, association))
        for (const auto* reference : one->children_named(bpmn::kBpmnNs, end))
          if (const auto found = data.find(std::string(bpmn::local_part(reference->text()))); found != data.end()) add("dokument", found->second, &node, direction);
    };
    read("dataInputAssociation", "sourceRef", "ind");
    read("dataOutputAssociation", "targetRef", "ud");
  }

  void from_file(const std::string& path, const std::string& content) {
    const auto stem = [&] { return path.substr(path.rfind('/') + 1, path.rfind('.') - path.rfind('/') - 1); };
    if (path.starts_with("breve/")) add("dokument", stem(), nullptr, "ud");
    if (!path.starts_with("formularer/") || !path.ends_with(".form")) return;
    const auto form = base::parse_json(content, path);
    const std::string title = form ? (*form)["title"].string_or("") : std::string();
    add("blanket", title.empty() ? stem() : title);
  }

  const Package& package_;
  const Json& manifest_;
  std::vector<Use> out_;
  std::vector<std::string> laws_;
  std::set<std::vector<std::string>> seen_;
};

}  // namespace

std::vector<Use> uses(const Package& package) { return Collector(package).run(); }

std::string register_key(std::string_view title) {
  std::string out;
  for (const char32_t c : base::to_utf32(base::lower(title))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += static_cast<char>(c);
    else if (c == U'æ') out += "ae";
    else if (c == U'ø') out += "oe";
    else if (c == U'å') out += "aa";
    else if (c == U'é') out += 'e';
    else if (c == U'§') out += "par";
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.substr(0, 120);
}

Citation cite(std::string_view property, const std::vector<std::string>& titles) {
  const std::string_view text = base::trim(property);
  std::string_view law;
  for (const std::string& title : titles) {
    const bool whole = text.size() == title.size() || (text.size() > title.size() && (text[title.size()] == ' ' || text[title.size()] == ',' || text[title.size()] == ':'));
    if (text.starts_with(title) && whole && title.size() > law.size()) law = text.substr(0, title.size());
  }
  if (law.empty()) {  // a law that the manifest does not list: up to where the place in it begins
    std::size_t cut = text.size();
    for (const std::string_view mark : {" §", ",", " kapitel ", " kap. ", " artikel ", " art. ", ":"}) cut = std::min(cut, text.find(mark));
    law = text.substr(0, cut);
  }
  std::string_view rest = text.substr(law.size());
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',' || rest.front() == ':')) rest.remove_prefix(1);
  return {std::string(base::trim(law)), std::string(rest)};
}

}  // namespace bank::understand
