// What one `sagsgang eval` knows: variables, perhaps a model, how to print. The REPL and a single expression use the same one.
#pragma once
#include <string>
#include <vector>

#include "app/cli.h"
#include "app/eval/show.h"

namespace app {

struct EvalOptions {
  feel::Dialect dialect = feel::Dialect::dmn;
  feel::Language language = feel::Language::english;
  bool explain = false;  // after each value how it came to be
  bool json = false;     // values as JSON
  bool trace = false;    // in place of the value: the trace as JSON
};

class EvalSession {
 public:
  explicit EvalSession(EvalOptions options) : options_(options) {}

  EvalOptions& options() { return options_; }
  void set(const std::string& name, feel::Value);
  void set_all(const base::Json& variables);
  base::Status load_model(const std::string& file);
  bool has_model() const { return program_ != nullptr; }
  std::vector<std::string> decisions() const;          // names, of the model
  const std::vector<std::pair<std::string, feel::Value>>& variables() const { return variables_; }
  std::vector<std::string> names() const;              // variables, decisions and builtins: what a word may become

  // Value and, where asked for, how it came to be, as printed. Errors: invalid_feel with its position.
  base::Result<std::string> expression(const std::string& text, feel::Value* value = nullptr);
  // Errors: not_found. `failed`: an error, not just a null.
  base::Result<std::string> decision(const std::string& name, std::string* failure);

 private:
  EvalOptions options_;
  std::vector<std::pair<std::string, feel::Value>> variables_;
  std::shared_ptr<const dmn::Program> program_;
};

// Reads and answers until the input ends or :quit. Exit code of the worst line where standard input is no terminal.
int run_repl(EvalSession&);

}  // namespace app
