// Plans and filters as Xapian queries, and how much a term counts. Only index.cc and query.cc see Xapian's queries.
#pragma once
#include <xapian.h>

#include <string>
#include <string_view>

#include "bank/find/index.h"

namespace bank::find {

// Classes of fields, as the first letter of their terms: a title counts more than an activity, an activity more than the rest.
enum class Class : char { title = 'T', activity = 'A', rest = 'R', background = 'B' };
Class class_of(const std::string& field);
inline std::string term(Class c, const std::string& stem) { return static_cast<char>(c) + stem; }
inline std::string kle_term(std::string_view number) { return "K" + std::string(number); }
inline std::string kla_term(std::string_view number) { return "L" + std::string(number); }
std::string filter_term(Facet, std::string_view value);
inline constexpr Xapian::valueno kTitleSlot = 0, kChangedSlot = 1, kFacetSlot = 2;

// wdf / (wdf + 1): how often a word stands there counts less and less; how rare it is counts per clause, not per form of the word.
class Even final : public Xapian::Weight {
 public:
  Even() {
    need_stat(WDF);
    need_stat(WDF_MAX);
  }
  void init(double factor) override;
  Even* clone() const override { return new Even; }
  std::string name() const override { return "sagsgang::Even"; }
  double get_sumpart(Xapian::termcount wdf, Xapian::termcount, Xapian::termcount) const override { return factor_ * wdf / (wdf + 1.0); }
  double get_maxpart() const override { return most_; }
  double get_sumextra(Xapian::termcount, Xapian::termcount) const override { return 0; }
  double get_maxextra() const override { return 0; }

 private:
  double factor_ = 0, most_ = 0;
};

// What `authority` may read, under all filters but `but`.
Xapian::Query readable(const Request&, Facet but = Facet::count_);
struct Words { Xapian::Query all, any; std::size_t asked = 0; };  // any: ranked the same, but words may be missing; asked: clauses that are not weak
Words words_query(const Plan&, const Lexicon&, std::size_t workflows);

}  // namespace bank::find
