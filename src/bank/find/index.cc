#include "bank/find/index.h"

#include <xapian.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "bank/find/query.h"
#include "bank/find/words.h"
#include "base/collation.h"

namespace bank::find {
namespace {

using base::ErrorCode;
using Xapian::Query;

constexpr std::size_t kReaders = 8;            // kept open; more come and go with their call
constexpr std::size_t kFewHits = 3;            // below this, what has only some of the words is told too
constexpr double kPartlyOf = 0.4;              // … where it weighs this part of the best
constexpr Xapian::doccount kMostPartly = 1'000; // … and not more than these
constexpr double kTitleLength = 12;            // a word of a title of n words counts 12/n times

Xapian::docid docid(std::int64_t id) { return static_cast<Xapian::docid>(id); }

// Counts the values of the workflows that match.
class Counter final : public Xapian::MatchSpy {
 public:
  Counter(const Columns& columns, std::vector<Facet> facets) : columns_(columns), facets_(std::move(facets)) {
    for (const Facet facet : facets_) counts_.emplace_back(columns.values(facet).size());
  }
  void operator()(const Xapian::Document& document, double) override { count(document.get_docid()); }
  void count(Xapian::docid id) {
    for (std::size_t i = 0; i < facets_.size(); ++i)
      columns_.each(id, facets_[i], [&](std::uint32_t value) { ++counts_[i][value]; });
  }
  void tell(Answer& answer) const {
    for (std::size_t i = 0; i < facets_.size(); ++i) {
      auto& out = answer.counts[facets_[i]];
      for (std::size_t value = 0; value < counts_[i].size(); ++value)
        if (counts_[i][value] > 0) out.emplace_back(columns_.values(facets_[i])[value], counts_[i][value]);
      std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a.first < b.first; });
    }
  }

 private:
  const Columns& columns_;
  std::vector<Facet> facets_;
  std::vector<std::vector<std::size_t>> counts_;
};

class XapianIndex final : public Index {
 public:
  XapianIndex(std::string folder, Xapian::WritableDatabase database) : folder_(std::move(folder)), writer_(std::move(database)), working_(std::make_shared<Columns>()) {}

  base::Status load() {
    return guarded([&] {
      for (auto it = writer_.valuestream_begin(kFacetSlot); it != writer_.valuestream_end(kFacetSlot); ++it) working_->put(it.get_docid(), *it);
      publish();
    });
  }
  std::string stamp() override {
    std::string out;
    (void)guarded([&] { out = writer_.get_metadata("stamp"); });
    return out;
  }
  base::Status clear() override {
    return guarded([&] {
      std::vector<Xapian::docid> ids;
      for (auto it = writer_.postlist_begin(""); it != writer_.postlist_end(""); ++it) ids.push_back(*it);
      for (const auto id : ids) writer_.delete_document(id);
      working_ = std::make_shared<Columns>();
    });
  }
  base::Status put(const Entry& entry) override {
    return guarded([&] {
      const std::string packed = pack(entry.facets);
      writer_.replace_document(docid(entry.id), document(entry, packed));
      working_->put(docid(entry.id), packed);
    });
  }
  base::Status erase(std::int64_t id) override {
    return guarded([&] {
      try {
        writer_.delete_document(docid(id));
      } catch (const Xapian::DocNotFoundError&) {  // it never came into the index
      }
      working_->erase(docid(id));
    });
  }
  base::Status commit(const std::string& stamp) override {
    return guarded([&] {
      writer_.set_metadata("stamp", stamp);
      writer_.commit();
      publish();
    });
  }
  base::Result<Answer> search(const Plan& plan, const Request& request) override {
    const auto words = lexicon();
    std::shared_ptr<const Columns> columns;
    {
      const std::lock_guard lock(state_);
      columns = columns_;
    }
    for (int attempt = 0;; ++attempt) {
      try {
        Reader reader = take();
        Answer answer = run(reader.database, plan, *words, *columns, request);
        give(std::move(reader));
        return answer;
      } catch (const Xapian::DatabaseModifiedError& e) {  // two commits went by meanwhile: a reader opened anew sees the newest
        if (attempt == 3) return base::fail(ErrorCode::busy, "the search index changes too fast: " + e.get_msg());
      } catch (const Xapian::Error& e) {
        return base::fail(ErrorCode::io_failed, "the search index: " + e.get_msg());
      }
    }
  }
  std::shared_ptr<const Lexicon> lexicon() override {
    const std::lock_guard making(making_);
    std::uint64_t generation;
    {
      const std::lock_guard lock(state_);
      if (lexicon_ && lexicon_generation_ == generation_) return lexicon_;
      generation = generation_;
    }
    std::vector<std::pair<std::string, std::uint32_t>> words;
    try {
      Reader reader = take();
      for (auto it = reader.database.allterms_begin("W"); it != reader.database.allterms_end("W"); ++it) words.emplace_back((*it).substr(1), it.get_termfreq());
      give(std::move(reader));
    } catch (const Xapian::Error&) {  // an index that cannot be read has no words; the search itself says so
    }
    auto made = std::make_shared<const Lexicon>(std::move(words), Synonyms::shipped().words());
    const std::lock_guard lock(state_);
    lexicon_ = made;
    lexicon_generation_ = generation;
    return made;
  }

 private:
  struct Reader { Xapian::Database database; std::uint64_t generation = 0; };

  template <class F>
  base::Status guarded(F&& call) {
    const std::lock_guard lock(writing_);
    try {
      call();
      return {};
    } catch (const Xapian::Error& e) {
      return base::fail(ErrorCode::io_failed, "the search index: " + e.get_msg(), {.file = folder_});
    }
  }
  void publish() {
    auto copy = std::make_shared<const Columns>(*working_);
    const std::lock_guard lock(state_);
    columns_ = std::move(copy);
    ++generation_;
  }
  Reader take() {
    Reader reader;
    std::uint64_t generation;
    {
      const std::lock_guard lock(state_);
      generation = generation_;
      if (!readers_.empty()) {
        reader = std::move(readers_.back());
        readers_.pop_back();
      }
    }
    if (reader.generation == 0) reader.database = Xapian::Database(folder_);
    else if (reader.generation != generation) reader.database.reopen();
    reader.generation = generation;
    return reader;
  }
  void give(Reader reader) {
    const std::lock_guard lock(state_);
    if (readers_.size() < kReaders) readers_.push_back(std::move(reader));
  }

  static void index_text(Xapian::Document& document, const std::string& text, Class field) {
    const auto all = tokens(text);
    std::size_t words = 0;
    for (const Token& token : all) words += token.kind == TokenKind::word && !is_stop_word(token.text);
    const auto weight = field == Class::title ? static_cast<Xapian::termcount>(std::max(1.0, kTitleLength / static_cast<double>(std::max<std::size_t>(words, 1)))) : 1;
    for (const Token& token : all) {
      if (token.kind == TokenKind::number) continue;
      document.add_term(term(field, token.kind == TokenKind::law ? token.text : stem(token.text)), weight);
      if (token.kind == TokenKind::word) document.add_boolean_term("W" + token.text);
    }
  }
  static Xapian::Document document(const Entry& entry, const std::string& packed) {
    Xapian::Document out;
    for (const Part& part : entry.parts)
      if (part.field != "kle" && part.field != "kla") index_text(out, part.text, class_of(part.field));
    for (const std::string& text : entry.background) index_text(out, text, Class::background);
    for (const std::string& kle : entry.kle)
      for (const std::string& number : number_prefixes(kle))
        if (!number.empty()) out.add_term(kle_term(number), 1);
    for (const std::string& number : number_prefixes(entry.kla)) out.add_term(kla_term(number), 1);
    out.add_boolean_term("XA" + entry.owner);
    out.add_boolean_term("XS" + entry.slug.substr(0, 200));
    if (entry.published) out.add_boolean_term("XP");
    for (const std::string& authority : entry.hidden_from) out.add_boolean_term("XH" + authority);
    if (!entry.limited) out.add_term("XV", 1);
    for (std::size_t facet = 0; facet < kFacets; ++facet)
      for (const std::string& value : entry.facets[facet]) out.add_term(filter_term(static_cast<Facet>(facet), value), 1);
    out.add_boolean_term(filter_term(Facet::domain, entry.slug.substr(0, entry.slug.find('/'))));  // a domain is also asked for by its folder
    out.add_value(kTitleSlot, base::danish_sort_key(entry.title).substr(0, 120) + '\x01' + entry.slug.substr(0, 100));
    out.add_value(kChangedSlot, entry.changed);
    out.add_value(kFacetSlot, packed);
    out.set_data(entry.data);
    return out;
  }

  struct Search { Xapian::Database& database; const Columns& columns; const Request& request; Query words; bool partly; double least = 0; };

  static Answer run(Xapian::Database& database, const Plan& plan, const Lexicon& lexicon, const Columns& columns, const Request& request) {
    Answer answer;
    const Words words = words_query(plan, lexicon, database.get_doccount());
    if (!plan.clauses.empty() && words.asked == 0) return answer;
    Search search{database, columns, request, plan.clauses.empty() ? Query() : words.all, false};
    tell(search, answer);
    if (words.asked < 2 || answer.total >= kFewHits) return answer;
    const std::size_t whole = answer.total;
    answer = {};
    search.words = words.any;
    search.partly = true;
    tell(search, answer);
    answer.partly = answer.total > whole;
    return answer;
  }
  static void tell(Search& search, Answer& answer) {
    std::vector<Facet> free, filtered;
    for (const Facet facet : search.request.facets) (search.request.filters.contains(facet) ? filtered : free).push_back(facet);
    match(search, Facet::count_, std::move(free), true, answer);
    for (const Facet facet : filtered) match(search, facet, {facet}, false, answer);
  }
  // All of them are always looked at: facets count them, and Xapian 1.4.22 falls when it may leave out parts of OP_MAX.
  static void match(Search& search, Facet but, std::vector<Facet> facets, bool items, Answer& answer) {
    const Request& request = search.request;
    Xapian::Enquire enquire(search.database);
    enquire.set_weighting_scheme(Even());
    const Query filter = readable(request, but);
    enquire.set_query(search.words.empty() ? Query(Query::OP_SCALE_WEIGHT, filter, 0) : Query(Query::OP_FILTER, search.words, filter));
    if (request.order == Order::title && !search.partly) enquire.set_sort_by_value(kTitleSlot, false);
    else if (request.order == Order::changed && !search.partly) enquire.set_sort_by_value(kChangedSlot, true);
    else enquire.set_sort_by_relevance_then_value(kTitleSlot, false);
    Counter counter(search.columns, std::move(facets));
    const Xapian::doccount all = search.database.get_doccount();
    if (search.partly) {
      const Xapian::MSet matches = enquire.get_mset(0, kMostPartly, all);
      if (items && !matches.empty()) search.least = matches.begin().get_weight() * kPartlyOf;
      std::size_t place = 0;
      for (auto it = matches.begin(); it != matches.end() && it.get_weight() >= search.least; ++it, ++place) {
        counter.count(*it);
        if (items && place >= request.offset && place < request.offset + request.limit) answer.found.push_back({static_cast<std::int64_t>(*it), it.get_document().get_data()});
      }
      if (items) answer.total = place;
    } else {
      enquire.add_matchspy(&counter);
      const Xapian::MSet matches = enquire.get_mset(items ? static_cast<Xapian::doccount>(request.offset) : 0, items ? static_cast<Xapian::doccount>(request.limit) : 0, all);
      if (items) answer.total = matches.get_matches_estimated();
      for (auto it = matches.begin(); it != matches.end(); ++it) answer.found.push_back({static_cast<std::int64_t>(*it), it.get_document().get_data()});
    }
    counter.tell(answer);
  }

  std::string folder_;
  std::mutex writing_;                      // of writer_ and working_
  Xapian::WritableDatabase writer_;
  std::shared_ptr<Columns> working_;
  std::mutex making_;                       // one makes the lexicon, the others wait for it
  std::mutex state_;                        // of what follows; held for moments
  std::shared_ptr<const Columns> columns_;
  std::uint64_t generation_ = 1;
  std::vector<Reader> readers_;
  std::shared_ptr<const Lexicon> lexicon_;
  std::uint64_t lexicon_generation_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Index>> Index::open(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), ec);
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      // It can be rebuilt, so it need not be synced.
      auto index = std::make_unique<XapianIndex>(folder, Xapian::WritableDatabase(folder, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_NO_SYNC));
      if (index->load()) return index;
      index.reset();
    } catch (const Xapian::DatabaseLockError& e) {
      return base::fail(ErrorCode::io_failed, "the search index is in use by another process", {.file = folder}, "stop the other server, or use another data folder");
    } catch (const Xapian::Error& e) {
      if (attempt > 0) return base::fail(ErrorCode::io_failed, "the search index: " + e.get_msg(), {.file = folder});
    }
    std::filesystem::remove_all(folder, ec);  // damaged: made anew from the store
  }
  return base::fail(ErrorCode::io_failed, "the search index cannot be made", {.file = folder});
}

}  // namespace bank::find
