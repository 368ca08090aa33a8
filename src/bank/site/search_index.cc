#include "bank/site/search_index.h"

#include "bank/site/words.h"
#include "base/json.h"
#include "base/text.h"

namespace bank::site {
namespace {

constexpr std::size_t kPieceBytes = 400'000;  // of one script: parsed in a few milliseconds on a phone
constexpr std::size_t kPagesInList = 1'000;
constexpr std::size_t kPartLetters = 4;       // the shortest half of a compound word

// The first `length` letters of a term name its piece; what is no plain letter becomes "_".
std::string piece_of(const std::string& term, std::size_t length) {
  std::string out;
  for (const char32_t c : base::to_utf32(term)) {
    if (out.size() >= length) break;
    out += (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') ? static_cast<char>(c) : '_';
  }
  return length == 0 ? "alle" : out;
}

std::string number(std::size_t n) { return std::to_string(n); }

}  // namespace

int SearchIndex::add_page(const std::vector<std::string>& shown, bool expired) {
  if (expired) expired_.push_back(static_cast<int>(pages_.size()));
  pages_.push_back(shown);
  return static_cast<int>(pages_.size()) - 1;
}

void SearchIndex::add_text(int page, Where where, std::string_view text) {
  for (const std::string& word : words(text)) terms_[word][page] |= static_cast<std::uint16_t>(1u << static_cast<unsigned>(where));
}

// "sygedagpenge" is found by "dagpenge" where both of its halves are words of the bank themselves.
void SearchIndex::split_compounds() {
  std::map<std::string, std::map<int, std::uint16_t>> more;
  for (const auto& [term, pages] : terms_) {
    if (term.size() < 2 * kPartLetters || term.front() == '\xC2') continue;
    for (std::size_t at = kPartLetters; at + kPartLetters <= term.size(); ++at) {
      const std::string last = term.substr(at);
      std::string first = term.substr(0, at);
      if (!terms_.contains(last)) continue;
      const auto known = [&](const std::string& part) { return terms_.contains(part) || terms_.contains(stem(part)); };
      const bool whole = known(first) || ((first.back() == 's' || first.back() == 'e') && first.size() > 3 && known(first.substr(0, first.size() - 1)));
      if (!whole) continue;
      for (const auto& [page, where] : pages) more[last][page] |= static_cast<std::uint16_t>(1u << static_cast<unsigned>(Where::part));
    }
  }
  for (const auto& [term, pages] : more)
    for (const auto& [page, where] : pages) terms_[term][page] |= where;
}

std::map<std::string, std::string> SearchIndex::files() {
  split_compounds();
  std::map<std::string, std::string> entries;  // term → its JSON member
  std::size_t bytes = 0;
  for (const auto& [term, pages] : terms_) {
    std::string member;
    base::json_escape_to(member, term);
    member += ":[";
    int before = 0;
    for (const auto& [page, where] : pages) {
      member += number(static_cast<std::size_t>(page - before)) + "," + number(where) + ",";
      before = page;
    }
    member.back() = ']';
    bytes += member.size() + 1;
    entries.emplace(term, std::move(member));
  }
  std::size_t length = 0;
  for (std::size_t share = bytes; share > kPieceBytes && length < 3; share /= 12) ++length;
  std::map<std::string, std::string> pieces, out;
  for (const auto& [term, member] : entries) {
    std::string& piece = pieces[piece_of(term, length)];
    piece += (piece.empty() ? "" : ",\n") + member;
  }
  base::Json overview = base::Json::object(), names = base::Json::array();
  for (const auto& [name, content] : pieces) {
    names.push(name);
    out["soeg/ord-" + name + ".js"] = "sagsgangSoeg.ord(\"" + name + "\",{" + content + "});\n";
  }
  const std::size_t lists = (pages_.size() + kPagesInList - 1) / kPagesInList;
  overview.set("sider", static_cast<std::uint64_t>(pages_.size()));
  overview.set("liste", static_cast<std::uint64_t>(kPagesInList));
  overview.set("laengde", static_cast<std::uint64_t>(length));
  overview.set("stykker", std::move(names));
  base::Json expired = base::Json::array();
  for (const int page : expired_) expired.push(page);
  overview.set("udloebne", std::move(expired));
  out["soeg/oversigt.js"] = "sagsgangSoeg.oversigt(" + overview.dump() + ");\n";
  for (std::size_t l = 0; l < lists; ++l) {
    std::string text = "sagsgangSoeg.liste(" + number(l) + ",[";
    for (std::size_t i = l * kPagesInList; i < std::min(pages_.size(), (l + 1) * kPagesInList); ++i) {
      base::Json one = base::Json::array();
      for (const std::string& field : pages_[i]) one.push(field);
      text += (i == l * kPagesInList ? "\n" : ",\n") + one.dump();
    }
    out["soeg/liste-" + number(l) + ".js"] = text + "]);\n";
  }
  return out;
}

}  // namespace bank::site
