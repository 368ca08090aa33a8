// Grammar rules 27–36 and 55–62 of DMN 1.5 section 10.3.1.2: names' characters, literals, comments, white space.
#include "base/text.h"
#include "feel/token.h"

namespace feel {
namespace {

// One code point at `at`; size 0 where the text ends, U+FFFD for a broken byte.
struct Point {
  char32_t code = 0;
  std::size_t size = 0;
};

Point point_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (size == 1 || at + size > text.size()) return {0xfffd, 1};
  char32_t code = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3fu);
  return {code, size};
}

bool is_space(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x200b) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000 || c == 0xfeff;
}
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
// Every code point above ASCII that is no space may stand in a name: the grammar's ranges and the emoji beyond them.
bool is_name_start(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= 0x80 && !is_space(c)); }
bool is_name_part(char32_t c) { return is_name_start(c) || is_digit(c); }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { tokens_.reserve(text.size() / 3 + 2); }

  std::expected<std::vector<Token>, LexError> run() {
    while (true) {
      bool space = false;
      if (!skip(space)) return std::unexpected(error_);
      Token token;
      token.space_before = space;
      token.offset = static_cast<std::uint32_t>(at_);
      if (at_ == text_.size()) {
        tokens_.push_back(token);
        return std::move(tokens_);
      }
      if (!read(token)) return std::unexpected(error_);
      token.text = text_.substr(token.offset, at_ - token.offset);
      tokens_.push_back(std::move(token));
    }
  }

 private:
  bool fail(std::size_t offset, std::string message, std::string remedy) {
    error_ = {static_cast<std::uint32_t>(offset), std::move(message), std::move(remedy)};
    return false;
  }
  char32_t peek(std::size_t ahead = 0) const { return point_at(text_, at_ + ahead).code; }
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  // White space and comments.
  bool skip(bool& space) {
    while (at_ < text_.size()) {
      if (starts("//")) {
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      } else if (starts("/*")) {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) return fail(at_, "a comment is not closed", "close it with */");
        at_ = end + 2;
      } else if (const Point p = point_at(text_, at_); is_space(p.code)) {
        at_ += p.size;
      } else {
        return true;
      }
      space = true;
    }
    return true;
  }

  bool read(Token& token) {
    const Point p = point_at(text_, at_);
    if (p.code == '"') return read_string(token);
    if (p.code == '@' && peek(1) == '"') {
      ++at_;
      const bool ok = read_string(token);
      token.kind = TokenKind::at_string;
      return ok;
    }
    if (is_digit(p.code) || (p.code == '.' && is_digit(peek(1)))) return read_number(token);
    if (is_name_start(p.code)) {
      token.kind = TokenKind::word;
      for (Point q = p; q.size != 0 && is_name_part(q.code); q = point_at(text_, at_)) at_ += q.size;
      return true;
    }
    token.kind = TokenKind::symbol;
    for (const std::string_view two : {"..", "**", "->", "<=", ">=", "!="}) {
      if (starts(two)) {
        at_ += 2;
        return true;
      }
    }
    at_ += p.size;
    return true;
  }

  void digits() {
    while (is_digit(peek())) ++at_;
  }

  bool read_number(Token& token) {
    token.kind = TokenKind::number;
    digits();
    if (peek() == '.' && is_digit(peek(1))) {
      ++at_;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
      if (is_digit(peek(1 + sign))) {
        at_ += 1 + sign;
        digits();
      }
    }
    return true;
  }

  bool read_string(Token& token) {
    token.kind = TokenKind::string;
    const std::size_t start = at_++;
    while (true) {
      const Point p = point_at(text_, at_);
      if (p.size == 0) return fail(start, "a string is not closed", "close it with \"");
      if (p.code == '"') break;
      if (p.code == '\\') {
        if (!read_escape(token.value)) return false;
        continue;
      }
      base::append_utf8(token.value, p.code);
      at_ += p.size;
    }
    ++at_;
    return true;
  }

  bool hex(std::size_t at, std::size_t count, char32_t& out) const {
    if (at + count > text_.size()) return false;
    out = 0;
    for (const char c : text_.substr(at, count)) {
      const int digit = is_digit(static_cast<unsigned char>(c)) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
      if (digit < 0) return false;
      out = out * 16 + static_cast<char32_t>(digit);
    }
    return true;
  }

  // A backslash that starts no escape of rule 64 stands for itself, so that regular expressions read as written.
  bool read_escape(std::string& out) {
    static constexpr std::string_view kLetters = "'\"\\nrt", kMeant = "'\"\\\n\r\t";
    const char letter = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (const auto i = kLetters.find(letter); letter != '\0' && i != std::string_view::npos) {
      out += kMeant[i];
      at_ += 2;
      return true;
    }
    char32_t code = 0;
    if (letter == 'U' && hex(at_ + 2, 6, code) && code <= 0x10ffff) {
      base::append_utf8(out, code);
      at_ += 8;
      return true;
    }
    if (letter == 'u' && hex(at_ + 2, 4, code)) {
      char32_t low = 0;
      at_ += 6;
      if (code >= 0xd800 && code < 0xdc00 && starts("\\u") && hex(at_ + 2, 4, low) && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at_ += 6;
      }
      base::append_utf8(out, code);
      return true;
    }
    out += '\\';
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  LexError error_;
};

}  // namespace

std::expected<std::vector<Token>, LexError> tokenize(std::string_view text) {
  if (!base::valid_utf8(text)) return std::unexpected(LexError{0, "the text is not UTF-8", "save it as UTF-8"});
  return Lexer(text).run();
}

}  // namespace feel
