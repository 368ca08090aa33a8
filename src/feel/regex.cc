#include "feel/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <map>

#include "base/limits.h"

namespace feel {

struct Regex::Code {
  pcre2_code* code = nullptr;
  bool literal = false;  // flag q
  bool matches_empty = false;
  std::uint32_t groups = 0;
  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(code); }
};

namespace {

constexpr std::uint32_t kRegexHeapKb = 20'000;  // backtracking memory of one match
constexpr std::size_t kRegexCache = 64;         // compiled patterns per thread

struct MatchData {
  pcre2_match_data* data;
  pcre2_match_context* context;
  explicit MatchData(const pcre2_code* code) : data(pcre2_match_data_create_from_pattern(code, nullptr)), context(pcre2_match_context_create(nullptr)) {
    pcre2_set_match_limit(context, base::limits::kRegexMatch);
    pcre2_set_heap_limit(context, kRegexHeapKb);
  }
  ~MatchData() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
  }
  // 1 found, 0 not, -1 a limit was passed.
  int find(const pcre2_code* code, std::string_view text, std::size_t from) {
    const int count = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from, PCRE2_NO_UTF_CHECK, data, context);
    return count > 0 ? 1 : count == PCRE2_ERROR_NOMATCH ? 0 : -1;
  }
  std::size_t start(std::size_t group = 0) const { return pcre2_get_ovector_pointer(data)[2 * group]; }
  std::size_t end(std::size_t group = 0) const { return pcre2_get_ovector_pointer(data)[2 * group + 1]; }
};

template <class... Arguments>
std::unexpected<Reason> fail(ReasonCode code, const Arguments&... arguments) {
  return std::unexpected(Reason(code, arguments...));
}
std::unexpected<Reason> too_hard() { return fail(ReasonCode::regex_too_hard); }

}  // namespace

Regex::Answer<Regex> Regex::compile(std::string_view pattern, std::string_view flags) {
  thread_local std::map<std::pair<std::string, std::string>, Regex> cache;
  const auto known = cache.find({std::string(pattern), std::string(flags)});
  if (known != cache.end()) return known->second;
  std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
  bool free_spacing = false, literal = false, dot_all = false;
  for (const char flag : flags) {
    switch (flag) {
      case 's': dot_all = true; break;
      case 'm': options |= PCRE2_MULTILINE; break;
      case 'i': options |= PCRE2_CASELESS; break;
      case 'x': free_spacing = true; break;
      case 'q': literal = true; break;
      default: return fail(ReasonCode::regex_flag);
    }
  }
  std::string translated(pattern);
  if (literal) {
    options = (options & (PCRE2_UTF | PCRE2_CASELESS)) | PCRE2_LITERAL;
  } else {
    if (dot_all) options |= PCRE2_DOTALL;
    auto made = translate_regex(pattern, free_spacing);
    if (!made) return fail(ReasonCode::regex_wrong, std::string_view(made.error().message));
    translated = std::move(*made);
    if (dot_all) {
      // translate_regex writes "." as [^\n\r]; with flag s it is every character.
      for (std::size_t at = 0; (at = translated.find("[^\\n\\r]", at)) != std::string::npos;) translated.replace(at, 7, "(?s:.)");
    }
  }
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->literal = literal;
  code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(translated.data()), translated.size(), options, &error, &offset, nullptr);
  if (code->code == nullptr) {
    PCRE2_UCHAR message[128] = {};
    pcre2_get_error_message(error, message, sizeof message);
    return fail(ReasonCode::regex_wrong, std::string_view(reinterpret_cast<const char*>(message)));
  }
  pcre2_pattern_info(code->code, PCRE2_INFO_CAPTURECOUNT, &code->groups);
  code->matches_empty = MatchData(code->code).find(code->code, "", 0) == 1;
  Regex regex;
  regex.code_ = std::move(code);
  if (cache.size() >= kRegexCache) cache.clear();
  cache.emplace(std::pair(std::string(pattern), std::string(flags)), regex);
  return regex;
}

Regex::Answer<bool> Regex::matches(std::string_view text) const {
  const int found = MatchData(code_->code).find(code_->code, text, 0);
  if (found < 0) return too_hard();
  return found == 1;
}

Regex::Answer<std::string> Regex::replace(std::string_view text, std::string_view replacement) const {
  if (code_->matches_empty) return fail(ReasonCode::regex_matches_empty);
  // The replacement's parts: text, or a group's number.
  std::vector<std::pair<std::string, int>> parts;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (code_->literal || (c != '$' && c != '\\')) {
      if (parts.empty() || parts.back().second >= 0) parts.emplace_back("", -1);
      parts.back().first += c;
      continue;
    }
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (c == '\\') {
      if (next != '\\' && next != '$') return fail(ReasonCode::replacement_backslash);
      parts.emplace_back(std::string(1, next), -1);
      ++i;
      continue;
    }
    if (next < '0' || next > '9') return fail(ReasonCode::replacement_dollar);
    int group = next - '0';
    ++i;
    // As many digits as still name a group (XPath and XQuery Functions 3.1, fn:replace).
    while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9' &&
           group * 10 + (replacement[i + 1] - '0') <= static_cast<int>(code_->groups)) {
      group = group * 10 + (replacement[++i] - '0');
    }
    parts.emplace_back("", group);
  }
  std::string out;
  MatchData match(code_->code);
  std::size_t at = 0;
  while (at <= text.size()) {
    const int found = match.find(code_->code, text, at);
    if (found < 0) return too_hard();
    if (found == 0) break;
    out += text.substr(at, match.start() - at);
    for (const auto& [literal, group] : parts) {
      if (group < 0) {
        out += literal;
      } else if (group <= static_cast<int>(code_->groups)) {
        const auto g = static_cast<std::size_t>(group);
        if (match.start(g) != PCRE2_UNSET) out += text.substr(match.start(g), match.end(g) - match.start(g));
      }
    }
    if (match.end() == match.start()) return fail(ReasonCode::regex_matches_empty);
    at = match.end();
    if (out.size() > base::limits::kFeelStringBytes) break;
  }
  if (at < text.size()) out += text.substr(at);
  return out;
}

Regex::Answer<std::vector<std::string_view>> Regex::split(std::string_view text) const {
  std::vector<std::string_view> parts;
  MatchData match(code_->code);
  std::size_t from = 0, at = 0;
  while (at <= text.size()) {
    const int found = match.find(code_->code, text, at);
    if (found < 0) return too_hard();
    if (found == 0) break;
    if (match.end() == match.start()) {  // an empty match splits between two characters
      std::size_t next = match.end() + 1;
      while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
      if (match.end() > from && match.end() < text.size()) {
        parts.push_back(text.substr(from, match.end() - from));
        from = match.end();
      }
      at = next;
      continue;
    }
    parts.push_back(text.substr(from, match.start() - from));
    from = at = match.end();
    if (parts.size() > base::limits::kFeelListItems) break;
  }
  parts.push_back(text.substr(from));
  return parts;
}

Regex::Answer<std::vector<std::string_view>> Regex::extract(std::string_view text) const {
  if (code_->matches_empty) return fail(ReasonCode::regex_matches_empty);
  std::vector<std::string_view> found;
  MatchData match(code_->code);
  for (std::size_t at = 0; at <= text.size() && found.size() <= base::limits::kFeelListItems;) {
    const int outcome = match.find(code_->code, text, at);
    if (outcome < 0) return too_hard();
    if (outcome == 0) break;
    if (match.end() == match.start()) return fail(ReasonCode::regex_matches_empty);
    found.push_back(text.substr(match.start(), match.end() - match.start()));
    at = match.end();
  }
  return found;
}

}  // namespace feel
