// What facets count, in memory: for each workflow its values as small numbers. Kept beside the index, whose documents have the same ids.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bank::find {

enum class Facet : std::uint8_t { domain, kle_group, kle, kind, pattern, law, system, runnable, stars, owner, count_ };
inline constexpr std::size_t kFacets = static_cast<std::size_t>(Facet::count_);
std::string_view name(Facet);  // "domain", "kleGroup" …
using FacetValues = std::array<std::vector<std::string>, kFacets>;

std::string pack(const FacetValues&);  // one value of the index
FacetValues unpack(std::string_view);

class Columns {
 public:
  void put(std::uint32_t id, std::string_view packed);
  void erase(std::uint32_t id);
  std::size_t size() const { return size_; }
  // Calls f(value) with each of the workflow's values, as numbers below values(facet).size().
  template <class F>
  void each(std::uint32_t id, Facet facet, F&& f) const {
    if (id >= rows_.size()) return;
    const Row& row = rows_[id];
    const auto at = static_cast<std::size_t>(facet);
    for (std::size_t i = row.begin[at]; i < row.begin[at + 1]; ++i) f(row.values[i]);
  }
  const std::vector<std::string>& values(Facet facet) const { return names_[static_cast<std::size_t>(facet)]; }

 private:
  struct Row { std::array<std::uint16_t, kFacets + 1> begin{}; std::vector<std::uint32_t> values; };
  std::vector<Row> rows_;  // by id
  std::size_t size_ = 0;
  std::array<std::vector<std::string>, kFacets> names_;
  std::array<std::unordered_map<std::string, std::uint32_t>, kFacets> numbers_;
};

}  // namespace bank::find
