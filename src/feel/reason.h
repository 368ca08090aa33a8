// Why something is null: a code of reasons.def with arguments and a position. Its sentences are made when somebody reads them, so that
// a null costs no text. Arguments are kinds, names of the model, types and counts; never an input's value: it may be somebody's.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace feel {

enum class Kind : std::uint8_t;  // value.h

enum class ReasonCode : std::uint16_t {
#define REASON(code, english, danish) code,
#include "feel/reasons.def"
#undef REASON
};
std::string_view name(ReasonCode);  // "division_by_zero"

enum class Language : std::uint8_t { english, danish };

// Some of several kinds, a bit for each: "number or string", "tal eller tekst".
struct Kinds {
  std::uint32_t bits = 0;
};

class Reason {
 public:
  static constexpr std::size_t kArguments = 6;
  std::string_view function;  // of a builtin (static storage): stands before the sentence as "name(): "
  int line = 0, column = 0;   // of the expression, from 1; 0: not known
  ReasonCode code{};
  std::string element;        // of the model, where a trace collects reasons

  // As many arguments as the code's sentences have placeholders (a test compares them).
  template <class... Arguments>
  explicit Reason(ReasonCode of, const Arguments&... arguments) : code(of) {
    static_assert(sizeof...(Arguments) <= kArguments);
    (add(arguments), ...);
  }

  bool placed() const { return line != 0; }
  std::string message(Language = Language::english) const;  // the sentence
  std::string text(Language = Language::english) const;     // "line:column: sentence" where the position is known
  std::size_t argument_count() const { return count_; }
  bool operator==(const Reason&) const = default;

 private:
  enum class Form : std::uint8_t { kind, kinds, number, text };
  void add(Kind kind) { put(Form::kind, static_cast<std::int64_t>(kind)); }
  void add(Kinds kinds) { put(Form::kinds, kinds.bits); }
  template <std::integral Number>
  void add(Number number) {
    put(Form::number, static_cast<std::int64_t>(number));
  }
  void add(std::string_view text) {
    texts_ += text;
    put(Form::text, static_cast<std::int64_t>(texts_.size()));  // where it ends; it begins where the last one ended
  }
  void put(Form form, std::int64_t value) {
    forms_[count_] = form;
    values_[count_++] = value;
  }
  std::string argument(std::size_t index, Language) const;

  std::uint8_t count_ = 0;
  std::array<Form, kArguments> forms_{};
  std::array<std::int64_t, kArguments> values_{};
  std::string texts_;
};

// What the registry says, for its test and for documentation.
struct ReasonSentence {
  ReasonCode code;
  std::string_view name, english, danish;
};
const std::vector<ReasonSentence>& reason_sentences();
std::string_view name(Kind, Language);  // "date and time", "dato og tid"

}  // namespace feel
