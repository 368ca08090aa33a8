// XML Schema regular expressions (XML Schema 1.1 part 2 appendix G, with the XPath additions of XPath and XQuery Functions
// 3.1 section 5.6.1) to PCRE2. What XPath does not know (look-around, \b, possessive quantifiers …) is refused.
#include <unicode/uchar.h>
#include <unicode/uset.h>

#include <algorithm>

#include "base/text.h"
#include "feel/regex.h"

namespace feel {
namespace {

using Ranges = std::vector<std::pair<char32_t, char32_t>>;  // ascending, apart

constexpr int kClassDepth = 20;  // subtraction in subtraction

Ranges complement(const Ranges& of) {
  Ranges out;
  char32_t from = 0;
  for (const auto& [low, high] : of) {
    if (low > from) out.emplace_back(from, low - 1);
    from = high + 1;
  }
  if (from <= 0x10ffff) out.emplace_back(from, 0x10ffff);
  return out;
}

// \i and \c: the first and the further characters of XML names.
const Ranges& name_start() {
  static const Ranges kRanges = {{':', ':'},     {'A', 'Z'},       {'_', '_'},       {'a', 'z'},       {0xc0, 0xd6},     {0xd8, 0xf6},
                                 {0xf8, 0x2ff},  {0x370, 0x37d},   {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
                                 {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}};
  return kRanges;
}
const Ranges& name_part() {
  static const Ranges kRanges = [] {
    Ranges all = name_start();
    for (const auto& range : Ranges{{'-', '.'}, {'0', '9'}, {0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}}) all.push_back(range);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return kRanges;
}

bool block_ranges(std::string_view name, Ranges& out) {
  const std::string block(name);
  const int32_t value = u_getPropertyValueEnum(UCHAR_BLOCK, block.c_str());
  if (value == UCHAR_INVALID_CODE) return false;
  UErrorCode status = U_ZERO_ERROR;
  USet* set = uset_openEmpty();
  uset_applyIntPropertyValue(set, UCHAR_BLOCK, value, &status);
  for (int32_t i = 0; U_SUCCESS(status) && i < uset_getItemCount(set); ++i) {
    UChar32 low, high;
    UErrorCode item = U_ZERO_ERROR;
    if (uset_getItem(set, i, &low, &high, nullptr, 0, &item) == 0) out.emplace_back(static_cast<char32_t>(low), static_cast<char32_t>(high));
  }
  uset_close(set);
  return U_SUCCESS(status);
}

std::string code_text(char32_t c) {
  char buffer[24];
  std::snprintf(buffer, sizeof buffer, "\\x{%x}", static_cast<unsigned>(c));
  return buffer;
}

// Ranges as the inside of a PCRE2 class; surrogates cannot be named in UTF mode.
std::string class_text(const Ranges& ranges) {
  std::string out;
  const auto add = [&](char32_t low, char32_t high) {
    if (low > high) return;
    out += code_text(low);
    if (high > low) out += "-" + code_text(high);
  };
  for (const auto& [low, high] : ranges) {
    if (high < 0xd800 || low > 0xdfff) {
      add(low, high);
    } else {
      if (low < 0xd800) add(low, 0xd7ff);
      if (high > 0xdfff) add(0xe000, high);
    }
  }
  return out;
}

class Translator {
 public:
  Translator(std::string_view pattern, bool free_spacing) : free_spacing_(free_spacing) { in_ = base::to_utf32(pattern); }

  base::Result<std::string> run() {
    if (free_spacing_) drop_blanks();
    if (!expression()) return base::fail(base::ErrorCode::invalid_feel, error_);
    return std::move(out_);
  }

 private:
  bool wrong(std::string what) {
    if (error_.empty()) error_ = std::move(what);
    return false;
  }
  bool end() const { return at_ >= in_.size(); }
  char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : 0; }
  bool take(char32_t c) {
    if (end() || in_[at_] != c) return false;
    ++at_;
    return true;
  }

  // Flag x: white space outside classes counts for nothing, also inside \p{ }.
  void drop_blanks() {
    std::u32string kept;
    int depth = 0;
    for (std::size_t i = 0; i < in_.size(); ++i) {
      const char32_t c = in_[i];
      if (c == '\\') {  // outside a class blanks go even between a backslash and its letter
        kept += c;
        while (depth == 0 && i + 1 < in_.size() && blank(in_[i + 1])) ++i;
        if (i + 1 < in_.size()) kept += in_[++i];
        continue;
      }
      if (c == '[') ++depth;
      if (c == ']' && depth > 0) --depth;
      if (depth > 0 || !blank(c)) kept += c;
    }
    in_ = std::move(kept);
  }

  static bool blank(char32_t c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  static bool digit(char32_t c) { return c >= '0' && c <= '9'; }

  void literal(char32_t c) {
    if (c < 0x80 && !digit(c) && !((c | 32) >= 'a' && (c | 32) <= 'z')) {
      out_ += code_text(c);
    } else {
      base::append_utf8(out_, c);
    }
  }

  bool expression() {
    bool quantifiable = false;
    while (!end()) {
      const char32_t c = in_[at_];
      switch (c) {
        case '(': {
          ++at_;
          bool capturing = true;
          if (peek() == '?') {
            if (peek(1) != ':') return wrong("(? is only known as (?:");
            at_ += 2;
            capturing = false;
          }
          out_ += capturing ? "(" : "(?:";
          open_.push_back(capturing ? ++groups_ : 0);
          closed_.resize(groups_ + 1);
          quantifiable = false;
          break;
        }
        case ')':
          ++at_;
          if (open_.empty()) return wrong("a ) has no (");
          closed_[open_.back()] = true;
          open_.pop_back();
          out_ += ')';
          quantifiable = true;
          break;
        case '|':
          ++at_;
          out_ += '|';
          quantifiable = false;
          break;
        case '*': case '+': case '?': case '{':
          if (!quantifiable) return wrong("a quantifier has nothing before it");
          if (!quantifier()) return false;
          quantifiable = false;
          break;
        case '[':
          if (!char_class(0)) return false;
          quantifiable = true;
          break;
        case ']': return wrong("a ] has no [; write \\]");
        case '}': return wrong("a } has no {; write \\}");
        case '.':
          ++at_;
          out_ += "[^\\n\\r]";
          quantifiable = true;
          break;
        case '^': case '$':
          ++at_;
          out_ += static_cast<char>(c);
          quantifiable = false;
          break;
        case '\\':
          if (!escape()) return false;
          quantifiable = true;
          break;
        default:
          ++at_;
          literal(c);
          quantifiable = true;
      }
    }
    return open_.empty() || wrong("a ( is not closed");
  }

  bool quantifier() {
    const char32_t c = in_[at_++];
    if (c == '{') {
      std::string low, high;
      bool comma = false;
      while (digit(peek())) low += static_cast<char>(in_[at_++]);
      if (take(',')) comma = true;
      while (comma && digit(peek())) high += static_cast<char>(in_[at_++]);
      if (low.empty() || !take('}')) return wrong("a quantifier is {n}, {n,} or {n,m}");
      if (low.size() > 5 || high.size() > 5 || std::stoi(low) > 65535 || (!high.empty() && std::stoi(high) > 65535)) return wrong("a quantifier is greater than 65535");
      if (!high.empty() && std::stoi(high) < std::stoi(low)) return wrong("a quantifier's bounds are out of order");
      out_ += "{" + low + (comma ? "," + high : "") + "}";
    } else {
      out_ += static_cast<char>(c);
    }
    if (take('?')) out_ += '?';  // reluctant
    if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') return wrong("a quantifier follows a quantifier");
    return true;
  }

  // Outside a class.
  bool escape() {
    const char32_t c = peek(1);
    if (digit(c)) return back_reference();
    std::string inside;
    char32_t single = 0;
    bool negated = false;
    if (!class_escape(inside, single, negated)) return false;
    if (inside.empty()) {
      literal(single);
    } else {
      out_ += (negated ? "[^" : "[") + inside + "]";
    }
    return true;
  }

  // \1 … : as many digits as still name a group that is closed here.
  bool back_reference() {
    ++at_;
    std::size_t group = in_[at_++] - '0';
    if (group == 0) return wrong("there is no group 0");
    while (digit(peek()) && group * 10 + (peek() - '0') <= groups_) group = group * 10 + (in_[at_++] - '0');
    if (group > groups_ || !closed_[group]) return wrong("a back-reference names a group that is not closed before it");
    out_ += "(?:\\g{" + std::to_string(group) + "})";
    return true;
  }

  // An escape at `at_` as the inside of a class, or as one character.
  bool class_escape(std::string& inside, char32_t& single, bool& negated) {
    const char32_t c = peek(1);
    at_ += 2;
    negated = false;
    switch (c) {
      case 'n': single = '\n'; return true;
      case 'r': single = '\r'; return true;
      case 't': single = '\t'; return true;
      case '\\': case '|': case '.': case '-': case '^': case '?': case '*': case '+': case '{': case '}': case '(': case ')': case '[':
      case ']': case '$': single = c; return true;
      case 's': inside = "\\t\\n\\r\\x{20}"; return true;
      case 'S': inside = class_text(complement({{'\t', '\n'}, {'\r', '\r'}, {' ', ' '}})); return true;
      case 'd': inside = "\\p{Nd}"; return true;
      case 'D': inside = "\\P{Nd}"; return true;
      case 'w': inside = "\\p{L}\\p{M}\\p{N}\\p{S}"; return true;
      case 'W': inside = "\\p{P}\\p{Z}\\p{C}"; return true;
      case 'i': inside = class_text(name_start()); return true;
      case 'I': inside = class_text(complement(name_start())); return true;
      case 'c': inside = class_text(name_part()); return true;
      case 'C': inside = class_text(complement(name_part())); return true;
      case 'p': case 'P': return property(c == 'P', inside);
      default:
        at_ -= 2;
        return wrong(at_ + 1 >= in_.size() ? "a \\ stands at the end" : "unknown escape \\" + base::to_utf8(std::u32string(1, c)));
    }
  }

  bool property(bool negated, std::string& inside) {
    if (!take('{')) return wrong("\\p is followed by {");
    std::string name;
    while (!end() && peek() != '}') {
      const char32_t c = in_[at_++];
      if (c >= 0x80) return wrong("unknown property in \\p{ }");
      if (free_spacing_ && blank(c)) continue;  // inside a class drop_blanks keeps them
      name += static_cast<char>(c);
    }
    if (!take('}')) return wrong("\\p{ is not closed");
    if (name.starts_with("Is")) {
      Ranges ranges;
      if (!block_ranges(std::string_view(name).substr(2), ranges)) return wrong("unknown block \\p{" + name + "}");
      inside = class_text(negated ? complement(ranges) : ranges);
      return true;
    }
    static constexpr std::string_view kCategories = " L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn ";
    if (name.empty() || kCategories.find(" " + name + " ") == std::string_view::npos) return wrong("unknown category \\p{" + name + "}");
    inside = (negated ? "\\P{" : "\\p{") + name + "}";
    return true;
  }

  // [...] with ranges, escapes and subtraction: [a-z-[aeiou]] becomes (?:(?![aeiou])[a-z]).
  bool char_class(int depth) {
    if (depth > kClassDepth) return wrong("classes are nested too deep");
    ++at_;
    const bool negated = take('^');
    std::string inside, subtracted;
    bool first = true;
    while (true) {
      if (end()) return wrong("a [ is not closed");
      if (peek() == ']' && !first) break;
      if (peek() == ']') return wrong("a class is empty");
      if (peek() == '-' && peek(1) == '[') {
        if (first) return wrong("a class starts with its subtraction");
        ++at_;
        const std::string kept = std::exchange(out_, {});
        if (!char_class(depth + 1)) return false;
        subtracted = std::exchange(out_, kept);
        if (peek() != ']') return wrong("a subtraction is the last part of a class");
        break;
      }
      if (!class_item(inside, first)) return false;
      first = false;
    }
    ++at_;
    const std::string body = (negated ? "[^" : "[") + inside + "]";
    out_ += subtracted.empty() ? body : "(?:(?!" + subtracted + ")" + body + ")";
    return true;
  }

  bool class_item(std::string& inside, bool first) {
    char32_t low = peek();
    if (low == '[') return wrong("a [ inside a class is written \\[");
    if (low == '\\') {
      std::string set;
      bool negated = false;
      if (!class_escape(set, low, negated)) return false;
      if (!set.empty()) {
        inside += set;
        if (peek() == '-' && peek(1) != '[' && peek(1) != ']') return wrong("a range starts with one character");
        return true;
      }
    } else {
      // A "-" stands for itself at the class's start and end only.
      if (low == '-' && !first && peek(1) != ']') return wrong("a - inside a class is written \\-");
      ++at_;
    }
    char32_t high = low;
    if (peek() == '-' && peek(1) != ']' && peek(1) != '[') {
      ++at_;
      high = peek();
      if (end()) return wrong("a [ is not closed");
      if (high == '\\') {
        std::string set;
        bool negated = false;
        if (!class_escape(set, high, negated)) return false;
        if (!set.empty()) return wrong("a range ends with one character");
      } else {
        if (high == '[') return wrong("a [ inside a class is written \\[");
        ++at_;
      }
      if (high < low) return wrong("a range in a class is out of order");
    }
    inside += class_text({{low, high}});
    return true;
  }

  std::u32string in_;
  bool free_spacing_;
  std::size_t at_ = 0;
  std::string out_, error_;
  std::size_t groups_ = 0;
  std::vector<std::size_t> open_;
  std::vector<bool> closed_{true};
};

}  // namespace

base::Result<std::string> translate_regex(std::string_view pattern, bool free_spacing) { return Translator(pattern, free_spacing).run(); }

}  // namespace feel
