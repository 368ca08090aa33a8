#include "bank/find/columns.h"

#include "base/text.h"

namespace bank::find {
namespace {
constexpr char kFacetEnd = '\x1d', kValueEnd = '\x1f';  // no text of a manifest has them: YAML refuses control characters
}

std::string_view name(Facet facet) {
  static constexpr std::array<std::string_view, kFacets> kNames = {"domain", "kleGroup", "kleNumber", "kind", "pattern", "law", "system", "runnable", "stars", "owner"};
  return kNames[static_cast<std::size_t>(facet)];
}

std::string pack(const FacetValues& values) {
  std::string out;
  for (const auto& list : values) {
    for (const std::string& value : list) {
      out += value;
      out += kValueEnd;
    }
    out += kFacetEnd;
  }
  return out;
}

FacetValues unpack(std::string_view packed) {
  FacetValues out;
  std::size_t facet = 0, begin = 0;
  for (std::size_t i = 0; i < packed.size() && facet < kFacets; ++i) {
    if (packed[i] == kValueEnd) {
      out[facet].emplace_back(packed.substr(begin, i - begin));
      begin = i + 1;
    } else if (packed[i] == kFacetEnd) {
      ++facet;
      begin = i + 1;
    }
  }
  return out;
}

void Columns::put(std::uint32_t id, std::string_view packed) {
  if (id >= rows_.size()) rows_.resize(id + 1 + rows_.size() / 4);
  Row row;
  const FacetValues values = unpack(packed);
  for (std::size_t facet = 0; facet < kFacets; ++facet) {
    for (const std::string& value : values[facet]) {
      const auto [found, added] = numbers_[facet].emplace(value, static_cast<std::uint32_t>(names_[facet].size()));
      if (added) names_[facet].push_back(value);
      row.values.push_back(found->second);
    }
    row.begin[facet + 1] = static_cast<std::uint16_t>(row.values.size());
  }
  if (rows_[id].values.empty()) ++size_;
  rows_[id] = std::move(row);
}

void Columns::erase(std::uint32_t id) {
  if (id >= rows_.size() || rows_[id].values.empty()) return;
  rows_[id] = {};
  --size_;
}

}  // namespace bank::find
