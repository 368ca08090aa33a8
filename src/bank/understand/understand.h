// The door of this room: what the bank knows across workflows. Registers with "bruges i", the watch on laws, who calls whom, what a role
// does, how complex a workflow is, and what readers leave behind (comments, favourites, confirmations, feeds).
// Read: only what the authority reads. Written: belongs to the authority; nobody else meets it. Shapes: docs/understand.md.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bank/bank.h"
#include "bank/understand/graph.h"
#include "bank/understand/uses.h"
#include "base/clock.h"
#include "store/database.h"

namespace bank::understand {

struct Who { std::string authority, user; };
struct LawChange { std::string law, changed, note, url, place; };  // law: key of the register; place: "§ 13" = only references to it
struct Settlement { std::string outcome; int version = 0; std::string note; };  // uaendret | rettet (in that version)

class Understand {
 public:
  // Creates its tables. All outlive it.
  static base::Result<std::unique_ptr<Understand>> open(store::Database&, Bank&, const base::Clock&);

  // registers.cc. kind: rolle | system | blanket | dokument | lov. Errors: not_found, invalid_argument (kind).
  base::Result<base::Json> registers(const std::string& authority);
  base::Result<base::Json> list_register(const std::string& authority, const std::string& kind);
  base::Result<base::Json> entry(const std::string& authority, const std::string& kind, const std::string& key);

  // laws.cc
  base::Result<base::Json> workflow_law(const std::string& authority, const std::string& slug);
  base::Result<base::Json> mark_law(const Who&, const LawChange&);               // raises a review on every citing activity
  base::Result<base::Json> law_changes(const std::string& authority, const std::string& law = {});  // "" = all
  base::Status withdraw_law_change(const Who&, std::int64_t id);                 // open reviews go with it; settled ones stay
  struct ReviewFilter { std::string slug, law, owner; bool open_only = false; };
  base::Result<base::Json> reviews(const std::string& authority, const ReviewFilter&);
  base::Result<base::Json> settle(const Who&, std::int64_t review, const Settlement&);
  base::Result<base::Json> reopen(const Who&, std::int64_t review);

  // calls.cc, manual.cc, profile.cc
  base::Result<base::Json> calls(const std::string& authority, const std::string& slug);       // one step each way, by activity
  base::Result<base::Json> call_graph(const std::string& authority, const std::string& slug);  // all that hangs together, placed
  base::Result<std::string> call_graph_svg(const std::string& authority, const std::string& slug);
  base::Result<base::Json> manual(const std::string& authority, const std::string& role);      // role: key of the register
  base::Result<base::Json> profile(const std::string& authority, const std::string& slug);

  // readers.cc
  base::Result<base::Json> reader(const Who&, const std::string& slug);
  base::Result<base::Json> mark(const Who&, const std::string& slug, bool favourite, bool follow);
  base::Result<base::Json> confirm_read(const Who&, const std::string& slug, int version);
  base::Result<base::Json> followed(const Who&);
  base::Result<base::Json> permanent(const std::string& authority, std::int64_t id);           // {slug}

  // comments.cc
  base::Result<base::Json> comments(const Who&, const std::string& slug);
  base::Result<base::Json> comment(const Who&, const std::string& slug, const std::string& element, const std::string& text, std::int64_t reply_to);
  base::Result<base::Json> resolve(const Who&, std::int64_t id, bool resolved);
  base::Status remove_comment(const Who&, std::int64_t id, bool removed, bool any);  // any: also somebody else's; removed=false takes it back

  // feeds.cc. A token is shown once; only its fingerprint is kept, and a new one replaces the old.
  base::Result<base::Json> new_feed(const Who&);
  base::Status end_feed(const Who&);
  base::Result<Who> feed_owner(const std::string& token);                           // not_found for an unknown one
  base::Result<std::string> feed(const Who&, bool whole_bank);                      // Atom

 private:
  struct Workflow { std::int64_t id = 0; std::string owner, slug, title, domain, kind; int version = 0; bool own = false; };
  using Readable = std::map<std::string, Workflow>;  // by slug
  Understand(store::Database& d, Bank& b, const base::Clock& c) : database_(d), bank_(b), clock_(c) {}
  // index.cc: `understand_use` follows the bank; only what changed is read again.
  base::Status refresh();
  base::Result<std::shared_ptr<const Readable>> readable(const std::string& authority);
  base::Result<Workflow> workflow(const std::string& authority, const std::string& slug);  // not_found
  struct Found { const Workflow* workflow = nullptr; Use use; };
  // Every use that the authority may read; key "" = all of the kind. `readable` outlives the answer.
  base::Result<std::vector<Found>> find(const Readable&, const std::string& kind, const std::string& key);
  base::Result<std::vector<Use>> uses_of(const Workflow&);
  base::Result<std::map<std::string, int>> open_reviews(const std::string& authority, const char* column);
  base::Result<base::Json> review(const std::string& authority, std::int64_t id);
  base::Result<Graph> placed_graph(const std::string& authority, const std::string& slug);
  std::string law_state(const std::string& verified, const std::string& due) const;         // "" | snart | overskredet
  store::Database& database_;
  Bank& bank_;
  const base::Clock& clock_;
  std::mutex mutex_;          // of the refresh and of what is held
  std::int64_t seen_ = -1;    // the bank's change that the index stands at
  std::map<std::string, std::shared_ptr<const Readable>> readable_;  // by authority, as of seen_
};

}  // namespace bank::understand
