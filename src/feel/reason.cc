#include "feel/reason.h"

#include "feel/value.h"

namespace feel {
namespace {

constexpr std::string_view kEnglishKinds[] = {"null",          "boolean", "number", "string",  "date",  "time",
                                              "date and time", "years and months duration", "days and time duration",
                                              "list",          "context", "range",  "function"};
constexpr std::string_view kDanishKinds[] = {"null",        "sandt/falsk", "tal",      "tekst",   "dato", "klokkeslæt",
                                             "dato og tid", "varighed i år og måneder", "varighed i dage og tid",
                                             "liste",       "kontekst",    "interval", "funktion"};
constexpr std::size_t kKindCount = std::size(kEnglishKinds);
static_assert(std::size(kDanishKinds) == kKindCount);

std::string names_of(std::uint32_t bits, Language language) {
  std::string out;
  for (std::size_t k = 0; k < kKindCount; ++k) {
    if ((bits >> k & 1) == 0) continue;
    const bool last = bits >> (k + 1) == 0;
    if (!out.empty()) out += !last ? ", " : language == Language::danish ? " eller " : " or ";
    out += name(static_cast<Kind>(k), language);
  }
  return out;
}

}  // namespace

std::string_view name(Kind kind, Language language) {
  const auto index = static_cast<std::size_t>(kind);
  return language == Language::danish ? kDanishKinds[index] : kEnglishKinds[index];
}

std::string_view name(Kind kind) { return name(kind, Language::english); }

const std::vector<ReasonSentence>& reason_sentences() {
  static const std::vector<ReasonSentence> kAll = {
#define REASON(code, english, danish) {ReasonCode::code, #code, english, danish},
#include "feel/reasons.def"
#undef REASON
  };
  return kAll;
}

std::string_view name(ReasonCode code) { return reason_sentences()[static_cast<std::size_t>(code)].name; }

std::string Reason::argument(std::size_t index, Language language) const {
  if (index >= count_) return "?";
  switch (forms_[index]) {
    case Form::kind: return std::string(name(static_cast<Kind>(values_[index]), language));
    case Form::kinds: return names_of(static_cast<std::uint32_t>(values_[index]), language);
    case Form::number: return std::to_string(values_[index]);
    case Form::text: break;
  }
  std::size_t begin = 0;
  for (std::size_t before = 0; before < index; ++before)
    if (forms_[before] == Form::text) begin = static_cast<std::size_t>(values_[before]);
  return texts_.substr(begin, static_cast<std::size_t>(values_[index]) - begin);
}

std::string Reason::message(Language language) const {
  const ReasonSentence& sentence = reason_sentences()[static_cast<std::size_t>(code)];
  const std::string_view text = language == Language::danish ? sentence.danish : sentence.english;
  std::string out = function.empty() ? std::string() : std::string(function) + "(): ";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool placeholder = text[at] == '{' && at + 2 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9' && text[at + 2] == '}';
    if (!placeholder) {
      out += text[at];
      continue;
    }
    out += argument(static_cast<std::size_t>(text[at + 1] - '0'), language);
    at += 2;
  }
  return out;
}

std::string Reason::text(Language language) const {
  return placed() ? std::to_string(line) + ":" + std::to_string(column) + ": " + message(language) : message(language);
}

}  // namespace feel
