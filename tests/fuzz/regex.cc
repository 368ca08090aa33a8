// Regular expressions of XPath's flavour. Three lines: flags, pattern, replacement; the rest is the text.
#include "base/text.h"
#include "feel/regex.h"
#include "fuzz/target.h"

namespace {

std::vector<std::string> words() {
  return {"\\i", "\\c", "\\I", "\\C", "\\d", "\\w", "\\s", "\\S", "\\p{Lu}", "\\P{IsBasicLatin}", "\\p{L}", "[a-z]", "-[aeiou]", "[^", "]", "(?:", "(", ")", "|",
          "*?", "+?", "??", "{2,3}", "{2}?", "\\1", "\\10", "$0", "$1", "\\$", "\\\\", "^", "$", ".", "\n", "i", "s", "m", "x", "q", "K", "ſ", "ß", "æ", "🐎"};
}

std::string_view line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view found = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return found;
}

}  // namespace

FUZZ_TARGET(regex, words) {
  if (!base::valid_utf8(data)) return;  // FEEL strings always are
  const std::string_view flags = line(data), pattern = line(data), replacement = line(data);
  const auto regex = feel::Regex::compile(pattern, flags);
  if (!regex) {
    CHECK(!regex.error().text().empty(), "an error says nothing");
    return;
  }
  const auto found = regex->matches(data);
  const auto replaced = regex->replace(data, replacement);
  if (replaced) {
    CHECK(base::valid_utf8(*replaced), "replace() breaks UTF-8");
    if (found && !*found) CHECK(*replaced == data, "replace() changes what does not match");
  }
  const auto parts = regex->split(data);
  if (parts) {
    std::size_t sum = 0;
    for (const std::string_view part : *parts) {
      CHECK(base::valid_utf8(part), "split() breaks UTF-8");
      sum += part.size();
    }
    CHECK(sum <= data.size() && !parts->empty(), "split() gives more than the text");
    if (found && !*found) CHECK(parts->size() == 1 && (*parts)[0] == data, "split() where nothing matches");
  }
  if (const auto all = regex->extract(data))
    for (const std::string_view part : *all) CHECK(!part.empty() && base::valid_utf8(part), "extract() gives a broken part");
}
