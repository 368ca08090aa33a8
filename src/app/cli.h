// The command line: one file per command (cli_*.cc), all the same shape. Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 failed.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"

namespace app {

enum Exit : int { kDone = 0, kFaults = 1, kUsage = 2, kFailed = 3 };

// What was typed behind the command's name. Options are read with get/flag; what is left over is refused.
class Arguments {
 public:
  Arguments(std::vector<std::string> words) : words_(std::move(words)) {}
  bool flag(std::string_view name);                                     // --name
  std::string get(std::string_view name, std::string otherwise = {});   // --name VALUE or --name=VALUE
  std::vector<std::string> get_all(std::string_view name);
  std::vector<std::string> rest();                                      // positional words; unknown --options stay in
  base::Status finish();                                                // error usage naming what was not understood

 private:
  std::vector<std::string> words_;
  std::vector<std::string> known_;
  std::string missing_value_;
};

struct CommandInfo {
  std::string name, summary;
  std::string help;  // usage, options, and at least one line that starts with "example: "
  std::function<int(Arguments&)> run;
};

const std::vector<CommandInfo>& commands();
int run_command_line(int argc, char** argv);

// Prints an error for a person on stderr and returns the exit code.
int report(const base::Error&);
// A progress line on a terminal; nothing elsewhere.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  void show(std::size_t done, std::size_t of);

 private:
  std::string what_;
  bool terminal_;
};

// One function per command.
CommandInfo serve_command();
CommandInfo import_command();
CommandInfo search_command();
CommandInfo test_command();
CommandInfo check_command();
CommandInfo draw_command();
CommandInfo layout_command();
CommandInfo text_command();
CommandInfo eval_command();
CommandInfo table_command();
CommandInfo whatif_command();
CommandInfo backup_command();
CommandInfo restore_command();
CommandInfo user_command();
CommandInfo generate_command();
CommandInfo generate_bank_command();
CommandInfo compare_command();
CommandInfo similar_command();
CommandInfo publish_command();
CommandInfo export_command();
CommandInfo subscribe_command();

}  // namespace app
