// Inside the room: FEEL text → tokens. Names may hold spaces and signs, so the parser joins words to names (parser.h).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace feel {

enum class TokenKind : std::uint8_t { end, word, number, string, at_string, symbol };

struct Token {
  TokenKind kind = TokenKind::end;
  bool space_before = false;
  std::uint32_t offset = 0;  // bytes from the start of the text
  std::string_view text;     // as written
  std::string value;         // of a string: escapes resolved
};

struct LexError {
  std::uint32_t offset = 0;
  std::string message, remedy;
};

// The tokens, closed by one of kind `end`. The text must outlive them.
std::expected<std::vector<Token>, LexError> tokenize(std::string_view text);

}  // namespace feel
