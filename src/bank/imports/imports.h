// Imports with review: files are stored as they were uploaded, read in the background one by one, doubtful elements are settled by
// people, and what is settled becomes drafts (docs/imports.md). Thread-safe. An import of another authority is not_found.
#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bank/imports/settle.h"
#include "base/clock.h"
#include "base/json.h"
#include "store/database.h"

namespace bank::imports {

struct Person { std::string authority, user, name; };
struct Upload { std::string path, bytes; };
struct ImportFile;
struct Entry;

class Imports {
 public:
  // Creates its tables and goes on with files that were not read when the house last stopped. All outlive it.
  static base::Result<std::unique_ptr<Imports>> open(store::Database&, const base::Clock&);
  ~Imports() { stop(); }
  void stop();                                                    // between two files; the rest is read when it is opened again

  // A zip is unpacked: each file, and each folder with an arbejdsgang.yaml as one package. {importKey, files}; all is stored or nothing.
  // What cannot be unpacked is a refused file. Errors: invalid_argument (no files), invalid_package (the zip itself), limit_exceeded.
  base::Result<base::Json> create(const Person&, const std::vector<Upload>&);
  base::Result<base::Json> add(const Person&, std::int64_t key, const std::vector<Upload>&);
  base::Result<base::Json> list(const std::string& authority);    // newest first
  base::Result<base::Json> get(const std::string& authority, std::int64_t key);
  base::Status remove(const std::string& authority, std::int64_t key);  // drafts made of it stay

  base::Result<base::Json> file(const std::string& authority, std::int64_t key, int number);
  base::Result<std::string> diagram(const std::string& authority, std::int64_t key, int number);  // as settled. not_found: none
  struct Source { std::string path, bytes; };
  base::Result<Source> source(const std::string& authority, std::int64_t key, int number);        // as uploaded

  // Rows get the same decision; none: the last decision is taken back. {revision, open}. Errors: conflict (another revision; a draft was
  // made; what BPMN does not allow), invalid_argument, limit_exceeded.
  base::Result<base::Json> decide(const Person&, std::int64_t key, int number, std::int64_t revision, const std::vector<Decision>&);

  // What a draft is made of. `make` answers the draft's id; the file is locked to it from then on. Errors: conflict (made already, nothing
  // to make it of, not read yet), and those of `make`.
  struct Content { std::string title, bpmn, summary_da; std::map<std::string, std::string> files; };
  using MakeDraft = std::function<base::Result<std::string>(const Content&)>;
  base::Result<std::string> draft(const Person&, std::int64_t key, int number, const MakeDraft&);

  void wait();                                                    // until every file is read: for tests

 private:
  Imports(store::Database& d, const base::Clock& c) : database_(d), clock_(c) {}
  base::Status check_import(store::Connection&, const std::string& authority, std::int64_t key);
  base::Result<ImportFile> find(const std::string& authority, std::int64_t key, int number);
  base::Status save(const ImportFile&, std::int64_t was);               // conflict where the revision is no longer `was`
  base::Result<std::size_t> insert(store::Connection&, std::int64_t key, const std::vector<Entry>&);
  base::Result<base::Json> store(const Person&, std::int64_t key, const std::vector<Entry>&, bool fresh);
  void work();
  base::Result<bool> read_next();                                 // false: none waits
  store::Database& database_;
  const base::Clock& clock_;
  std::mutex mutex_, drafting_;                                   // mutex_: of the three flags; drafting_: one file becomes one draft
  std::condition_variable wakes_;
  bool stopping_ = false, more_ = true, idle_ = false;
  std::thread worker_;
};

}  // namespace bank::imports
