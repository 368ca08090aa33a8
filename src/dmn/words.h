// Cells of a decision table as a person reads them: `> 468` is "mere end 468", `[1..3]` is "fra 1 til 3". What has no simple words
// stays as it is written.
#pragma once
#include <string>
#include <string_view>

#include "feel/reason.h"

namespace dmn {

// An input cell (unary tests); "" for "-" and an empty cell: it asks nothing.
std::string test_in_words(std::string_view cell, feel::Language);
// An output cell or a single literal: "x" without its quotes, dates and booleans in words.
std::string literal_in_words(std::string_view text, feel::Language);

}  // namespace dmn
