// The reader's parts, private to this room: one file per area fills its share of the same Model.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bpmn/model.h"

namespace bpmn::reader {

using base::xml::Element;

inline bool is_bpmn(const Element& element, std::string_view local) { return element.is(kBpmnNs, local); }
std::string id_of(const Element&);
std::string text_of(const Element& parent, std::string_view child);  // trimmed text of the first such BPMN child
std::string reference(const Element&, std::string_view attribute);   // local part of a QName attribute, "" when absent

// read.cc: the typed facts of a tree whose root is bpmn:definitions.
ModelPtr read_document(base::xml::Document, std::string_view file);
// zeebe.cc: the zeebe: elements inside extensionElements of any element.
Zeebe read_zeebe(const Element&);
// events.cc: definitions inside an event; `roots` resolves eventDefinitionRef.
std::vector<EventDefinition> read_events(const Element& event, const std::unordered_map<std::string, const Element*>& roots);
// loops.cc
std::optional<Loop> read_loop(const Element& activity);
// di.cc
void read_diagrams(const Element& definitions, Model&);

}  // namespace bpmn::reader
