#include "bpmn/notation/details.h"

#include "base/text.h"

namespace bpmn::notation {
namespace {

using Write = std::function<void(std::string_view, const std::string&, const std::string&)>;

struct Text {
  std::string_view word;
  std::string Zeebe::*field;
};
// One text of the zeebe: extension.
constexpr Text kTexts[] = {
    {"forsøg", &Zeebe::task_retries},          {"ansvarlig", &Zeebe::assignee},
    {"gruppe", &Zeebe::candidate_groups},      {"brugere", &Zeebe::candidate_users},
    {"frist", &Zeebe::due_date},               {"opfølgning", &Zeebe::follow_up_date},
    {"prioritet", &Zeebe::priority},           {"formular", &Zeebe::form_id},
    {"formularnøgle", &Zeebe::form_key},       {"ekstern formular", &Zeebe::external_reference},
    {"udtryk", &Zeebe::script},
};

struct Fact { std::string_view word; int words; };
constexpr Fact kFacts[] = {
#define FLOW(word, type)
#define KIND(word, kind)
#define CONTROL(word)
#define DETAIL(word, words) {word, words},
#include "bpmn/notation/words.def"
#undef FLOW
#undef KIND
#undef CONTROL
#undef DETAIL
};

class DetailReader {
 public:
  DetailReader(const Lines& lines, const Line& line, Node& node) : lines_(lines), line_(line), node_(node), word_(line.keyword) {}

  base::Status run() {
    TRY_VOID(shape());
    if (text()) return {};
    if (word_ == "dokumentation") {
      bool begun = !node_.documentation.empty();
      append_line(node_.documentation, begun, line_.value);
      return {};
    }
    if (word_ == "lov" || word_ == "pakke") return property(std::string(word_));
    if (word_ == "egenskab") return property(line_.words[0]);
    if (word_ == "job") node_.zeebe.task_type = line_.value;
    else if (word_ == "hoved") node_.zeebe.headers.push_back({line_.words[0], line_.value});
    else if (word_ == "ind") node_.zeebe.inputs.push_back({line_.value, line_.words[0]});
    else if (word_ == "ud") node_.zeebe.outputs.push_back({line_.value, line_.words[0]});
    else if (word_ == "kode") code();
    else if (word_ == "resultat") (node_.type == ElementType::script_task ? node_.zeebe.script_result : node_.zeebe.decision_result) = line_.value;
    else if (word_ == "binding") (node_.type == ElementType::call_activity ? node_.zeebe.called_binding : node_.zeebe.decision_binding) = line_.value;
    else if (word_ == "variable ind") return no(node_.zeebe.propagate_all_parent);
    else if (word_ == "variable ud") return no(node_.zeebe.propagate_all_child);
    else if (word_ == "afbryder") return no(node_.interrupting);
    else return loop();
    return {};
  }

 private:
  base::Status shape() {
    for (const Fact& fact : kFacts) {
      if (fact.word != word_) continue;
      const bool optional = word_ == "kode" || word_ == "for hver" || word_ == "efter tur";
      const int words = static_cast<int>(line_.words.size());
      if (words != fact.words && !(optional && words < fact.words))
        return fail("'" + line_.keyword + "' has " + std::to_string(words) + " words before the colon", fact.words == 0 ? "write `" + line_.keyword + ": …`" : "write `" + line_.keyword + " NAME: …`");
      if (!line_.id.empty()) return fail("'" + line_.keyword + "' has an id", "only elements have ids");
      if (!line_.children.empty()) return fail("lines are indented under '" + line_.keyword + "'", "indent them as far as this line");
      if (!line_.has_value) return fail("'" + line_.keyword + "' says nothing", "write `" + line_.keyword + ": …`");
    }
    return {};
  }

  bool text() {
    for (const Text& one : kTexts)
      if (one.word == word_) {
        node_.zeebe.*one.field = line_.value;
        return true;
      }
    return false;
  }

  base::Status property(std::string name) {
    node_.zeebe.properties.push_back({std::move(name), line_.value});
    return {};
  }

  void code() {
    bool begun = !node_.script.empty();
    append_line(node_.script, begun, line_.value);
    if (!line_.words.empty()) node_.script_format = line_.words[0];
  }

  base::Status no(bool& flag) {
    if (line_.value != "nej" && line_.value != "ja") return fail("'" + line_.value + "' is neither ja nor nej", "write `" + line_.keyword + ": nej`");
    flag = line_.value == "ja";
    return {};
  }

  base::Status loop() {
    if (!is_activity(node_.type)) return fail("only activities repeat", "put '" + line_.keyword + "' under a task, a call or a sub-process");
    if (!node_.loop) node_.loop.emplace().behavior = "All";
    Loop& loop = *node_.loop;
    if (word_ == "for hver" || word_ == "efter tur") {
      loop.sequential = word_ == "efter tur";
      node_.zeebe.input_collection = line_.value;
      if (!line_.words.empty()) node_.zeebe.input_element = line_.words[0];
    } else if (word_ == "saml") {
      node_.zeebe.output_collection = line_.words[0];
      node_.zeebe.output_element = line_.value;
    } else if (word_ == "antal") {
      loop.cardinality = line_.value;
    } else if (word_ == "færdig når") {
      loop.completion_condition = line_.value;
    } else if (word_ == "gentag") {
      loop.standard = true, loop.loop_condition = line_.value;
    } else if (word_ == "højst") {
      loop.standard = true, loop.loop_maximum = line_.value;
    }
    return {};
  }

  base::Status fail(std::string message, std::string remedy) const {
    return base::fail(base::ErrorCode::invalid_bpmn, std::move(message), lines_.where(line_), std::move(remedy));
  }

  const Lines& lines_;
  const Line& line_;
  Node& node_;
  std::string_view word_;
};

void write_lines(std::string_view word, const std::string& head, const std::string& text, const Write& line) {
  if (text.empty()) return;
  bool first = true;
  for (const std::string_view one : base::split(text, '\n')) {
    line(word, first ? head : "", std::string(one));
    first = false;
  }
}

void write_loop(const Node& node, const Write& line) {
  if (!node.loop) return;
  const Loop& loop = *node.loop;
  const Zeebe& z = node.zeebe;
  if (loop.standard) {
    line("gentag", "", loop.loop_condition);
    if (!loop.loop_maximum.empty()) line("højst", "", loop.loop_maximum);
    return;
  }
  line(loop.sequential ? "efter tur" : "for hver", z.input_element.empty() ? "" : as_word(z.input_element), z.input_collection);
  if (!z.output_collection.empty()) line("saml", as_word(z.output_collection), z.output_element);
  if (!loop.cardinality.empty()) line("antal", "", loop.cardinality);
  if (!loop.completion_condition.empty()) line("færdig når", "", loop.completion_condition);
}

}  // namespace

bool is_detail(std::string_view keyword) {
  for (const Fact& fact : kFacts)
    if (fact.word == keyword) return true;
  return false;
}

void append_line(std::string& text, bool& begun, std::string_view line) {
  if (begun) text += '\n';
  text += line;
  begun = true;
}

base::Status read_detail(const Lines& lines, const Line& line, Node& node) { return DetailReader(lines, line, node).run(); }

void write_details(const Node& node, const Write& line) {
  const Zeebe& z = node.zeebe;
  const auto text = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) line(word, "", value);
  };
  write_lines("dokumentation", "", node.documentation, line);
  for (const Header& one : z.properties) {
    if (one.key == "lov" || one.key == "pakke") line(one.key, "", one.value);
    else line("egenskab", as_word(one.key), one.value);
  }
  if (node.type != ElementType::service_task) text("job", z.task_type);
  for (const Text& one : kTexts) text(one.word, z.*one.field);
  for (const Header& one : z.headers) line("hoved", as_word(one.key), one.value);
  for (const Mapping& one : z.inputs) line("ind", as_word(one.target), one.source);
  for (const Mapping& one : z.outputs) line("ud", as_word(one.target), one.source);
  text("resultat", node.type == ElementType::script_task ? z.script_result : z.decision_result);
  write_lines("kode", node.script_format.empty() ? "" : as_word(node.script_format), node.script, line);
  text("binding", node.type == ElementType::call_activity ? z.called_binding : z.decision_binding);
  if (!z.propagate_all_parent) line("variable ind", "", "nej");
  if (!z.propagate_all_child) line("variable ud", "", "nej");
  write_loop(node, line);
  if (node.type == ElementType::start_event && !node.interrupting) line("afbryder", "", "nej");
}

}  // namespace bpmn::notation
