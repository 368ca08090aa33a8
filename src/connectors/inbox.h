// Files that arrive: inbox/<cvr>/<process id>/<file> becomes an instance of that process exactly once; what cannot be read goes to
// rejected/<cvr>/ with a readable report beside it. Nothing is ever dropped. Order of steps, so that a crash at any point is safe:
//   1. read and check the file (nothing has happened yet)
//   2. create the instance with an idempotency key made of the file's name and content (durable when answered)
//   3. store the original as a sealed document of the case (the same name again replaces it)
//   4. note that it was received (engine::Effect "received", outside every backup): an instance that a restore loses is listed, not forgotten
//   5. remove the file from the inbox
// The instance starts with the variable `dokument` = {navn: the file's name, gemtSom: the stored document's name, kontrolsum}.
// A crash after 2 or 3 repeats 2 with the same key, which answers the same instance. A rejected file: report first, then the move.
// Senders write to a name that starts with "." or ends in ".tmp" or ".part" and rename, or leave the file alone for `settle_ms`.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "connectors/connector.h"
#include "engine/backup.h"
#include "engine/engine.h"

namespace connectors {

inline constexpr const char* kOriginalDocument = "original";  // name of the stored document, plus the file's extension

struct InboxReport {
  std::size_t started = 0;   // files that became (or already were) instances
  std::size_t rejected = 0;
  std::size_t waiting = 0;   // files left for the next pass
  std::string why_waiting;   // the last reason
  std::string last_report;   // path of the last rejection's report
  engine::Key last_instance = 0;
};

class Inbox {
 public:
  struct Options {
    engine::Engine* engine = nullptr;
    CasePort* cases = nullptr;
    std::string inbox, rejected;                                    // folders
    std::function<std::string(const std::string& process_id)> format;  // "oioubl", "xml", "fri"; "" = no inbox for that process
    base::Millis settle_ms = 300;                                   // a file younger than this may still be being written
    base::Millis scan_ms = 500;                                     // pause between passes
    std::function<base::Status(const engine::Effect&)> note_effect; // empty: nothing is noted
    base::Clock* clock = nullptr;                                   // of the effects' times
    std::size_t max_bytes = 20u << 20;                              // kXmlBytes
    bool manual = false;                                            // engine in manual mode: one call at a time
    int writers = 4;                                                // threads that store documents
    // A crash point for tests: called with "checked", "created", "stored", "reported"; true = stop here as if killed.
    std::function<bool(std::string_view point)> crash;
  };
  explicit Inbox(Options);
  ~Inbox();  // stops
  // One pass over everything. Errors: io_failed (a folder cannot be listed).
  base::Result<InboxReport> scan();
  void start();  // a thread of its own that scans again and again
  void stop();   // finishes the pass that runs

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The report that lies beside a rejected file, in Danish: what, where, what would be right.
std::string rejection_report(const std::string& file_name, const base::Error&);

}  // namespace connectors
