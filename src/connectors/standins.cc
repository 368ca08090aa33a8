#include "connectors/standins.h"

#include <atomic>
#include <mutex>

#include "connectors/standins_system.h"

namespace connectors {

struct StandIns::Entry {
  explicit Entry(System s) : system(std::move(s)) {}
  System system;
  std::atomic<int> fault_status{503};
  std::atomic<std::int64_t> fault_left{0};  // -1: all
  std::atomic<std::uint64_t> calls{0};
};

StandIns::StandIns() = default;
StandIns::~StandIns() = default;

base::Status StandIns::add(std::string_view yaml, std::string_view file, const ReadFile& read_file) {
  TRY(base::YamlDocument doc, base::parse_yaml(yaml, file));
  if (doc.value["format"].int_or(0) != 1 || !doc.value["standins"].is_array())
    return base::fail(base::ErrorCode::invalid_argument, "needs 'format: 1' and a list 'standins'", doc.where(""));
  std::vector<System> systems;
  for (std::size_t i = 0; i < doc.value["standins"].size(); ++i) {
    TRY(System s, System::read(doc, "/standins/" + std::to_string(i), read_file));
    systems.push_back(std::move(s));
  }
  const std::unique_lock lock(mutex_);
  for (System& s : systems) {
    std::string kind = s.info().kind;
    systems_[kind] = std::make_unique<Entry>(std::move(s));
  }
  return {};
}

std::vector<StandIns::Info> StandIns::list() const {
  const std::shared_lock lock(mutex_);
  std::vector<Info> out;
  for (const auto& [kind, entry] : systems_) out.push_back(entry->system.info());
  return out;
}

base::Status StandIns::set_table(const std::string& kind, const std::string& table, base::Json rows) {
  const std::unique_lock lock(mutex_);
  const auto found = systems_.find(kind);
  if (found == systems_.end()) return base::fail(base::ErrorCode::not_found, "there is no stand-in for '" + kind + "'");
  return found->second->system.set_table(table, std::move(rows));
}

base::Status StandIns::set_fault(const std::string& kind, int status, std::int64_t count) {
  const std::unique_lock lock(mutex_);
  const auto found = systems_.find(kind);
  if (found == systems_.end()) return base::fail(base::ErrorCode::not_found, "there is no stand-in for '" + kind + "'");
  found->second->fault_status = status;
  found->second->fault_left = count;
  return {};
}

std::uint64_t StandIns::calls(const std::string& kind) const {
  const std::shared_lock lock(mutex_);
  const auto found = systems_.find(kind);
  return found == systems_.end() ? 0 : found->second->calls.load();
}

HttpResponse StandIns::answer(const std::string& kind, const StandInRequest& request, base::Millis now) const {
  const std::shared_lock lock(mutex_);
  const auto found = systems_.find(kind);
  if (found == systems_.end()) return {404, R"({"standin":true,"fejl":"ukendt system"})", {{"content-type", "application/json"}, {"x-sagsgang-standin", "?"}}};
  Entry& e = *found->second;
  ++e.calls;
  std::int64_t left = e.fault_left.load();
  while (left > 0 && !e.fault_left.compare_exchange_weak(left, left - 1)) {}
  if (left != 0) return e.system.refuse(e.fault_status, "stand-in er sat til at fejle");
  return e.system.answer(request, now);
}

base::Result<HttpResponse> StandInHttp::send(const HttpRequest& request) {
  static constexpr std::string_view kScheme = "standin://";
  std::string_view url = request.url;
  if (!url.starts_with(kScheme)) return base::fail(base::ErrorCode::connector_failed, "no network here");
  url.remove_prefix(kScheme.size());
  const std::size_t slash = url.find('/');
  const std::string kind(url.substr(0, slash));
  return stand_ins_.answer(kind, {request.method, std::string(slash == std::string_view::npos ? "/" : url.substr(slash)), request.body}, clock_.now());
}

}  // namespace connectors
