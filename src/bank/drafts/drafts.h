// A workflow's way from draft to publication: working copies of packages with revisions, proposed, reviewed by another person, approved
// and published as a version of the bank (docs/drafts.md). A draft of another authority is not_found.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bank/bank.h"
#include "base/clock.h"
#include "store/database.h"

namespace bank::drafts {

struct Person { std::string authority, user, name; bool konsulent = false; };

// What a draft begins from: a workflow (`from`; `version` 0 = the one in force), another draft (`copy`, with this `bpmn` where it is given),
// BPMN, text notation (docs/notation.md), or nothing.
struct NewDraft {
  std::string title, domain, name, kle;      // name: last part of the slug; "" = from the title, or as `from`
  std::string from; int version = 0;
  std::string bpmn, notation;
  std::int64_t copy = 0;
};

enum class State : std::uint8_t { draft, proposed, returned, approved, published, withdrawn, deleted };
enum class Step : std::uint8_t { propose, withdraw, send_back, approve, publish, remove, restore };
enum class Which : std::uint8_t { mine, waiting, all };
std::string_view name(State);
std::optional<State> state_of(std::string_view name);

struct Asked {
  std::string note;                          // a reason, where the step is send_back
  std::optional<std::int64_t> revision;      // what the person has seen; another one refuses the step
  std::optional<int> over;                   // publish: the version in force that this one takes the place of, where it is not the one begun from
};
struct Head { std::int64_t revision = 0; State state = State::draft; std::string changed_by; base::Millis changed = 0; };  // changed_by: a name
struct Saved { std::int64_t revision = 0; bool changed = false; std::vector<Finding> findings; };
struct Seen { base::Json draft; std::vector<Finding> findings; };

struct Row;  // row.h

// Holds nothing but its rooms: made where it is needed, by any thread.
class Drafts {
 public:
  static base::Status prepare(store::Database&);  // creates its tables, once at start
  Drafts(store::Database& d, Bank& b, const base::Clock& c) : database_(d), bank_(b), clock_(c) {}  // all outlive it

  // {id, revision}. Errors: those of Bank::get, of the readers of BPMN and notation; invalid_argument; limit_exceeded.
  base::Result<base::Json> create(const Person&, const NewDraft&);
  base::Result<base::Json> list(const Person&, Which, std::optional<State>);  // {items, total}, changed last first; deleted only where asked for
  base::Result<Seen> get(const Person&, std::int64_t key);                    // shape of docs/api.md without its findings
  base::Result<Head> head(const std::string& authority, std::int64_t key);

  struct File { std::string bytes; std::int64_t revision = 0; };
  base::Result<File> file(const std::string& authority, std::int64_t key, const std::string& path);
  // Saves one file over `revision`; nullopt takes it away. The same bytes make no new revision. A draft with errors is saved.
  // Errors: conflict (another revision, see head(); or not to be written now), forbidden, invalid_argument (path), limit_exceeded.
  base::Result<Saved> save(const Person&, std::int64_t key, std::int64_t revision, const std::string& path, std::optional<std::string> bytes);
  base::Result<Saved> save_manifest(const Person&, std::int64_t key, std::int64_t revision, const base::Json& manifest);

  // {state, revision}; publish adds {slug, version}. Errors: conflict (state, revision, coverage, a version in between), forbidden,
  // invalid_package with `findings`, invalid_argument (a reason is missing), forgotten (restore after 30 days).
  base::Result<base::Json> take(const Person&, std::int64_t key, Step, const Asked&, std::vector<Finding>* findings);
  base::Result<base::Json> comment(const Person&, std::int64_t key, const std::string& text, const std::string& element);

  // Against what it would take the place of, or was begun from: {against, files, manifest, diagram}. A new workflow has against null.
  base::Result<base::Json> changes(const std::string& authority, std::int64_t key);
  base::Result<std::string> changes_svg(const std::string& authority, std::int64_t key);  // both diagrams; not_found where there are not two

 private:
  using Files = std::map<std::string, std::string>;
  base::Result<Row> find(store::Connection&, const std::string& authority, std::int64_t key);
  base::Result<Row> find(const std::string& authority, std::int64_t key);
  base::Result<base::Json> copy(const Person&, const NewDraft&);
  base::Result<base::Json> keep(const Person&, Row&, const Files& work, const Files& original);
  base::Result<std::vector<Row>> rows(const std::string& authority);
  base::Result<Files> files(store::Connection&, std::int64_t key, bool original);
  base::Result<Files> files(std::int64_t key, bool original);
  base::Result<Files> version_files(const std::string& owner, const std::string& slug, int version);
  base::Status insert(const Row&, const Files& work, const Files& original);
  base::Status insert_files(store::Connection&, std::int64_t key, bool original, const Files&);
  base::Status note(store::Connection&, const Row&, const Person&, std::string_view what, const std::string& note, base::Millis at);
  base::Status update(store::Connection&, const Row&);
  base::Status purge();                                        // what was deleted more than 30 days ago
  int in_force(const Row&);                                    // the authority's own version of the slug; 0 = none
  std::vector<Finding> findings(const Row&, const Files&, bool* readable = nullptr);
  base::Json json(const Row&, const Person&);
  base::Json may(const Row&, const Person&);
  base::Status judge(const Row&, const Person&, Step, std::vector<Finding>* findings);
  base::Result<int> publish(const Person&, Row&, const Asked&);
  store::Database& database_;
  Bank& bank_;
  const base::Clock& clock_;
};

}  // namespace bank::drafts
