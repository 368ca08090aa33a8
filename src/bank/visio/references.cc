// What people wrote into the drawings of the bank: KLA codes, paragraphs of law, links to retsinformation.
#include <cctype>

#include "bank/visio/plan.h"
#include "base/text.h"

namespace bank::visio {
namespace {

bool digit(std::string_view text, std::size_t at) { return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0; }
bool blank(std::string_view text, std::size_t at) { return at < text.size() && (text[at] == ' ' || text[at] == '\n'); }
void skip_blanks(std::string_view text, std::size_t& at) {
  while (blank(text, at)) ++at;
}
std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (digit(text, at + n)) ++n;
  return n;
}

// "stk. 2" and the like behind a paragraph's number; 0 where there is none.
std::size_t subsection(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  if (at < text.size() && text[at] == ',') ++at;
  skip_blanks(text, at);
  const std::string_view word = base::starts_with_icase(text.substr(at), "stk.") ? "stk." : base::starts_with_icase(text.substr(at), "nr.") ? "nr." : "";
  if (word.empty()) return 0;
  at += word.size();
  skip_blanks(text, at);
  const std::size_t n = digits(text, at);
  return n == 0 ? 0 : at + n - begin;
}

}  // namespace

// KLA\s*\d\d(\.\d\d){2,4}
std::vector<std::string> kla_codes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find("KLA"); at != std::string_view::npos; at = text.find("KLA", at + 1)) {
    std::size_t begin = at + 3;
    skip_blanks(text, begin);
    std::size_t end = begin;
    int groups = 0;
    while (groups < 5 && digit(text, end) && digit(text, end + 1) && !digit(text, end + 2)) {
      ++groups;
      end += 2;
      if (end >= text.size() || text[end] != '.' || !digit(text, end + 1)) break;
      ++end;
    }
    while (end > begin && text[end - 1] == '.') --end;
    if (groups >= 3) out.emplace_back(text.substr(begin, end - begin));
  }
  return out;
}

std::vector<std::string> law_references(std::string_view text) {
  std::vector<std::string> out;
  static constexpr std::string_view kSign = "§";
  for (std::size_t at = text.find(kSign); at != std::string_view::npos;) {
    std::size_t end = at + kSign.size();
    while (text.substr(end).starts_with(kSign)) end += kSign.size();
    skip_blanks(text, end);
    const std::size_t n = digits(text, end);
    if (n > 0) {
      end += n;
      // "§ 12 a": one letter behind the number belongs to it.
      if (blank(text, end) && end + 1 < text.size() && text[end + 1] >= 'a' && text[end + 1] <= 'h' && (end + 2 >= text.size() || text[end + 2] == ' ' || text[end + 2] == ',')) end += 2;
      while (const std::size_t more = subsection(text, end)) end += more;
      std::string found(text.substr(at, end - at));
      for (char& c : found)
        if (c == '\n') c = ' ';
      out.push_back(std::move(found));
    }
    at = text.find(kSign, end);
  }
  return out;
}

bool is_green(std::string_view colour) {
  if (colour.size() != 7 || colour[0] != '#') return false;
  const auto part = [&](std::size_t at) { return std::strtol(std::string(colour.substr(at, 2)).c_str(), nullptr, 16); };
  const long red = part(1), green = part(3), blue = part(5);
  return green >= 96 && green * 100 > red * 112 && green * 100 > blue * 112;
}

}  // namespace bank::visio
