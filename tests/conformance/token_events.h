// What the engine did with a case's tokens, read from its events.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>

#include "bpmn/model.h"
#include "conformance/token_model.h"
#include "conformance/token_order.h"
#include "engine/driver.h"

namespace conformance::tokens {

class Observer {
 public:
  explicit Observer(std::map<std::string, std::string> participants) : participants_(std::move(participants)) {}
  // Reads the batches from `first` on: what one step of the case brought about.
  void read(const engine::Driver&, std::size_t first);

  std::map<std::string, int> exits;
  std::map<std::string, int> alive() const;   // elements that still hold a scope or a token
  Order written() const { return written_; }  // in the order of the engine's journal
  Order by_turns() const { return turns_.order(); }

 private:
  using Key = engine::Key;
  using Index = engine::Index;
  struct Table { std::vector<engine::ElementRow> elements; std::vector<std::string> flows; };
  struct At { Key instance = 0; Index element = 0; Key scope = 0; };
  struct Coming { Index flow; int line; };      // a token on its way to an element, and the line that sent it

  template <class E> void see(const E&) {}
  void see(const engine::ev::process_deployed&);
  void see(const engine::ev::instance_created&);
  void see(const engine::ev::instance_completed&);
  void see(const engine::ev::instance_terminated&);
  void see(const engine::ev::element_activated&);
  void see(const engine::ev::subscription_opened&);
  void see(const engine::ev::message_published&);
  void see(const engine::ev::signal_broadcast&);
  void see(const engine::ev::message_correlated&);
  void see(const engine::ev::element_triggered&);
  void see(const engine::ev::token_parked&);
  void see(const engine::ev::element_passed&);
  void see(const engine::ev::element_completed&);
  void see(const engine::ev::element_terminating&);
  void see(const engine::ev::element_terminated&);
  void see(const engine::ev::compensation_started&);
  void see(const engine::ev::compensation_thrown&);
  void see(const engine::ev::step_dropped&) { waits_ = true; }

  const engine::ElementRow& row(Key instance, Index element) const { return tables_.at(definition_.at(instance)).elements[element]; }
  std::string id_of(Key instance, Index element) const { return row(instance, element).id; }
  bool is(Key instance, Index element, bpmn::ElementType type) const { return row(instance, element).type == static_cast<std::uint8_t>(type); }
  void count(std::string id);
  int begin(int cause, Key scope, const std::string& id);
  int exit(int cause, Key scope, const std::string& id);
  void take(int cause, Key instance, Key scope, const std::vector<engine::Taken>& flows);
  int arrive(Key scope, Index element, Index flow = engine::Index(-1));   // the line that sent the token that is here now
  void triggered(Key element_instance, Index event, int cause, bool waited);
  int hidden(int cause) { return turns_.add(cause, Turns::Kind::hidden, {}, {}); }

  std::map<std::string, std::string> participants_;
  std::map<Key, Table> tables_;
  std::map<Key, Key> definition_;
  std::map<Key, At> open_;
  std::map<Key, std::string> path_;             // of scopes, as Order names them
  std::map<std::pair<Key, Index>, int> parked_;
  std::set<Key> canceled_;

  Order written_;
  Turns turns_;
  int group_ = Turns::kNone;                    // what began last in this step of the engine
  int sent_ = Turns::kNone;                     // what was sent last in this step
  bool waits_ = false;                          // something was looked at in vain since the last token came to a join
  std::map<Key, int> last_;                     // the line after which an element instance has nothing left to do
  std::map<Key, int> begun_, ended_, signalled_;
  std::map<std::pair<Key, Index>, int> trigger_, joins_;
  std::map<Key, std::pair<Key, Index>> subscriptions_;
  std::map<std::pair<Key, Index>, std::deque<Coming>> coming_;
  std::set<Key> compensates_;
  std::map<Key, Key> compensator_;              // of a replica: who compensates with it
  std::map<Key, int> cancels_;                  // of a transaction: the cancel end event that was reached
};

}  // namespace conformance::tokens
