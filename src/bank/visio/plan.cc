#include "bank/visio/plan.h"

#include <array>

namespace bank::visio {

std::string_view name(Kind kind) {
  static constexpr std::string_view kNames[] = {
#define KIND(name, family, xml) #name,
#include "bank/visio/kinds.def"
#undef KIND
  };
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view xml_name(Kind kind) {
  static constexpr std::string_view kNames[] = {
#define KIND(name, family, xml) xml,
#include "bank/visio/kinds.def"
#undef KIND
  };
  return kNames[static_cast<std::size_t>(kind)];
}

Family family(Kind kind) {
  static constexpr Family kFamilies[] = {
#define KIND(name, family, xml) Family::family,
#include "bank/visio/kinds.def"
#undef KIND
  };
  return kFamilies[static_cast<std::size_t>(kind)];
}

const ReasonInfo& info(Reason reason) {
  static constexpr ReasonInfo kInfos[] = {
#define REASON(code, confidence, english, danish) {#code, confidence, english, danish},
#include "bank/visio/reasons.def"
#undef REASON
  };
  return kInfos[static_cast<std::size_t>(reason)];
}

bool is_node(const Element& e) {
  const Family f = family(e.kind);
  return !e.gone && (f == Family::activity || f == Family::event || f == Family::gateway || e.kind == Kind::document);
}

void take_back(PagePlan& plan, int element, Kind kind, Reason reason, int of) {
  Element& e = plan.elements[static_cast<std::size_t>(element)];
  e.gone = true;
  if (e.shape >= 0) plan.asides.push_back({e.shape, kind, reason, of});
}

PagePlan plan_page(const Page& page, int number, bool geometry_only) {
  PagePlan plan;
  plan.page = &page;
  plan.number = number;
  plan.geometry_only = geometry_only;
  recognise(plan);
  if (page.background) return plan;
  arrange(plan);
  connect(plan);
  settle(plan);
  return plan;
}

}  // namespace bank::visio
