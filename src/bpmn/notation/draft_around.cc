// Processes, pools, lanes, data, notes, messages and what else stands around the elements.
#include <algorithm>

#include "base/text.h"
#include "bpmn/notation/details.h"
#include "bpmn/notation/draft_reader.h"

namespace bpmn::notation {
namespace {

constexpr std::string_view kRoots = "`proces`, `pulje`, `navnerum`, `beskedflow`, `besked`, `signal`, `fejl`, `eskalering`";

}  // namespace

base::Status DraftReader::run() {
  for (const int line : lines_.top) TRY_VOID(root(line));
  if (model_.processes.empty()) return base::fail(base::ErrorCode::invalid_bpmn, "the text has no process", {lines_.file, 1, 1, {}, {}}, "begin with `proces: NAME` and indent its elements");
  TRY_VOID(settle_jumps());
  settle_order();
  settle_references();
  TRY_VOID(settle_message_flows());
  settle_flow_ids();
  return {};
}

base::Status DraftReader::root(int index) {
  const Line& line = at(index);
  const std::string& word = line.keyword;
  if (word == "proces") return process(index);
  if (word == "besked" || word == "signal" || word == "fejl" || word == "eskalering") return definition(index);
  if (!line.children.empty()) return fail(at(line.children.front()), "nothing can stand under '" + word + "' here", word == "pulje" ? "a pool with content is a `proces` with a line `pulje: NAME`" : "indent it as far as '" + word + "'");
  if (word == "pulje") return pool(line, -1);
  if (word == "beskedflow") {
    message_flow_lines_.push_back(&line);
    return {};
  }
  if (word == "navnerum") {
    model_.target_namespace = line.value;
    return {};
  }
  return fail(line, "'" + word + "' stands outside a process", "indent it under a line `proces: NAME`; at the left margin stand " + std::string(kRoots));
}

base::Status DraftReader::process(int index) {
  const Line& line = at(index);
  if (!line.words.empty()) return fail(line, "'" + line.words[0] + "' before the colon", "write `proces #id: name`");
  Process added;
  added.name = line.value;
  added.line = line.number;
  const std::string base = slug(added.name, '-');
  TRY(added.id, new_id(line, ids_.free(base.empty() ? "proces" : base)));
  const int self = static_cast<int>(model_.processes.size());
  model_.processes.push_back(std::move(added));
  Place place{self, -1, -1};
  std::vector<int> body;
  for (const int child : line.children) {
    bool known = false;
    TRY_VOID(process_fact(child, self, place, known));
    if (!known) body.push_back(child);
    else if (!body.empty()) return fail(at(child), "'" + at(child).keyword + "' stands after the first element", "facts of the process stand at its top");
  }
  Opens opens;
  return block(body, place, opens);
}

base::Status DraftReader::process_fact(int index, int self, Place&, bool& known) {
  const Line& line = at(index);
  const std::string& word = line.keyword;
  Process& process = model_.processes[static_cast<std::size_t>(self)];
  known = true;
  if (word == "pulje") return pool(line, self);
  if (word == "bane") return lane(index, self, -1);
  if (word == "dataobjekt" || word == "datalager") return data(line, self);
  if (word == "note") return note(line, self, "");
  if (word == "kørbar") {
    if (line.value != "ja" && line.value != "nej") return fail(line, "'" + line.value + "' is neither ja nor nej", "write `kørbar: ja`");
    process.executable = line.value == "ja";
  } else if (word == "version") {
    process.version_tag = process.zeebe.version_tag = line.value;
  } else if (word == "dokumentation") {
    bool begun = !process.documentation.empty();
    append_line(process.documentation, begun, line.value);
  } else if (word == "lov") {
    process.zeebe.properties.push_back({"lov", line.value});
  } else if (word == "egenskab") {
    if (line.words.size() != 1) return fail(line, "a property has one name", "write `egenskab NAME: VALUE`");
    process.zeebe.properties.push_back({line.words[0], line.value});
  } else {
    known = false;
    return {};
  }
  return line.children.empty() ? base::Status{} : fail(at(line.children.front()), "nothing can stand under '" + word + "'", "indent it as far as this line");
}

base::Status DraftReader::pool(const Line& line, int process) {
  if (process >= 0)
    for (const Participant& one : model_.participants)
      if (one.process == process) return fail(line, "a second pool of one process", "one `pulje` for each `proces`");
  Participant added;
  added.name = line.value;
  added.process = process;
  TRY(added.id, new_id(line, derived_id(ids_, added.name.empty() ? "" : "pulje " + added.name, "pulje")));
  model_.participants.push_back(std::move(added));
  return {};
}

base::Status DraftReader::lane(int index, int process, int parent) {
  const Line& line = at(index);
  Lane added;
  added.name = line.value;
  added.parent = parent;
  added.process = process;
  TRY(added.id, new_id(line, derived_id(ids_, added.name.empty() ? "" : "bane " + added.name, "bane")));
  const int self = static_cast<int>(model_.lanes.size());
  model_.lanes.push_back(std::move(added));
  for (const int child : line.children) {
    if (at(child).keyword != "bane") return fail(at(child), "'" + at(child).keyword + "' under a lane", "elements stand below, after a line `@" + line.value + "`; only `bane` stands here");
    TRY_VOID(lane(child, process, self));
  }
  return {};
}

base::Status DraftReader::find_lane(const Line& line, Place& place) {
  if (!line.children.empty()) return fail(at(line.children.front()), "a line is indented under '@'", "indent it as far as the '@' line; the lane holds to the end of the block");
  if (line.id.empty() && line.head == "-") {
    place.lane = -1;
    return {};
  }
  std::vector<std::string> names;
  int found = -1;
  for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
    const Lane& one = model_.lanes[i];
    if (one.process != place.process) continue;
    names.push_back(one.name);
    if (line.id.empty() ? one.name != line.head : one.id != line.id) continue;
    if (found >= 0) return fail(line, "two lanes are named '" + line.head + "'", "use the id: `@#" + one.id + "`");
    found = static_cast<int>(i);
  }
  const std::string wanted = line.id.empty() ? line.head : "#" + line.id;
  if (found < 0) {
    const std::string near = base::nearest(wanted, names);
    return fail(line, "there is no lane '" + wanted + "'", !near.empty() ? "did you mean '" + near + "'?" : "add `bane: " + wanted + "` at the top of the process");
  }
  place.lane = found;
  return {};
}

base::Status DraftReader::definition(int index) {
  const Line& line = at(index);
  const std::string key = line.words.empty() ? "" : line.words[0];
  if (line.words.size() != 1) return fail(line, "'" + line.keyword + "' has " + std::to_string(line.words.size()) + " words before the colon", "write `" + line.keyword + " NAME`, in quotes where it has blanks");
  TRY(const std::string id, new_id(line, derived_id(ids_, line.keyword + " " + key, line.keyword)));
  std::string correlation;
  for (const int child : line.children) {
    if (line.keyword != "besked" || at(child).keyword != "korrelation") return fail(at(child), "'" + at(child).keyword + "' under '" + line.keyword + "'", "only `korrelation: =FEEL` under `besked`");
    correlation = at(child).value;
  }
  if (line.keyword == "besked") model_.messages.push_back({id, key, correlation});
  if (line.keyword == "signal") model_.signals.push_back({id, key});
  if (line.keyword == "fejl") model_.errors.push_back({id, line.has_value ? line.value : key, key});
  if (line.keyword == "eskalering") model_.escalations.push_back({id, line.has_value ? line.value : key, key});
  return {};
}

base::Status DraftReader::message_flow(const Line& line) {
  const auto& w = line.words;
  if (w.size() != 3 || (w[1] != "->" && w[1] != "→")) return fail(line, "'" + line.head + "' is no message flow", "write `beskedflow FROM -> TO: name` with ids");
  const auto known = [&](const std::string& id) {
    return model_.node(id) >= 0 || std::ranges::any_of(model_.participants, [&](const Participant& one) { return one.id == id; });
  };
  for (const std::string& end : {w[0], w[2]}) {
    if (known(end)) continue;
    std::vector<std::string> ids;
    for (const Participant& one : model_.participants) ids.push_back(one.id);
    for (const Node& one : model_.nodes) ids.push_back(one.id);
    const std::string near = base::nearest(end, ids);
    return fail(line, "there is no element and no pool '" + end + "'", near.empty() ? "use the id of an element or pool, as in `pulje #borger: Borger`" : "did you mean '" + near + "'?");
  }
  MessageFlow added{line.id, line.value, w[0], w[2], nullptr};
  TRY(added.id, new_id(line, ids_.free("b_" + w[0] + "_" + w[2])));
  model_.message_flows.push_back(std::move(added));
  return {};
}

base::Status DraftReader::settle_message_flows() {
  for (const Line* line : message_flow_lines_) TRY_VOID(message_flow(*line));
  return {};
}

base::Status DraftReader::data(const Line& line, int process) {
  Artifact added;
  added.kind = line.keyword == "datalager" ? "dataStoreReference" : "dataObjectReference";
  added.name = line.value;
  added.process = process;
  TRY(added.id, new_id(line, derived_id(ids_, "data " + added.name, "data")));
  model_.artifacts.push_back(std::move(added));
  return line.children.empty() ? base::Status{} : fail(at(line.children.front()), "nothing can stand under '" + line.keyword + "'", "indent it as far as this line");
}

base::Status DraftReader::note(const Line& line, int process, const std::string& about) {
  Artifact added;
  added.kind = "textAnnotation";
  added.name = line.value;
  added.process = process;
  TRY(added.id, new_id(line, ids_.free(about.empty() ? "note" : "note_" + about)));
  const std::string id = added.id;
  model_.artifacts.push_back(std::move(added));
  if (!about.empty()) model_.artifacts.push_back({"association", "", "", about, id, nullptr, process});
  return line.children.empty() ? base::Status{} : fail(at(line.children.front()), "nothing can stand under 'note'", "indent it as far as this line");
}

base::Status DraftReader::data_link(const Line& line, int self) {
  if (!is_activity(node(self).type)) return fail(line, "'" + line.keyword + "' under what is no activity", "tasks, calls and sub-processes read and write data");
  if (line.value.empty() && line.id.empty()) return fail(line, "'" + line.keyword + "' names no data", "write `" + line.keyword + ": NAME`");
  if (!line.id.empty() && std::ranges::none_of(model_.artifacts, [&](const Artifact& one) { return one.id == line.id && one.kind.ends_with("Reference"); }))
    return fail(line, "there is no data '" + line.id + "'", "declare it with `dataobjekt #" + line.id + ": name` at the top of the process");
  draft_.data.push_back({self, line.id.empty() ? data_named(line.value, node(self).process) : line.id, line.keyword == "skriver"});
  return {};
}

// Data is made where it is first named.
std::string DraftReader::data_named(const std::string& name, int process) {
  for (const Artifact& one : model_.artifacts)
    if (one.kind.ends_with("Reference") && one.process == process && one.name == name) return one.id;
  Artifact added{"dataObjectReference", derived_id(ids_, "data " + name, "data"), name, "", "", nullptr, process};
  ids_.claim(added.id);
  model_.artifacts.push_back(added);
  return added.id;
}

// Names and codes in events → ids; what no line defines is made here, in the order of first use.
std::string DraftReader::settle(EventKind kind, const std::string& key) {
  if (key.empty()) return key;
  const auto find = [&](auto& all, auto name) -> std::string {
    for (const auto& one : all)
      if (one.id == key) return one.id;
    for (const auto& one : all)
      if (name(one) == key) return one.id;
    return {};
  };
  const auto make = [&](auto& all, auto name, auto fresh) {
    if (const std::string id = find(all, name); !id.empty()) return id;
    fresh.id = derived_id(ids_, std::string(word_of(kind)) + " " + key, word_of(kind));
    ids_.claim(fresh.id);
    all.push_back(fresh);
    return all.back().id;
  };
  if (kind == EventKind::message) return make(model_.messages, [](const Message& m) { return m.name; }, Message{"", key, ""});
  if (kind == EventKind::signal) return make(model_.signals, [](const Signal& s) { return s.name; }, Signal{"", key});
  if (kind == EventKind::error) return make(model_.errors, [](const ErrorDef& e) { return e.code; }, ErrorDef{"", key, key});
  if (kind == EventKind::escalation) return make(model_.escalations, [](const Escalation& e) { return e.code; }, Escalation{"", key, key});
  return key;
}

void DraftReader::settle_references() {
  for (Node& one : model_.nodes) {
    one.message_ref = settle(EventKind::message, one.message_ref);
    for (EventDefinition& event : one.events) event.ref = settle(event.kind, event.ref);
  }
}

}  // namespace bpmn::notation
