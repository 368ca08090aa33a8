// What a command, and the step that follows from it, will read of variables that were evicted: the scopes from the element
// outwards. A new command that names its instance, element instance, scope, job, task or incident is known here by that name.
#include "engine/commands/commands.h"

namespace engine::commands {

static constexpr std::size_t kElements = 64;  // of an instance that is worked on as a whole; what lies beyond is read when needed

using Absents = std::vector<Partition::Absent>;

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
  std::visit([&](const auto& body) {
    using C = std::decay_t<decltype(body)>;
    if constexpr (std::is_same_v<C, ActivateJobs>) of_jobs(s, command, body, out);
    else if constexpr (std::is_same_v<C, PublishMessage>) of_message(s, command, body, out);
    else if constexpr (requires { Key{body.job}; }) {
      if (const Job* job = s.jobs.find(body.job)) s.absent(job->element_instance, out);
    } else if constexpr (requires { Key{body.task}; }) {
      if (const UserTask* task = s.user_tasks.find(body.task)) s.absent(task->element_instance, out);
    } else if constexpr (requires { Key{body.incident}; }) {
      if (const Incident* incident = s.incidents.find(body.incident)) s.absent(incident->element_instance, out);
    } else if constexpr (requires { Key{body.element_instance}; }) {
      s.absent(body.element_instance, out);
    } else if constexpr (requires { Key{body.instance}; }) {
      whole(s, body.instance, out);
    } else if constexpr (requires { Key{body.scope}; }) {
      s.absent(body.scope, out);
    }
  }, command.body);
  return out;
}

Key root_of(const State& s, const Command& command) {
  Key at = 0;  // an element instance; an instance is found by its key too, its process has the same
  std::visit([&](const auto& body) {
    if constexpr (requires { Key{body.job}; }) {
      if (const Job* job = s.jobs.find(body.job)) at = job->element_instance;
    } else if constexpr (requires { Key{body.task}; }) {
      if (const UserTask* task = s.user_tasks.find(body.task)) at = task->element_instance;
    } else if constexpr (requires { Key{body.incident}; }) {
      if (const Incident* incident = s.incidents.find(body.incident)) at = incident->element_instance;
    } else if constexpr (requires { Key{body.element_instance}; }) {
      at = body.element_instance;
    } else if constexpr (requires { Key{body.instance}; }) {
      at = body.instance;
    } else if constexpr (requires { Key{body.scope}; }) {
      at = body.scope;
    }
  }, command.body);
  const ElementInstance* element = at != 0 ? s.element(at) : nullptr;
  const Instance* root = element != nullptr ? s.root_of(element->instance) : nullptr;
  return root != nullptr ? root->key : 0;
}

}  // namespace engine::commands
