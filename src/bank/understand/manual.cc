// All that one role does, over the whole bank: what a new colleague prints.
#include <algorithm>

#include "bank/steps.h"
#include "bank/understand/understand.h"
#include "base/text.h"

namespace bank::understand {

using base::Json;

base::Result<Json> Understand::manual(const std::string& authority, const std::string& role) {
  TRY(const auto held, this->readable(authority));
  const Readable& readable = *held;
  std::vector<Found> found;
  if (!role.empty()) {
    TRY(found, find(readable, "rolle", role));
  }
  if (found.empty()) return base::fail(base::ErrorCode::not_found, "no workflow that this authority can read has this role");
  std::vector<const Workflow*> workflows;
  for (const Found& f : found)
    if (workflows.empty() || workflows.back() != f.workflow) workflows.push_back(f.workflow);
  std::stable_sort(workflows.begin(), workflows.end(), [](const Workflow* a, const Workflow* b) {
    const int domain = base::collate_danish(a->domain, b->domain);
    return domain != 0 ? domain < 0 : base::collate_danish(a->title, b->title) < 0;
  });
  Json list = Json::array();
  std::int64_t total = 0;
  for (const Workflow* w : workflows) {
    TRY(const auto stored, bank_.get(authority, w->slug));
    Json own = Json::array();
    if (stored.package->process) {
      const Json all = steps(*stored.package->process);
      for (const Json& lane : all["lanes"].as_array())
        if (register_key(lane["name"].string_or("")) == role)
          for (const Json& step : lane["steps"].as_array()) own.push(step);
    }
    total += static_cast<std::int64_t>(own.size());
    list.push(Json::Object{{"slug", w->slug}, {"title", w->title}, {"domain", w->domain}, {"kind", w->kind}, {"version", w->version}, {"summary", stored.package->summary}, {"steps", std::move(own)}});
  }
  return Json::Object{{"key", role}, {"role", found.front().use.title}, {"steps", total}, {"workflows", std::move(list)}};
}

}  // namespace bank::understand
