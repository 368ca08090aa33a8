// Inside the room: regular expressions of XPath and XQuery Functions 3.1 section 5.6 (what FEEL's matches, replace and
// split use), translated to PCRE2 and run under match limits.
#pragma once
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "feel/reason.h"

namespace feel {

class Regex {
 public:
  template <class T>
  using Answer = std::expected<T, Reason>;  // or why there is none

  // Flags: s m i x q. Else what is wrong in the pattern.
  static Answer<Regex> compile(std::string_view pattern, std::string_view flags);
  Answer<bool> matches(std::string_view text) const;
  // `$0` … `$9`, `\$` and `\\` in the replacement. Error where the pattern matches the empty text.
  Answer<std::string> replace(std::string_view text, std::string_view replacement) const;
  Answer<std::vector<std::string_view>> split(std::string_view text) const;
  Answer<std::vector<std::string_view>> extract(std::string_view text) const;  // every match

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

// The pattern in PCRE2's dialect. Exposed for its tests.
base::Result<std::string> translate_regex(std::string_view pattern, bool free_spacing);

}  // namespace feel
