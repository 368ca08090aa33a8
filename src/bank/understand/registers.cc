// One register each of roles, kinds of systems, forms, documents and laws, with what uses each entry.
#include <algorithm>
#include <set>

#include "bank/understand/understand.h"
#include "base/limits_understand.h"
#include "base/text.h"
#include "base/time.h"

namespace bank::understand {
namespace {

using base::ErrorCode;
using base::Json;

const std::vector<std::string> kKinds = {"rolle", "system", "blanket", "dokument", "lov"};

// The worse of two: "" < snart < overskredet.
std::string worse(const std::string& a, const std::string& b) {
  const auto rank = [](const std::string& s) { return s == "overskredet" ? 2 : s == "snart" ? 1 : 0; };
  return rank(b) > rank(a) ? b : a;
}

struct Entry {
  std::map<std::string, int> titles;  // spellings; the most used is shown
  std::set<std::string> workflows, references, links;
  int activities = 0;
  std::string oldest, state;
  std::string title() const {
    return std::max_element(titles.begin(), titles.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  }
};

}  // namespace

std::string Understand::law_state(const std::string& verified, const std::string& due) const {
  constexpr base::Millis kDay = 86'400'000;
  const base::Millis now = clock_.now();
  const std::string today = base::iso_date(now), soon = base::iso_date(now + base::limits::kLawReminderDays * kDay);
  if (!due.empty()) return due < today ? "overskredet" : due <= soon ? "snart" : "";
  if (verified.empty()) return "";
  if (verified < base::iso_date(now - base::limits::kLawVerifiedDays * kDay)) return "overskredet";
  return verified < base::iso_date(now - (base::limits::kLawVerifiedDays - base::limits::kLawReminderDays) * kDay) ? "snart" : "";
}

base::Result<Json> Understand::registers(const std::string& authority) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  Json kinds = Json::array();
  for (const std::string& kind : kKinds) {
    TRY(const auto found, find(readable, kind, ""));
    std::set<std::string> keys, overdue;
    for (const Found& f : found) {
      keys.insert(f.use.key);
      if (kind == "lov" && f.use.element.empty() && law_state(f.use.verified, f.use.due) == "overskredet") overdue.insert(f.use.key);
    }
    kinds.push(Json::Object{{"kind", kind}, {"entries", static_cast<std::int64_t>(keys.size())}, {"overdue", static_cast<std::int64_t>(overdue.size())}});
  }
  TRY(const auto open, open_reviews(authority, "slug"));
  std::int64_t reviews = 0;
  for (const auto& [slug, count] : open) reviews += count;
  return Json::Object{{"kinds", std::move(kinds)}, {"openReviews", reviews}};
}

base::Result<Json> Understand::list_register(const std::string& authority, const std::string& kind) {
  if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end())
    return base::fail(ErrorCode::invalid_argument, "there is no register of '" + kind.substr(0, 40) + "'", {}, "one of: " + base::join(kKinds, ", "));
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  TRY(const auto found, find(readable, kind, ""));
  std::map<std::string, Entry> entries;
  for (const Found& f : found) {
    Entry& e = entries[f.use.key];
    ++e.titles[f.use.title];
    e.workflows.insert(f.workflow->slug);
    if (!f.use.element.empty()) ++e.activities;
    if (kind == "lov" && !f.use.detail.empty()) e.references.insert(f.use.detail);
    if (!f.use.url.empty()) e.links.insert(f.use.url);
    if (!f.use.verified.empty() && (e.oldest.empty() || f.use.verified < e.oldest)) e.oldest = f.use.verified;
    if (f.use.element.empty()) e.state = worse(e.state, law_state(f.use.verified, f.use.due));
  }
  std::map<std::string, int> reviews;
  if (kind == "lov") {
    TRY(reviews, open_reviews(authority, "law"));
  }
  std::vector<std::pair<std::string, std::string>> order;  // title, key
  for (const auto& [key, e] : entries) order.emplace_back(e.title(), key);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    const int c = base::collate_danish(a.first, b.first);
    return c != 0 ? c < 0 : a.second < b.second;
  });
  Json items = Json::array();
  for (const auto& [title, key] : order) {
    const Entry& e = entries[key];
    Json one = Json::Object{{"key", key}, {"title", title}, {"workflows", static_cast<std::int64_t>(e.workflows.size())}, {"activities", e.activities}};
    if (kind == "lov") {
      one.set("references", static_cast<std::int64_t>(e.references.size()));
      one.set("verified", e.oldest.empty() ? Json() : Json(e.oldest));
      one.set("state", e.state);
      one.set("openReviews", reviews[key]);
    }
    items.push(std::move(one));
  }
  return Json::Object{{"kind", kind}, {"items", std::move(items)}};
}

base::Result<Json> Understand::entry(const std::string& authority, const std::string& kind, const std::string& key) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  std::vector<Found> found;
  if (std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end() && !key.empty()) {
    TRY(found, find(readable, kind, key));
  }
  if (found.empty()) return base::fail(ErrorCode::not_found, "the register has no such entry that this authority can read");
  TRY(const auto owners, find(readable, "ejer", ""));
  std::map<std::string, std::string> owner_of;
  for (const Found& f : owners) owner_of[f.workflow->slug] = f.use.title;
  std::map<std::string, int> titles;
  std::string state, oldest;
  Json uses = Json::array(), links = Json::array();
  std::set<std::string> seen_links;
  std::size_t activities = 0;
  for (std::size_t i = 0; i < found.size();) {
    const Workflow& w = *found[i].workflow;
    Json elements = Json::array(), details = Json::array(), law;
    for (; i < found.size() && found[i].workflow == &w; ++i) {
      const Use& u = found[i].use;
      ++titles[u.title];
      for (const std::string& link : {u.eli, u.url})
        if (!link.empty() && seen_links.insert(link).second) links.push(link);
      if (!u.element.empty()) {
        if (++activities <= base::limits::kRegisterUses) elements.push(Json::Object{{"elementId", u.element}, {"name", u.element_name}, {"detail", u.detail}});
        continue;
      }
      if (kind != "lov") {
        if (!u.detail.empty()) details.push(u.detail);
        continue;
      }
      const std::string own_state = law_state(u.verified, u.due);
      details.push(Json::Object{{"reference", u.detail}, {"url", u.eli.empty() ? u.url : u.eli}, {"verified", u.verified}, {"due", u.due}, {"state", own_state}});
      state = worse(state, own_state);
      if (!u.verified.empty() && (oldest.empty() || u.verified < oldest)) oldest = u.verified;
    }
    uses.push(Json::Object{{"slug", w.slug}, {"title", w.title}, {"domain", w.domain}, {"kind", w.kind}, {"own", w.own}, {"owner", owner_of[w.slug]},
                           {"details", std::move(details)}, {"elements", std::move(elements)}});
  }
  const std::string title = std::max_element(titles.begin(), titles.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
  Json out = Json::Object{{"kind", kind}, {"key", key}, {"title", title}, {"activities", static_cast<std::int64_t>(activities)}, {"links", std::move(links)}, {"uses", std::move(uses)}};
  if (kind != "lov") return out;
  out.set("verified", oldest.empty() ? Json() : Json(oldest));
  out.set("state", state);
  TRY(const Json changes, law_changes(authority, key));
  out.set("changes", changes["items"]);
  TRY(const Json tasks, reviews(authority, {.slug = {}, .law = key, .owner = {}, .open_only = false}));
  out.set("reviews", tasks["items"]);
  out.set("openReviews", tasks["open"]);
  return out;
}

}  // namespace bank::understand
