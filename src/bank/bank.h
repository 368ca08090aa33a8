// The room's door: the packages of every authority, their versions, what was deployed and how their scenarios went.
// Content is public by nature (no personal data), so nothing here is sealed; it is scoped all the same: an authority sees
// what it owns and what others published, and nothing else exists for it (not_found).
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bank/find/index.h"
#include "bank/kle/kle.h"
#include "bank/package.h"
#include "bank/similar/similar.h"
#include "base/clock.h"
#include "store/database.h"

namespace bank {

struct Imported { std::string slug; int version = 0; bool changed = false; };
struct ListRequest {
  std::string q, domain, kind, kle;
  std::optional<bool> runnable;
  int limit = 50, offset = 0;
  std::optional<bool> pattern;
  std::string law, system, stars, owner;  // one value of each facet
  std::string sort;                       // "title" | "changed" | "relevance"; "" = relevance where there are words, else title
  bool facets = true;
};
// A package as it stands: which authority owns it, and its version.
struct Stored {
  std::string owner;
  int version = 0;
  std::shared_ptr<const Package> package;
};
// Why a statutory activity is left out on purpose (bank/coverage.h), who said so and when; by and at are empty where the manifest says it.
struct Excuse { std::string reason, by; base::Millis at = 0; };
struct Deployed { std::string slug, title, process_id; int version = 0; std::int64_t definition_key = 0; };

class Bank {
 public:
  ~Bank();
  // Creates its tables; brings the search index in `index_folder` up to date when it is behind. All outlive the bank.
  static base::Result<std::unique_ptr<Bank>> open(store::Database&, const std::string& index_folder, const base::Clock&);

  // A package with an error is refused whole: invalid_package with the first error; all findings go to `findings`.
  // The same content as the current version makes no new one.
  base::Result<Imported> import(const std::string& authority, const std::string& slug, std::map<std::string, std::string> files,
                                const std::string& by, const std::string& note, std::vector<Finding>* findings = nullptr);
  base::Result<Imported> import_zip(const std::string& authority, const std::string& slug, std::string_view zip, const std::string& by,
                                    const std::string& note, std::vector<Finding>* findings = nullptr);
  // Every folder <domain>/<name> below `folder` that holds an arbejdsgang.yaml; all or, at the first refusal, those before it.
  base::Result<std::vector<Imported>> import_tree(const std::string& authority, const std::string& folder, const std::string& by,
                                                  const std::string& note, bool published, std::vector<Finding>* findings = nullptr);
  // Only the owner's. Errors: not_found; conflict where require_coverage() refuses (bank/coverage.h).
  base::Status publish(const std::string& authority, const std::string& slug);

  // Shapes of docs/api.md. Errors: not_found.
  base::Result<base::Json> list(const std::string& authority, const ListRequest&);
  base::Result<base::Json> suggest(const std::string& authority, const std::string& begun, int limit);  // while somebody types
  base::Result<base::Json> front(const std::string& authority);  // what the entry page shows
  base::Result<base::Json> kle_tree(const std::string& authority, const std::string& number);  // one step below it, with counts; "" = the main groups
  // KLE for the whole server; what is found by its words and numbers follows.
  base::Result<kle::Imported> import_kle(std::string_view bytes, std::string_view file);
  void note_visit(const std::string& authority, const std::string& slug);  // counts, never who
  base::Result<base::Json> workflow(const std::string& authority, const std::string& slug);
  base::Result<base::Json> steps(const std::string& authority, const std::string& slug);
  base::Result<Stored> get(const std::string& authority, const std::string& slug);  // own first, then published
  // One file of a version of it. Errors: not_found (workflow, version or file).
  base::Result<std::string> file(const std::string& authority, const std::string& slug, int version, const std::string& path);

  // Recorded reasons of the owner: duty → why. "" takes one back; `at` 0 is now. Errors: not_found (not the authority's own).
  base::Result<std::map<std::string, Excuse>> excuses(const std::string& authority, const std::string& slug);
  base::Status excuse(const std::string& authority, const std::string& slug, const std::string& duty, const std::string& reason, const std::string& by, base::Millis at = 0);
  similar::Similar& similar() { return *similar_; }
  // What it may be a duplicate of: for a warning. Errors: not_found.
  base::Result<std::vector<similar::Similar::Found>> duplicates(const std::string& authority, const std::string& slug);

  base::Status note_deployment(const std::string& authority, const std::string& slug, int version, const std::string& process_id,
                               std::int64_t definition_key, const std::string& by);
  base::Result<std::vector<Deployed>> deployed(const std::string& authority);  // the newest of each process
  // results: [{file, title, passed, seconds, message}]
  base::Status note_scenarios(const std::string& authority, const std::string& slug, int version, const base::Json& results);

 private:
  struct Row { std::int64_t id = 0; std::string owner, slug; bool published = false; int version = 0; std::int64_t changed = 0; base::Json facts; };
  Bank(store::Database& d, std::unique_ptr<find::Index> i, std::unique_ptr<kle::Kle> k, const base::Clock& c) : database_(d), index_(std::move(i)), kle_(std::move(k)), clock_(c) {}
  base::Status migrate_coverage();
  base::Status renew_parts();             // of workflows stored by an older release
  base::Status refresh_index();           // what changed in the store since the index was committed; all of it where that cannot be told
  base::Status index_rows(const std::vector<std::string>& slugs);  // of every authority; none = all there are
  find::Entry entry(const Row&, const base::Json& parts) const;
  find::Plan plan(const std::string& words, bool unfinished);
  base::Json notes(const std::string& words, const std::string& kle) const;  // what happened to the numbers that were asked for
  base::Status flush_visits();
  base::Result<std::vector<std::string>> most_visited(const std::string& authority);
  base::Result<Row> find_row(const std::string& authority, const std::string& slug);
  base::Result<Imported> store_checked(const std::string& authority, const std::string& slug, std::map<std::string, std::string> files,
                                       const std::string& by, const std::string& note, std::vector<Finding>* findings);  // the index does not follow yet
  base::Status set_published(const std::string& authority, const std::string& slug);
  base::Result<Imported> store_version(const std::string& authority, const Package&, const std::string& by, const std::string& note);
  base::Status add_scenarios(base::Json& out, const std::string& authority, const Stored&);
  base::Status add_history(base::Json& out, const std::string& authority, const Stored&);
  store::Database& database_;
  std::unique_ptr<find::Index> index_;
  std::unique_ptr<kle::Kle> kle_;
  std::unique_ptr<similar::Similar> similar_;
  const base::Clock& clock_;
  std::mutex mutex_;  // of cache_ and of index refreshes
  std::map<std::string, std::shared_ptr<const Package>> cache_;  // "owner slug version"
  std::mutex index_mutex_;                // one refresh at a time
  std::mutex visit_mutex_;
  std::map<std::pair<std::string, std::string>, std::int64_t> visits_;  // authority and slug, not yet stored
  base::Millis visits_stored_ = 0;
};

// The facts of a package that lists and search need, and the parts of it that are searched.
base::Json facts(const Package&);
std::vector<Part> parts(const Package&);

}  // namespace bank
