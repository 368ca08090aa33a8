// UTF-8 text. Lengths and positions of FEEL count code points; bytes never leave this room half.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace base {

bool valid_utf8(std::string_view);
std::size_t code_points(std::string_view utf8);
void append_utf8(std::string& out, char32_t);
std::u32string to_utf32(std::string_view);  // invalid bytes become U+FFFD
std::string to_utf8(std::u32string_view);
std::string upper(std::string_view);  // full Unicode mapping, root locale
std::string lower(std::string_view);
std::string_view trim(std::string_view);
std::vector<std::string_view> split(std::string_view, char);
std::string join(const std::vector<std::string>&, std::string_view separator);
bool starts_with_icase(std::string_view text, std::string_view prefix);  // ASCII letters
// Danish order (a … z æ ø å, aa = å): negative, 0, positive.
int collate_danish(std::string_view, std::string_view);
// Nearest of the names by edit distance ≤ 2 for "did you mean"; "" where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& names);
std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
Result<std::string> unbase64(std::string_view);

}  // namespace base
