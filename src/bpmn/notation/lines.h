// The first stage: text → lines that know their keyword, parameters, id, value and the lines indented under them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace bpmn::notation {

inline constexpr std::size_t kTextBytes = 1u << 20;   // the largest hand-made outline is about 20 kB
inline constexpr int kTextDepth = 64;                 // bounds the recursion over blocks
inline constexpr std::size_t kTextLines = 10'000;     // with content

struct Line {
  int number = 0, column = 0, depth = 0, parent = -1;
  std::vector<int> children;
  std::string keyword;                  // as in words.def; "@" for a lane
  std::string head;                     // between keyword and colon as written, unquoted where it is one quoted text
  std::vector<std::string> words;       // the head's words, without the id
  std::string id;                       // without '#'
  std::string value;                    // behind the colon
  bool has_value = false;
};

struct Lines {
  std::string file;
  std::vector<Line> all;                // in order; parents before children
  std::vector<int> top;
  base::Where where(const Line& line) const { return {file, line.number, line.column, {}, {}}; }
};

base::Result<Lines> read_lines(std::string_view text, std::string_view file);

// "x" in quotes with \" \\ \n \t where `bare` would not read back as the same text.
std::string quoted(std::string_view text);
std::string as_word(std::string_view text);    // one word of a head
std::string as_label(std::string_view text);   // a whole head
std::string as_value(std::string_view text);   // behind the colon

}  // namespace bpmn::notation
