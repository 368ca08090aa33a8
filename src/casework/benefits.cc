#include "casework/benefits.h"

#include <algorithm>

namespace casework {

using base::Json;

base::Result<Json> benefits(engine::ReadSide& read, const std::string& authority, const std::vector<BenefitCard>& cards, int days,
                            const std::vector<std::pair<std::string, Json>>& rejected_per_day) {
  Json workflows = Json::array();
  for (const BenefitCard& card : cards) {
    TRY(const Json rows, read.per_day(authority, days, card.process_id));
    std::int64_t automatic = 0, by_person = 0, rejected = 0;
    Json per_day = Json::array();
    const Json* rejections = nullptr;
    for (const auto& [process, by_day] : rejected_per_day)
      if (process == card.process_id) rejections = &by_day;
    for (const Json& row : rows.as_array()) {
      const std::int64_t a = row["withoutUserTask"].int_or(0), p = row["withUserTask"].int_or(0);
      const std::int64_t r = rejections ? (*rejections)[row["day"].string_or("")].int_or(0) : 0;
      automatic += a;
      by_person += p;
      rejected += r;
      Json day = Json::object();
      day.set("day", row["day"]);
      day.set("automatic", a);
      day.set("byPerson", p);
      day.set("rejected", r);
      per_day.push(std::move(day));
    }
    const double saved = static_cast<double>(automatic) * card.minutes_before +
                         static_cast<double>(by_person) * std::max(0.0, card.minutes_before - card.minutes_per_person_case);
    Json out = Json::object();
    out.set("slug", card.slug);
    out.set("title", card.title);
    out.set("automatic", automatic);
    out.set("byPerson", by_person);
    out.set("rejected", rejected);
    out.set("minutesBefore", card.minutes_before);
    out.set("minutesBeforeKind", card.measured ? "measured" : "claim");
    out.set("minutesPerPersonCase", card.minutes_per_person_case);
    out.set("minutesSaved", saved);
    out.set("perDay", std::move(per_day));
    workflows.push(std::move(out));
  }
  Json out = Json::object();
  out.set("workflows", std::move(workflows));
  return out;
}

}  // namespace casework
