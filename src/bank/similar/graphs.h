// One workflow's graph against many others'. Private to this folder.
#pragma once
#include <unordered_map>
#include <vector>

#include "bank/similar/index.h"

namespace bank::similar {

class Graphs {
 public:
  // extra: stems of the query that the index does not know; their numbers follow the index's.
  Graphs(const Index&, const Index::Flat& query, const std::vector<std::string>& extra);
  // 0 … 1. fragment: only what the query has counts.
  double likeness(const Index::Flat& other, bool fragment);

 private:
  using Id = Index::Id;
  const std::string& stem(Id) const;
  Id sense(Id) const;
  float terms_alike(Id query, Id other);
  double label(const Index::Flat& other, std::size_t i, std::size_t j);
  double weight(const Index::Flat&, std::size_t node) const;

  const Index& index_;
  const Index::Flat& query_;
  const std::vector<std::string>& extra_;
  std::vector<Id> extra_senses_;
  std::vector<double> weights_;
  std::vector<std::vector<int>> before_;
  std::unordered_map<std::uint64_t, float> alike_;
  std::vector<double> label_, score_;
};

}  // namespace bank::similar
