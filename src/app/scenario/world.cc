#include "app/scenario/world.h"

#include <cstdlib>
#include <filesystem>

namespace app::scenario {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr int kRounds = 10'000;  // of jobs at one moment: more is a loop without a wait

base::Result<std::string> temporary_folder() {
  std::error_code failed;
  std::string pattern = (fs::temp_directory_path(failed) / "sagsgang-scenario-XXXXXX").string();
  if (failed || mkdtemp(pattern.data()) == nullptr) return base::fail(base::ErrorCode::io_failed, "no temporary folder can be made", {.file = pattern});
  return pattern;
}

}  // namespace

base::Result<connectors::SystemsPort::Binding> World::Systems::binding(const std::string&, const std::string& kind) {
  for (const auto& info : stand_ins_.list())
    if (info.kind == kind) return Binding{"standin://" + kind, "", true};
  return base::fail(base::ErrorCode::not_found, "the package declares no stand-in for '" + kind + "'");
}

base::Result<std::string> World::Systems::secret(const std::string&, const std::string& name) {
  return base::fail(base::ErrorCode::not_found, "no secret '" + name + "' in a scenario");
}

base::Result<std::unique_ptr<World>> World::open(const bank::Package& package, base::Millis start) {
  std::unique_ptr<World> world(new World(package, start));
  TRY(world->folder_, temporary_folder());
  if (const auto found = package.files.find("data/standins.yaml"); found != package.files.end())
    TRY_VOID(world->stand_ins_.add(found->second, found->first, [&](const std::string& path) -> base::Result<std::string> {
      const auto file = package.files.find("data/" + path);
      if (file == package.files.end()) return base::fail(base::ErrorCode::not_found, "the package has no data/" + path);
      return file->second;
    }));
  TRY_VOID(world->open_rooms());
  TRY_VOID(world->deploy());
  return world;
}

World::~World() {
  close_rooms();
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

base::Status World::open_rooms() {
  engine::Options options;
  options.folder = folder_;
  options.segment_bytes = 1u << 20;
  options.sync = false;  // the folder is thrown away; durability is the crash test's business
  options.clock = &clock_;
  options.random = &random_;
  options.manual = true;
  TRY(engine_, engine::Engine::open(options));
  TRY(database_, store::Database::open(folder_ + "/sagsgang.db", {.synchronous_full = false, .readers = 1}));
  TRY(files_, store::Files::open(storage_, engine_->keys(), folder_ + "/files"));
  TRY(ledger_, casework::Ledger::open(folder_, clock_));
  TRY(cases_, casework::Cases::open(*database_, engine_->keys(), *files_, clock_));
  ledger_port_ = std::make_unique<LedgerBinding>(*ledger_);
  case_port_ = std::make_unique<CaseBinding>(*cases_);
  ports_ = {ledger_port_.get(), case_port_.get(), &systems_, &http_, {}, &clock_};
  return {};
}

void World::close_rooms() {
  ports_ = {};
  case_port_.reset();
  ledger_port_.reset();
  cases_.reset();
  ledger_.reset();
  files_.reset();
  database_.reset();
  engine_.reset();
}

base::Status World::restart() {
  close_rooms();
  TRY_VOID(open_rooms());
  return settle();
}

base::Status World::deploy() {
  engine::Deploy deployment;
  for (const auto& [name, content] : package_.files)
    if (name == "proces.bpmn" || name == "beslutninger.dmn" || name.ends_with(".form")) deployment.resources.push_back({name, content});
  TRY(const engine::Answer answer, call({kAuthority, "scenario", {}, std::move(deployment)}));
  (void)answer;
  return {};
}

std::string World::process_id() const {
  const std::string named = package_.manifest.value["proces"].string_or("");
  if (!named.empty() || !package_.process) return named;
  for (const auto& process : package_.process->processes)
    if (process.executable) return process.id;
  return {};
}

base::Result<engine::Answer> World::call(engine::Command command) {
  std::optional<base::Result<engine::Answer>> answer;
  engine_->submit(std::move(command), [&](base::Result<engine::Answer> a) { answer.emplace(std::move(a)); });
  for (int round = 0; !answer && round < kRounds; ++round) TRY_VOID(engine_->pump());
  if (!answer) return base::fail(base::ErrorCode::internal, "the engine did not answer a command");
  return std::move(*answer);
}

base::Result<Json> World::rows(std::string_view kind, Json filter) {
  Json items = Json::array(), after;
  while (true) {
    Json page = Json::object(), request = Json::object();
    page.set("limit", static_cast<std::int64_t>(base::limits::kPageItems));
    if (!after.is_null()) page.set("after", after);
    request.set("filter", filter);
    request.set("page", std::move(page));
    TRY(const Json answer, engine_->read().search(kind, request, kAuthority, engine_->read().acknowledged()));
    for (const Json& item : answer["items"].as_array()) items.push(item);
    after = answer["page"]["endCursor"];
    if (answer["items"].size() < base::limits::kPageItems || after.is_null()) return items;
  }
}

base::Result<engine::ActivatedJob> World::take_job(const std::string& type) {
  engine::ActivateJobs poll;
  poll.type = type;
  poll.worker = "scenario";
  poll.max = 1;
  TRY(engine::Answer answer, call({kAuthority, "connector:" + type, {}, std::move(poll)}));
  if (answer.jobs.empty()) return base::fail(base::ErrorCode::not_found, "no job of type '" + type + "' waits");
  return std::move(answer.jobs.front());
}

base::Status World::answer_job(const engine::ActivatedJob& job, const connectors::Outcome& outcome) {
  TRY(const engine::Answer answer, call(connectors::answer_command(job, outcome)));
  (void)answer;
  return {};
}

base::Result<bool> World::run_jobs() {
  bool any = false;
  for (const connectors::Connector* connector : connectors::all()) {
    auto job = take_job(std::string(connector->type()));
    if (!job && job.error().code == base::ErrorCode::not_found) continue;
    if (!job) return std::unexpected(job.error());
    TRY_VOID(answer_job(*job, connectors::run_job(*job, ports_, engine_->metrics().position)));
    any = true;
  }
  return any;
}

base::Status World::settle() {
  for (int round = 0; round < kRounds; ++round) {
    TRY_VOID(engine_->pump());
    TRY(const bool worked, run_jobs());
    if (!worked) return engine_->pump();
  }
  return base::fail(base::ErrorCode::limit_exceeded, "the scenario does not come to rest after " + std::to_string(kRounds) + " rounds of jobs");
}

base::Status World::advance(base::Millis by) {
  const base::Millis target = clock_.now() + by;
  for (int round = 0; round < kRounds; ++round) {
    TRY_VOID(settle());
    const base::Millis due = engine_->next_due();
    if (due < 0 || due > target) break;
    clock_.set(std::max(due, clock_.now() + 1));
    if (clock_.now() >= target) break;
  }
  clock_.set(std::max(target, clock_.now()));
  return settle();
}

base::Status World::deliver(const std::string& name, const std::string& bytes) {
  const std::string folder = folder_ + "/inbox/" + kAuthority + "/" + process_id();
  TRY_VOID(storage_.make_folder(folder));
  TRY_VOID(base::write_file_atomic(folder + "/" + name, bytes));
  const std::string format = package_.manifest.value["indbakke"]["format"].string_or("");
  connectors::Inbox inbox({.engine = engine_.get(), .cases = case_port_.get(), .inbox = folder_ + "/inbox", .rejected = folder_ + "/rejected",
                           .format = [format](const std::string&) { return format; }, .settle_ms = 0, .manual = true});
  TRY(const connectors::InboxReport report, inbox.scan());
  if (report.waiting > 0) return base::fail(base::ErrorCode::conflict, "the inbox did not take the document: " + report.why_waiting);
  rejected += report.rejected;
  if (report.rejected > 0) {
    TRY(last_report, base::read_file(report.last_report, 1 << 20));
  }
  if (report.started > 0 && (instances.empty() || std::find(instances.begin(), instances.end(), report.last_instance) == instances.end()))
    instances.push_back(report.last_instance);
  return settle();
}

}  // namespace app::scenario
