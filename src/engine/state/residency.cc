// Which variables are in memory (docs/decisions/004-eviction.md). Nothing here changes what the state is.
#include "engine/packing.h"
#include "engine/state/mark.h"
#include "engine/state/payloads.h"
#include "engine/state/records.h"

namespace engine {

static constexpr std::size_t kSmallest = 64;        // what is smaller than this stays: its place would save little
static constexpr std::size_t kLooksPerRecord = 16;  // how far the hand moves for one record that leaves

void State::set_payloads(PayloadFiles* payloads, std::uint64_t resident_bytes) {
  payloads_ = payloads;
  resident_limit_ = resident_bytes;
}

void State::use(const ElementInstance& element) const {
  if (payloads_ != nullptr) used_.set(elements.handle(element.key));
}

void State::held(const ElementInstance& element, bool here) const {
  if (payloads_ == nullptr) return;
  const Handle h = elements.handle(element.key);
  if (here) held_.set(h);
  else held_.reset(h);
}

std::string_view State::variables(const ElementInstance& element) const {
  if (element.variables.away()) {
    ++residency_.faults;
    const Place place = element.variables.place();
    bring(element.key, place, payloads_->get(element.key, place));
  }
  use(element);
  return element.variables.here();
}

void State::set_variables(ElementInstance& element, std::string_view packed) {
  if (element.variables.away()) drop_variables(element);
  residency_.bytes -= element.variables.held();
  element.variables.set(packed);
  residency_.bytes += element.variables.held();
  held(element, element.variables.held() >= kSmallest);
  use(element);
}

void State::drop_variables(ElementInstance& element) {
  if (element.variables.away()) {
    if (auto dropped = payloads_->drop(element.variables.place()); !dropped && payload_fault_) payload_fault_ = dropped;
  }
  residency_.bytes -= element.variables.held();
  element.variables.set({});
  held(element, false);
}

// What is stored is what a checkpoint record has: the personal part of an element instance without Extra, sealed.
void State::bring(Key key, const Place& place, const base::Result<std::string>& bytes) const {
  auto* element = const_cast<ElementInstance*>(elements.find(key));
  if (element == nullptr || !element->variables.away() || element->variables.place() != place) return;  // changed since it was asked for
  auto opened = bytes ? open_stored(*bytes, *this, *element, keys_) : base::Result<std::string>(std::unexpected(bytes.error()));
  if (!opened && payload_fault_) payload_fault_ = std::unexpected(opened.error());
  if (auto dropped = payloads_->drop(place); !dropped && payload_fault_) payload_fault_ = dropped;
  element->variables.set(opened ? std::string_view(*opened) : std::string_view());
  residency_.bytes += element->variables.held();
  ++residency_.brought;
  held(*element, element->variables.held() >= kSmallest);
  use(*element);
}

bool State::load_away(ElementInstance& element, std::string_view stored) {
  if (payloads_ == nullptr || residency_.bytes <= resident_limit_ || stored.size() < kSmallest) return false;
  const auto place = payloads_->put(element.key, stored);
  if (place) element.variables.leave(*place);
  return place.has_value();
}

std::string State::stored_variables(const ElementInstance& element) const {
  auto stored = payloads_->get(element.key, element.variables.place());
  if (!stored && payload_fault_) payload_fault_ = std::unexpected(stored.error());
  return stored ? std::move(*stored) : std::string();
}

// The hand of a clock: what was looked at since it came by stays for one more round.
bool State::evict(std::size_t max_records, bool all) {
  if (payloads_ == nullptr) return false;
  std::size_t gone = 0, passed = 0;
  const HandleBits& from = all ? elements.live : held_;
  for (std::size_t looks = all ? elements.size() : max_records * kLooksPerRecord; looks > 0 && gone < max_records; --looks) {
    if (!all && residency_.bytes <= resident_limit_) break;
    Handle h = from.first(hand_);
    if (h == kNone) h = from.first(0);
    if (h == kNone) break;
    hand_ = h + 1;
    ElementInstance& element = elements.at(h);
    if (element.variables.away() || element.variables.empty()) continue;
    if (used_.test(h) && !all) {
      used_.reset(h);
      ++passed;
      continue;
    }
    const auto stored = stored_form(element.variables.here(), *this, element, keys_);
    if (!stored) continue;                                        // its key is gone: it will be too
    const auto place = payloads_->put(element.key, *stored);
    if (!place) return false;                                     // a full disk: memory is the lesser evil
    residency_.bytes -= element.variables.held();
    element.variables.leave(*place);
    held_.reset(h);
    ++residency_.evicted;
    ++gone;
  }
  const auto moved = payloads_->move_some(max_records, [&](Key owner, const Place& place) -> base::Status {
    ElementInstance* element = elements.find(owner);
    if (element == nullptr || !element->variables.away() || element->variables.place() != place) return {};
    TRY(const auto bytes, payloads_->get(owner, place));
    TRY(const auto fresh, payloads_->put(owner, bytes));
    element->variables.leave(fresh);
    return payloads_->drop(place);
  });
  if (!moved && payload_fault_) payload_fault_ = std::unexpected(moved.error());
  return residency_.bytes > resident_limit_ && gone + passed > 0;
}

void State::absent(Key key, std::vector<Partition::Absent>& out) const {
  if (payloads_ == nullptr) return;
  for (const ElementInstance* at = elements.find(key); at != nullptr; at = at->scope == 0 ? nullptr : elements.find(at->scope))
    if (at->variables.away()) out.push_back({at->key, at->variables.place()});
}

}  // namespace engine
