#include "casework/benefits.h"

#include <algorithm>
#include <map>

namespace casework {

using base::Json;

namespace {
// Cases that lie with a person now: they did not manage by themselves, also before they are finished.
base::Result<std::int64_t> waiting_for_a_person(engine::ReadSide& read, const std::string& authority, const std::string& process_id) {
  const Json request = Json::Object{{"filter", Json::Object{{"processDefinitionId", process_id}, {"state", "CREATED"}}}, {"page", Json::Object{{"limit", 1}}}};
  TRY(const Json page, read.search("user-tasks", request, authority, read.acknowledged()));
  return page["page"]["totalItems"].int_or(0);
}
}  // namespace

base::Result<Json> benefits(engine::ReadSide& read, const std::string& authority, const std::vector<BenefitCard>& cards, int days,
                            const std::vector<std::pair<std::string, Json>>& rejected_per_day) {
  Json workflows = Json::array();
  for (const BenefitCard& card : cards) {
    TRY(const Json rows, read.per_day(authority, days, card.process_id));
    struct Day { std::int64_t automatic = 0, by_person = 0, rejected = 0; };
    std::map<std::string, Day> by_day;
    for (const Json& row : rows.as_array()) {
      Day& day = by_day[row["day"].string_or("")];
      day.automatic += row["withoutUserTask"].int_or(0);
      day.by_person += row["withUserTask"].int_or(0);
    }
    for (const auto& [slug, rejections] : rejected_per_day)
      if (slug == card.slug)
        for (const Json& row : rejections.as_array()) by_day[row["day"].string_or("")].rejected += row["rejected"].int_or(0);
    std::int64_t automatic = 0, by_person = 0, rejected = 0;
    Json per_day = Json::array();
    for (const auto& [date, day] : by_day) {
      automatic += day.automatic;
      by_person += day.by_person;
      rejected += day.rejected;
      per_day.push(Json::Object{{"day", date}, {"automatic", day.automatic}, {"byPerson", day.by_person}, {"rejected", day.rejected}});
    }
    const double saved = static_cast<double>(automatic) * card.minutes_before +
                         static_cast<double>(by_person) * std::max(0.0, card.minutes_before - card.minutes_per_person_case);
    Json out = Json::object();
    out.set("slug", card.slug);
    out.set("title", card.title);
    TRY(const std::int64_t waiting, waiting_for_a_person(read, authority, card.process_id));
    out.set("automatic", automatic);
    out.set("byPerson", by_person);
    out.set("rejected", rejected);
    out.set("waiting", waiting);
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
