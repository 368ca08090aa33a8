// KLE, the municipalities' subject numbers: read from the official XML, from OS2KLE's lines or from our own sample, kept for the whole server
// (reference data, no authority's), with what was moved where. The titles belong to KL: they are imported, never shipped.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/database.h"

namespace bank::kle {

struct Subject {
  std::string number, title;          // "15", "15.20" or "15.20.00"; the title may be "" where the source tells none (OS2KLE's groups)
  std::string gone;                   // date it went out of use, "" = in use; "-" where only its absence from a newer edition tells
  std::vector<std::string> moved_to;  // numbers that took over
  std::vector<std::string> keywords;
};
struct Edition { std::string source, date; std::vector<Subject> subjects; };  // date: "" where the source has none
// By content: KLE-Emneplan XML (version 2.0), OS2KLE's text, or the YAML of bank/kle-eksempel.yaml. Errors: invalid_xml, invalid_yaml,
// invalid_argument (line), limit_exceeded.
base::Result<Edition> read_edition(std::string_view bytes, std::string_view file);

// All numbers as they stand; never changed.
class Subjects {
 public:
  explicit Subjects(std::vector<Subject>);
  const Subject* find(const std::string& number) const;
  // Where a number went: those in use that took over, through moves of moves; empty where it did not move.
  struct Move { std::vector<std::string> to; std::string date; };
  Move follow(const std::string& number) const;
  std::vector<std::string> same(const std::string& number) const;  // where it went, and what came to it from other numbers
  std::vector<const Subject*> below(const std::string& number) const;  // one step; "" = the main groups
  std::vector<std::string> words_about(const std::string& number) const;  // titles of it and what is above, then its keywords
  std::vector<const Subject*> with_words(const std::string& beginning, std::size_t most) const;  // number or a title's word begins so
  std::size_t size() const { return all_.size(); }

 private:
  std::map<std::string, Subject> all_;
  std::map<std::string, std::vector<std::string>> came_from_;
};

struct Imported { std::string source, date; std::size_t subjects = 0, in_use = 0, moved = 0, gone = 0, keywords = 0; };

class Kle {
 public:
  // Creates its tables. The database outlives it.
  static base::Result<std::unique_ptr<Kle>> open(store::Database&, const base::Clock&);
  // What the edition tells replaces what was known of its numbers; a number of the same level that it lacks is out of use from now on.
  base::Result<Imported> import(std::string_view bytes, std::string_view file);
  std::shared_ptr<const Subjects> subjects();
  std::string stamp();                // changes with every import; "0" = nothing imported, the sample is shown
  struct Source { std::string source, date; bool imported = false; };
  Source source();

 private:
  Kle(store::Database& d, const base::Clock& c) : database_(d), clock_(c) {}
  base::Status load();
  store::Database& database_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::shared_ptr<const Subjects> subjects_;
  std::string stamp_ = "0";
  Source source_;
};

}  // namespace bank::kle
