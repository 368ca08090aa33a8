#include "engine/state/compact.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace engine {
namespace {

// Partitions live in threads of their own, so the table is shared under a lock; only a new text and the last holder's end
// take it. Entries never move: blocks of 1,024 behind a fixed list.
struct Entry {
  std::string text;
  std::atomic<std::uint32_t> holders = 0;
  bool used = false;
};
constexpr std::uint32_t kBlock = 1'024, kBlocks = 65'536;  // 67 million names at once

struct Names {
  std::mutex mutex;
  std::unordered_map<std::string_view, std::uint32_t> index;
  std::vector<std::uint32_t> free;
  std::uint32_t next = 1;
  std::array<std::atomic<Entry*>, kBlocks> blocks{};

  Entry& at(std::uint32_t id) { return blocks[id / kBlock].load(std::memory_order_acquire)[id % kBlock]; }
};
Names& names() {
  static Names* const all = new Names;  // never destroyed: records of static lifetime may still hold names
  return *all;
}
const std::string kNone;

}  // namespace

Name::Name(const Name& other) : id_(other.id_) {
  if (id_ != 0) names().at(id_).holders.fetch_add(1, std::memory_order_relaxed);
}

const std::string& Name::text() const { return id_ == 0 ? kNone : names().at(id_).text; }

Name& Name::operator=(std::string_view text) {
  if (text == this->text()) return *this;
  Name fresh;
  if (!text.empty()) {
    Names& all = names();
    const std::lock_guard lock(all.mutex);
    if (const auto known = all.index.find(text); known != all.index.end()) {
      fresh.id_ = known->second;
    } else {
      if (all.free.empty()) {
        fresh.id_ = all.next++;
        if (auto& block = all.blocks.at(fresh.id_ / kBlock); block.load() == nullptr) block.store(new Entry[kBlock], std::memory_order_release);
      } else {
        fresh.id_ = all.free.back();
        all.free.pop_back();
      }
      Entry& entry = all.at(fresh.id_);
      entry.text = text;
      entry.used = true;
      all.index.emplace(entry.text, fresh.id_);
    }
    all.at(fresh.id_).holders.fetch_add(1, std::memory_order_relaxed);
  }
  std::swap(id_, fresh.id_);
  return *this;
}

void Name::release(std::uint32_t id) {
  Names& all = names();
  if (all.at(id).holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  const std::lock_guard lock(all.mutex);
  Entry& entry = all.at(id);
  // Somebody may have taken it up again, or cleared it away, between the two.
  if (!entry.used || entry.holders.load() != 0) return;
  all.index.erase(entry.text);
  entry.text = {};
  entry.used = false;
  all.free.push_back(id);
}

std::size_t Name::count() {
  const std::lock_guard lock(names().mutex);
  return names().index.size();
}

}  // namespace engine
