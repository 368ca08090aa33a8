#include "bank/imports/file.h"

#include <algorithm>
#include <set>

#include "bank/imports/take.h"
#include "base/limits_imports.h"

namespace bank::imports {

using base::Json;

Json error_json(const base::Error& error) {
  return Json::Object{{"code", base::name(error.code)}, {"titleDa", base::title_da(error.code)}, {"textDa", explained_da(error)}, {"message", error.text()}};
}

std::string_view ImportFile::said() const {
  if (state == State::waiting) return "waiting";
  if (state == State::refused) return "refused";
  if (!draft.empty()) return "drafted";
  if (!has_diagram) return "empty";
  return open > 0 ? "doubtful" : "ready";
}

std::vector<visio::Row> ImportFile::rows() const {
  std::vector<visio::Row> out;
  if (!report["shapes"].is_array()) return out;
  for (const Json& j : report["shapes"].as_array()) {
    const auto text = [&](const char* name) { return j[name].string_or(""); };
    visio::Row row{static_cast<int>(j["page"].int_or(0)), text("shape"), text("master"), visio::Verdict::refused, text("type"), text("element"), text("name"), text("from"), text("to"),
                   j["confidence"].is_number() ? j["confidence"].as_double() : 0, text("reason")};
    for (const visio::Verdict v : {visio::Verdict::taken, visio::Verdict::guessed, visio::Verdict::part})
      if (visio::name(v) == text("verdict")) row.verdict = v;
    out.push_back(std::move(row));
  }
  return out;
}

std::size_t ImportFile::still_open() const {
  std::set<std::size_t> settled;
  for (const Decision& d : decisions) settled.insert(d.row);
  std::size_t out = 0;
  const auto all = rows();
  for (std::size_t i = 0; i < all.size(); ++i) out += asks(all[i]) && !settled.contains(i);
  return out;
}

Json ImportFile::summary() const {
  const auto n = [](std::size_t value) { return Json(static_cast<std::int64_t>(value)); };
  Json out = Json::Object{{"number", number}, {"path", path}, {"title", title}, {"format", format}, {"state", said()}, {"taken", n(taken)}, {"guessed", n(guessed)}, {"refused", n(refused)}, {"open", n(open)}};
  out.set("error", error).set("draft", draft.empty() ? Json() : Json(draft)).set("sameAs", same_as == 0 ? Json() : Json(same_as));
  return out;
}

}  // namespace bank::imports
