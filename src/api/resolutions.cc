#include "api/resolutions.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

constexpr std::int64_t kPage = 1'000;  // incidents of one search

engine::Key key_of(const Json& text) { return text.is_string() ? std::atoll(text.as_string().c_str()) : 0; }

class Resolutions final : public Batch {
 public:
  Resolutions(BatchOrder order, engine::Engine& engine, Json filter, int retries) : Batch(std::move(order)), engine_(engine), filter_(std::move(filter)), retries_(retries) {
    filter_.set("state", "ACTIVE");
  }

 private:
  base::Result<bool> step() override { return collected_ ? resolve() : collect(); }

  // By cursor: the list moves while it is read, since incidents come and go.
  base::Result<bool> collect() {
    Json page = Json::Object{{"limit", kPage}};
    if (!cursor_.empty()) page.set("after", cursor_);
    TRY(const Json answer, engine_.read().search("incidents", Json::Object{{"filter", filter_}, {"page", std::move(page)}}, order().authority, engine_.read().acknowledged()));
    for (const Json& item : answer["items"].as_array()) {
      Json row = Json::object();
      for (const char* name : {"incidentKey", "processInstanceKey", "processDefinitionKey", "processDefinitionName", "elementId", "elementName", "errorType", "jobKey"}) row.set(name, item[name]);
      items_.push_back(std::move(row));
    }
    cursor_ = answer["page"]["endCursor"].string_or("");
    collected_ = answer["items"].size() < static_cast<std::size_t>(kPage) || items_.size() >= batch_limits::kItems;
    progress(0, static_cast<std::int64_t>(items_.size()));
    return true;
  }

  base::Result<bool> resolve() {
    const std::size_t end = std::min(items_.size(), at_ + batch_limits::kSlice);
    Slice slice(engine_);
    const auto command = [&](decltype(engine::Command::body) body) { return engine::Command{order().authority, order().by, {}, std::move(body)}; };
    for (std::size_t i = at_; i < end; ++i)
      if (const engine::Key job = key_of(items_[i]["jobKey"]); job != 0 && items_[i]["errorType"].string_or("") == "JOB_NO_RETRIES")
        slice.submit(command(engine::UpdateJob{job, retries_, -1}), [](const auto&) {});  // where the job is gone the incident is, too
    slice.wait();
    std::vector<base::Error> errors(end - at_);
    std::vector<char> failed(end - at_, 0);
    for (std::size_t i = at_; i < end; ++i)
      slice.submit(command(engine::ResolveIncident{key_of(items_[i]["incidentKey"])}), [&, i](const auto& result) {
        if (result) return;
        failed[i - at_] = 1;
        errors[i - at_] = result.error();
      });
    slice.wait();
    for (std::size_t i = at_; i < end; ++i) {
      const base::Error& error = errors[i - at_];
      if (!failed[i - at_]) add("retried", std::move(items_[i]));
      else if (error.code == ErrorCode::not_found || error.code == ErrorCode::conflict) add("gone", std::move(items_[i]));
      else add("failed", std::move(items_[i]), {why(error)});
    }
    at_ = end;
    progress(static_cast<std::int64_t>(at_), static_cast<std::int64_t>(items_.size()));
    return at_ < items_.size();
  }

  engine::Engine& engine_;
  Json filter_;
  const int retries_;
  std::vector<Json> items_;
  std::string cursor_;
  std::size_t at_ = 0;
  bool collected_ = false;
};

}  // namespace

void Slice::submit(engine::Command command, std::function<void(const base::Result<engine::Answer>&)> done) {
  {
    const std::lock_guard lock(mutex_);
    ++open_;
  }
  engine_.submit(std::move(command), [this, done = std::move(done)](base::Result<engine::Answer> result) {
    const std::lock_guard lock(mutex_);
    done(result);
    if (--open_ == 0) wakes_.notify_all();
  });
}

void Slice::wait() {
  std::unique_lock lock(mutex_);
  wakes_.wait(lock, [this] { return open_ == 0; });
}

std::shared_ptr<Batch> make_resolutions(BatchOrder order, engine::Engine& engine, Json filter, int retries) {
  return std::make_shared<Resolutions>(std::move(order), engine, std::move(filter), retries);
}

}  // namespace api
