#include "dmn/reader.h"

namespace dmn {

SourceText::SourceText(std::string_view bytes) : bytes_(bytes) {
  lines_.push_back(0);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] == '\n') lines_.push_back(i + 1);
}

Position SourceText::content(const base::xml::Element& element) const {
  const Position tag{element.line, element.column};
  if (tag.line < 1 || static_cast<std::size_t>(tag.line) > lines_.size() || tag.column < 1) return tag;
  std::size_t at = lines_[tag.line - 1] + tag.column - 1;
  if (at >= bytes_.size() || bytes_[at] != '<') return tag;  // another encoding than UTF-8
  char quote = 0;
  while (at < bytes_.size() && (quote != 0 || bytes_[at] != '>')) {
    const char c = bytes_[at++];
    if (quote != 0) quote = c == quote ? 0 : quote;
    else if (c == '"' || c == '\'') quote = c;
  }
  if (at >= bytes_.size()) return tag;
  ++at;
  constexpr std::string_view kCdata = "<![CDATA[";
  if (bytes_.substr(at, kCdata.size()) == kCdata) at += kCdata.size();
  std::size_t line = tag.line - 1;
  while (line + 1 < lines_.size() && lines_[line + 1] <= at) ++line;
  return {static_cast<int>(line + 1), static_cast<int>(at - lines_[line] + 1)};
}

}  // namespace dmn
