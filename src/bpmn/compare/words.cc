#include "bpmn/compare/words.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"

namespace bpmn::comparing {
namespace {

using S = std::string_view;

// Words without a subject of their own. "ikke" is none: it turns the meaning.
constexpr S kStopWords = "af alle alt and at blev blive bliver da de dem den denne der deres det dette dig din du eller en end er et for fra fx ham han har hen hende her hos "
  "hun hvad hver hvilke hvilken hvilket hvis hvor hvordan hvorfor hvornår hvem i igen ind jeg kan man med mere mellem men mod nu når og også om op over på samt selv ses sig sin sine skal som "
  "så til ud under ved vi vil være været";
// They carry an action that the next word names: "træffer afgørelse", "foretager vurdering".
constexpr S kLightVerbs = "træffer træf tager tag foretager foretag gennemfører gennemfør udfører udfør giver giv holder hold afholder afhold laver lav får få sætter sæt lægger læg har gør";
// Said alike in case work. The first of a line is its sense.
constexpr S kSenses[] = {
  "indhente skaffe rekvirere anmode bestille", "vurdere bedømme overveje", "kontrollere tjekke gennemgå efterse efterprøve verificere", "registrere oprette notere indtaste", "sende udsende fremsende oversende afsende",
  "journalisere arkivere", "beslutte afgøre", "orientere informere underrette besked meddele", "afslutte lukke færdiggøre", "rette korrigere tilpasse justere", "beregne udregne opgøre", "fordele tildele",
  "udarbejde skrive formulere", "indkalde invitere", "udbetale anvise", "drøfte tale samtale", "attest erklæring", "sagsbehandler rådgiver medarbejder", "leder chef", "regning faktura", "oplysning information", "bilag dokumentation",
  "part ansøger", "frist svarfrist", "godkende bekræfte", "modtage", "planlægge tilrettelægge", "vejlede rådgive", "firma virksomhed"};

std::unordered_set<std::string> set_of(S words) {
  std::unordered_set<std::string> out;
  for (const S word : base::split(words, ' ')) out.insert(fold(word));
  return out;
}

const std::unordered_map<std::string, std::string>& senses() {
  static const auto all = [] {
    std::unordered_map<std::string, std::string> out;
    for (const S line : kSenses) {
      const auto words = base::split(line, ' ');
      const std::string first = stem(fold(words[0]));
      for (const S word : words) out.emplace(stem(fold(word)), first);
    }
    return out;
  }();
  return all;
}

bool vowel(char c) { return S("aeiouy{|}").find(c) != S::npos; }
bool digit(char c) { return c >= '0' && c <= '9'; }

// R1 of the Snowball stemmers: behind the first consonant that follows a vowel, at least three letters in.
std::size_t first_region(S word) {
  for (std::size_t i = 1; i < word.size(); ++i)
    if (!vowel(word[i]) && vowel(word[i - 1])) return std::max<std::size_t>(i + 1, 3);
  return word.size();
}

bool cut(std::string& word, std::size_t region, S ending) {
  if (!word.ends_with(ending) || word.size() - ending.size() < region) return false;
  word.resize(word.size() - ending.size());
  return true;
}

std::size_t edit_distance(S a, S b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

constexpr double kSameSense = 0.9, kPart = 0.5, kPartByLength = 0.4, kSpelling = 0.75;
constexpr std::size_t kShortestPart = 4, kShortestSpelling = 5, kLongestSpelling = 40;
constexpr double kVerb = 0.7, kLight = 0.3, kNumber = 1.4;

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  for (const char32_t c : base::to_utf32(base::lower(text))) {
    if (c < 0x80) out += static_cast<char>(c == '{' || c == '|' || c == '}' ? ' ' : c);
    else if (c == U'æ' || c == U'ä') out += '{';
    else if (c == U'ø' || c == U'ö') out += '|';
    else if (c == U'å') out += '}';
    else if (c == U'é' || c == U'è') out += 'e';
    else if (c == U'ü') out += 'y';
    else if (c == U'§') out += '$';
    else out += c == 0xa0 || c == U'–' || c == U'—' || c == U'«' || c == U'»' || c == U'“' || c == U'”' ? ' ' : '?';
  }
  return out;
}

std::string stem(std::string_view word) {
  static constexpr S kEndings[] = {"erendes", "erende", "hedens", "ethed", "erede", "heden", "heder", "endes", "ernes", "erens", "erets", "ered", "ende", "erne", "eren", "erer", "heds", "enes", "eres", "eret",
                                   "hed", "ene", "ere", "ens", "ers", "ets", "en", "er", "es", "et", "e"};
  std::string out(word);
  if (out.size() < 4 || digit(out[0])) return out;
  const std::size_t region = first_region(out);
  bool done = false;
  for (const S ending : kEndings)
    if (!done && out.ends_with(ending)) {
      cut(out, region, ending);
      done = true;
    }
  if (!done && out.size() > region && out.ends_with('s') && S("abcdfghjklmnoprtvyz}").find(out[out.size() - 2]) != S::npos) out.pop_back();
  // Actions said as nouns: "indhentning", "vurdering", "afgørelse".
  if (out.size() >= 7) cut(out, std::max<std::size_t>(region, 4), "ering") || cut(out, std::max<std::size_t>(region, 4), "ning") || cut(out, std::max<std::size_t>(region, 4), "ing") || cut(out, std::max<std::size_t>(region, 4), "els");
  for (const S pair : {"gd", "dt", "gt", "kt"})
    if (out.size() > region && out.ends_with(pair)) {
      out.pop_back();
      break;
    }
  cut(out, region, "elig") || cut(out, region, "lig") || cut(out, region, "ig");
  if (out.size() > region && out.size() > 3 && out[out.size() - 1] == out[out.size() - 2] && !vowel(out.back())) out.pop_back();
  return out;
}

std::string_view sense(std::string_view word) {
  const auto& all = senses();
  const auto found = all.find(std::string(word));
  return found == all.end() ? word : std::string_view(found->second);
}

Words words_of(std::string_view label) {
  static const auto stop_words = set_of(kStopWords), light_verbs = set_of(kLightVerbs);
  Words out;
  const std::string folded = fold(label);
  const bool question = base::trim(label).ends_with('?');
  std::vector<std::string> all;
  for (std::size_t i = 0; i < folded.size();) {
    std::size_t end = i;
    const auto part = [](char c) { return (c >= 'a' && c <= '{') || c == '|' || c == '}' || digit(c) || c == '$'; };
    while (end < folded.size() && part(folded[end])) ++end;
    if (end > i) all.push_back(folded.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  out.plain = base::join({all.begin(), all.end()}, " ");
  bool first = true;
  for (const std::string& word : all) {
    if (stop_words.contains(word)) continue;
    double weight = digit(word[0]) ? kNumber : 1;
    if (light_verbs.contains(word)) weight = kLight;
    else if (first && !question && all.size() > 1) weight = kVerb;
    if (weight != kLight) first = false;
    out.terms.push_back({stem(word), weight});
  }
  if (out.terms.empty())
    for (const std::string& word : all) out.terms.push_back({stem(word), 1});
  return out;
}

double term_likeness(std::string_view a, std::string_view b, const WordOptions& options) {
  if (a == b) return 1;
  if (a.empty() || b.empty() || digit(a[0]) || digit(b[0])) return 0;
  if (options.synonyms && sense(a) == sense(b)) return kSameSense;
  const auto [shorter, longer] = a.size() < b.size() ? std::pair(a, b) : std::pair(b, a);
  if (shorter.size() >= kShortestPart && (longer.starts_with(shorter) || longer.ends_with(shorter)))
    return kPart + kPartByLength * static_cast<double>(shorter.size()) / static_cast<double>(longer.size());
  if (shorter.size() < kShortestSpelling || longer.size() > kLongestSpelling || longer.size() - shorter.size() > 2) return 0;
  const double same = 1 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer.size());
  return same >= kSpelling ? same * kSameSense : 0;
}

double label_likeness(const Words& a, const Words& b, const std::function<double(std::string_view)>& rarity, const WordOptions& options) {
  if (a.terms.empty() || b.terms.empty()) return a.plain == b.plain ? 1 : 0;
  if (!a.plain.empty() && a.plain == b.plain) return 1;
  const auto weight = [&](const Term& t) { return t.weight * (rarity ? rarity(t.stem) : 1.0); };
  struct Pair { double likeness; std::size_t a, b; };
  std::vector<Pair> pairs;
  double total = 0, shared = 0;
  for (const Term& t : a.terms) total += weight(t);
  for (const Term& t : b.terms) total += weight(t);
  for (std::size_t i = 0; i < a.terms.size(); ++i)
    for (std::size_t j = 0; j < b.terms.size(); ++j)
      if (const double likeness = term_likeness(a.terms[i].stem, b.terms[j].stem, options); likeness > 0) pairs.push_back({likeness, i, j});
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) { return x.likeness > y.likeness; });
  std::vector<bool> taken_a(a.terms.size()), taken_b(b.terms.size());
  for (const Pair& p : pairs) {
    if (taken_a[p.a] || taken_b[p.b]) continue;
    taken_a[p.a] = taken_b[p.b] = true;
    shared += p.likeness * (weight(a.terms[p.a]) + weight(b.terms[p.b]));
  }
  return total > 0 ? shared / total : 0;
}

}  // namespace bpmn::comparing
