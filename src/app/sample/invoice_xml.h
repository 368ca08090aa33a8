// One invoice as OIOUBL 2.1 text, from a template of our own.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/sample/identifiers.h"

namespace app::sample {

enum class Payment : std::uint8_t { bank, fik };

struct Invoice {
  Supplier supplier;
  std::string number, uuid, issued, ordered, delivered;  // dates as 2026-03-02
  std::string order;                                     // "" or "NA": no reference
  std::string statement_type, statement_title, citizen;
  std::string currency = "DKK";
  std::int64_t net = 0;            // øre without VAT, the sum of the lines
  std::int64_t payable_error = 0;  // planted: what PayableAmount is wrong by
  int lines = 1;
  bool credit = false;
  Payment payment = Payment::bank;
  std::int64_t vat() const { return (net + 2) / 4; }  // 25 %, half up to the øre
  std::int64_t payable() const { return net + vat() + payable_error; }
};

std::string invoice_xml(const Invoice&);
// Cuts, mistags or garbles the text so that no XML reader accepts it.
std::string break_xml(const std::string& content, base::Random&);

}  // namespace app::sample
