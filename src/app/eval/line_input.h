// Lines for the REPL: with editing, history and completion on a terminal, plain where standard input is a file or a pipe.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace app {

class LineInput {
 public:
  // `history_file`: read at start, written after each line, mode 0600 in a folder of mode 0700; "" keeps none.
  // `names`: what the word before the cursor may be completed to.
  LineInput(std::string history_file, std::function<std::vector<std::string>()> names);
  ~LineInput();
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;

  bool terminal() const { return terminal_; }
  std::optional<std::string> read(const std::string& prompt);  // without its line end; nothing at the end of input
  void remember(const std::string& entry);                     // into the history; lines of several become one

 private:
  std::string history_file_;
  bool terminal_;
};

// $XDG_STATE_HOME/sagsgang/history, else ~/.local/state/sagsgang/history; "" without a home.
std::string history_path();

// How `typed` (the line up to the cursor) goes on: for each name that begins as the line ends, what the last word becomes.
// Names have spaces ("string length"), so that the longest end of the line that begins a name counts.
std::vector<std::string> completions(const std::string& typed, std::size_t word_begin, const std::vector<std::string>& names);

}  // namespace app
