#include "app/eval/show.h"

#include <cstdlib>

#include "base/text.h"
#include "dmn/trace.h"

namespace app {
namespace {

using base::Json;
using feel::Kind;
using feel::Language;
using feel::Value;

std::string shown(const Value& value) { return value.is_null() ? "null" : feel::to_json(value).dump(); }

// The line of the text and a mark below the column.
std::string marked(const std::string& text, const feel::Reason& reason) {
  if (!reason.placed()) return {};
  const auto lines = base::split(text, '\n');
  const auto line = static_cast<std::size_t>(reason.line - 1);
  if (line >= lines.size()) return {};
  return "    " + std::string(lines[line]) + "\n    " + std::string(static_cast<std::size_t>(reason.column - 1), ' ') + "^\n";
}

struct Words {
  const char *input, *rule, *matched, *stopped, *value, *more, *no_rule, *null, *failed;
};
constexpr Words kEnglish = {"input", "rule", "matched", "stopped at", "the value is", "more rules did not match", "no rule matched", "null", "failed"};
constexpr Words kDanish = {"input", "regel", "passede", "stoppede ved", "værdien er", "regler mere passede ikke", "ingen regel passede", "null", "fejlede"};

std::string named(const char* word, int index, const std::string& id) {
  return std::string(word) + " " + std::to_string(index) + (id.empty() ? "" : " (" + id + ")");
}

// Parts lie inside each other as deep as decision services call each other (limits::kFeelCallDepth).
void write(std::string& out, const dmn::DecisionTrace& trace, const Words& words, Language language, const std::string& indent) {
  out += indent + trace.name + " = " + shown(trace.output) + "\n";
  const std::string inner = indent + "  ";
  for (const auto& [name, value] : trace.inputs) out += inner + words.input + " " + name + " = " + shown(value) + "\n";
  for (const dmn::MatchedRule& rule : trace.rules) {
    out += inner + named(words.rule, rule.index, rule.rule_id) + " " + words.matched + ":";
    for (std::size_t i = 0; i < rule.outputs.size(); ++i)
      out += (i ? ", " : " ") + rule.outputs[i].first + (rule.outputs[i].first.empty() ? "" : " = ") + shown(rule.outputs[i].second);
    out += "\n";
  }
  if (trace.rules.empty() && trace.kind == "DECISION_TABLE") out += inner + words.no_rule + "\n";
  for (const dmn::StoppedRule& rule : trace.stopped) {
    const auto input = static_cast<std::size_t>(rule.input_index - 1);
    out += inner + named(words.rule, rule.index, rule.rule_id) + " " + words.stopped + " ";
    if (input < trace.inputs.size()) out += trace.inputs[input].first + ": ";
    out += rule.cell;
    if (input < trace.inputs.size()) out += "; " + std::string(words.value) + " " + shown(trace.inputs[input].second);
    out += "\n";
  }
  if (trace.stopped_left_out > 0) out += inner + std::to_string(trace.stopped_left_out) + " " + words.more + "\n";
  for (const feel::Reason& reason : trace.reasons)
    out += inner + words.null + ": " + reason.text(language) + (reason.element.empty() ? "" : " [" + reason.element + "]") + "\n";
  for (const dmn::DecisionTrace& part : trace.parts) write(out, part, words, language, inner);
}

std::string type_of_list(const Value& value) {
  std::string element;
  for (const Value& item : value.as_list()) {
    const std::string one = type_in_words(item);
    if (!element.empty() && element != one) return "list<Any>";
    element = one;
  }
  return element.empty() ? "list<Any>" : "list<" + element + ">";
}

}  // namespace

Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return std::string_view(value).starts_with("da") ? Language::danish : Language::english;
  return Language::english;
}

// Values nest at most limits::kFeelValueDepth deep.
std::string type_in_words(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return "Null";
    case Kind::list: return type_of_list(value);
    case Kind::context: {
      std::string out = "context<";
      bool first = true;
      for (const auto& [name, entry] : value.as_context()) {
        out += std::string(first ? "" : ", ") + std::string(name) + ": " + type_in_words(entry);
        first = false;
      }
      return out + ">";
    }
    case Kind::range: {
      const feel::Range& range = value.as_range();
      return "range<" + type_in_words(range.low.is_null() ? range.high : range.low) + ">";
    }
    default: return std::string(feel::name(value.kind()));
  }
}

std::string value_line(const Value& value, bool json) { return json || value.is_null() ? feel::to_json(value).dump() : feel::text(value); }

std::string explanation(const std::string& text, const std::vector<std::pair<std::string, Value>>& names, const std::vector<feel::Reason>& reasons,
                        Language language) {
  std::string out;
  for (const auto& [name, value] : names) out += "  " + name + " = " + shown(value) + "\n";
  for (const feel::Reason& reason : reasons) out += "  null: " + reason.text(language) + "\n" + marked(text, reason);
  return out;
}

std::string explanation(const dmn::Evaluation& evaluation, Language language) {
  const Words& words = language == Language::danish ? kDanish : kEnglish;
  std::string out;
  for (const dmn::DecisionTrace& decision : evaluation.decisions) write(out, decision, words, language, "");
  if (evaluation.failed) out += std::string(words.failed) + ": " + evaluation.failure + "\n";
  return out;
}

Json expression_trace(const Value& value, const std::vector<std::pair<std::string, Value>>& names, const std::vector<feel::Reason>& reasons) {
  Json inputs = Json::array(), why = Json::array();
  for (const auto& [name, given] : names) inputs.push(Json::Object{{"inputName", name}, {"inputValue", feel::to_json(given)}});
  for (const feel::Reason& reason : reasons) why.push(dmn::reason_json(reason));
  return Json::Object{{"output", feel::to_json(value)}, {"outputType", type_in_words(value)}, {"evaluatedInputs", std::move(inputs)}, {"reasons", std::move(why)}};
}

}  // namespace app
