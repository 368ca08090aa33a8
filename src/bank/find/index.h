// The index of the bank: Xapian for words, filters and order, columns for facets. Reads run beside one another and beside a write;
// everything in it can be made again from the store.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bank/find/columns.h"
#include "bank/find/plan.h"
#include "bank/part.h"
#include "base/error.h"

namespace bank::find {

struct Entry {
  std::int64_t id = 0;                    // of the workflow
  std::string owner, slug, title, changed;  // changed: text that sorts as the time does
  bool published = false;                 // for others: the one published row of its slug that they meet
  std::vector<std::string> hidden_from;   // authorities with a variant of their own
  bool limited = false;                   // it has an end of validity: behind one that has none
  std::vector<std::string> kle;           // its number, and where that went
  std::string kla;
  FacetValues facets;
  std::vector<Part> parts;
  std::vector<std::string> background;    // words about it from elsewhere (KLE's titles and keywords): they count least
  std::string data;                       // given back as it is
};

enum class Order : std::uint8_t { relevance, title, changed };
struct Request {
  std::string authority;
  std::map<Facet, std::string> filters;   // kle and kle_group: the number or what is below it
  std::vector<std::string> slugs;         // only these, where there are any
  Order order = Order::title;
  std::size_t offset = 0, limit = 50;
  std::vector<Facet> facets;              // counted, each as if it had no filter of its own
};
struct Found { std::int64_t id = 0; std::string data; };
struct Answer {
  std::vector<Found> found;
  std::size_t total = 0;
  bool partly = false;                    // not all of the words stand in all of these
  std::map<Facet, std::vector<std::pair<std::string, std::size_t>>> counts;  // most first, then by value
};

class Index {
 public:
  // Opens or makes the index in `folder`; a damaged one is made anew, empty. Errors: io_failed.
  static base::Result<std::unique_ptr<Index>> open(const std::string& folder);
  virtual ~Index() = default;
  virtual std::string stamp() = 0;        // what commit() left: which state of the store it is made from; "" when new
  // Writing: one caller at a time; readers meet it after commit().
  virtual base::Status clear() = 0;
  virtual base::Status put(const Entry&) = 0;
  virtual base::Status erase(std::int64_t id) = 0;
  virtual base::Status commit(const std::string& stamp) = 0;
  // Of the workflows that `request.authority` owns or that are published to it.
  virtual base::Result<Answer> search(const Plan&, const Request&) = 0;
  virtual std::shared_ptr<const Lexicon> lexicon() = 0;
};

}  // namespace bank::find
