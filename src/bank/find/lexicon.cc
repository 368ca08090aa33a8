#include "bank/find/lexicon.h"

#include <algorithm>
#include <set>

#include "bank/find/words.h"
#include "base/limits_find.h"
#include "base/text.h"

namespace bank::find {
namespace {

constexpr std::size_t kPieceBytes = 3;        // shortest part of a compound: løn, sag, pas
constexpr std::size_t kStemPieceBytes = 4;    // of one that only a stem vouches for
constexpr std::size_t kHeadBytes = 5;         // of the last part behind a beginning that nobody knows
constexpr std::size_t kCompoundBytes = 7;

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }); }

std::uint32_t letters_of(std::u32string_view word) {
  std::uint32_t mask = 0;
  for (const char32_t c : word) mask |= 1u << (c >= U'a' && c <= U'z' ? c - U'a' : c == U'æ' ? 26 : c == U'ø' ? 27 : c == U'å' ? 28 : 29);
  return mask;
}

// Letters that stand for one another on foreign keyboards and in haste.
bool close_letters(char32_t a, char32_t b) {
  const auto pair = [&](char32_t x, char32_t y) { return (a == x && b == y) || (a == y && b == x); };
  return pair(U'æ', U'a') || pair(U'æ', U'e') || pair(U'æ', U'ä') || pair(U'ø', U'o') || pair(U'ø', U'ö') || pair(U'å', U'a') || pair(U'å', U'o');
}

// Half steps: 2 for a letter put in, left out, changed or swapped with its neighbour; 1 for a doubled letter and for æ/a, ø/o, å/a.
// More than `most` is told as most + 1.
int distance(std::u32string_view a, std::u32string_view b, int most) {
  thread_local std::vector<int> before, above, row;
  row.assign(b.size() + 1, 0);
  above.assign(b.size() + 1, 0);
  for (std::size_t j = 1; j <= b.size(); ++j) row[j] = row[j - 1] + (j > 1 && b[j - 1] == b[j - 2] ? 1 : 2);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row.assign(b.size() + 1, 0);
    const int leave = i > 1 && a[i - 1] == a[i - 2] ? 1 : 2;
    row[0] = above[0] + leave;
    int least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int put = j > 1 && b[j - 1] == b[j - 2] ? 1 : 2;
      const int change = a[i - 1] == b[j - 1] ? 0 : close_letters(a[i - 1], b[j - 1]) ? 1 : 2;
      row[j] = std::min({above[j] + leave, row[j - 1] + put, above[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 2);
      least = std::min(least, row[j]);
    }
    if (least > most) return most + 1;
  }
  return std::min(row[b.size()], most + 1);
}

int allowed(std::size_t letters) { return letters <= 3 ? 0 : letters <= 6 ? 2 : letters <= 8 ? 3 : letters <= 12 ? 4 : 5; }

// As it is written without Danish letters: "laegeerklaering".
std::string with_danish_letters(const std::string& word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const std::string_view two = std::string_view(word).substr(i, 2);
    if (two == "ae") out += "æ";
    else if (two == "oe") out += "ø";
    else if (two == "aa") out += "å";
    else {
      out += word[i];
      continue;
    }
    ++i;
  }
  return out;
}

}  // namespace

Lexicon::Lexicon(std::vector<std::pair<std::string, std::uint32_t>> words, const std::vector<std::string>& also) {
  std::vector<std::pair<std::string, std::uint32_t>> all = std::move(words);
  for (const std::string& word : also) all.emplace_back(word, 0);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first || (a.first == b.first && a.second > b.second); });
  all.erase(std::unique(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first == b.first; }), all.end());
  words_.reserve(all.size());
  std::vector<std::string> stem_of;
  for (auto& [text, count] : all) {
    Word word{std::move(text), {}, count, 0, false};
    word.letters = base::to_utf32(word.text);
    word.mask = letters_of(word.letters);
    word.plain = !has_digit(word.text) && !word.text.starts_with("§") && !is_stop_word(word.text);
    std::string stem = find::stem(word.text);
    std::uint32_t& most = stems_[stem];
    most = std::max(most, count);
    forms_[word.text] = static_cast<std::uint32_t>(words_.size());
    if (word.plain && word.text.size() >= kPieceBytes) pieces_.emplace(word.text, stem);
    stem_of.push_back(std::move(stem));
    words_.push_back(std::move(word));
  }
  std::set<std::string> rooted;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (!words_[i].plain) continue;
    const std::string& stem = stem_of[i];
    if (stem.size() >= kStemPieceBytes) pieces_.emplace(stem, stem);
    if (!rooted.insert(stem).second) continue;
    const std::string root = find::root(stem);
    roots_[root].push_back(stem);
    root_of_[stem] = root;
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (!words_[i].plain || words_[i].count == 0 || words_[i].text.size() < kCompoundBytes) continue;
    const Split split = this->split(words_[i].text, true);
    for (std::size_t p = 0; p < split.pieces.size(); ++p) {
      if (split.pieces[p] == stem_of[i] || !seen.emplace(split.pieces[p], stem_of[i]).second) continue;
      compounds_[split.pieces[p]].push_back({stem_of[i], p + 1 == split.pieces.size(), words_[i].count});
    }
  }
  for (auto& [stem, list] : compounds_) {
    std::stable_sort(list.begin(), list.end(), [](const Compound& a, const Compound& b) { return a.count != b.count ? a.count > b.count : a.stem < b.stem; });
    if (list.size() > base::limits::kFindCompounds) list.resize(base::limits::kFindCompounds);
  }
}

bool Lexicon::known(const std::string& word) const { return forms_.contains(word) || stems_.contains(stem(word)); }

std::uint32_t Lexicon::count(const std::string& stem) const {
  const auto found = stems_.find(stem);
  return found == stems_.end() ? 0 : found->second;
}

const std::vector<std::string>& Lexicon::related(const std::string& stem) const {
  static const std::vector<std::string> kNone;
  const auto own = root_of_.find(stem);
  const auto found = roots_.find(own == root_of_.end() ? root(stem) : own->second);
  return found == roots_.end() ? kNone : found->second;
}

const std::vector<Lexicon::Compound>& Lexicon::compounds(const std::string& stem) const {
  static const std::vector<Compound> kNone;
  const auto found = compounds_.find(stem);
  return found == compounds_.end() ? kNone : found->second;
}

const std::string* Lexicon::piece(std::string_view text) const {
  if (text.size() < kPieceBytes) return nullptr;
  const auto found = pieces_.find(std::string(text));
  return found == pieces_.end() ? nullptr : &found->second;
}

// Fewest parts; of those the longest last one. Between parts may stand the linking letters s and e.
Lexicon::Split Lexicon::split(const std::string& word, bool rest_may_be_unknown) const {
  struct Step { int parts = 1 << 20; std::size_t from = 0; std::string stem; };
  const std::size_t n = word.size();
  std::vector<Step> at(n + 1);  // what ends (with its linking letter) at this byte
  at[0].parts = 0;
  const auto better = [&](std::size_t from, std::size_t to, const std::string& stem) {
    if (at[from].parts + 1 < at[to].parts || (at[from].parts + 1 == at[to].parts && from < at[to].from)) at[to] = {at[from].parts + 1, from, stem};
  };
  for (std::size_t from = 0; from + kPieceBytes <= n; ++from) {
    if (at[from].parts > 3) continue;
    for (std::size_t to = from + kPieceBytes; to <= n; ++to) {
      if (from == 0 && to == n) continue;
      const std::string_view text = std::string_view(word).substr(from, to - from);
      if (const std::string* stem = piece(text)) {
        better(from, to, *stem);
        if (to < n && (word[to] == 's' || word[to] == 'e') && n - to > kPieceBytes) better(from, to + 1, *stem);
      } else if (to == n && from > 0 && text.size() >= kStemPieceBytes) {
        if (std::string stem = find::stem(text); pieces_.contains(stem)) better(from, n, stem);  // a form of a known word that nobody wrote yet
      }
    }
  }
  Split out;
  if (at[n].parts > 1 && at[n].parts < (1 << 20)) {
    for (std::size_t end = n; end > 0; end = at[end].from) out.pieces.insert(out.pieces.begin(), at[end].stem);
    return out;
  }
  out.whole = false;
  if (!rest_may_be_unknown) return out;
  for (std::size_t from = kStemPieceBytes; from + kHeadBytes <= n; ++from)
    if (const std::string* stem = piece(std::string_view(word).substr(from))) {
      out.pieces.push_back(*stem);
      return out;
    }
  return out;
}

std::vector<std::string> Lexicon::parts(const std::string& word) const {
  if (word.size() < kCompoundBytes - 1) return {};
  Split out = split(word, false);
  return out.whole ? std::move(out.pieces) : std::vector<std::string>();
}

std::string Lexicon::head(const std::string& word) const {
  if (word.size() < kCompoundBytes) return {};
  const Split out = split(word, true);
  return !out.whole && !out.pieces.empty() ? out.pieces.back() : std::string();
}

Lexicon::Nearest Lexicon::nearest(const std::string& word, int most) const {
  const std::u32string letters = base::to_utf32(word);
  const std::uint32_t mask = letters_of(letters);
  most = std::min(most, allowed(letters.size()));
  Nearest best{{}, most + 1, 0};
  for (const Word& candidate : words_) {
    if (!candidate.plain || candidate.letters.size() < 3) continue;
    const auto longer = static_cast<std::ptrdiff_t>(candidate.letters.size()) - static_cast<std::ptrdiff_t>(letters.size());
    if (longer > most || -longer > most || __builtin_popcount(candidate.mask ^ mask) > 2 * most) continue;
    int cost = distance(letters, candidate.letters, std::min(best.cost, most));
    if (cost > most || cost > best.cost) continue;
    const bool same_begin = !best.text.empty() && candidate.letters[0] == letters[0], best_begin = best.text.starts_with(word.substr(0, 1));
    if (cost < best.cost || (same_begin && !best_begin) || (same_begin == best_begin && candidate.count > best.count)) best = {candidate.text, cost, candidate.count};
  }
  return best;
}

// One part is known, the other is mended: "kørekort|sfornylse".
Lexicon::Nearest Lexicon::nearest_compound(const std::string& word) const {
  Nearest best;
  const auto offer = [&](std::string text, int cost, std::uint32_t count) {
    if (cost < best.cost || (cost == best.cost && count > best.count)) best = {std::move(text), cost, count};
  };
  for (std::size_t at = kStemPieceBytes; at + kStemPieceBytes <= word.size(); ++at) {
    if ((static_cast<unsigned char>(word[at]) & 0xc0) == 0x80) continue;
    const std::string left = word.substr(0, at), right = word.substr(at);
    if (piece(left) != nullptr || !parts(left).empty()) {
      for (const std::string_view link : {"", "s", "e"}) {
        if (!right.starts_with(link) || right.size() - link.size() < kStemPieceBytes) continue;
        const Nearest mended = nearest(right.substr(link.size()), 4);
        if (!mended.text.empty()) offer(left + std::string(link) + mended.text, mended.cost, mended.count);
      }
    } else if (piece(right) != nullptr || (right.size() >= kHeadBytes && pieces_.contains(stem(right)))) {
      const Nearest mended = nearest(left, 4);
      if (!mended.text.empty()) offer(mended.text + right, mended.cost + 1, mended.count);
    }
  }
  return best;
}

std::string Lexicon::corrected(const std::string& word) const {
  if (has_digit(word) || word.size() > base::limits::kFindWordBytes) return {};
  if (const std::string danish = with_danish_letters(word); danish != word && (known(danish) || !parts(danish).empty())) return danish;
  const Nearest whole = nearest(word, 5);
  if (!whole.text.empty() && whole.cost <= 2) return whole.text;
  Nearest compound = word.size() >= kCompoundBytes + 1 ? nearest_compound(word) : Nearest{};
  if (!compound.text.empty() && (whole.text.empty() || compound.cost < whole.cost)) return compound.text;
  return whole.text;
}

std::vector<std::string> Lexicon::beginning_with(const std::string& prefix, std::size_t most) const {
  auto from = std::lower_bound(words_.begin(), words_.end(), prefix, [](const Word& w, const std::string& p) { return w.text < p; });
  std::vector<const Word*> found;
  for (; from != words_.end() && from->text.starts_with(prefix); ++from)
    if (from->count > 0) found.push_back(&*from);
  const std::size_t n = std::min(most, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(n), found.end(),
                    [](const Word* a, const Word* b) { return a->count != b->count ? a->count > b->count : a->text < b->text; });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(found[i]->text);
  return out;
}

}  // namespace bank::find
