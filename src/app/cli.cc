#include "app/cli.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/text.h"

namespace app {

bool Arguments::flag(std::string_view name) {
  known_.emplace_back(name);
  return std::erase(words_, std::string(name)) > 0;
}

std::vector<std::string> Arguments::get_all(std::string_view name) {
  known_.emplace_back(name);
  std::vector<std::string> out;
  const std::string joined = std::string(name) + "=";
  for (std::size_t i = 0; i < words_.size();) {
    if (words_[i].starts_with(joined)) {
      out.push_back(words_[i].substr(joined.size()));
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
    } else if (words_[i] == name) {
      if (i + 1 == words_.size()) {
        missing_value_ = name;
        words_.pop_back();
        break;
      }
      out.push_back(words_[i + 1]);
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i), words_.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    } else {
      ++i;
    }
  }
  return out;
}

std::string Arguments::get(std::string_view name, std::string otherwise) {
  auto all = get_all(name);
  return all.empty() ? std::move(otherwise) : all.back();
}

std::vector<std::string> Arguments::rest() {
  std::vector<std::string> out;
  for (const std::string& word : words_)
    if (!word.starts_with("--")) out.push_back(word);
  std::erase_if(words_, [](const std::string& word) { return !word.starts_with("--"); });
  return out;
}

base::Status Arguments::finish() {
  if (!missing_value_.empty()) return base::fail(base::ErrorCode::usage, missing_value_ + " needs a value", {}, "see --help");
  if (words_.empty()) return {};
  const std::string near = base::nearest(words_[0], known_);
  return base::fail(base::ErrorCode::usage, "'" + words_[0] + "' is not understood", {}, near.empty() ? "see --help" : "did you mean " + near + "?");
}

const std::vector<CommandInfo>& commands() {
  static const std::vector<CommandInfo> all = {serve_command(), import_command(), search_command(), test_command(), check_command(), draw_command(),
      layout_command(), text_command(), eval_command(), table_command(), whatif_command(), backup_command(), restore_command(), user_command(),
      generate_command(), generate_bank_command(), publish_command(), export_command(), compare_command(), similar_command(), subscribe_command()};
  return all;
}

int report(const base::Error& error) {
  std::fprintf(stderr, "sagsgang: %s\n", error.text().c_str());
  return error.code == base::ErrorCode::usage ? kUsage : kFailed;
}

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {}

void Progress::show(std::size_t done, std::size_t of) {
  if (!terminal_) return;
  std::fprintf(stderr, "\r%s %zu/%zu", what_.c_str(), done, of);
}

Progress::~Progress() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

namespace {

void print_overview() {
  std::printf("sagsgang %s: the workflow bank that runs\n\nusage: sagsgang COMMAND [options]\n\n", SAGSGANG_VERSION);
  for (const CommandInfo& command : commands()) std::printf("  %-18s %s\n", command.name.c_str(), command.summary.c_str());
  std::printf("\n'sagsgang COMMAND --help' tells more, with an example. Exit codes: 0 done, 1 found faults, 2 wrong usage, 3 failed.\n\n"
              "example: sagsgang eval '1 + 2 * 3'\n");
}

}  // namespace

int run_command_line(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_overview();
    return words.empty() ? kUsage : kDone;
  }
  if (words[0] == "--version") {
    std::printf("sagsgang %s\n", SAGSGANG_VERSION);
    return kDone;
  }
  std::vector<std::string> names;
  for (const CommandInfo& command : commands()) {
    names.push_back(command.name);
    if (command.name != words[0]) continue;
    words.erase(words.begin());
    if (std::find(words.begin(), words.end(), "--help") != words.end() || std::find(words.begin(), words.end(), "-h") != words.end()) {
      std::printf("%s\n", command.help.c_str());
      return kDone;
    }
    Arguments arguments(std::move(words));
    return command.run(arguments);
  }
  const std::string near = base::nearest(words[0], names);
  std::fprintf(stderr, "sagsgang: there is no command '%s'%s; see sagsgang --help\n", words[0].c_str(), near.empty() ? "" : (" (did you mean " + near + "?)").c_str());
  return kUsage;
}

}  // namespace app
