// Indentation, keywords, quotes. No meaning yet: draft.cc gives it.
#include "bpmn/notation/lines.h"

#include <algorithm>

#include "base/text.h"

namespace bpmn::notation {
namespace {

constexpr std::string_view kWords[] = {
#define FLOW(word, type) word,
#define KIND(word, kind) word,
#define CONTROL(word) word,
#define DETAIL(word, words) word,
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
#undef CONTROL
#undef DETAIL
};

// æ ø å and their spellings ae oe aa compare equal.
std::string folded(std::string_view text) {
  std::string out;
  for (const char32_t letter : base::to_utf32(base::lower(text))) {
    if (letter == U'æ') out += "ae";
    else if (letter == U'ø') out += "oe";
    else if (letter == U'å') out += "aa";
    else base::append_utf8(out, letter);
  }
  return out;
}

bool ends_word(std::string_view text, std::size_t at) { return at >= text.size() || text[at] == ' ' || text[at] == ':'; }

// The longest word of the notation that the line begins with; how many bytes of the line it takes.
std::pair<std::string, std::size_t> keyword_of(std::string_view line) {
  std::pair<std::string, std::size_t> best{"", 0};
  std::size_t end = 0;
  for (int words = 0; words < 2 && end < line.size(); ++words) {
    std::size_t stop = end;
    while (stop < line.size() && line[stop] == ' ') ++stop;
    while (!ends_word(line, stop)) ++stop;
    end = stop;
    const std::string candidate = folded(line.substr(0, end));
    for (const std::string_view word : kWords)
      if (folded(word) == candidate) best = {std::string(word), end};
  }
  return best;
}

class LineReader {
 public:
  LineReader(Lines& lines, std::string_view text) : lines_(lines), text_(text) {}

  base::Status run() {
    if (text_.size() > kTextBytes)
      return base::fail(base::ErrorCode::limit_exceeded, "the text has " + std::to_string(text_.size()) + " bytes", {lines_.file, 0, 0, {}, {}},
                        "at most " + std::to_string(kTextBytes) + "; split it into workflows that call each other");
    if (!base::valid_utf8(text_)) return base::fail(base::ErrorCode::invalid_bpmn, "the text is not UTF-8", {lines_.file, 0, 0, {}, {}}, "save it as UTF-8");
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    int number = 0;
    for (std::string_view raw : base::split(text_, '\n')) {
      ++number;
      if (raw.ends_with('\r')) raw.remove_suffix(1);
      TRY_VOID(one(raw, number));
    }
    return {};
  }

 private:
  base::Status one(std::string_view raw, int number) {
    const std::size_t indent = raw.find_first_not_of(' ');
    if (indent == std::string_view::npos || raw.substr(indent).starts_with("//")) return {};
    Line line;
    line.number = number;
    line.column = static_cast<int>(indent) + 1;
    if (raw[indent] == '\t') return fail(line, "a tab in the indentation", "indent with blanks, two for each level");
    if (lines_.all.size() >= kTextLines)
      return base::fail(base::ErrorCode::limit_exceeded, "more than " + std::to_string(kTextLines) + " lines", lines_.where(line), "split the workflow");
    TRY_VOID(place(line, static_cast<int>(indent)));
    while (raw.ends_with(' ') || raw.ends_with('\t')) raw.remove_suffix(1);
    TRY_VOID(content(line, raw.substr(indent)));
    const int index = static_cast<int>(lines_.all.size());
    open_.push_back({static_cast<int>(indent), index});
    if (line.parent < 0) lines_.top.push_back(index);
    else lines_.all[static_cast<std::size_t>(line.parent)].children.push_back(index);
    lines_.all.push_back(std::move(line));
    return {};
  }

  // Finds the line this one is indented under.
  base::Status place(Line& line, int indent) {
    int closed = -1;
    while (!open_.empty() && open_.back().indent >= indent) {
      closed = open_.back().indent;
      open_.pop_back();
    }
    if (closed > indent || (closed < 0 && open_.empty() && indent > 0)) {
      const std::string expected = closed < 0 ? "0" : std::to_string(closed) + (open_.empty() ? "" : " or " + std::to_string(open_.back().indent));
      return fail(line, "indented by " + std::to_string(indent) + ", which no line above is", "indent by " + expected + " blanks, as the lines it belongs with");
    }
    line.depth = static_cast<int>(open_.size());
    line.parent = open_.empty() ? -1 : open_.back().line;
    if (line.depth >= kTextDepth)
      return base::fail(base::ErrorCode::limit_exceeded, "nested deeper than " + std::to_string(kTextDepth) + " levels", lines_.where(line), "use `gå til`, or a package of its own");
    return {};
  }

  base::Status content(Line& line, std::string_view text) {
    if (text.starts_with('@')) {
      line.keyword = "@";
      return head_of_lane(line, base::trim(text.substr(1)));
    }
    const auto [word, length] = keyword_of(text);
    if (word.empty()) {
      std::string first(text.substr(0, std::min(text.find_first_of(" :"), text.size())));
      const std::string near = base::nearest(base::lower(first), {std::begin(kWords), std::end(kWords)});
      return fail(line, "'" + first + "' is no word of the notation", near.empty() ? "begin with a keyword, as in `bruger: Læs sagen` (docs/notation.md)" : "did you mean '" + near + "'?");
    }
    line.keyword = word;
    const std::size_t colon = separator(text, length);
    if (colon != std::string_view::npos) {
      line.has_value = true;
      TRY(line.value, unquoted(line, base::trim(text.substr(colon + 1)), line.column + static_cast<int>(colon) + 1));
    }
    const std::string_view head = base::trim(text.substr(length, colon == std::string_view::npos ? text.size() - length : colon - length));
    TRY_VOID(words_of(line, head));
    return {};
  }

  base::Status head_of_lane(Line& line, std::string_view name) {
    if (name.starts_with('#')) line.id = name.substr(1);
    else {
      TRY(line.head, unquoted(line, name, line.column + 1));
    }
    if (name.empty()) return fail(line, "no lane after '@'", "write the role, as in `@Sagsbehandler`, or `@-` for none");
    return {};
  }

  // The colon that ends the head: a blank or the end follows, and it is not inside quotes.
  static std::size_t separator(std::string_view text, std::size_t from) {
    bool inside = false;
    for (std::size_t i = from; i < text.size(); ++i) {
      if (inside && text[i] == '\\') ++i;
      else if (text[i] == '"' && (inside || i == 0 || text[i - 1] == ' ')) inside = !inside;
      else if (!inside && text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) return i;
    }
    return std::string_view::npos;
  }

  base::Status words_of(Line& line, std::string_view head) {
    const bool label = line.keyword == "hvis" || line.keyword == "ellers" || line.keyword == "gren";
    if (label) {
      TRY(line.head, unquoted(line, head, line.column));
      return {};
    }
    line.head = head;
    for (std::size_t at = 0; at < head.size();) {
      if (head[at] == ' ') {
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      if (head[at] == '"') {
        while (end < head.size() && head[end] != '"') end += head[end] == '\\' ? 2 : 1;
        ++end;
      } else {
        end = std::min(head.find(' ', at), head.size());
      }
      const std::string_view word = head.substr(at, std::min(end, head.size()) - at);
      if (word.starts_with('#')) {
        if (!line.id.empty()) return fail(line, "two ids in one line", "keep one of '#" + line.id + "' and '" + std::string(word) + "'");
        line.id = word.substr(1);
        if (line.id.empty()) return fail(line, "an empty id", "write it as in `#vurder`");
      } else {
        TRY(std::string one, unquoted(line, word, line.column));
        line.words.push_back(std::move(one));
      }
      at = end;
    }
    return {};
  }

  base::Result<std::string> unquoted(const Line& line, std::string_view text, int column) const {
    if (!text.starts_with('"')) return std::string(text);
    std::string out;
    for (std::size_t i = 1; i < text.size(); ++i) {
      if (text[i] == '"') {
        if (i + 1 < text.size()) return wrong(line, column, "text after the closing quote", "quote the whole, or write \\\" for a quote inside");
        return out;
      }
      if (text[i] != '\\') {
        out += text[i];
        continue;
      }
      const char next = i + 1 < text.size() ? text[++i] : '\0';
      if (next == 'n') out += '\n';
      else if (next == 't') out += '\t';
      else if (next == 'r') out += '\r';
      else if (next == '"' || next == '\\') out += next;
      else return wrong(line, column, "'\\" + std::string(1, next ? next : ' ') + "' in quotes", "only \\\" \\\\ \\n \\t \\r have a meaning");
    }
    return wrong(line, column, "a quote that is not closed", "end the text with \"");
  }

  std::unexpected<base::Error> wrong(const Line& line, int column, std::string message, std::string remedy) const {
    return base::fail(base::ErrorCode::invalid_bpmn, std::move(message), {lines_.file, line.number, column, {}, {}}, std::move(remedy));
  }
  base::Status fail(const Line& line, std::string message, std::string remedy) const { return wrong(line, line.column, std::move(message), std::move(remedy)); }

  struct Open { int indent, line; };
  Lines& lines_;
  std::string_view text_;
  std::vector<Open> open_;
};

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

base::Result<Lines> read_lines(std::string_view text, std::string_view file) {
  Lines lines;
  lines.file = file;
  TRY_VOID(LineReader(lines, text).run());
  return lines;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '\r') out += "\\r";
    else if (c == '"' || c == '\\') out += '\\', out += c;
    else out += c;
  }
  return out + '"';
}

std::string as_word(std::string_view text) {
  const bool plain = !text.empty() && text.find_first_of(" \"") == std::string_view::npos && !text.starts_with('#') && !text.ends_with(':') && !has_control(text);
  return plain ? std::string(text) : quoted(text);
}

std::string as_label(std::string_view text) {
  const bool plain = text.find('"') == std::string_view::npos && text.find(": ") == std::string_view::npos && !text.ends_with(':') &&
                     base::trim(text) == text && !has_control(text);
  return plain ? std::string(text) : quoted(text);
}

std::string as_value(std::string_view text) {
  return !text.starts_with('"') && base::trim(text) == text && !has_control(text) ? std::string(text) : quoted(text);
}

}  // namespace bpmn::notation
