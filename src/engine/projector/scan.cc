// Instances looked through row by row, versions and incidents in groups.
#include "base/packed.h"
#include "base/time.h"
#include "engine/projector/model.h"
#include "engine/projector/operations.h"

namespace engine {
namespace {

using base::Json;

class SqliteScan final : public InstanceScan {
 public:
  SqliteScan(store::Database& database, store::Keys* keys) : database_(database), keys_(keys) {}

  base::Result<std::size_t> next(const Filter& filter, std::int64_t& below, std::size_t max, const std::function<void(const SeenInstance&)>& visitor) override {
    std::size_t looked = 0;
    TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
      TRY(const auto fitting, fitting_keys(connection, filter, below, max, looked));
      for (const Key key : fitting) TRY_VOID(visit(connection, key, visitor));
      return {};
    }));
    return looked;
  }

  base::Result<std::int64_t> about(const std::string& authority) override {
    std::int64_t out = 0;
    TRY_VOID(database_.read([&](store::Connection& connection) -> base::Status {
      TRY(auto* row, connection.prepare("SELECT coalesce(sum(started), 0) FROM days WHERE authority = ?1"));
      TRY(const bool any, row->begin().bind_text(1, authority).step());
      if (any) out = row->integer(0);
      row->begin();
      return {};
    }));
    return out;
  }

 private:
  // The narrow columns first: blobs are read of those only that fit.
  static base::Result<std::vector<Key>> fitting_keys(store::Connection& connection, const Filter& filter, std::int64_t& below, std::size_t max, std::size_t& looked) {
    std::vector<Key> out;
    TRY(auto* rows, connection.prepare("SELECT t.key, t.authority, t.definition, t.state, t.started, t.incidents, t.business_key, d.id FROM instances t "
                                       "LEFT JOIN definitions d ON d.key = t.definition WHERE t.key < ?1 ORDER BY t.key DESC LIMIT ?2"));
    rows->begin().bind(1, below).bind(2, static_cast<std::int64_t>(max));
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return out;
      ++looked;
      below = rows->integer(0);
      const base::Millis started = rows->integer(4);
      if (rows->text(1) != filter.authority || started < filter.from || started >= filter.to) continue;
      if (filter.definition != 0 && rows->integer(2) != filter.definition) continue;
      if (!filter.process_id.empty() && rows->text(7) != filter.process_id) continue;
      if (!filter.state.empty() && rows->text(3) != filter.state) continue;
      if (filter.only_incidents && rows->integer(5) <= 0) continue;
      if (!filter.business_key.empty() && rows->text(6) != filter.business_key) continue;
      out.push_back(below);
    }
  }

  base::Status visit(store::Connection& connection, Key key, const std::function<void(const SeenInstance&)>& visitor) {
    TRY(auto* row, connection.prepare("SELECT definition, state, started, ended, incidents, business_key, slot, live, data FROM instances WHERE key = ?1"));
    TRY(const bool found, row->begin().bind(1, key).step());
    if (!found) return {};  // forgotten meanwhile
    LiveInstance one;
    one.key = key;
    one.definition = row->integer(0);
    one.state = row->text(1);
    one.started = row->integer(2);
    one.ended = row->integer(3);
    one.incidents = row->integer(4);
    one.business_key = row->text(5);
    one.slot = static_cast<store::KeySlot>(row->integer(6));
    TRY_VOID(one.decode_live(row->text(7)));
    std::string data = row->text(8);
    row->begin();
    SeenInstance out{key, one.definition, one.state, one.business_key, one.started, one.ended, one.incidents > 0, false, {}};
    if (!data.empty() && one.slot != 0 && keys_ != nullptr) {
      auto opened = keys_->open(one.slot, data, "instance");
      if (opened) data = std::move(*opened);
      else if (opened.error().code == base::ErrorCode::forgotten) out.forgotten = true;
      else return std::unexpected(opened.error());
    }
    if (!out.forgotten) TRY_VOID(one.decode_data(data));
    for (const auto& [name, packed] : one.variables.items()) out.variables.emplace_back(name, packed);
    for (const auto& [at, element] : one.elements)
      for (const auto& [name, packed] : element.locals.items()) out.variables.emplace_back(name, packed);
    visitor(out);
    return {};
  }

  store::Database& database_;
  store::Keys* keys_;
};

// Runs `sql` for the authority (and ?2) and makes an item of each row.
base::Result<Json> rows_of(store::Database& database, std::string_view sql, const std::string& authority, std::string_view second,
                           const std::function<Json(const store::Statement&)>& item) {
  Json out = Json::array();
  TRY_VOID(database.read([&](store::Connection& connection) -> base::Status {
    TRY(auto* rows, connection.prepare(sql));
    rows->begin().bind_text(1, authority).bind_text(2, second);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      out.push(item(*rows));
    }
  }));
  return out;
}

}  // namespace

std::unique_ptr<InstanceScan> make_instance_scan(store::Database& projection, store::Keys* keys) { return std::make_unique<SqliteScan>(projection, keys); }

base::Result<Json> read_versions(store::Database& database, const std::string& authority, std::string_view process_id) {
  // element_counts of the process itself count whole instances.
  return rows_of(database,
      "SELECT d.key, d.id, d.name, d.version, d.version_tag, d.created, "
      "coalesce(c.active, 0), coalesce(c.completed, 0), coalesce(c.terminated, 0) FROM definitions d LEFT JOIN element_counts c ON c.definition = d.key AND c.element = d.id "
      "WHERE d.authority = ?1 AND d.kind = 'process' AND (?2 = '' OR d.id = ?2) ORDER BY d.id, d.version DESC LIMIT 2000",
      authority, process_id, [](const store::Statement& row) {
        Json item = Json::object();
        item.set("processDefinitionKey", std::to_string(row.integer(0))).set("processDefinitionId", row.text(1)).set("name", row.text(2));
        item.set("version", row.integer(3)).set("versionTag", row.text(4)).set("deployed", base::iso_utc(row.integer(5)));
        item.set("active", row.integer(6)).set("completed", row.integer(7)).set("terminated", row.integer(8));
        return item;
      });
}

base::Result<Json> read_incident_groups(store::Database& database, const std::string& authority) {
  return rows_of(database,
      "SELECT i.definition, d.id, d.name, d.version, i.element_id, i.element_name, i.kind, count(*), min(i.created), max(i.created) "
      "FROM incidents i LEFT JOIN definitions d ON d.key = i.definition WHERE i.authority = ?1 AND i.state = 'ACTIVE' AND ?2 = '' "
      "GROUP BY i.definition, i.element_id, i.kind ORDER BY count(*) DESC, max(i.created) DESC LIMIT 500",
      authority, "", [](const store::Statement& row) {
        Json item = Json::object();
        item.set("processDefinitionKey", std::to_string(row.integer(0))).set("processDefinitionId", row.text(1)).set("processDefinitionName", row.text(2));
        item.set("processDefinitionVersion", row.integer(3)).set("elementId", row.text(4)).set("elementName", row.text(5)).set("errorType", row.text(6));
        item.set("count", row.integer(7)).set("oldest", base::iso_utc(row.integer(8))).set("newest", base::iso_utc(row.integer(9)));
        return item;
      });
}

}  // namespace engine
