// Lists, search, what is offered while somebody types, the entry page and the tree of KLE: all from the index, no row of the store is read.
#include <algorithm>

#include "bank/bank.h"
#include "bank/find/hits.h"
#include "bank/find/words.h"
#include "base/limits_find.h"
#include "base/text.h"
#include "base/yaml.h"

namespace bank {
namespace {

using base::ErrorCode;
using base::Json;
using find::Facet;
using store::Connection;

constexpr base::Millis kDay = 86'400'000, kVisitDays = 90, kVisitsKeptBack = 30'000;
constexpr std::size_t kShortList = 6;

Json hits_json(const std::vector<Part>& parts) {
  Json out = Json::array();
  for (const Part& p : parts) out.push(Json::Object{{"field", p.field}, {"text", p.text}, {"elementId", p.element.empty() ? Json() : Json(p.element)}});
  return out;
}

std::string danish_date(const std::string& iso) {
  static constexpr const char* kMonths[] = {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"};
  const int month = iso.size() == 10 ? std::atoi(iso.c_str() + 5) : 0;
  if (month < 1 || month > 12) return iso;
  return std::to_string(std::atoi(iso.c_str() + 8)) + ". " + kMonths[month - 1] + " " + iso.substr(0, 4);
}

bool boolean(Facet facet) { return facet == Facet::pattern || facet == Facet::runnable; }

std::string facet_title(Facet facet, const std::string& value, const kle::Subjects& subjects) {
  if (facet == Facet::kle_group || facet == Facet::kle) {
    const auto* subject = subjects.find(value);
    return subject != nullptr ? subject->title : "";
  }
  return facet == Facet::system ? find::system_title(value) : "";
}

Json facets_json(const find::Answer& answer, const std::vector<Facet>& facets, const kle::Subjects& subjects) {
  Json out = Json::object();
  for (const Facet facet : facets) {
    Json list = Json::array();
    const auto counts = answer.counts.find(facet);
    if (counts != answer.counts.end())
      for (const auto& [value, count] : counts->second) {
        Json one = Json::Object{{"value", boolean(facet) ? Json(value == "true") : Json(value)}, {"count", static_cast<std::int64_t>(count)}};
        if (std::string title = facet_title(facet, value, subjects); !title.empty()) one.set("title", std::move(title));
        list.push(std::move(one));
      }
    out.set(find::name(facet), std::move(list));
  }
  return out;
}

// The workflow as lists show it; `places` may have nothing to look for.
base::Result<Json> item(const find::Found& found, const find::Places& places) {
  const std::size_t line = found.data.find('\n');
  TRY(Json out, base::parse_json(std::string_view(found.data).substr(0, line)));
  std::vector<Part> parts;
  if (places.any() && line != std::string::npos) {
    TRY(const Json all, base::parse_json(std::string_view(found.data).substr(line + 1)));
    parts = places.in(all);
    if (parts.empty() && out["kleTitle"].is_string()) parts.push_back({"kle", out["kle"].string_or("") + " " + out["kleTitle"].as_string(), {}});
  }
  out.set("hits", hits_json(parts));
  return out;
}

base::Result<Json> items(const find::Answer& answer, const find::Places& places) {
  Json out = Json::array();
  for (const find::Found& found : answer.found) {
    TRY(Json one, item(found, places));
    out.push(std::move(one));
  }
  return out;
}

base::Result<find::Request> request_of(const std::string& authority, const ListRequest& r) {
  find::Request out{.authority = authority, .offset = static_cast<std::size_t>(std::max(r.offset, 0)), .limit = static_cast<std::size_t>(std::max(r.limit, 0))};
  const auto filter = [&](Facet facet, const std::string& value) {
    if (!value.empty()) out.filters[facet] = value;
  };
  const auto yes_no = [&](Facet facet, const std::optional<bool>& value) {
    if (value) out.filters[facet] = *value ? "true" : "false";
  };
  filter(Facet::domain, r.domain);
  filter(Facet::kind, r.kind);
  filter(Facet::kle_group, r.kle);
  filter(Facet::law, r.law);
  filter(Facet::system, r.system);
  filter(Facet::stars, r.stars);
  filter(Facet::owner, r.owner);
  yes_no(Facet::runnable, r.runnable);
  yes_no(Facet::pattern, r.pattern);
  const std::string& sort = r.sort;
  if (!sort.empty() && sort != "title" && sort != "changed" && sort != "relevance")
    return base::fail(ErrorCode::invalid_argument, "sort is title, changed or relevance, not '" + sort.substr(0, 40) + "'");
  out.order = sort == "title" ? find::Order::title : sort == "changed" ? find::Order::changed : r.q.empty() ? find::Order::title : find::Order::relevance;
  if (r.facets) out.facets = {Facet::domain, Facet::kle_group, Facet::kind, Facet::pattern, Facet::law, Facet::system, Facet::runnable, Facet::stars, Facet::owner};
  return out;
}

}  // namespace

find::Plan Bank::plan(const std::string& words, bool unfinished) {
  const auto lexicon = index_->lexicon();
  const auto subjects = kle_->subjects();
  return find::make_plan(words, unfinished, *lexicon, find::Synonyms::shipped(), [&](const std::string& number) { return subjects->same(number); });
}

Json Bank::notes(const std::string& words, const std::string& kle) const {
  Json out = Json::array();
  const auto subjects = kle_->subjects();
  std::vector<std::string> numbers;
  if (!kle.empty()) numbers.push_back(kle);
  for (const auto& token : find::query_tokens(words))
    if (token.kind == find::TokenKind::number) numbers.push_back(token.text);
  for (const std::string& number : numbers) {
    const auto* subject = subjects->find(number);
    if (subject == nullptr || subject->gone.empty()) continue;
    const auto move = subjects->follow(number);
    const std::string when = subject->gone == "-" ? "" : " den " + danish_date(subject->gone);
    Json to = Json::array();
    for (const std::string& one : move.to) to.push(one);
    std::string text = move.to.empty() ? "KLE " + number + " er udgået" + when + "." : "KLE " + number + " er flyttet" + when + ". Nu hedder det " + base::join(move.to, " og ") + ".";
    out.push(Json::Object{{"kind", move.to.empty() ? "kle-gone" : "kle-moved"}, {"from", number}, {"to", std::move(to)}, {"date", subject->gone == "-" ? Json() : Json(subject->gone)}, {"text", std::move(text)}});
  }
  return out;
}

base::Result<Json> Bank::list(const std::string& authority, const ListRequest& r) {
  if (r.q.size() > base::limits::kFindQueryBytes) return base::fail(ErrorCode::invalid_argument, "the search words are longer than 500 bytes", {}, "fewer words find more");
  TRY(const auto request, request_of(authority, r));
  const bool words = !base::trim(r.q).empty();
  const find::Plan plan = words ? this->plan(r.q, true) : find::Plan();
  find::Answer answer;
  if (!words || !plan.clauses.empty()) {
    TRY(answer, index_->search(plan, request));
  }
  const find::Places places(plan);
  Json out = Json::object();
  TRY(Json list, items(answer, places));
  out.set("items", std::move(list));
  out.set("total", static_cast<std::int64_t>(answer.total));
  const auto subjects = kle_->subjects();
  out.set("facets", facets_json(answer, request.facets, *subjects));
  out.set("suggestion", plan.corrected.empty() || answer.total == 0 ? Json() : Json(plan.corrected));
  out.set("partly", answer.partly);
  out.set("notes", notes(r.q, r.kle));
  return out;
}

base::Result<Json> Bank::suggest(const std::string& authority, const std::string& begun, int limit) {
  if (begun.size() > base::limits::kFindQueryBytes) return base::fail(ErrorCode::invalid_argument, "the search words are longer than 500 bytes");
  Json list = Json::array();
  Json out = Json::object();
  if (!base::trim(begun).empty()) {
    const find::Plan plan = this->plan(begun, true);
    find::Answer answer;
    find::Request request{.authority = authority, .order = find::Order::relevance, .limit = static_cast<std::size_t>(limit)};
    if (!plan.clauses.empty()) {
      TRY(answer, index_->search(plan, request));
    }
    const find::Places places(plan);
    for (const find::Found& found : answer.found) {
      TRY(const Json one, item(found, places));
      Json place;  // the best one that is not the title itself
      for (const Json& hit : one["hits"].as_array())
        if (place.is_null() && hit["field"] != Json("titel") && hit["field"] != Json("resume")) place = hit;
      list.push(Json::Object{{"kind", "workflow"}, {"title", one["title"]}, {"slug", one["slug"]}, {"domain", one["domain"]}, {"runnable", one["runnable"]}, {"hit", std::move(place)}});
    }
    const auto subjects = kle_->subjects();
    for (const auto* subject : subjects->with_words(begun, 3))
      list.push(Json::Object{{"kind", "kle"}, {"title", subject->title}, {"number", subject->number}});
    out.set("suggestion", plan.corrected.empty() || answer.total == 0 ? Json() : Json(plan.corrected));
    out.set("total", static_cast<std::int64_t>(answer.total));
  } else {
    out.set("suggestion", Json());
    out.set("total", 0);
  }
  out.set("items", std::move(list));
  return out;
}

base::Result<Json> Bank::front(const std::string& authority) {
  const find::Places nothing{find::Plan()};
  const auto few = [&](find::Request request) -> base::Result<Json> {
    request.authority = authority;
    request.order = find::Order::changed;
    request.limit = kShortList;
    TRY(const auto answer, index_->search({}, request));
    return items(answer, nothing);
  };
  find::Request all{.authority = authority, .order = find::Order::changed, .limit = kShortList, .facets = {Facet::domain, Facet::pattern, Facet::runnable, Facet::kind}};
  TRY(const auto answer, index_->search({}, all));
  const auto subjects = kle_->subjects();
  Json out = Json::object();
  out.set("total", static_cast<std::int64_t>(answer.total));
  out.set("facets", facets_json(answer, all.facets, *subjects));
  TRY(Json recent, items(answer, nothing));
  out.set("recent", std::move(recent));
  TRY(Json runnable, few({.filters = {{Facet::runnable, "true"}}}));
  out.set("runnable", std::move(runnable));
  TRY(const auto visited, most_visited(authority));
  Json used = Json::array();
  if (!visited.empty()) {
    TRY(const Json found, few({.slugs = visited}));
    for (const std::string& slug : visited)
      for (const Json& one : found.as_array())
        if (one["slug"] == Json(slug)) used.push(one);
  }
  out.set("used", std::move(used));
  const auto source = kle_->source();
  out.set("kle", Json::Object{{"source", source.source}, {"date", source.date}, {"imported", source.imported}, {"subjects", static_cast<std::int64_t>(subjects->size())}});
  return out;
}

base::Result<Json> Bank::kle_tree(const std::string& authority, const std::string& number) {
  const auto subjects = kle_->subjects();
  find::Request all{.authority = authority, .limit = 0, .facets = {Facet::kle}};
  TRY(const auto answer, index_->search({}, all));
  const auto counted = answer.counts.find(Facet::kle);
  const auto count = [&](const std::string& above) {
    std::int64_t sum = 0;
    if (counted != answer.counts.end())
      for (const auto& [value, n] : counted->second)
        if (find::number_below(value, above)) sum += static_cast<std::int64_t>(n);
    return sum;
  };
  const auto one = [&](const std::string& at, const kle::Subject* subject) {
    Json to = Json::array();
    for (const std::string& moved : subjects->follow(at).to) to.push(moved);
    const std::string gone = subject == nullptr ? "" : subject->gone;
    return Json(Json::Object{{"number", at}, {"title", subject == nullptr ? "" : subject->title}, {"count", count(at)}, {"inUse", gone.empty()},
                             {"gone", gone.empty() || gone == "-" ? Json() : Json(gone)}, {"movedTo", std::move(to)}, {"children", static_cast<std::int64_t>(subjects->below(at).size())}});
  };
  if (!number.empty() && subjects->find(number) == nullptr && count(number) == 0) return base::fail(ErrorCode::not_found, "KLE has no number '" + number.substr(0, 20) + "'", {}, "15, 15.20 or 15.20.00");
  Json path = Json::array(), list = Json::array();
  for (const std::string& above : find::number_prefixes(number)) path.push(one(above, subjects->find(above)));
  // What the edition lacks but a workflow names stands in the tree too: the number is a plain code.
  std::map<std::string, const kle::Subject*> below;
  for (const auto* subject : subjects->below(number)) below.emplace(subject->number, subject);
  const std::size_t size = number.empty() ? 2 : number.size() + 3;
  if (counted != answer.counts.end())
    for (const auto& [value, n] : counted->second)
      if (value.size() >= size && (number.empty() || (find::number_below(value, number) && value != number))) below.emplace(value.substr(0, size), nullptr);
  for (const auto& [at, subject] : below) list.push(one(at, subject));
  const auto source = kle_->source();
  Json out = Json::object();
  out.set("number", number);
  out.set("path", std::move(path));
  out.set("items", std::move(list));
  out.set("source", Json::Object{{"source", source.source}, {"date", source.date}, {"imported", source.imported}, {"subjects", static_cast<std::int64_t>(subjects->size())}});
  return out;
}

void Bank::note_visit(const std::string& authority, const std::string& slug) {
  {
    const std::lock_guard lock(visit_mutex_);
    ++visits_[{authority, slug}];
    if (clock_.now() - visits_stored_ < kVisitsKeptBack) return;
    visits_stored_ = clock_.now();
  }
  (void)flush_visits();  // a count that is lost harms nobody
}

base::Status Bank::flush_visits() {
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  {
    const std::lock_guard lock(visit_mutex_);
    counts.swap(visits_);
  }
  if (counts.empty()) return {};
  const std::int64_t day = clock_.now() / kDay;
  return database_.write([&](Connection& db) -> base::Status {
    for (const auto& [what, n] : counts) {
      TRY(auto* add, db.prepare("INSERT INTO bank_find_visit VALUES (?, ?, ?, ?) ON CONFLICT (authority, slug, day) DO UPDATE SET visits = visits + excluded.visits"));
      TRY_VOID(add->begin().bind_text(1, what.first).bind_text(2, what.second).bind(3, day).bind(4, n).run());
    }
    TRY(auto* old, db.prepare("DELETE FROM bank_find_visit WHERE day < ?"));
    return old->begin().bind(1, day - kVisitDays).run();
  });
}

base::Result<std::vector<std::string>> Bank::most_visited(const std::string& authority) {
  TRY_VOID(flush_visits());
  std::vector<std::string> out;
  TRY_VOID(database_.read([&](Connection& db) -> base::Status {
    TRY(auto* rows, db.prepare("SELECT slug FROM bank_find_visit WHERE authority = ? GROUP BY slug ORDER BY SUM(visits) DESC, slug LIMIT 6"));
    rows->begin().bind_text(1, authority);
    while (true) {
      TRY(const bool more, rows->step());
      if (!more) return {};
      out.push_back(rows->text(0));
    }
  }));
  return out;
}

Bank::~Bank() { (void)flush_visits(); }

}  // namespace bank
