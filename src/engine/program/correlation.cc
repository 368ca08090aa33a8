#include "engine/program/correlation.h"

#include <map>
#include <vector>

#include "base/text.h"
#include "bpmn/reader.h"

namespace engine {

using base::xml::Element;
using bpmn::kBpmnNs;

namespace {

std::string path_of(const Element& holder, std::string_view child) {
  std::string text = bpmn::reader::text_of(holder, child);
  return text.starts_with('=') ? text.substr(1) : text;
}

// property → expression that reads it from the message; empty where the message does not carry it.
std::string message_path(const Element& root, std::string_view property, const std::string& message) {
  for (const Element* one : root.children_named(kBpmnNs, "correlationProperty")) {
    if (bpmn::reader::id_of(*one) != property) continue;
    for (const Element* how : one->children_named(kBpmnNs, "correlationPropertyRetrievalExpression"))
      if (bpmn::reader::reference(*how, "messageRef") == message) return path_of(*how, "messagePath");
  }
  return {};
}

std::string joined(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts[0];
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : " + \"|\" + ") + ("string(" + part + ")");
  return all;  // a part that is missing makes it null, which is an incident and never another key
}

}  // namespace

std::string correlation_text(const bpmn::Model& model, int process, const std::string& message, bool catches) {
  const Element& root = *model.document.root;
  std::map<std::string, std::map<std::string, std::string>> bindings;  // correlation key → property → data path
  for (const Element* one : model.processes[static_cast<std::size_t>(process)].xml->children_named(kBpmnNs, "correlationSubscription"))
    for (const Element* binding : one->children_named(kBpmnNs, "correlationPropertyBinding"))
      bindings[bpmn::reader::reference(*one, "correlationKeyRef")][bpmn::reader::reference(*binding, "correlationPropertyRef")] = path_of(*binding, "dataPath");
  for (const Element* collaboration : root.elements()) {
    if (collaboration->ns != kBpmnNs) continue;
    for (const Element* key : collaboration->children_named(kBpmnNs, "correlationKey")) {
      const auto bound = bindings.find(bpmn::reader::id_of(*key));
      if (catches && bound == bindings.end()) continue;
      std::vector<std::string> parts;
      bool whole = true;
      for (const Element* ref : key->children_named(kBpmnNs, "correlationPropertyRef")) {
        const std::string property(bpmn::local_part(ref->text())), carried = message_path(root, property, message);
        const std::string part = !catches ? carried : carried.empty() || !bound->second.contains(property) ? std::string() : bound->second.at(property);
        whole = whole && !part.empty();
        parts.push_back(part);
      }
      if (whole && !parts.empty()) return joined(parts);
    }
  }
  return {};
}

}  // namespace engine
