// The only file that sees Xapian.
#include "bank/search.h"

#include <xapian.h>

#include <filesystem>
#include <mutex>
#include <set>

#include "base/text.h"

namespace bank {
namespace {

using base::ErrorCode;
constexpr std::size_t kQueryBytes = 500;   // a person's search words
constexpr std::size_t kPartsPerHit = 5;

int weight(const std::string& field) {
  if (field == "titel") return 6;
  if (field == "kle" || field == "kla" || field == "jura") return 4;
  return field == "resume" ? 2 : 1;
}

base::Json to_json(const std::vector<Part>& parts) {
  base::Json out = base::Json::array();
  for (const Part& p : parts) out.push(base::Json(base::Json::Array{p.field, p.text, p.element}));
  return out;
}

// Words that a term generator would make of a text, lower case.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  for (Xapian::Utf8Iterator it(text); it != Xapian::Utf8Iterator(); ++it) {
    if (Xapian::Unicode::is_wordchar(*it)) {
      Xapian::Unicode::append_utf8(word, Xapian::Unicode::tolower(*it));
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

class XapianSearch final : public Search {
 public:
  explicit XapianSearch(Xapian::WritableDatabase database) : database_(std::move(database)), stem_("danish") {}

  std::string stamp() override {
    const std::lock_guard lock(mutex_);
    try {
      return database_.get_metadata("stamp");
    } catch (const Xapian::Error&) {
      return {};
    }
  }
  base::Status clear() override {
    return guarded([&] {
      std::vector<Xapian::docid> ids;
      for (auto it = database_.postlist_begin(""); it != database_.postlist_end(""); ++it) ids.push_back(*it);
      for (const auto id : ids) database_.delete_document(id);
      std::vector<std::string> spellings;
      for (auto it = database_.spellings_begin(); it != database_.spellings_end(); ++it) spellings.push_back(*it);
      for (const auto& word : spellings) database_.remove_spelling(word, 1u << 30);
    });
  }
  base::Status put(std::int64_t id, const std::string& owner, bool published, const std::string& kle, const std::vector<Part>& parts) override {
    return guarded([&] {
      Xapian::Document document;
      Xapian::TermGenerator generator;
      generator.set_stemmer(stem_);
      generator.set_database(database_);
      generator.set_flags(Xapian::TermGenerator::FLAG_SPELLING);
      generator.set_document(document);
      for (const Part& part : parts) {
        generator.index_text(part.text, static_cast<Xapian::termcount>(weight(part.field)));
        generator.increase_termpos();
      }
      for (std::size_t end = kle.find('.');; end = kle.find('.', end + 1)) {
        if (!kle.empty()) document.add_term(kle.substr(0, end), 4);
        if (end == std::string::npos) break;
      }
      document.add_boolean_term("XA" + owner);
      if (published) document.add_boolean_term("XP1");
      document.set_data(to_json(parts).dump());
      const std::string unique = "Q" + std::to_string(id);
      document.add_boolean_term(unique);
      document.add_value(0, std::to_string(id));
      database_.replace_document(unique, document);
    });
  }
  base::Status commit(const std::string& stamp) override {
    return guarded([&] {
      database_.set_metadata("stamp", stamp);
      database_.commit();
    });
  }
  base::Result<SearchAnswer> find(const std::string& query, const std::string& authority, std::size_t max) override {
    if (query.size() > kQueryBytes) return base::fail(ErrorCode::invalid_argument, "the search words are longer than 500 bytes");
    SearchAnswer answer;
    const auto ok = guarded([&] {
      Xapian::QueryParser parser;
      parser.set_stemmer(stem_);
      parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
      parser.set_database(database_);
      parser.set_default_op(Xapian::Query::OP_AND);
      parser.set_max_expansion(100, Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT);
      answer.hits = run(parser.parse_query(query, Xapian::QueryParser::FLAG_PARTIAL), authority, max);
      if (!answer.hits.empty()) return;
      // The last word counts as unfinished above; here it is a whole one, so that it can be corrected.
      parser.parse_query(query, Xapian::QueryParser::FLAG_SPELLING_CORRECTION);
      const std::string corrected = parser.get_corrected_query_string();
      if (corrected.empty()) return;
      answer.hits = run(parser.parse_query(corrected, 0), authority, max);
      if (!answer.hits.empty()) answer.suggestion = corrected;
    });
    if (!ok) return std::unexpected(ok.error());
    return answer;
  }

 private:
  template <class F>
  base::Status guarded(F&& call) {
    const std::lock_guard lock(mutex_);
    try {
      call();
      return {};
    } catch (const Xapian::QueryParserError& e) {
      return base::fail(ErrorCode::invalid_argument, "the search words cannot be read: " + e.get_msg());
    } catch (const Xapian::Error& e) {
      return base::fail(ErrorCode::io_failed, "the search index: " + e.get_msg());
    }
  }
  std::vector<SearchHit> run(const Xapian::Query& words_query, const std::string& authority, std::size_t max) {
    std::vector<SearchHit> out;
    if (words_query.empty()) return out;
    const Xapian::Query readable(Xapian::Query::OP_OR, Xapian::Query("XA" + authority), Xapian::Query("XP1"));
    Xapian::Enquire enquire(database_);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_FILTER, words_query, readable));
    const Xapian::MSet matches = enquire.get_mset(0, static_cast<Xapian::doccount>(max));
    for (auto it = matches.begin(); it != matches.end(); ++it) {
      std::set<std::string> terms;
      for (auto t = enquire.get_matching_terms_begin(it); t != enquire.get_matching_terms_end(it); ++t) terms.insert(*t);
      SearchHit hit;
      const Xapian::Document document = it.get_document();
      hit.id = std::stoll(document.get_value(0));
      hit.parts = matching_parts(document.get_data(), terms);
      out.push_back(std::move(hit));
    }
    return out;
  }
  // Which parts of the workflow hold the matching terms (as they stand, or stemmed: "Z…").
  std::vector<Part> matching_parts(const std::string& data, const std::set<std::string>& terms) const {
    std::vector<Part> out;
    const auto parts = base::parse_json(data);
    if (!parts) return out;
    for (const base::Json& part : parts->as_array()) {
      const std::string text = part.as_array()[1].string_or("");
      bool found = part.as_array()[0].string_or("") == "kle" && terms.contains(text);
      for (const std::string& word : words(text)) found = found || terms.contains(word) || terms.contains("Z" + stem_(word));
      if (found) out.push_back({part.as_array()[0].string_or(""), text, part.as_array()[2].string_or("")});
      if (out.size() == kPartsPerHit) break;
    }
    return out;
  }

  std::mutex mutex_;
  Xapian::WritableDatabase database_;
  Xapian::Stem stem_;
};

}  // namespace

base::Result<std::unique_ptr<Search>> Search::open(const std::string& folder) {
  std::error_code ec;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), ec);
  for (int attempt = 0; attempt < 2; ++attempt) {
    try {
      // It can be rebuilt, so it need not be synced.
      return std::make_unique<XapianSearch>(Xapian::WritableDatabase(folder, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_NO_SYNC));
    } catch (const Xapian::DatabaseLockError& e) {
      return base::fail(ErrorCode::io_failed, "the search index is in use by another process", {.file = folder}, "stop the other server, or use another data folder");
    } catch (const Xapian::Error& e) {
      if (attempt > 0) return base::fail(ErrorCode::io_failed, "the search index: " + e.get_msg(), {.file = folder});
      std::filesystem::remove_all(folder, ec);  // damaged: made anew from the store
    }
  }
  return base::fail(ErrorCode::internal, "the search index");
}

}  // namespace bank
