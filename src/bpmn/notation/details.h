// The lines indented under an element that state facts of it: one table for reading and writing.
#pragma once
#include <functional>

#include "bpmn/notation/draft.h"

namespace bpmn::notation {

bool is_detail(std::string_view keyword);
// Reads one detail line into the node; error invalid_bpmn where it does not fit the element.
base::Status read_detail(const Lines&, const Line&, Node&);
// Calls `line` with each detail of the node that has a word, in the order of words.def; `head` is as written before the colon.
void write_details(const Node&, const std::function<void(std::string_view keyword, const std::string& head, const std::string& value)>& line);
// Several lines of one detail are one text.
void append_line(std::string& text, bool& begun, std::string_view line);

}  // namespace bpmn::notation
