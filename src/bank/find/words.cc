#include "bank/find/words.h"

#include <xapian.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_set>

#include "base/limits_find.h"
#include "base/text.h"

namespace bank::find {
namespace {

using base::limits::kFindWordBytes;

bool digit(char c) { return c >= '0' && c <= '9'; }

// One code point at `at`; moves past it. Text is valid UTF-8 or becomes U+FFFD, which is no letter.
char32_t next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  char32_t out = lead & (0x3f >> more);
  for (int i = 0; i < more && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; ++i) out = (out << 6) | (static_cast<unsigned char>(text[at++]) & 0x3f);
  return out;
}

bool word_letter(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return Xapian::Unicode::is_wordchar(c);
}

// Reads tokens from lower-case text of the same length as the original.
class Reader {
 public:
  Reader(std::string_view text, bool query) : text_(text), query_(query) {}
  std::vector<Token> read() {
    while (at_ < text_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const std::size_t begin = at_;
    if (text_.substr(at_).starts_with("§")) {
      at_ += 2;
      if (text_.substr(at_).starts_with("§")) at_ += 2;
      laws(begin);
      return;
    }
    if (digit(text_[at_]) && numbers()) return;
    std::size_t end = at_;
    while (end < text_.size()) {
      std::size_t after = end;
      if (!word_letter(next(text_, after))) break;
      end = after;
    }
    if (end == begin) {
      next(text_, at_);
      return;
    }
    at_ = end;
    word(begin, end);
  }
  void word(std::size_t begin, std::size_t end) {
    std::string_view text = text_.substr(begin, end - begin);
    if (query_ && (text == "paragraf" || text == "paragraffer" || text == "par" || text == "pgf") && digit_follows()) return laws(begin);
    if (text == "stk" && digit_follows()) {  // a subsection says nothing without its paragraph
      skip_space();
      while (at_ < text_.size() && digit(text_[at_])) ++at_;
      return;
    }
    if (query_ && (text.starts_with("kle") || text.starts_with("kla")) && text.size() > 3 && digit(text[3])) {
      at_ = begin + 3;
      return;
    }
    if (text.size() > kFindWordBytes) {
      std::size_t cut = kFindWordBytes;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
      text = text.substr(0, cut);
    }
    out_.push_back({TokenKind::word, std::string(text), begin, end});
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '.' || text_[at_] == '\t' || text_.substr(at_).starts_with("\u00a0"))) at_ += text_[at_] == '\xc2' ? 2 : 1;
  }
  bool digit_follows() {
    const std::size_t before = at_;
    skip_space();
    if (at_ < text_.size() && digit(text_[at_])) return true;
    at_ = before;
    return false;
  }
  // "10", "11 a", "22-25", "19 og 22-25": what stands behind a paragraph's sign.
  void laws(std::size_t begin) {
    while (digit_follows()) {
      const std::size_t first = read_number();
      std::size_t last = first;
      if (at_ < text_.size() && (text_[at_] == '-' || text_.substr(at_).starts_with("–"))) {
        const std::size_t before = at_;
        at_ += text_[at_] == '-' ? 1 : 3;
        if (digit_follows()) last = read_number();
        else at_ = before;
      }
      if (last < first || last - first > base::limits::kFindLawRange) {
        law(first, begin);
        law(last, begin);
      } else {
        for (std::size_t n = first; n <= last; ++n) law(n, begin);
      }
      if (first == last) letter(first, begin);
      if (!another()) return;
    }
  }
  std::size_t read_number() {
    std::size_t n = 0;
    while (at_ < text_.size() && digit(text_[at_])) n = std::min<std::size_t>(n * 10 + static_cast<std::size_t>(text_[at_++] - '0'), 99'999);
    return n;
  }
  void law(std::size_t number, std::size_t begin) { out_.push_back({TokenKind::law, "§" + std::to_string(number), begin, at_}); }
  void letter(std::size_t number, std::size_t begin) {
    std::size_t at = at_;
    if (at < text_.size() && text_[at] == ' ') ++at;
    if (at >= text_.size() || text_[at] < 'a' || text_[at] > 'z') return;
    std::size_t after = at + 1;
    if (after < text_.size() && word_letter(next(text_, after))) return;
    const bool glued = at == at_;
    if (text_[at] == 'i' && !glued) return;  // "§ 10 i loven"
    at_ = at + 1;
    out_.push_back({TokenKind::law, "§" + std::to_string(number) + text_[at], begin, at_});
  }
  bool another() {
    for (const std::string_view join : {", ", " og ", " eller ", " samt "})
      if (text_.substr(at_).starts_with(join) && at_ + join.size() < text_.size() && digit(text_[at_ + join.size()])) {
        at_ += join.size();
        return true;
      }
    return false;
  }
  // Pairs of digits. In a workflow's text they have points; people also write spaces, hyphens, strokes or nothing between them.
  bool numbers() {
    std::size_t at = at_;
    std::string digits;
    while (at < text_.size() && digit(text_[at])) digits.push_back(text_[at++]);
    std::string number;
    if (query_ && (digits.size() == 4 || digits.size() == 6 || digits.size() == 8 || digits.size() == 10)) {
      for (std::size_t i = 0; i < digits.size(); i += 2) number += (i ? "." : "") + digits.substr(i, 2);
    } else if (digits.size() == 2) {
      number = digits;
      int pairs = 1;
      while (pairs < 5 && at + 2 < text_.size() && joins(text_[at]) && digit(text_[at + 1]) && digit(text_[at + 2]) &&
             (at + 3 >= text_.size() || !digit(text_[at + 3]))) {
        number += "." + std::string(text_.substr(at + 1, 2));
        at += 3;
        ++pairs;
      }
    }
    if (at < text_.size()) {
      std::size_t after = at;
      if (word_letter(next(text_, after)) && number.size() < 5) return false;
    }
    if (number.empty() || (number.size() < 5 && !query_)) return false;
    const std::size_t begin = at_;
    at_ = at;
    if (digits.size() == 4 || number.size() < 5) out_.push_back({TokenKind::word, digits, begin, at});  // it may be a year or "22 uger": the query tries both
    out_.push_back({TokenKind::number, number, begin, at});
    if (query_) skip_action(number);
    return true;
  }
  bool joins(char c) const { return c == '.' || (query_ && (c == ' ' || c == '-' || c == '/')); }
  // "-G01-5-26" behind a subject: the action and the case's own number, which no workflow has.
  void skip_action(const std::string& number) {
    if (number.size() != 8 || at_ + 3 >= text_.size() || (text_[at_] != '-' && text_[at_] != ' ')) return;
    const char letter = text_[at_ + 1];
    if (letter < 'a' || letter > 'z' || !digit(text_[at_ + 2]) || !digit(text_[at_ + 3])) return;
    while (at_ < text_.size() && text_[at_] != ' ' ) ++at_;
    if (at_ < text_.size() && text_[at_] == ' ' && at_ + 1 < text_.size() && text_[at_ + 1] == letter)
      while (++at_ < text_.size() && text_[at_] != ' ') {}
  }

  std::string_view text_;
  bool query_;
  std::size_t at_ = 0;
  std::vector<Token> out_;
};

// Lower case that keeps every letter's length, so that places in it are places in the text.
std::string lower_in_place(std::string_view text) {
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] >= 'A' && out[i] <= 'Z') out[i] = static_cast<char>(out[i] + 32);
    else if (out[i] == '\xc3' && i + 1 < out.size()) {
      const auto second = static_cast<unsigned char>(out[i + 1]);
      if (second >= 0x80 && second <= 0x9e && second != 0x97) out[i + 1] = static_cast<char>(second + 0x20);  // À … Þ
      ++i;
    }
  }
  return out;
}

const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> kWords = {
    "og", "at", "i", "på", "for", "med", "til", "af", "den", "det", "de", "en", "et", "der", "som", "er", "fra", "ved", "om", "hvad", "hvordan", "hvor", "hvem", "hvilken", "hvilke", "hvilket",
    "hvornår", "hvorfor", "skal", "man", "jeg", "vi", "du", "i", "kan", "har", "når", "hvis", "min", "mit", "mine", "din", "dit", "dine", "sig", "sin", "sit", "sine", "os", "vores", "jer", "jeres", "dem", "deres",
    "han", "hun", "ham", "hende", "hans", "hendes", "dens", "dets", "denne", "dette", "disse", "eller", "men", "så", "da", "end", "også", "ikke", "bliver", "blive", "blevet", "blev", "være", "været", "var",
    "have", "haft", "havde", "vil", "ville", "må", "måtte", "kunne", "skulle", "efter", "før", "under", "over", "mod", "hos", "mellem", "uden", "inden", "op", "ned", "ud", "ind", "hen", "her", "nu", "jo",
    "the", "of", "and", "gør", "gøre", "laver", "lave", "får", "få", "fået", "fik", "noget", "nogen", "nogle", "alle", "alt", "mange", "andre", "anden", "andet", "samme", "selv", "igen", "jf", "fx", "mv", "bl", "vedr", "vedrørende", "ang", "angående", "over", "ovenfor"};
  return kWords;
}

}  // namespace

std::vector<Token> tokens(std::string_view text) { return Reader(lower_in_place(text), false).read(); }
std::vector<Token> query_tokens(std::string_view text) { return Reader(lower_in_place(text), true).read(); }

std::string stem(std::string_view word) {
  thread_local const Xapian::Stem stemmer("danish");
  return stemmer(std::string(word));
}

std::string root(std::string_view stem) {
  constexpr std::size_t kLeast = 4;  // bytes that must be left, or everything is related to everything
  std::string out(stem);
  const auto cut = [&](std::string_view ending, std::string_view with = {}) {
    if (!out.ends_with(ending) || out.size() - ending.size() + with.size() < kLeast) return false;
    out.replace(out.size() - ending.size(), std::string::npos, with);
    return true;
  };
  if (!(cut("ering") || cut("elsning", "els") || cut("ning") || cut("ing") || cut("else") || cut("els") || cut("sion", "d") || cut("ation") || cut("ant") || cut("ator") || cut("tion")))
    cut("et") || cut("t") || cut("end") || cut("n");
  while (out.size() > kLeast && out.back() == out[out.size() - 2] && static_cast<unsigned char>(out.back()) < 0x80) out.pop_back();  // undoubled: "afstemm", "opkræv"
  return out;
}

bool is_stop_word(std::string_view word) { return stop_words().contains(word); }

bool is_weak_word(std::string_view word) {
  static const std::unordered_set<std::string_view> kWords = {"arbejdsgang", "arbejdsgange", "arbejdsgangen", "arbejdsgangene", "proces", "processen", "processer", "forløb", "forløbet", "procedure", "proceduren",
    "diagram", "flow", "flowet", "kommune", "kommunen", "kommunens", "kommunalt", "kommunal", "workflow", "vejledning", "mønster", "kle", "kla", "trin", "regler", "reglerne", "hjælp", "brug", "bruge", "bruger", "vise", "vis", "finde", "find", "sag", "sagen", "sager",
    "behandling", "behandle", "behandler", "borger", "borgeren", "borgere", "borgerne", "borgers", "borgerens", "håndtering", "håndtere", "håndterer", "administration"};
  return kWords.contains(word);
}

bool number_below(std::string_view number, std::string_view above) {
  return number == above || (number.starts_with(above) && number.size() > above.size() && number[above.size()] == '.');
}

std::vector<std::string> number_prefixes(std::string_view number) {
  std::vector<std::string> out;
  if (number.empty()) return out;
  for (std::size_t end = number.find('.');; end = number.find('.', end + 1)) {
    out.emplace_back(number.substr(0, end));
    if (end == std::string_view::npos) return out;
  }
}

}  // namespace bank::find
