// What stands around the flow: processes, pools, lanes, data, notes, definitions; and what has no words.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "bpmn/notation/details.h"
#include "bpmn/notation/draft_reader.h"
#include "bpmn/notation/text_writer.h"

namespace bpmn::notation {
namespace {

constexpr int kFree = -1, kNoNote = -2;

bool is_data(const Artifact& one) { return one.kind == "dataObjectReference" || one.kind == "dataStoreReference"; }

struct Named { std::string id, key, name; bool plain; };  // a message, signal, error or escalation; plain = its key says all

std::vector<Named> named(const Model& model, EventKind kind) {
  std::vector<Named> out;
  if (kind == EventKind::message)
    for (const Message& one : model.messages) out.push_back({one.id, one.name, "", one.correlation_key.empty()});
  if (kind == EventKind::signal)
    for (const Signal& one : model.signals) out.push_back({one.id, one.name, "", true});
  if (kind == EventKind::error)
    for (const ErrorDef& one : model.errors) out.push_back({one.id, one.code, one.name, one.name == one.code});
  if (kind == EventKind::escalation)
    for (const Escalation& one : model.escalations) out.push_back({one.id, one.code, one.name, one.name == one.code});
  return out;
}
constexpr EventKind kDefined[] = {EventKind::message, EventKind::signal, EventKind::error, EventKind::escalation};

bool unique_key(const std::vector<Named>& all, const Named& one) {
  return !one.key.empty() && std::ranges::count_if(all, [&](const Named& other) { return other.key == one.key || other.id == one.key; }) == 1;
}

}  // namespace

Outline TextWriter::run() {
  note_of_.assign(model_.artifacts.size(), kNoNote);
  std::map<std::string, int> notes;
  for (std::size_t i = 0; i < model_.artifacts.size(); ++i)
    if (model_.artifacts[i].kind == "textAnnotation") note_of_[i] = kFree, notes.emplace(model_.artifacts[i].id, static_cast<int>(i));
  for (const Artifact& one : model_.artifacts) {
    if (one.kind != "association") continue;
    const int from = model_.node(one.source), to = model_.node(one.target);
    const auto note = notes.find(from >= 0 ? one.target : one.source);
    const int about = from >= 0 ? from : to;
    if (from >= 0 && to >= 0 && graph_.compensates(from) == to) continue;
    if (about >= 0 && note != notes.end() && note_of_[static_cast<std::size_t>(note->second)] == kFree) note_of_[static_cast<std::size_t>(note->second)] = about;
    else left(model_.where(*one.xml), "an association from '" + one.source + "' to '" + one.target + "'");
  }
  if (model_.target_namespace != "urn:sagsgang:tekst" && !model_.target_namespace.empty()) line(0, "navnerum", &model_.target_namespace), text_ += '\n';
  for (std::size_t i = 0; i < model_.processes.size(); ++i) process(static_cast<int>(i)), text_ += '\n';
  if (model_.processes.empty()) left({model_.file, 0, 0, {}, {}}, "a file without a process");
  bool pools = false;
  for (const Participant& one : model_.participants) {
    if (one.process >= 0) continue;
    line(0, "pulje" + id_part(one.id, derived_id(ids_, one.name.empty() ? "" : "pulje " + one.name, "pulje")), &one.name);
    pools = true;
  }
  if (pools) text_ += '\n';
  std::string stated, flows;
  definitions(stated);
  message_flows(flows);
  text_ += flows + (flows.empty() || stated.empty() ? "" : "\n") + stated;
  while (text_.ends_with("\n\n")) text_.pop_back();
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    if (!told(static_cast<int>(i))) left(model_.where(model_.nodes[i]), "the element, which nothing here reaches");
    what_is_left(model_.nodes[i]);
  }
  for (const Artifact& one : model_.artifacts)
    if (!is_data(one) && one.kind != "textAnnotation" && one.kind != "association" && one.kind != "dataObject" && one.kind != "dataStore" &&
        one.kind != "dataInputAssociation" && one.kind != "dataOutputAssociation" && one.xml)
      left(model_.where(*one.xml), "a " + one.kind);
  for (const Flow& one : model_.flows)
    if (one.source < 0 || one.target < 0 || std::ranges::none_of(graph_.outgoing(one.source), [&](int out) { return &model_.flows[static_cast<std::size_t>(out)] == &one; }))
      left(model_.where(one), "a sequence flow that leaves its process, or has an end that cannot have it");
  return {std::move(text_), std::move(left_out_)};
}

void TextWriter::process(int index) {
  const Process& one = model_.processes[static_cast<std::size_t>(index)];
  const std::string base = slug(one.name, '-');
  line(0, "proces" + id_part(one.id, ids_.free(base.empty() ? "proces" : base)), &one.name);
  const std::string before = text_;
  bool pool = false;
  for (const Participant& p : model_.participants) {
    if (p.process != index) continue;
    if (pool) left(model_.where(*p.xml), "a second pool of one process");
    else line(1, "pulje" + id_part(p.id, derived_id(ids_, p.name.empty() ? "" : "pulje " + p.name, "pulje")), &p.name);
    pool = true;
  }
  const std::string yes = "ja";
  if (one.executable) line(1, "kørbar", &yes);
  if (!one.version_tag.empty()) line(1, "version", &one.version_tag);
  if (!one.documentation.empty())
    for (const std::string_view part : base::split(one.documentation, '\n')) {
      const std::string text(part);
      line(1, "dokumentation", &text);
    }
  for (const Header& property : one.zeebe.properties) line(1, property.key == "lov" ? "lov" : "egenskab " + as_word(property.key), &property.value);
  lanes(index, -1, 1);
  data_and_notes(index);
  if (text_.size() != before.size()) text_ += '\n';
  container(index, -1, 1);
}

void TextWriter::lanes(int process, int parent, int depth) {
  for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
    const Lane& one = model_.lanes[i];
    if (one.process != process || one.parent != parent) continue;
    line(depth, "bane" + id_part(one.id, derived_id(ids_, one.name.empty() ? "" : "bane " + one.name, "bane")), &one.name);
    lanes(process, static_cast<int>(i), depth + 1);
  }
}

std::string TextWriter::lane_reference(int lane) const {
  if (lane < 0) return "-";
  const Lane& self = model_.lanes[static_cast<std::size_t>(lane)];
  const auto same = std::ranges::count_if(model_.lanes, [&](const Lane& one) { return one.process == self.process && one.name == self.name; });
  if (self.name.empty() || self.name == "-" || self.name.starts_with('#') || same > 1) return "#" + self.id;
  return as_value(self.name);
}

void TextWriter::data_and_notes(int process) {
  for (std::size_t i = 0; i < model_.artifacts.size(); ++i) {
    const Artifact& one = model_.artifacts[i];
    if (is_data(one) && one.process == process)
      line(1, (one.kind == "dataStoreReference" ? "datalager" : "dataobjekt") + id_part(one.id, derived_id(ids_, "data " + one.name, "data")), &one.name);
    const bool here = one.process == process || (one.process < 0 && process == 0);
    if (note_of_[i] == kFree && here) line(1, "note" + id_part(one.id, ids_.free("note")), &one.name);
  }
}

void TextWriter::around_node(int index, int depth) {
  const Node& one = node(index);
  write_details(one, [&](std::string_view word, const std::string& head, const std::string& value) {
    line(depth, std::string(word) + (head.empty() ? "" : " " + head), &value);
  });
  for (std::size_t i = 0; i < model_.artifacts.size(); ++i)
    if (note_of_[i] == index) line(depth, "note" + id_part(model_.artifacts[i].id, ids_.free("note_" + one.id)), &model_.artifacts[i].name);
  if (!one.xml || !is_activity(one.type)) return;
  for (const bool writes : {false, true})
    for (const auto* link : one.xml->children_named(kBpmnNs, writes ? "dataOutputAssociation" : "dataInputAssociation")) {
      const auto* end = link->child(kBpmnNs, writes ? "targetRef" : "sourceRef");
      const std::string id(end ? local_part(end->text()) : std::string_view());
      const auto found = std::ranges::find_if(model_.artifacts, [&](const Artifact& a) { return a.id == id && is_data(a) && a.process == one.process; });
      if (found == model_.artifacts.end()) {
        left(model_.where(*link), "a data association with '" + id + "'");
        continue;
      }
      const auto same = std::ranges::count_if(model_.artifacts, [&](const Artifact& a) { return is_data(a) && a.process == one.process && a.name == found->name; });
      const std::string word = writes ? "skriver" : "læser";
      if (same == 1 && !found->name.empty()) line(depth, word, &found->name);
      else line(depth, word + " #" + id);
    }
}

// What an event names: the name or code where it is unmistakable, else the id.
std::string TextWriter::key_of(EventKind kind, const std::string& id) {
  if (id.empty()) return id;
  uses_.push_back({kind, id});
  const auto all = named(model_, kind);
  for (const Named& one : all)
    if (one.id == id) return unique_key(all, one) ? one.key : id;
  return id;
}

// States what more than a name is to say of; what is left the reader makes itself, with the same ids.
void TextWriter::definitions(std::string& text) {
  std::vector<std::string> stated;
  for (const EventKind kind : kDefined) {
    const auto all = named(model_, kind);
    for (const Named& one : all) {
      const bool used = std::ranges::any_of(uses_, [&](const Use& use) { return use.kind == kind && use.id == one.id; });
      if (!used || !one.plain || !unique_key(all, one)) stated.push_back(one.id);
    }
  }
  for (std::string unfit;; stated.push_back(unfit))
    if (definitions_with(stated, text, unfit)) return;
}

bool TextWriter::definitions_with(const std::vector<std::string>& stated, std::string& text, std::string& unfit) {
  const Ids before = ids_;
  const std::string body = std::move(text_);
  text_.clear();
  const auto is_stated = [&](const std::string& id) { return std::ranges::find(stated, id) != stated.end(); };
  for (const EventKind kind : kDefined)
    for (const Named& one : named(model_, kind)) {
      if (!is_stated(one.id)) continue;
      const std::string word(word_of(kind));
      const std::string head = word + " " + as_word(one.key) + id_part(one.id, derived_id(ids_, word + " " + one.key, word));
      const bool coded = kind == EventKind::error || kind == EventKind::escalation;
      line(0, head, coded && one.name != one.key ? &one.name : nullptr);
      if (kind == EventKind::message)
        if (const Message* message = model_.message(one.id); message && !message->correlation_key.empty()) line(1, "korrelation", &message->correlation_key);
    }
  text = std::move(text_);
  text_ = body;
  std::set<std::pair<EventKind, std::string>> made;
  for (const Use& use : uses_) {
    if (is_stated(use.id) || !made.insert({use.kind, use.id}).second) continue;
    const auto all = named(model_, use.kind);
    const auto found = std::ranges::find_if(all, [&](const Named& one) { return one.id == use.id; });
    if (found == all.end()) continue;  // an unresolved reference: check says so
    const std::string word(word_of(use.kind));
    if (derived_id(ids_, word + " " + found->key, word) != use.id) {
      unfit = use.id;
      ids_ = before;
      return false;
    }
    ids_.claim(use.id);
  }
  return true;
}

void TextWriter::message_flows(std::string& text) {
  const std::string body = std::move(text_);
  text_.clear();
  std::set<std::string> ends;
  for (const Participant& one : model_.participants) ends.insert(one.id);
  for (const Node& one : model_.nodes) ends.insert(one.id);
  for (const MessageFlow& one : model_.message_flows) {
    if (!ends.contains(one.source) || !ends.contains(one.target)) {
      left(model_.where(*one.xml), "a message flow with an unknown end");
      continue;
    }
    line(0, "beskedflow " + one.source + " -> " + one.target + id_part(one.id, ids_.free("b_" + one.source + "_" + one.target)), one.name.empty() ? nullptr : &one.name);
  }
  text = std::move(text_);
  text_ = body;
}

void TextWriter::what_is_left(const Node& one) {
  if (!one.zeebe.listeners.empty()) left(model_.where(one), "listeners");
  if (!one.zeebe.job_priority.empty()) left(model_.where(one), "the priority of its jobs");
  if (!one.zeebe.called_version_tag.empty()) left(model_.where(one), "the version tag of what it calls");
  if (one.type == ElementType::user_task && !one.zeebe.user_task && model_.processes[static_cast<std::size_t>(one.process)].executable)
    left(model_.where(one), "that the user task is done by a job worker");
  if (is_event(one.type) && !one.xml->children_named(kBpmnNs, "dataInputAssociation").empty()) left(model_.where(one), "data of an event");
  if (const auto* extensions = one.xml->child(kBpmnNs, "extensionElements"))
    for (const auto* extension : extensions->elements())
      if (extension->ns != kZeebeNs) {
        left(model_.where(one), "extension elements of other tools");
        break;
      }
  for (const std::string_view child : {"ioSpecification", "potentialOwner", "performer", "humanPerformer", "resourceRole"})
    if (one.xml->child(kBpmnNs, child)) left(model_.where(one), std::string(child));
}

}  // namespace bpmn::notation
