// What a package says about itself, as plain values: what a page, a report and a spreadsheet tell of a workflow.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "bank/package.h"

namespace bank {

struct LawText { std::string title, reference, url, verified, status; };           // verified: ISO day
struct NamedUse { std::string name, use; };
struct CallText { std::string element, name, slug; };                              // slug: of the package it opens; "" = not said
struct Benefit { double minutes_before = 0, minutes_person = 0; bool measured = false, person_known = false; std::string source; };

struct Summary {
  std::string slug, title, text, domain, kle, kla, kind, owner_role, version;      // version: the manifest's own, "1.0.0"
  bool pattern = false, executable = false;
  std::optional<int> stars, catalogue_number;
  std::string stars_reason, valid_from, valid_to, review;                          // ISO days, "" = not said
  std::string decision, automation, automation_text, legal_basis, keep_code, keep_period, keep_text, remarks;
  std::vector<LawText> law;
  std::vector<NamedUse> systems, forms;                                            // forms: title and address
  std::vector<std::string> roles, documents, derived_from, replaces, see_also;
  std::vector<CallText> calls;
  std::optional<Benefit> benefit;
  int activities = 0, choices = 0, waits = 0, decisions = 0;
};
Summary summarize(const Package&);

std::string property(const bpmn::Node&, std::string_view name);                    // the first zeebe:property of that name, "" = none
std::vector<std::string> properties(const bpmn::Node&, std::string_view name);

}  // namespace bank
