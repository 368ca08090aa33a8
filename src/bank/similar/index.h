// Workflows that are like one: a filter by words, weighted by how rare they are in the bank, then the graphs of the best candidates compared.
// In memory, kept current by put() and remove(). Not thread-safe by itself.
#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "bank/similar/profile.h"

namespace bank::similar {

struct Hit { std::int64_t id = 0; double likeness = 0; };  // 0 … 1

class Index {
 public:
  // Replaces what had this id. owner: CVR.
  void put(std::int64_t id, const std::string& owner, bool published, const Profile&);
  void remove(std::int64_t id);
  std::size_t size() const { return slots_.size(); }
  std::size_t bytes() const;   // of its tables, for the benches

  struct Query {
    std::string authority;     // only what it owns or what is published; "" = everything
    std::size_t max = 10;
    std::int64_t except = -1;  // the workflow itself
    bool fragment = false;     // a part of a workflow: what else the other has does not count against it
    double least = 0.15;
  };
  std::vector<Hit> find(const Profile&, const Query&) const;   // most alike first; ties by id

 private:
  using Id = std::uint32_t;    // of a stem, or of an affix of one
  struct Weighted { Id feature; float weight; };
  struct Node { ProfileNode::Kind kind; std::uint32_t first_term, terms, first_after, afters; };
  struct Flat {                // a profile with stems as numbers
    std::vector<Node> nodes;
    std::vector<Id> terms;
    std::vector<std::uint8_t> weights;    // in fiftieths
    std::vector<std::uint16_t> after;
    std::vector<Weighted> features;       // ordered by feature
  };
  struct Entry { std::int64_t id = -1; std::string owner; bool published = false; float size = 0; Flat flat; };
  struct Posting { std::uint32_t slot; float weight; };

  Id number(const std::string& stem);
  template <class Number>
  Flat flatten(const Profile&, Number) const;
  double rarity(Id) const;
  float size_of(const Flat&) const;
  std::vector<std::uint32_t> candidates(const Flat&, const Query&) const;
  double words_likeness(const Flat&, const Flat&, bool fragment) const;
  void weigh_all();
  void compact();
  friend class Graphs;         // graphs.cc: compares one with many

  std::unordered_map<std::string, Id> numbers_;
  std::vector<std::string> stems_;
  std::vector<Id> senses_;                       // stem → the first word that means the same
  std::vector<std::vector<Posting>> postings_;   // by feature
  std::vector<std::uint32_t> in_;                // by feature: how many workflows have it
  std::vector<Entry> entries_;                   // by slot; id -1 = gone
  std::unordered_map<std::int64_t, std::uint32_t> slots_;
  std::size_t dead_ = 0, weighed_at_ = 0;
};

}  // namespace bank::similar
