#include "engine/projector/past_decisions.h"

namespace engine {
namespace {

class SqliteHistory final : public DecisionHistory {
 public:
  SqliteHistory(store::Database& database, store::Keys* keys) : database_(database), keys_(keys) {}

  base::Result<std::int64_t> count(const Period& period) override {
    std::int64_t out = 0;
    TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
      TRY(auto* row, connection.prepare("SELECT count(*) FROM decision_instances WHERE authority = ?1 AND decision = ?2 AND at >= ?3 AND at < ?4"));
      row->begin().bind_text(1, period.authority).bind_text(2, period.decision_id).bind(3, period.from).bind(4, period.to);
      TRY(const bool any, row->step());
      if (any) out = row->integer(0);
      row->begin();
      return {};
    }));
    return out;
  }

  base::Result<std::size_t> next(const Period& period, Place behind, std::size_t max, const std::function<void(const PastDecision&)>& visitor) override {
    std::size_t seen = 0;
    TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
      TRY(auto* rows, connection.prepare("SELECT key, instance, process, definition, version, at, element_id, slot, data FROM decision_instances "
                                         "WHERE authority = ?1 AND decision = ?2 AND at >= ?3 AND at < ?4 AND (at, key) > (?5, ?6) ORDER BY at, key LIMIT ?7"));
      rows->begin().bind_text(1, period.authority).bind_text(2, period.decision_id).bind(3, std::max(period.from, behind.at)).bind(4, period.to);
      rows->bind(5, behind.at).bind(6, behind.key).bind(7, static_cast<std::int64_t>(max));
      while (true) {
        TRY(const bool more, rows->step());
        if (!more) return {};
        ++seen;
        TRY_VOID(visit(*rows, visitor));
      }
    }));
    return seen;
  }

  base::Status one(std::int64_t key, const std::string& authority, const std::function<void(const PastDecision&)>& visitor) override {
    return database_.read([&](store::Connection& connection) -> base::Status {
      TRY(auto* row, connection.prepare("SELECT key, instance, process, definition, version, at, element_id, slot, data FROM decision_instances WHERE key = ?1 AND authority = ?2"));
      TRY(const bool any, row->begin().bind(1, key).bind_text(2, authority).step());
      if (!any) return base::fail(base::ErrorCode::not_found, "no decision " + std::to_string(key) + " in history");
      const auto done = visit(*row, visitor);
      row->begin();
      return done;
    });
  }

 private:
  base::Status visit(store::Statement& row, const std::function<void(const PastDecision&)>& visitor) {
    PastDecision out;
    out.key = row.integer(0);
    out.instance = row.integer(1);
    out.process = row.integer(2);
    out.definition = row.integer(3);
    out.version = row.integer(4);
    out.at = row.integer(5);
    const std::string element = row.text(6);
    out.element_id = element;
    const auto slot = static_cast<store::KeySlot>(row.integer(7));
    std::string trace = row.text(8);
    if (!trace.empty() && slot != 0 && keys_ != nullptr) {
      auto opened = keys_->open(slot, trace, "decision");
      if (opened) trace = std::move(*opened);
      else if (opened.error().code == base::ErrorCode::forgotten) trace.clear();
      else return std::unexpected(opened.error());
    }
    out.forgotten = trace.empty();
    out.trace = trace;
    visitor(out);
    return {};
  }

  store::Database& database_;
  store::Keys* keys_;
};

}  // namespace

std::unique_ptr<DecisionHistory> make_decision_history(store::Database& projection, store::Keys* keys) { return std::make_unique<SqliteHistory>(projection, keys); }

}  // namespace engine
