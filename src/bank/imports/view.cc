// One file of an import as the page shows it.
#include <map>

#include "bank/imports/file.h"
#include "base/limits_imports.h"
#include "base/time.h"

namespace bank::imports {
namespace {

using base::Json;

Json row_json(std::size_t number, const visio::Row& r, const Decision* settled) {
  const auto words = visio::reason_text(r.reason);
  Json out = Json::Object{{"row", static_cast<std::int64_t>(number)}, {"page", r.page}, {"shape", r.shape}, {"master", r.master}, {"verdict", visio::name(r.verdict)}, {"type", r.type}, {"element", r.element}, {"name", r.name},
                          {"from", r.from}, {"to", r.to}, {"confidence", Json(static_cast<double>(static_cast<int>(r.confidence * 100 + 0.5)) / 100)}, {"reason", r.reason}, {"reasonDa", words.danish},
                          {"asks", asks(r)}, {"line", is_line(r)}};
  out.set("settled", settled == nullptr ? Json() : Json(Json::Object{{"action", settled->json()["action"]}, {"value", settled->value}, {"by", settled->by}, {"at", base::iso_utc(settled->at)}}));
  return out;
}

}  // namespace

base::Result<Json> Imports::file(const std::string& authority, std::int64_t key, int number) {
  TRY(const auto file, find(authority, key, number));
  Json out = file.summary();
  out.set("revision", file.revision).set("undo", !file.decisions.empty() && file.draft.empty());
  std::map<std::size_t, const Decision*> settled;
  for (const Decision& d : file.decisions) settled[d.row] = &d;
  Json rows = Json::array(), kind_list = Json::array();
  const auto all = file.rows();
  std::size_t more = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool eye = all[i].verdict == visio::Verdict::guessed || all[i].verdict == visio::Verdict::refused;
    const auto by = settled.find(i);
    if (!eye && by == settled.end()) continue;
    if (rows.size() >= base::limits::kImportRows) ++more;
    else rows.push(row_json(i, all[i], by == settled.end() ? nullptr : by->second));
  }
  for (const KindInfo& kind : kinds()) kind_list.push(Json::Object{{"value", kind.value}, {"xml", kind.xml}, {"textDa", kind.danish}});
  out.set("rows", std::move(rows)).set("more", static_cast<std::int64_t>(more)).set("kinds", std::move(kind_list));
  for (const char* part : {"notes", "kla", "law", "pages"}) out.set(part, file.report[part].is_array() ? file.report[part] : Json::array());
  return out;
}

}  // namespace bank::imports
