// The REPL of `sagsgang eval`: one entry at a time, over several lines while brackets are open.
#include <algorithm>
#include <cstdio>
#include <map>

#include "app/eval/line_input.h"
#include "app/eval/session.h"
#include "base/storage.h"
#include "base/text.h"

namespace app {
namespace {

using base::ErrorCode;

constexpr const char* kReplHelp = R"(  1 + 2                 an expression: its value
  x = 3                 a variable; write (x = 3) to compare
  :let x = 3            the same
  :vars                 the variables
  :type EXPRESSION      what its value is
  :explain EXPRESSION   its value, what its names hold, and for every null the reason; alone: after each value from here on
  :load FILE            FILE.json: variables; FILE.dmn: a model, whose decisions are then asked by name; else lines as if typed
  :decisions            the decisions of the model
  :help                 this; ':help NAME' tells about a function
  :quit                 ends (or Ctrl-D)
)";

// Does the text end inside brackets, a string or a comment? Ranges open and close with either bracket, so that only a text
// that does not compile is asked.
bool is_open(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
      if (i >= text.size()) return true;
    } else if (text.substr(i).starts_with("/*")) {
      i = text.find("*/", i);
      if (i == std::string_view::npos) return true;
      ++i;
    } else if (text.substr(i).starts_with("//")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text[i] == '(' || text[i] == '[' || text[i] == '{') {
      ++depth;
    } else if (text[i] == ')' || text[i] == ']' || text[i] == '}') {
      --depth;
    }
  }
  return depth > 0;
}

// "name = rest": where the name is one that a variable may have; 0 otherwise.
std::size_t assignment(std::string_view text) {
  const std::size_t at = text.find('=');
  if (at == 0 || at == std::string_view::npos || (at + 1 < text.size() && text[at + 1] == '=')) return 0;
  const std::string_view name = base::trim(text.substr(0, at));
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return 0;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ' ' || (c & 0x80) != 0;
    if (!letter) return 0;
  }
  for (const std::string_view word : {"if ", "for ", "some ", "every ", "not "})
    if (name.starts_with(word)) return 0;
  return at;
}

class Repl {
 public:
  explicit Repl(EvalSession& session) : session_(session), input_(history_path(), [this] { return candidates(); }) {}

  int run() {
    if (input_.terminal()) std::printf("FEEL; :help tells what can be typed, :quit ends.\n");
    std::string entry;
    while (!ended_) {
      const auto line = input_.read(entry.empty() ? "feel> " : "  ... ");
      if (!line) break;
      const bool blank = base::trim(*line).empty();
      if (blank && entry.empty()) continue;
      entry += (entry.empty() ? "" : "\n") + *line;
      if (!blank && unfinished(entry)) continue;  // an empty line ends the entry as it is
      input_.remember(entry);
      answer(entry);
      entry.clear();
    }
    if (!entry.empty()) answer(entry);
    return input_.terminal() ? static_cast<int>(kDone) : worst_;
  }

 private:
  using Command = void (Repl::*)(const std::string&);

  std::vector<std::string> candidates() const {
    std::vector<std::string> out = session_.names();
    for (const auto& [name, unused] : commands()) out.push_back(name);
    return out;
  }

  static const std::map<std::string, Command>& commands() {
    static const std::map<std::string, Command> kAll = {{":let", &Repl::let}, {":vars", &Repl::vars}, {":type", &Repl::type}, {":explain", &Repl::explain},
        {":load", &Repl::load}, {":decisions", &Repl::decisions}, {":help", &Repl::help}, {":quit", &Repl::quit}};
    return kAll;
  }

  static std::string expression_of(const std::string& entry) {
    std::string_view text = base::trim(entry);
    if (text.starts_with(":let ") || text.starts_with(":type ") || text.starts_with(":explain ")) text = base::trim(text.substr(text.find(' ')));
    const std::size_t equals = assignment(text);
    return std::string(equals ? text.substr(equals + 1) : text);
  }

  bool unfinished(const std::string& entry) const {
    const std::string text = expression_of(entry);
    return is_open(text) && !feel::compile(text, {.dialect = feel::Dialect::zeebe});
  }

  void answer(const std::string& entry) {
    const std::string text(base::trim(entry));
    if (text.starts_with(':')) {
      const std::size_t space = text.find_first_of(" \n");
      const std::string word = text.substr(0, space);
      const auto command = commands().find(word);
      if (command == commands().end()) {
        std::vector<std::string> known;
        for (const auto& [name, unused] : commands()) known.push_back(name);
        const std::string near = base::nearest(word, known);
        return fail({ErrorCode::usage, "there is no " + word, {}, near.empty() ? "see :help" : "did you mean " + near + "?"});
      }
      return (this->*command->second)(space == std::string::npos ? std::string() : std::string(base::trim(text.substr(space))));
    }
    if (const std::size_t equals = assignment(text)) return assign(text, equals);
    const auto names = session_.decisions();
    if (std::find(names.begin(), names.end(), text) != names.end()) return ask(text);
    print(session_.expression(text));
  }

  void assign(const std::string& text, std::size_t equals) {
    feel::Value value;
    const EvalOptions before = session_.options();
    session_.options().trace = session_.options().explain = false;
    const auto done = session_.expression(text.substr(equals + 1), &value);
    session_.options() = before;
    if (!done) return fail(done.error());
    session_.set(std::string(base::trim(std::string_view(text).substr(0, equals))), std::move(value));
    if (input_.terminal()) std::printf("%s", done->c_str());
  }

  void ask(const std::string& name) {
    std::string failure;
    print(session_.decision(name, &failure));
    if (failure.empty()) return;
    worst_ = std::max(worst_, static_cast<int>(kFaults));
    std::fprintf(stderr, "%s\n", failure.c_str());
  }

  void let(const std::string& rest) {
    const std::size_t equals = assignment(rest);
    if (equals == 0) return fail({ErrorCode::usage, ":let needs a name and an expression", {}, ":let x = 3"});
    assign(rest, equals);
  }
  void vars(const std::string&) {
    for (const auto& [name, value] : session_.variables()) std::printf("%s = %s\n", name.c_str(), feel::to_json(value).dump().c_str());
  }
  void type(const std::string& rest) {
    feel::Value value;
    if (const auto done = session_.expression(rest, &value); !done) return fail(done.error());
    std::printf("%s\n", type_in_words(value).c_str());
  }
  void explain(const std::string& rest) {
    const bool before = session_.options().explain;
    if (rest.empty()) {
      session_.options().explain = !before;
      std::printf("%s\n", before ? "values alone" : "each value with how it came to be");
      return;
    }
    session_.options().explain = true;
    const auto names = session_.decisions();
    if (std::find(names.begin(), names.end(), rest) != names.end()) ask(rest);
    else print(session_.expression(rest));
    session_.options().explain = before;
  }
  void load(const std::string& file) {
    if (file.empty()) return fail({ErrorCode::usage, "which file?", {}, ":load FILE.json, FILE.dmn or a file of lines"});
    if (file.ends_with(".dmn")) {
      if (const auto done = session_.load_model(file); !done) return fail(done.error());
      return decisions("");
    }
    const auto text = base::read_file(file, base::limits::kJsonBytes);
    if (!text) return fail(text.error());
    if (file.ends_with(".json")) {
      const auto json = base::parse_json(*text, file);
      if (!json) return fail(json.error());
      if (!json->is_object()) return fail({ErrorCode::usage, "variables are a JSON object", {.file = file}, "{\"name\": value}"});
      return session_.set_all(*json);
    }
    if (++loading_ > kLoadDepth) return fail({ErrorCode::limit_exceeded, "files load each other more than 8 deep", {.file = file}, {}});
    std::string entry;
    for (const std::string_view line : base::split(*text, '\n')) {
      if (base::trim(line).empty() && entry.empty()) continue;
      entry += (entry.empty() ? "" : "\n") + std::string(line);
      if (!base::trim(line).empty() && unfinished(entry)) continue;
      answer(entry);
      entry.clear();
    }
    if (!entry.empty()) answer(entry);
    --loading_;
  }
  void decisions(const std::string&) {
    for (const std::string& name : session_.decisions()) std::printf("%s\n", name.c_str());
  }
  void help(const std::string& name) {
    if (name.empty()) {
      std::printf("%s", kReplHelp);
      return;
    }
    for (const feel::BuiltinInfo& builtin : feel::builtins(session_.options().dialect))
      if (builtin.name == name) {
        std::printf("%s(%s)\n%s\n", name.c_str(), std::string(builtin.signature).c_str(), std::string(builtin.doc).c_str());
        return;
      }
    fail({ErrorCode::not_found, "there is no function '" + name + "'", {}, "completion (Tab) lists them"});
  }
  void quit(const std::string&) { ended_ = true; }

  void print(const base::Result<std::string>& made) {
    if (!made) return fail(made.error());
    std::printf("%s", made->c_str());
    std::fflush(stdout);
  }
  void fail(const base::Error& error) {
    std::fflush(stdout);
    worst_ = std::max(worst_, static_cast<int>(error.code == ErrorCode::usage ? kUsage : kFailed));
    std::fprintf(stderr, "%s\n", error.text().c_str());
  }

  static constexpr int kLoadDepth = 8;
  EvalSession& session_;
  LineInput input_;
  bool ended_ = false;
  int worst_ = kDone, loading_ = 0;
};

}  // namespace

int run_repl(EvalSession& session) { return Repl(session).run(); }

}  // namespace app
