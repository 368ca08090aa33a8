// Who waits for a message, signal or condition. Nearly every subscription is alone with its correlation key: four bytes each.
// Several with the same one are a set.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/state/tables.h"

namespace engine {

struct Subscription;

class SubscriptionIndex {
 public:
  void insert(const Table<Subscription>&, const Subscription&);
  void erase(const Table<Subscription>&, const Subscription&);
  // Those with this kind, authority, name and correlation key, later than `after`, ascending, while visit(key) says true.
  template <class Visit>
  void each(const Table<Subscription>& table, WaitKind kind, std::string_view authority, std::string_view name, std::string_view correlation, Key after, Visit&& visit) const {
    if (!groups_.empty())
      if (const auto group = groups_.find(text(kind, authority, name, correlation)); group != groups_.end()) {
        for (auto key = group->second.upper_bound(after); key != group->second.end(); ++key)
          if (!visit(*key)) return;
        return;
      }
    if (const Key one = single(table, kind, authority, name, correlation); one > after) visit(one);
  }
  void clear();

 private:
  static std::string text(WaitKind, std::string_view authority, std::string_view name, std::string_view correlation);
  Key single(const Table<Subscription>&, WaitKind, std::string_view authority, std::string_view name, std::string_view correlation) const;  // 0: none
  HandleIndex singles_;
  std::unordered_map<std::string, std::set<Key>> groups_;
};

}  // namespace engine
