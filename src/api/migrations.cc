#include "api/migrations.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "api/resolutions.h"
#include "engine/query.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::int64_t kPage = 1'000;       // instances of one search
constexpr std::size_t kReasons = 20;        // of one instance that are listed

class Migrations final : public Batch {
 public:
  Migrations(BatchOrder order, engine::Engine& engine, MigrationOrder what) : Batch(std::move(order)), engine_(engine), what_(std::move(what)) {}

 private:
  struct Tried { base::Result<engine::Answer> answer = engine::Answer{}; };

  base::Result<bool> step() override { return collected_ ? migrate() : collect(); }

  base::Result<bool> collect() {
    Json filter = Json::Object{{"processDefinitionKey", std::to_string(what_.source)}, {"state", Json::Object{{"$in", Json::Array{"ACTIVE", "SUSPENDED"}}}}};
    if (what_.instance != 0) filter.set("processInstanceKey", std::to_string(what_.instance));
    Json page = Json::Object{{"limit", kPage}};
    if (!cursor_.empty()) page.set("after", cursor_);
    TRY(const Json answer, engine_.read().search("process-instances", Json::Object{{"filter", std::move(filter)}, {"page", std::move(page)}}, order().authority, engine_.read().acknowledged()));
    for (const Json& item : answer["items"].as_array()) instances_.push_back(std::atoll(item["processInstanceKey"].as_string().c_str()));
    cursor_ = answer["page"]["endCursor"].string_or("");
    collected_ = answer["items"].size() < static_cast<std::size_t>(kPage) || instances_.size() >= batch_limits::kItems;
    progress(0, static_cast<std::int64_t>(instances_.size()));
    return true;
  }

  std::vector<Tried> run(const std::vector<engine::Key>& keys, bool dry_run) {
    std::vector<Tried> out(keys.size());
    Slice slice(engine_);
    for (std::size_t i = 0; i < keys.size(); ++i)
      slice.submit({order().authority, order().by, {}, engine::MigrateInstance{keys[i], what_.target, what_.mapping, dry_run}}, [&out, i](const base::Result<engine::Answer>& result) { out[i].answer = result; });
    slice.wait();
    return out;
  }

  base::Result<bool> migrate() {
    const std::size_t end = std::min(instances_.size(), at_ + batch_limits::kSlice);
    const std::vector<engine::Key> keys(instances_.begin() + static_cast<std::ptrdiff_t>(at_), instances_.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<engine::Key> fitting;
    const auto tried = run(keys, true);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& answer = tried[i].answer;
      if (!answer) end_with(keys[i], answer.error());
      else if (!answer->body["fits"].bool_or(false)) refuse(keys[i], answer->body["findings"]);
      else {
        note(answer->body);
        fitting.push_back(keys[i]);
        if (what_.dry_run) add("fits", row(keys[i]));
      }
    }
    if (!what_.dry_run) {
      const auto moved = run(fitting, false);
      for (std::size_t i = 0; i < fitting.size(); ++i) moved[i].answer ? add("moved", row(fitting[i])) : end_with(fitting[i], moved[i].answer.error());
    }
    at_ = end;
    progress(static_cast<std::int64_t>(at_), static_cast<std::int64_t>(instances_.size()));
    return at_ < instances_.size();
  }

  static Json row(engine::Key key) { return Json::Object{{"processInstanceKey", std::to_string(key)}}; }

  void end_with(engine::Key key, const base::Error& error) {
    if (error.code == ErrorCode::not_found) add("gone", row(key));
    else add(error.code == ErrorCode::conflict || error.code == ErrorCode::invalid_argument ? "refused" : "failed", row(key), {why(error)});
  }

  void refuse(engine::Key key, const Json& findings) {
    std::vector<Why> reasons;
    if (findings.is_array())
      for (const Json& one : findings.as_array()) {
        Why reason{one["code"].string_or(""), one["text"].string_or(""), one["textDa"].string_or("")};
        const bool known = std::any_of(reasons.begin(), reasons.end(), [&](const Why& w) { return w.text == reason.text; });
        if (!known && reasons.size() < kReasons) reasons.push_back(std::move(reason));
      }
    add("refused", row(key), reasons);
  }

  // What happens to elements and events, put together over all that fit.
  void note(const Json& body) {
    const std::lock_guard lock(report_mutex_);
    for (const char* part : {"elements", "kept", "opened", "closed"}) {
      if (!body[part].is_array()) continue;
      for (const Json& one : body[part].as_array()) {
        const std::string from = one["sourceElementId"].string_or(one["elementId"].string_or("")), to = one["targetElementId"].string_or("");
        if (sums_.size() < batch_limits::kItems || sums_.contains({part, from, to})) sums_[{part, from, to}] += one["count"].int_or(0);
      }
    }
  }
  Json report() const override {
    const std::lock_guard lock(report_mutex_);
    Json out = Json::object();
    for (const char* part : {"elements", "kept", "opened", "closed"}) out.set(part, Json::array());
    for (const auto& [key, count] : sums_) {
      const auto& [part, from, to] = key;
      Json list = out[part];
      list.push(to.empty() ? Json::Object{{"elementId", from}, {"count", count}} : Json::Object{{"sourceElementId", from}, {"targetElementId", to}, {"count", count}});
      out.set(part, std::move(list));
    }
    return out;
  }

  engine::Engine& engine_;
  const MigrationOrder what_;
  std::vector<engine::Key> instances_;
  std::string cursor_;
  std::size_t at_ = 0;
  bool collected_ = false;
  mutable std::mutex report_mutex_;
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> sums_;  // part, element, target → how many
};

}  // namespace

std::shared_ptr<Batch> make_migrations(BatchOrder order, engine::Engine& engine, MigrationOrder what) { return std::make_shared<Migrations>(std::move(order), engine, std::move(what)); }

}  // namespace api
