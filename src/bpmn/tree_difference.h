// Are two XML trees the same document? The judge of the round trip.
#pragma once
#include <string>

#include "base/xml.h"

namespace bpmn {

// "" when both have the same elements, namespaces, attributes (in any order), text and comments (in order); otherwise the
// first difference as a sentence with its place. Blank text between elements does not count; prefixes do not either.
std::string tree_difference(const base::xml::Document& expected, const base::xml::Document& actual);

}  // namespace bpmn
