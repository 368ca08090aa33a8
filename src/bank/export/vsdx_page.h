// One diagram as the shapes and connects of a Visio page. Private to export/.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bpmn/model.h"

namespace bank::visio_out {

// Masters that the pages use, in the order of their first use: NameU → ID.
using Masters = std::vector<std::string>;
int master_id(Masters&, const std::string& name);
bool is_line(std::string_view master);

struct PageText { std::string name, sheet, shapes, connects; };
PageText page_of(const bpmn::Model&, const bpmn::Diagram&, int number, Masters&);
std::string master_text(const std::string& name);   // its shape
std::string cell(std::string_view name, double value);
std::string cell(std::string_view name, std::string_view value);

}  // namespace bank::visio_out
