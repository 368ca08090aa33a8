#include "engine/state/subscription_index.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/state/state.h"

namespace engine {

static std::uint64_t hash_of(WaitKind kind, std::string_view authority, std::string_view name, std::string_view correlation) {
  std::uint64_t hash = XXH3_64bits_withSeed(authority.data(), authority.size(), static_cast<std::uint64_t>(kind));
  hash = XXH3_64bits_withSeed(name.data(), name.size(), hash);
  return XXH3_64bits_withSeed(correlation.data(), correlation.size(), hash);
}
static std::uint64_t hash_of(const Subscription& one) { return hash_of(one.kind, one.authority, one.name, one.correlation_key); }

std::string SubscriptionIndex::text(WaitKind kind, std::string_view authority, std::string_view name, std::string_view correlation) {
  return State::index_key(std::string_view("msc" + static_cast<int>(kind), 1), authority, name, correlation);
}

Key SubscriptionIndex::single(const Table<Subscription>& table, WaitKind kind, std::string_view authority, std::string_view name, std::string_view correlation) const {
  const Handle h = singles_.find(hash_of(kind, authority, name, correlation), [&](Handle other) {
    const Subscription& one = table.at(other);
    return one.kind == kind && one.correlation_key == correlation && one.name == name && one.authority == authority;
  });
  return h == kNone ? 0 : table.at(h).key;
}

void SubscriptionIndex::insert(const Table<Subscription>& table, const Subscription& one) {
  const auto hash = [&](Handle h) { return hash_of(table.at(h)); };
  if (!groups_.empty())
    if (const auto group = groups_.find(text(one.kind, one.authority, one.name, one.correlation_key)); group != groups_.end()) {
      group->second.insert(one.key);
      return;
    }
  const Key other = single(table, one.kind, one.authority, one.name, one.correlation_key);
  if (other == 0) {
    singles_.insert(hash_of(one), table.handle(one.key), hash);
    return;
  }
  singles_.erase(hash_of(one), table.handle(other), hash);
  groups_[text(one.kind, one.authority, one.name, one.correlation_key)] = {other, one.key};
}

void SubscriptionIndex::erase(const Table<Subscription>& table, const Subscription& one) {
  if (!groups_.empty())
    if (const auto group = groups_.find(text(one.kind, one.authority, one.name, one.correlation_key)); group != groups_.end()) {
      group->second.erase(one.key);
      if (group->second.empty()) groups_.erase(group);
      return;
    }
  singles_.erase(hash_of(one), table.handle(one.key), [&](Handle h) { return hash_of(table.at(h)); });
}

void SubscriptionIndex::clear() {
  singles_.clear();
  groups_.clear();
}

}  // namespace engine
