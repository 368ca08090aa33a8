// Inside the room: tokens → tree (grammar of DMN 1.5 section 10.3.1.2). Names with spaces, signs and keywords are read by
// longest match against the names in scope; words that match nothing run together to one unknown name.
#pragma once
#include <expected>
#include <string_view>

#include "feel/feel.h"
#include "feel/token.h"
#include "feel/tree.h"

namespace feel {

struct ParseError {
  base::ErrorCode code = base::ErrorCode::invalid_feel;
  std::uint32_t offset = 0;
  std::string message, remedy;
};

// With the position in the options' file.
base::Error located(const ParseError&, std::string_view text, const CompileOptions&);

std::expected<Tree, ParseError> parse_expression(std::string_view text, const CompileOptions&);
// Root: Op::in over the variable "?" (always variable 0), `sign` 1; 3 where the tests stand in not(…). No root for "-".
std::expected<Tree, ParseError> parse_unary_tests(std::string_view text, const CompileOptions&);

// A type's text ("list<number>"); named types from the options.
std::expected<TypePtr, ParseError> parse_type(std::string_view text, const CompileOptions&);

}  // namespace feel
