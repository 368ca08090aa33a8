#include "engine/behaviour/collections.h"

namespace engine {

static constexpr std::size_t kKeptItems = 4'000'000;  // of all bodies together; beyond it the oldest is evaluated anew

const feel::Value& Collections::keep(Key body, Inputs inputs, feel::Value list) {
  drop(body);
  ++evaluations_;
  const std::size_t items = list.kind() == feel::Kind::list ? list.as_list().size() : 0;
  kept_.push_back({body, std::move(inputs), std::move(list), items});
  index_[body] = std::prev(kept_.end());
  items_ += items;
  while (items_ > kKeptItems && kept_.size() > 1) drop(kept_.front().body);
  return kept_.back().value;
}

void Collections::drop(Key body) {
  const auto at = index_.find(body);
  if (at == index_.end()) return;
  items_ -= at->second->items;
  kept_.erase(at->second);
  index_.erase(at);
}

}  // namespace engine
