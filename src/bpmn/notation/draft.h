// The second stage: lines → the facts of a model, still without XML. compose.h makes the XML of it.
#pragma once
#include <string>
#include <vector>

#include "bpmn/model.h"
#include "bpmn/notation/lines.h"

namespace bpmn::notation {

struct DataLink { int node; std::string data; bool writes; };

// Model without document: ids and indexes are set, `xml` pointers are not. References of events are ids.
struct Draft {
  Model model;
  std::vector<DataLink> data;
};

base::Result<Draft> read_draft(const Lines&);

// Facts shared by reader and writer.
std::string_view word_of(ElementType);
std::string_view word_of(EventKind);
bool is_container(ElementType);
bool is_gateway(ElementType);
bool is_event(ElementType);
bool is_activity(ElementType);
// What a timer's text is without a word before it; none where it needs one.
TimerKind timer_of(std::string_view expression);
inline constexpr std::string_view kTimerWords[] = {"", "dato", "varighed", "cyklus"};

}  // namespace bpmn::notation
