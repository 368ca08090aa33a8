#include "bpmn/notation/ids.h"

#include <algorithm>

#include "base/text.h"

namespace bpmn::notation {
namespace {

std::string_view ascii_of(char32_t letter) {
  switch (letter) {
    case U'æ': case U'ä': return "ae";
    case U'ø': case U'ö': return "oe";
    case U'å': return "aa";
    case U'é': case U'è': case U'ê': case U'ë': return "e";
    case U'á': case U'à': case U'â': return "a";
    case U'ü': case U'ú': case U'ù': return "u";
    case U'ó': case U'ò': case U'ô': return "o";
    case U'í': case U'ì': case U'î': return "i";
    case U'ß': return "ss";
    default: return {};
  }
}

}  // namespace

std::string slug(std::string_view name, char joint) {
  std::string out;
  bool gap = false;
  for (const char32_t letter : base::to_utf32(base::lower(name))) {
    std::string piece(ascii_of(letter));
    if ((letter >= U'a' && letter <= U'z') || (letter >= U'0' && letter <= U'9')) piece = std::string(1, static_cast<char>(letter));
    if (piece.empty()) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += joint;
    gap = false;
    out += piece;
  }
  if (out.size() > kIdLength) out.resize(kIdLength);
  while (!out.empty() && out.back() == joint) out.pop_back();
  if (!out.empty() && out[0] >= '0' && out[0] <= '9') out.insert(0, "_");
  return out;
}

bool is_id(std::string_view id) {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  return !id.empty() && starts(id[0]) &&
         std::ranges::all_of(id, [&](char c) { return starts(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

std::string Ids::free(const std::string& base) const {
  if (!taken(base)) return base;
  for (int number = 2;; ++number)
    if (std::string id = base + "_" + std::to_string(number); !taken(id)) return id;
}

}  // namespace bpmn::notation
