// A piece of a workflow that is searched and shown as the place of a hit.
#pragma once
#include <string>

namespace bank {

struct Part { std::string field, text, element; };  // field "titel", "aktivitet", "jura" …; element: id in the diagram, "" for none

}  // namespace bank
