#include "dmn/table_index.h"

#include <algorithm>
#include <functional>

#include "feel/temporal.h"

namespace dmn {

using feel::Kind;
using feel::Value;

constinit thread_local Workspace Workspace::of_thread_;

void Workspace::next_chunk(std::size_t bytes) {
  constexpr std::size_t kFirst = 64u << 10;
  while (chunk_ < chunks_.size() && chunks_[chunk_].size < bytes) ++chunk_;
  if (chunk_ == chunks_.size()) {
    const std::size_t size = std::max(bytes, chunks_.empty() ? kFirst : 2 * chunks_.back().size);
    chunks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  }
  at_ = chunks_[chunk_].data.get();
  left_ = chunks_[chunk_].size;
  ++chunk_;
}

namespace {

constexpr std::int64_t kTens[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000, 100'000'000'000,
                                  1'000'000'000'000, 10'000'000'000'000, 100'000'000'000'000, 1'000'000'000'000'000, 10'000'000'000'000'000,
                                  100'000'000'000'000'000, 1'000'000'000'000'000'000};
constexpr int kMostTens = 18;

}  // namespace

ColumnIndex::Place ColumnIndex::place(const Value& v) const {
  switch (kind_) {
    case Kind::number: {
      if (!v.is_fast_number()) return {0, false, false};
      const std::int64_t coefficient = v.coefficient();
      const int shift = v.exponent() + scale_;
      if (shift == 0) return {coefficient};
      if (shift > 0) {  // a product beyond the line lies beyond every key
        std::int64_t at = 0;
        if (shift <= kMostTens && !__builtin_mul_overflow(coefficient, kTens[shift], &at)) return {at};
        return coefficient == 0 ? Place{0} : coefficient < 0 ? Place{INT64_MIN, false} : Place{INT64_MAX, false};
      }
      if (-shift > kMostTens) return {coefficient < 0 ? -1 : 0, coefficient == 0};
      const std::int64_t whole = coefficient / kTens[-shift], rest = coefficient % kTens[-shift];
      return {rest < 0 ? whole - 1 : whole, rest == 0};
    }
    case Kind::boolean: return {v.as_boolean() ? 1 : 0};
    case Kind::date: {
      const feel::Date date = v.as_date();
      return {date.year * 512 + date.month * 32 + date.day};
    }
    case Kind::years_months: return {v.as_years_months().months};
    case Kind::days_time: {
      const feel::DaysTime span = v.as_days_time();
      return {span.nano < 0 ? span.seconds - 1 : span.seconds, span.nano == 0};
    }
    case Kind::date_time: {  // local ones; equality of those with nanoseconds is by whole seconds, so they are asked cell by cell
      const feel::DateTime& moment = v.as_date_time();
      if (!moment.time.zone.none() || moment.time.nano != 0) return {0, false, false};
      return {feel::days_from_civil(moment.date) * 86'400 + moment.time.hour * 3'600 + moment.time.minute * 60 + moment.time.second};
    }
    case Kind::time: {
      const feel::Time& time = v.as_time();
      if (!time.zone.none() || time.nano != 0) return {0, false, false};
      return {time.hour * 3'600 + time.minute * 60 + time.second};
    }
    default: return {0, false, false};
  }
}

const RuleSet* ColumnIndex::ordered(const Value& tested) const {
  const auto at = std::lower_bound(points_.begin(), points_.end(), tested, [](const Value& point, const Value& v) {
    const auto order = feel::compare(point, v);
    return order && *order < 0;
  });
  const std::size_t position = static_cast<std::size_t>(at - points_.begin());
  const bool same = at != points_.end() && feel::compare(*at, tested) == 0;
  return &sets_[2 * position + same];
}

std::uint64_t ColumnIndex::hash_of(const Value& text) {
  if (!text.is_short_string()) return std::hash<std::string_view>{}(text.as_string());
  std::uint64_t hash = (text.short_word(0) ^ 0x9E3779B97F4A7C15u) * 0xff51afd7ed558ccdu;
  hash = (hash ^ hash >> 32 ^ text.short_word(1)) * 0xc4ceb9fe1a85ec53u;
  return hash ^ hash >> 29;
}

const RuleSet* ColumnIndex::named(const Value& text) const {
  const std::uint64_t hash = hash_of(text);
  const auto tag = static_cast<std::uint32_t>(hash);
  const bool is_short = text.is_short_string();
  for (std::size_t i = hash >> hash_shift_;; i = (i + 1) & (hash_.size() - 1)) {
    const HashSlot& slot = hash_[i];
    if (slot.point == 0) return &sets_[0];
    if (slot.hash != tag) continue;
    const Value& point = points_[slot.point - 1];
    if (is_short ? text.same_short_string(point) : point.as_string() == text.as_string()) return &sets_[2 * slot.point - 1];
  }
}

const RuleSet* ColumnIndex::find(const Value& tested) const {
  if (tested.kind() != kind_) [[unlikely]] {
    switch (tested.kind()) {
      case Kind::null: return &null_;
      case Kind::list: case Kind::context: case Kind::range: case Kind::function: return nullptr;
      default: return &other_;
    }
  }
  if (kind_ == Kind::string) return equality_ ? named(tested) : ordered(tested);
  if (!has_keys_) return ordered(tested);
  const Place at = place(tested);
  if (!at.known) return kind_ == Kind::number ? ordered(tested) : nullptr;
  if (!hash_.empty()) {
    if (!at.exact) return &sets_[0];
    for (std::size_t i = hash_slot(at.at);; i = (i + 1) & (hash_.size() - 1)) {
      if (hash_[i].point == 0) return &sets_[0];
      if (keys_[hash_[i].point - 1] == at.at) return &sets_[2 * hash_[i].point - 1];
    }
  }
  // How many keys are less than (or, between two keys, at most) it.
  const std::int64_t* base = keys_.data();
  std::size_t left = keys_.size();
  const std::int64_t wanted = at.at;
  const bool past = !at.exact;  // above the key it is rounded down to
  while (left > 1) {
    const std::size_t half = left / 2;
    base += (base[half - 1] < wanted) ? half : 0;
    left -= half;
  }
  std::size_t position = static_cast<std::size_t>(base - keys_.data());
  if (left == 1 && *base < wanted) ++position;
  const bool same = position < keys_.size() && keys_[position] == wanted;
  if (past) return &sets_[2 * (position + same)];
  return &sets_[2 * position + same];
}

std::size_t ColumnIndex::bytes() const {
  return points_.size() * sizeof(Value) + keys_.size() * 8 + sets_.size() * sizeof(RuleSet) + bits_.size() * 8 + toggles_.size() * 4 + hash_.size() * sizeof(HashSlot);
}

void TableIndex::write(const Asked& asked, std::size_t words, std::uint64_t* out) {
  std::memcpy(out, asked.column->bits(*asked.set), words * sizeof *out);
  for (const std::uint32_t rule : asked.column->toggles(*asked.set)) out[rule / 64] ^= std::uint64_t{1} << (rule % 64);
}

std::size_t TableIndex::bytes() const {
  std::size_t total = (open_begin_.size() + open_columns_.size()) * 4;
  for (const ColumnIndex& column : columns_) total += column.bytes();
  return total;
}

}  // namespace dmn
