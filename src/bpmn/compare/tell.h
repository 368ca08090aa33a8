// Differences as sentences. Private to this folder.
#pragma once
#include <set>
#include <string>

#include "bpmn/compare/differences.h"

namespace bpmn::comparing {

struct Sentences { std::string da, en; };

class Teller {
 public:
  Teller(const Graph& a, const Graph& b, const Matching& m);

  static std::string subject(const Node&);                    // step, decision, event
  Sentences gone(int a) const;
  Sentences fresh(int b) const;
  Sentences merged(const Told&) const;
  Sentences split(const Told&) const;
  // Of a matched pair; `moved` where its place in the order is another.
  Sentences changed(int a, int b, const std::vector<Detail>&, bool moved) const;
  // The same change of a detail on several nodes of b.
  Sentences shared(const Detail&, const std::vector<int>& nodes) const;
  // The ways from one node (index in b, -1 where it is not there) that are gone and new.
  Sentences rerouted(int from_a, const std::vector<const Way*>& gone, const std::vector<const Way*>& fresh) const;
  Sentences way_changed(const Way& a, const Way& b) const;
  static Sentences lane(const std::string& before, const std::string& after);   // renamed, or one is ""
  static Sentences thing(std::string_view kind, const std::string& name, bool added);

 private:
  std::string place(const Graph&, int node, bool danish) const;   // ", efter «X»"
  std::string who(const Graph&, int node, bool danish) const;     // " (Sagsbehandler)" where the diagram has more than one lane
  const Graph &a_, &b_;
  const Matching& m_;
};

// «Label» or what the element is, where it has none.
std::string named(const Graph&, int node, bool danish);
std::string detail_name(std::string_view what, bool danish);
std::string type_name(std::string_view type, bool danish);

Sentences summary(const Comparison&, std::size_t renamed);

}  // namespace bpmn::comparing
