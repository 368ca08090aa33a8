// Process diagrams as plain text for authors: docs/notation.md. Text → model and model → text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "bpmn/model.h"

namespace bpmn {

// The model of an outline, without positions (layout makes them). Errors: invalid_bpmn and limit_exceeded with line,
// column and what would be right.
base::Result<ModelPtr> from_text(std::string_view text, std::string_view file);

struct Outline {
  std::string text;                     // canonical: from_text() and to_text() of it give the same text
  std::vector<base::Error> left_out;    // what the notation has no words for, each with its place
};
Outline to_text(const Model&);

}  // namespace bpmn
