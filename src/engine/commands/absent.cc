// What a command, and the step that follows from it, will read of variables that were evicted: the scopes from the element
// outwards. A new command that names its instance, element instance, scope, job, task or incident is known here by that name.
#include "engine/commands/commands.h"

namespace engine::commands {

static constexpr std::size_t kElements = 64;  // of an instance that is worked on as a whole; what lies beyond is read when needed

using Absents = std::vector<Partition::Absent>;

// The element instance that a command names, by itself or by its job, task or incident; of an instance its process, which has
// the same key. 0: it names none, or one that is not there.
static Key subject(const State& s, const Command& command) {
  return std::visit([&](const auto& body) -> Key {
    const auto of = [](const auto* record) { return record != nullptr ? record->element_instance : Key{0}; };
    if constexpr (requires { Key{body.job}; }) return of(s.jobs.find(body.job));
    else if constexpr (requires { Key{body.task}; }) return of(s.user_tasks.find(body.task));
    else if constexpr (requires { Key{body.incident}; }) return of(s.incidents.find(body.incident));
    else if constexpr (requires { Key{body.element_instance}; }) return body.element_instance;
    else if constexpr (requires { Key{body.instance}; }) return body.instance;
    else if constexpr (requires { Key{body.scope}; }) return body.scope;
    else return 0;
  }, command.body);
}

// Does it name an instance as a whole, and not something in it?
static bool names_instance(const Command& command) {
  return std::visit([](const auto& body) { return requires { Key{body.instance}; } && !requires { Key{body.element_instance}; }; }, command.body);
}

// The instance's element instances, the outer ones first.
static void whole(const State& s, Key instance, Absents& out) {
  std::vector<Key> open{instance};
  for (std::size_t i = 0; i < open.size() && i < kElements; ++i) {
    const ElementInstance* at = s.element(open[i]);
    if (at == nullptr) continue;
    if (at->variables.away()) out.push_back({at->key, at->variables.place()});
    for (Handle h = at->first_child; h != kNone && open.size() < kElements; h = s.elements.at(h).next) open.push_back(s.elements.at(h).key);
  }
}

static void of_jobs(const State& s, const Command& command, const ActivateJobs& activate, Absents& out) {
  const auto queue = s.queue_index.find(State::index_key(command.authority, activate.type));
  if (queue == s.queue_index.end()) return;
  if (activate.max < 1) return;
  for (const Key key : s.available(queue->second, std::min<std::size_t>(static_cast<std::size_t>(activate.max), base::limits::kPageItems))) s.absent(s.jobs.find(key)->element_instance, out);
}

static void of_message(const State& s, const Command& command, const PublishMessage& message, Absents& out) {
  s.subscription_index.each(s.subscriptions, WaitKind::message, command.authority, message.name, message.correlation_key, 0, [&](Key key) {
    s.absent(s.subscriptions.find(key)->element_instance(), out);
    return out.size() < kElements;
  });
}

Absents absent(const State& s, const Command& command) {
  Absents out;
  if (const auto* activate = std::get_if<ActivateJobs>(&command.body)) of_jobs(s, command, *activate, out);
  else if (const auto* message = std::get_if<PublishMessage>(&command.body)) of_message(s, command, *message, out);
  else if (const Key key = subject(s, command); names_instance(command)) whole(s, key, out);
  else s.absent(key, out);
  return out;
}

Key root_of(const State& s, const Command& command) {
  const ElementInstance* element = s.element(subject(s, command));
  const Instance* root = element != nullptr ? s.root_of(element->instance) : nullptr;
  return root != nullptr ? root->key : 0;
}

}  // namespace engine::commands
