#include "app/serving.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "api/server.h"
#include "app/house.h"
#include "app/ports.h"
#include "app/sample/invoices.h"
#include "app/scenario_runner.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "connectors/host.h"
#include "connectors/inbox.h"
#include "connectors/standins.h"
#include "engine/backup/backup.h"
#include "engine/backup/effects.h"
#include "engine/query.h"

namespace app {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::Json;

std::string percent_encode(std::string_view segment) {
  std::string out;
  for (const char c : segment) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) out += c;
    else out += "%" + base::upper(base::hex(std::string_view(&c, 1)));
  }
  return out;
}

// A page of the read side that is as new as what has been acknowledged.
base::Result<Json> search_all(engine::ReadSide& read, std::string_view kind, Json filter, const std::string& authority) {
  Json items = Json::array(), after;
  const std::uint64_t at_least = read.acknowledged();
  while (true) {
    Json request = Json::object(), page = Json::object();
    page.set("limit", static_cast<std::int64_t>(base::limits::kPageItems));
    if (!after.is_null()) page.set("after", after);
    request.set("filter", filter);
    request.set("page", std::move(page));
    TRY(const Json answer, read.search(kind, request, authority, at_least));
    for (const Json& item : answer["items"].as_array()) items.push(item);
    after = answer["page"]["endCursor"];
    if (answer["items"].size() < base::limits::kPageItems || after.is_null()) return items;
  }
}

// Documents and notes of forgotten instances, one after the other on a thread of its own: the engine tells, and waits for nobody.
class Forgetting {
 public:
  explicit Forgetting(casework::Cases& cases) : thread_([this, &cases] { run(cases); }) {}
  ~Forgetting() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wakes_.notify_all();
    thread_.join();
  }
  void add(const std::string& authority, engine::Key instance) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace_back(authority, instance);
    wakes_.notify_all();
  }

 private:
  void run(casework::Cases& cases) {
    std::unique_lock lock(mutex_);
    while (true) {
      wakes_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto [authority, instance] = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      if (const auto gone = cases.forget(authority, instance); !gone) base::log::error("app", "what belongs to a forgotten case could not be deleted: " + gone.error().text());
      lock.lock();
    }
  }
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<std::pair<std::string, engine::Key>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

class ServingImpl final : public Serving {
 public:
  explicit ServingImpl(ServeOptions options) : options_(std::move(options)) {}
  ~ServingImpl() override { stop(); }

  base::Status open();
  int port() const override { return server_->port(); }
  base::Status feed_sample() override;
  base::Result<SampleCounts> count() override;
  base::Result<std::string> paid_total() override {
    TRY(const Json list, ledger_->list(kExampleAuthority, 0, 1, 0));
    return list["paidTotal"].string_or("0.00");
  }

 private:
  void say(const std::string& line) const {
    if (!options_.quiet) std::fprintf(stderr, "%s\n", line.c_str());
  }
  // How this machine reaches the server.
  std::string own_address() const {
    const bool any = options_.address == "0.0.0.0" || options_.address == "::";
    return "http://" + (any ? std::string("127.0.0.1") : options_.address) + ":" + std::to_string(server_->port());
  }
  std::string at(const std::string& name) const { return options_.data + "/" + name; }
  base::Status open_rooms();
  base::Status fill_bank();
  base::Status add_stand_ins(const bank::Package&);
  base::Status load_sample_tables();
  void answer_stand_in(const api::Request&, api::ReplyPtr);
  base::Status start_server();
  base::Status find_authorities();
  base::Status deploy_all();
  base::Status deploy(const std::string& authority, const bank::Stored&);
  base::Status write_server_file();
  base::Status release_jobs();
  std::vector<std::pair<std::string, Json>> rejected_per_day(const std::string& authority, int days) const;
  void stop();

  ServeOptions options_;
  base::SystemClock clock_;
  base::SystemStorage storage_;
  std::optional<FolderLock> lock_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Effects> effects_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Files> files_;
  std::unique_ptr<casework::Ledger> ledger_;
  std::unique_ptr<casework::Cases> cases_;
  std::unique_ptr<Forgetting> forgetting_;
  std::unique_ptr<bank::Bank> bank_;
  std::unique_ptr<SystemsBinding> systems_;
  std::unique_ptr<LedgerBinding> ledger_port_;
  std::unique_ptr<CaseBinding> case_port_;
  connectors::StandIns stand_ins_;
  std::unique_ptr<api::Server> server_;
  std::unique_ptr<connectors::Host> host_;
  std::unique_ptr<connectors::Inbox> inbox_;
  std::vector<std::string> authorities_;
  std::map<std::string, std::string> inbox_formats_;  // process id → format
  std::map<std::string, std::string> slugs_;          // process id → slug
};

base::Status ServingImpl::open_rooms() {
  TRY(auto lock, FolderLock::take(options_.data));
  lock_.emplace(std::move(lock));
  say("Opening " + options_.data + " (recovering what a crash may have left)");
  TRY(engine_, engine::Engine::open({.folder = options_.data, .resident_payload_bytes = options_.resident_payload_bytes, .retention = options_.retention}));
  TRY(effects_, engine::Effects::open(storage_, options_.data));
  TRY(database_, store::Database::open(at("sagsgang.db"), {}));
  TRY(files_, store::Files::open(storage_, engine_->keys(), at("files")));
  TRY(ledger_, casework::Ledger::open(options_.data, clock_));
  TRY(cases_, casework::Cases::open(*database_, engine_->keys(), *files_, clock_));
  TRY(bank_, bank::Bank::open(*database_, at("index"), clock_));
  TRY(systems_, SystemsBinding::open(at("systems.yaml")));
  ledger_port_ = std::make_unique<LedgerBinding>(*ledger_);
  case_port_ = std::make_unique<CaseBinding>(*cases_);
  // What the retention forgets goes from the cases too. A request's own forgetting does so itself before it is answered.
  forgetting_ = std::make_unique<Forgetting>(*cases_);
  engine_->on_forgotten([this](const std::string& authority, engine::Key instance) { forgetting_->add(authority, instance); });
  return {};
}

base::Status ServingImpl::fill_bank() {
  if (options_.bank.empty()) return {};
  say("Importing the packages of " + options_.bank);
  std::vector<bank::Finding> findings;
  const auto imported = bank_->import_tree(options_.authority, options_.bank, "sagsgang serve", "", true, &findings);
  for (const bank::Finding& f : findings)
    if (f.is_error) say("  " + f.file + ":" + std::to_string(f.line) + ": " + f.message);
  if (!imported) return std::unexpected(imported.error());
  std::size_t changed = 0;
  for (const auto& one : *imported) changed += one.changed;
  say("  " + std::to_string(imported->size()) + " packages, " + std::to_string(changed) + " new or changed");
  return {};
}

base::Status ServingImpl::add_stand_ins(const bank::Package& package) {
  const auto found = package.files.find("data/standins.yaml");
  if (found == package.files.end()) return {};
  return stand_ins_.add(found->second, package.slug + "/data/standins.yaml", [&](const std::string& path) -> base::Result<std::string> {
    const auto file = package.files.find("data/" + path);
    if (file == package.files.end()) return base::fail(ErrorCode::not_found, "the package has no file data/" + path, {.file = package.slug});
    return file->second;
  });
}

// What the system that the stand-in replaces knows about the sample's orders.
base::Status ServingImpl::load_sample_tables() {
  for (const char* table : {"ordrer", "leveringer"}) {
    const std::string path = options_.data + ".sample/" + table + ".json";
    if (!fs::exists(path)) continue;
    TRY(const std::string text, base::read_file(path, base::limits::kXmlBytes * 8));
    TRY(Json rows, base::parse_json(text, path, base::limits::kXmlBytes * 8));
    TRY_VOID(stand_ins_.set_table("sundhedsordre", table, std::move(rows)));
  }
  return {};
}

base::Status ServingImpl::start_server() {
  Json marks = Json::array();
  for (const auto& info : stand_ins_.list()) {
    Json mark = Json::object();
    mark.set("kind", info.kind);
    mark.set("title", info.title);
    marks.push(std::move(mark));
  }
  api::Rooms rooms{.engine = *engine_, .database = *database_, .bank = *bank_, .cases = *cases_, .ledger = *ledger_, .clock = clock_};
  rooms.stand_ins = std::move(marks);
  rooms.run_scenarios = [](const bank::Package& package) { return run_package_scenarios(package); };
  rooms.rejected = [this](const std::string& authority, int days) { return rejected_per_day(authority, days); };
  rooms.quarantined = [](const std::string&) { return Json::array(); };
  rooms.backup = [this](const std::string& folder) -> base::Result<Json> {
    TRY(const engine::BackupReport report, engine::backup(*engine_, *effects_, options_.data, folder, {database_.get()}, {&ledger_->database()}));
    return backup_json(report);
  };
  rooms.stand_in = [this](const api::Request& request, api::ReplyPtr reply) { answer_stand_in(request, std::move(reply)); };
  TRY(server_, api::Server::start({.address = options_.address, .port = static_cast<std::uint16_t>(options_.port), .web = options_.web, .local = options_.local, .private_banks = options_.allow_local}, rooms));
  for (const auto& info : stand_ins_.list())
    systems_->add_stand_in(info.kind, own_address() + "/standin/" + info.kind);
  return {};
}


// /standin/<kind>/…: the same answer function that scenario runs call without a network.
void ServingImpl::answer_stand_in(const api::Request& request, api::ReplyPtr reply) {
  const std::string kind = request.segments.size() > 1 ? request.segments[1] : "";
  connectors::StandInRequest inner{.method = request.method, .path = {}, .body = request.body};
  for (std::size_t i = 2; i < request.segments.size(); ++i) inner.path += "/" + percent_encode(request.segments[i]);
  connectors::HttpResponse answer = stand_ins_.answer(kind, inner, clock_.now());
  api::Response response{.status = answer.status, .headers = {}, .body = std::move(answer.body)};
  for (auto& header : answer.headers) response.headers.push_back(std::move(header));
  reply->send(std::move(response));
}

base::Status ServingImpl::deploy(const std::string& authority, const bank::Stored& stored) {
  engine::Deploy command;
  for (auto& [name, content] : bank::resources(*stored.package)) command.resources.push_back({std::move(name), std::move(content)});
  engine::Command request{.authority = authority, .actor = "sagsgang serve", .idempotency_key = {}, .body = std::move(command)};
  TRY(const engine::Answer answer, engine_->call(std::move(request)));
  for (const Json& one : answer.body["deployments"].as_array()) {
    const Json& process = one["processDefinition"];
    if (!process.is_object()) continue;
    const std::int64_t key = std::atoll(process["processDefinitionKey"].string_or("0").c_str());
    TRY_VOID(bank_->note_deployment(authority, stored.package->slug, stored.version, process["processDefinitionId"].string_or(""), key, "sagsgang serve"));
  }
  return {};
}

// The two example authorities with --local; otherwise the one that is named and every one that has users.
base::Status ServingImpl::find_authorities() {
  const auto add = [&](const std::string& authority) {
    if (!authority.empty() && std::find(authorities_.begin(), authorities_.end(), authority) == authorities_.end()) authorities_.push_back(authority);
  };
  add(options_.authority);
  if (options_.local)
    for (const auto& demo : api::Accounts::demo_users()) add(demo.authority);
  TRY(const auto accounts, api::Accounts::open(*database_, clock_));
  TRY(const Json users, accounts->users(""));
  for (const Json& user : users.as_array()) add(user["authority"].string_or(""));
  return {};
}

// Every runnable package runs for every authority of this server, in its newest version.
base::Status ServingImpl::deploy_all() {
  for (const std::string& authority : authorities_) {
    TRY(const auto deployed, bank_->deployed(authority));
    TRY(const Json list, bank_->list(authority, {.q = {}, .domain = {}, .kind = {}, .kle = {}, .runnable = true, .limit = 1000}));
    for (const Json& item : list["items"].as_array()) {
      const std::string slug = item["slug"].string_or("");
      TRY(const bank::Stored stored, bank_->get(authority, slug));
      const Json& manifest = stored.package->manifest.value;
      slugs_[manifest["proces"].string_or("")] = slug;
      if (manifest["indbakke"].is_object()) inbox_formats_[manifest["proces"].string_or("")] = manifest["indbakke"]["format"].string_or("");
      // Outside --local nothing may answer in a system's place: a kind without a binding is an error of the job.
      if (options_.local && authority == authorities_.front()) TRY_VOID(add_stand_ins(*stored.package));
      const bool current = std::any_of(deployed.begin(), deployed.end(), [&](const bank::Deployed& d) { return d.slug == slug && d.version == stored.version; });
      if (!current) TRY_VOID(deploy(authority, stored));
    }
  }
  return {};
}

// How the command line finds and may talk to this server; readable by this user only.
base::Status ServingImpl::write_server_file() {
  const std::string user = api::kCommandLineUser;
  api::Accounts& accounts = server_->accounts();
  if (authorities_.empty()) return {};  // nobody to act for yet: sagsgang user add makes the first
  const std::string& authority = authorities_.front();
  TRY_VOID(accounts.put_authority(authority, options_.local ? "Eksempel Kommune" : authority));
  base::SystemRandom random;
  const std::string password = std::to_string(random.next()) + std::to_string(random.next());
  const base::Status added = accounts.add_user(authority, user, "Kommandolinjen", password, api::known_roles());
  if (!added && added.error().code != ErrorCode::conflict) return added;
  TRY(const std::string token, accounts.make_token(user, "server.json", 1));
  Json json = Json::object();
  json.set("url", own_address());
  json.set("token", token);
  TRY_VOID(base::write_file_atomic(at("server.json"), json.dump()));
  fs::permissions(at("server.json"), fs::perms::owner_read | fs::perms::owner_write);
  return {};
}

// Jobs that a killed process of this house held: their worker is gone for certain, so nobody waits for their time-out.
base::Status ServingImpl::release_jobs() {
  for (const std::string& authority : authorities_) {
    TRY(const Json held, search_all(engine_->read(), "jobs", Json::Object{{"worker", connectors::kWorkerName}}, authority));
    for (const Json& job : held.as_array()) {
      engine::UpdateJob release{.job = std::atoll(job["jobKey"].string_or("0").c_str()), .retries = -1, .timeout_ms = 0};
      const auto done = engine_->call({.authority = authority, .actor = "sagsgang serve", .idempotency_key = {}, .body = release});
      if (!done && done.error().code != ErrorCode::conflict && done.error().code != ErrorCode::not_found) return std::unexpected(done.error());
    }
  }
  return {};
}

base::Status ServingImpl::open() {
  TRY_VOID(open_rooms());
  TRY_VOID(fill_bank());
  TRY_VOID(find_authorities());
  TRY_VOID(deploy_all());
  TRY_VOID(start_server());
  TRY_VOID(load_sample_tables());
  TRY_VOID(write_server_file());
  connectors::Ports ports{.ledger = ledger_port_.get(), .cases = case_port_.get(), .systems = systems_.get(), .clock = &clock_};
  ports.note_effect = [this](const engine::Effect& effect) { return effects_->append(effect); };
  TRY_VOID(release_jobs());
  host_ = connectors::Host::start({.engine = engine_.get(), .ports = ports, .authorities = authorities_});
  for (const std::string& authority : authorities_)
    for (const auto& [process, format] : inbox_formats_) fs::create_directories(at("inbox/" + authority + "/" + process));
  connectors::Inbox::Options inbox{.engine = engine_.get(), .cases = case_port_.get(), .inbox = at("inbox"), .rejected = at("rejected")};
  inbox.note_effect = ports.note_effect;
  inbox.clock = &clock_;
  inbox.format = [this](const std::string& process) {
    const auto found = inbox_formats_.find(process);
    return found == inbox_formats_.end() ? std::string() : found->second;
  };
  inbox_ = std::make_unique<connectors::Inbox>(std::move(inbox));
  inbox_->start();
  return {};
}

void ServingImpl::stop() {
  if (inbox_) inbox_->stop();
  if (host_) host_->stop();
  if (server_) server_->stop();
  inbox_.reset();
  host_.reset();
  server_.reset();
  engine_.reset();
  std::error_code ignored;
  if (lock_) fs::remove(at("server.json"), ignored);
}

base::Status ServingImpl::feed_sample() {
  if (options_.sample == 0) return {};
  const std::string folder = options_.data + ".sample", inbox = at("inbox/" + std::string(kExampleAuthority) + "/" + kExampleProcess);
  TRY(const bank::Stored package, bank_->get(kExampleAuthority, kExamplePackage));
  const auto tariffs_file = package.package->files.find("data/takster.yaml");
  if (tariffs_file == package.package->files.end()) return base::fail(ErrorCode::invalid_package, "the package has no data/takster.yaml", {.file = kExamplePackage});
  TRY(const auto tariffs, sample::parse_tariffs(tariffs_file->second, "data/takster.yaml"));
  const sample::Sample made = sample::make_invoices(options_.sample, options_.seed, tariffs);
  TRY_VOID(sample::write_sample(made, folder));
  TRY_VOID(load_sample_tables());
  say("Feeding " + std::to_string(made.files.size()) + " sample invoices to " + inbox);
  for (const sample::SampleFile& file : made.files) {
    // Rejected once is rejected: the sender has been told, the file lies in rejected/.
    if (fs::exists(at("rejected/" + std::string(kExampleAuthority) + "/" + file.name))) continue;
    // Written beside and renamed, as a sender must; not synced: the sample can be made again.
    const std::string part = inbox + "/." + file.name + ".part";
    std::ofstream(part, std::ios::binary) << file.content;
    std::error_code failed;
    fs::rename(part, inbox + "/" + file.name, failed);
    if (failed) return base::fail(ErrorCode::io_failed, failed.message(), {.file = inbox + "/" + file.name});
  }
  return {};
}

std::vector<std::pair<std::string, Json>> ServingImpl::rejected_per_day(const std::string& authority, int days) const {
  std::map<std::string, std::int64_t> by_day;
  const fs::path folder = at("rejected/" + authority);
  std::error_code failed;
  const base::Millis since = clock_.now() - static_cast<base::Millis>(days) * 86'400'000;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.path().string().ends_with(".rapport.txt")) continue;
    const auto written = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(entry.last_write_time(failed)));
    const base::Millis at_ms = written.time_since_epoch().count();
    if (at_ms >= since) ++by_day[base::iso_date(at_ms)];
  }
  Json rows = Json::array();
  for (const auto& [day, count] : by_day) rows.push(Json::Object{{"day", day}, {"rejected", count}});
  const auto slug = slugs_.find(kExampleProcess);
  return {{slug == slugs_.end() ? std::string() : slug->second, std::move(rows)}};
}

base::Result<SampleCounts> ServingImpl::count() {
  engine::ReadSide& read = engine_->read();
  SampleCounts counts;
  Json of_process = Json::object();
  of_process.set("processDefinitionId", kExampleProcess);
  TRY(const Json instances, search_all(read, "process-instances", of_process, kExampleAuthority));
  TRY(const Json tasks, search_all(read, "user-tasks", Json::object(), kExampleAuthority));
  TRY(const Json list, ledger_->list(kExampleAuthority, 0, 1'000'000, 0));
  std::set<std::string> with_person, waiting;
  for (const Json& task : tasks.as_array()) {
    with_person.insert(task["processInstanceKey"].string_or(""));
    if (task["state"].string_or("") == "CREATED") waiting.insert(task["processInstanceKey"].string_or(""));
  }
  std::map<std::string, int> paid;
  for (const Json& entry : list["entries"].as_array()) ++paid[entry["processInstanceKey"].string_or("")];
  for (const auto& [instance, times] : paid) counts.done_twice += times > 1;
  for (const Json& instance : instances.as_array()) {
    const std::string key = instance["processInstanceKey"].string_or("");
    ++counts.in;
    if (with_person.contains(key)) ++counts.to_people;
    else if (instance["state"].string_or("") == "COMPLETED") ++counts.automatic;
    if (instance["state"].string_or("") == "ACTIVE" && !waiting.contains(key)) ++counts.running;
  }
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(at("rejected/" + std::string(kExampleAuthority)), failed))
    counts.rejected += entry.path().string().ends_with(".rapport.txt");
  counts.in += counts.rejected;
  for (const auto& entry : fs::directory_iterator(at("inbox/" + std::string(kExampleAuthority) + "/" + kExampleProcess), failed)) counts.running += entry.is_regular_file();
  return counts;
}

}  // namespace

base::Result<std::unique_ptr<Serving>> Serving::start(const ServeOptions& options) {
  auto serving = std::make_unique<ServingImpl>(options);
  TRY_VOID(serving->open());
  return serving;
}

}  // namespace app
