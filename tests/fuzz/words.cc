// What fuzzed texts are made of: taken from the rooms' own registries, so that a new builtin is fuzzed by itself.
#include "feel/builtins.h"
#include "fuzz/target.h"

namespace fuzz {

std::vector<std::string> feel_words() {
  std::vector<std::string> words;
  for (const std::string_view word : feel::reserved_words()) words.emplace_back(word);
  for (const char* word : {"+", "-", "*", "**", "/", "=", "!=", "<", "<=", ">", ">=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "->", "?", "@\"",
                           "\"", "//", "/*", "*/", "item", "partial", "range", "list<", "context<", "function<", "range<", "0", "1", "-1", "2", "0.1",
                           "1e6144", "-9999999999999999999999999999999999", "9223372036854775807", "\"a\"", "@\"2026-03-29\"", "@\"P1Y\"", "@\"PT1H\"",
                           "@\"2026-10-25T02:30:00@Europe/Copenhagen\"", "@\"10:00:00Z\"", "number", "string", "boolean", "date", "time",
                           "date and time", "days and time duration", "years and months duration", "Any", "Null"})
    words.emplace_back(word);
  for (const feel::Builtin& builtin : feel::all_builtins()) {
    words.push_back(std::string(builtin.name) + "(");
    for (const feel::Signature& form : builtin.forms)
      for (const feel::Parameter& parameter : form.parameters) words.push_back(parameter.name + ": ");
  }
  for (const char* input : {"n", "s", "b", "d", "t", "dt", "ym", "dd", "l", "c", "r", "f", "c.x", "two words"}) words.emplace_back(input);
  return words;
}

}  // namespace fuzz
