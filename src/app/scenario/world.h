// What a scenario runs in: engine, ledger, cases, inbox and stand-ins in a temporary folder, on a virtual clock.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/ports.h"
#include "bank/package.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/storage.h"
#include "casework/cases.h"
#include "casework/ledger.h"
#include "connectors/host.h"
#include "connectors/inbox.h"
#include "connectors/standins.h"
#include "engine/engine.h"
#include "engine/query.h"
#include "store/database.h"
#include "store/files.h"

namespace app::scenario {

inline constexpr const char* kAuthority = "10000009";  // the example municipality

class World {
 public:
  static base::Result<std::unique_ptr<World>> open(const bank::Package&, base::Millis start);
  ~World();  // closes and removes the folder

  // Runs everything that can run at this moment: engine steps, due timers, jobs that a connector answers.
  base::Status settle();
  base::Status advance(base::Millis by);
  base::Status restart();
  base::Status deliver(const std::string& name, const std::string& bytes);  // a file in the inbox
  base::Result<engine::Answer> call(engine::Command);
  // Rows of a /v2 search kind, all pages.
  base::Result<base::Json> rows(std::string_view kind, base::Json filter);
  base::Result<engine::ActivatedJob> take_job(const std::string& type);     // not_found when none waits
  base::Status answer_job(const engine::ActivatedJob&, const connectors::Outcome&);

  engine::Engine& engine() { return *engine_; }
  connectors::StandIns& stand_ins() { return stand_ins_; }
  casework::Ledger& ledger() { return *ledger_; }
  casework::Cases& cases() { return *cases_; }
  const bank::Package& package() const { return package_; }
  std::string process_id() const;
  base::Millis now() const { return clock_.now(); }

  std::vector<engine::Key> instances;   // in order of starting
  std::size_t rejected = 0;
  std::string last_report;              // text of the last rejection's report
  std::size_t posted_before = 0;        // ledger entries of `givet`

 private:
  explicit World(const bank::Package& package, base::Millis start) : package_(package), clock_(start), random_(1), http_(stand_ins_, clock_) {}
  base::Status open_rooms();
  void close_rooms();
  base::Status deploy();
  base::Result<bool> run_jobs();

  // Kinds that have a stand-in are bound to it; there is no network.
  class Systems final : public connectors::SystemsPort {
   public:
    explicit Systems(const connectors::StandIns& s) : stand_ins_(s) {}
    base::Result<Binding> binding(const std::string& authority, const std::string& kind) override;
    base::Result<std::string> secret(const std::string& authority, const std::string& name) override;

   private:
    const connectors::StandIns& stand_ins_;
  };

  const bank::Package& package_;
  base::VirtualClock clock_;
  base::SeededRandom random_;
  base::SystemStorage storage_;
  std::string folder_;
  connectors::StandIns stand_ins_;
  connectors::StandInHttp http_;
  Systems systems_{stand_ins_};
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Files> files_;
  std::unique_ptr<casework::Ledger> ledger_;
  std::unique_ptr<casework::Cases> cases_;
  std::unique_ptr<LedgerBinding> ledger_port_;
  std::unique_ptr<CaseBinding> case_port_;
  connectors::Ports ports_;
};

}  // namespace app::scenario
