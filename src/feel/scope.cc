#include "feel/scope.h"

#include <algorithm>
#include <array>

namespace feel {

std::size_t spelled(std::string_view name, const std::vector<Token>& tokens, std::size_t at) {
  const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  std::size_t pos = 0, count = 0;
  while (pos < name.size() && space(name[pos])) ++pos;
  while (true) {
    const Token& token = tokens[at + count];
    if (token.kind == TokenKind::end || token.text.empty() || !name.substr(pos).starts_with(token.text)) return 0;
    pos += token.text.size();
    ++count;
    const std::size_t before = pos;
    while (pos < name.size() && space(name[pos])) ++pos;
    if (pos == name.size()) return count;
    if (tokens[at + count].space_before != (pos > before)) return 0;
  }
}

Match longest(const std::vector<Scope>& scopes, const std::vector<Token>& tokens, std::size_t at) {
  Match best;
  for (std::size_t s = scopes.size(); s-- > 0;) {
    const auto& names = scopes[s].all();
    for (std::size_t i = names.size(); i-- > 0;) {  // the latest declaration first
      const std::size_t count = spelled(names[i].name, tokens, at);
      if (count > best.tokens) best = {count, s, i};
    }
  }
  return best;
}

std::span<const std::string_view> reserved_words() {
  static constexpr std::array<std::string_view, 17> kWords = {"and", "between", "else", "every", "false", "for", "function", "if", "in",
                                                              "instance", "null", "or", "return", "satisfies", "some", "then", "true"};
  return kWords;
}
bool is_reserved(std::string_view word) { return std::ranges::binary_search(reserved_words(), word); }

std::size_t word_run(const std::vector<Token>& tokens, std::size_t at) {
  std::size_t count = 0;
  while (tokens[at + count].kind == TokenKind::word && (count == 0 || !is_reserved(tokens[at + count].text))) ++count;
  return count;
}

std::string spelling(const std::vector<Token>& tokens, std::size_t from, std::size_t count) {
  std::string name;
  for (std::size_t i = from; i < from + count; ++i) {
    if (i > from && tokens[i].space_before) name += ' ';
    name += tokens[i].text;
  }
  return name;
}

}  // namespace feel
