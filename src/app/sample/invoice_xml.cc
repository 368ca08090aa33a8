#include "app/sample/invoice_xml.h"

#include "base/xml.h"

namespace app::sample {
namespace {

// Small writer: opens and closes by hand what a template needs, with indentation.
class Lines {
 public:
  void open(const std::string& tag, const std::string& attributes = {}) {
    line("<" + tag + (attributes.empty() ? "" : " " + attributes) + ">");
    stack_.push_back(tag);
  }
  void close() {
    const std::string tag = stack_.back();
    stack_.pop_back();
    line("</" + tag + ">");
  }
  void leaf(const std::string& tag, const std::string& text, const std::string& attributes = {}) {
    line("<" + tag + (attributes.empty() ? "" : " " + attributes) + ">" + base::xml::escape_text(text) + "</" + tag + ">");
  }
  std::string take() { return std::move(out_); }

 private:
  void line(const std::string& text) { out_ += std::string(stack_.size() * 2, ' ') + text + "\n"; }
  std::string out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  std::vector<std::string> stack_;
};

// The receiving unit: Jobcentret of the example authority (GLN with right check digit, prefix of public bodies).
constexpr const char* kReceiverGln = "5798000000001";

void party(Lines& x, const std::string& role, const std::string& name, const std::string& scheme, const std::string& endpoint, const std::string& cvr,
           const std::string& contact) {
  x.open("cac:" + role);
  x.open("cac:Party");
  x.leaf("cbc:EndpointID", endpoint, "schemeID=\"" + scheme + "\"");
  x.open("cac:PartyName");
  x.leaf("cbc:Name", name);
  x.close();
  x.open("cac:PostalAddress");
  x.leaf("cbc:AddressFormatCode", "StructuredLax", "listAgencyID=\"320\" listID=\"urn:oioubl:codelist:addressformatcode-1.1\"");
  x.leaf("cbc:StreetName", "Eksempelvej");
  x.leaf("cbc:BuildingNumber", "1");
  x.leaf("cbc:CityName", "Lilleby");
  x.leaf("cbc:PostalZone", "0999");
  x.close();
  x.open("cac:PartyLegalEntity");
  x.leaf("cbc:RegistrationName", name);
  x.leaf("cbc:CompanyID", "DK" + cvr, "schemeID=\"DK:CVR\"");
  x.close();
  x.open("cac:Contact");
  x.leaf("cbc:ID", contact);
  x.close();
  x.close();
  x.close();
}

void payment_means(Lines& x, const Invoice& i) {
  x.open("cac:PaymentMeans");
  x.leaf("cbc:ID", "1");
  x.leaf("cbc:PaymentMeansCode", i.payment == Payment::bank ? "42" : "93");
  x.leaf("cbc:PaymentDueDate", i.issued);
  if (i.payment == Payment::bank) {
    x.leaf("cbc:PaymentChannelCode", "DK:BANK", "listAgencyID=\"320\" listID=\"urn:oioubl:codelist:paymentchannelcode-1.1\"");
    x.open("cac:PayeeFinancialAccount");
    x.leaf("cbc:ID", "000" + i.supplier.cvr.substr(1));
    x.leaf("cbc:PaymentNote", "Regning " + i.number);
    x.open("cac:FinancialInstitutionBranch");
    x.leaf("cbc:ID", i.supplier.registration);
    x.close();
    x.close();
  } else {
    base::SeededRandom random(static_cast<std::uint64_t>(i.net) * 31 + i.number.size());
    x.leaf("cbc:InstructionID", fik_payment_id(random));
    x.leaf("cbc:PaymentID", "71");
    x.leaf("cbc:PaymentChannelCode", "DK:FIK", "listAgencyID=\"320\" listID=\"urn:oioubl:codelist:paymentchannelcode-1.1\"");
    x.open("cac:CreditAccount");
    x.leaf("cbc:AccountID", "8" + i.supplier.cvr.substr(1));
    x.close();
  }
  x.close();
}

void totals(Lines& x, const Invoice& i) {
  const std::string money = "currencyID=\"" + i.currency + "\"";
  x.open("cac:TaxTotal");
  x.leaf("cbc:TaxAmount", kroner_text(i.vat()), money);
  x.open("cac:TaxSubtotal");
  x.leaf("cbc:TaxableAmount", kroner_text(i.net), money);
  x.leaf("cbc:TaxAmount", kroner_text(i.vat()), money);
  x.open("cac:TaxCategory");
  x.leaf("cbc:ID", "StandardRated", "schemeAgencyID=\"320\" schemeID=\"urn:oioubl:id:taxcategoryid-1.1\"");
  x.leaf("cbc:Percent", "25");
  x.open("cac:TaxScheme");
  x.leaf("cbc:ID", "63", "schemeAgencyID=\"320\" schemeID=\"urn:oioubl:id:taxschemeid-1.1\"");
  x.leaf("cbc:Name", "Moms");
  x.close();
  x.close();
  x.close();
  x.close();
  x.open("cac:LegalMonetaryTotal");
  x.leaf("cbc:LineExtensionAmount", kroner_text(i.net), money);
  x.leaf("cbc:TaxExclusiveAmount", kroner_text(i.vat()), money);  // OIOUBL: the total tax
  x.leaf("cbc:TaxInclusiveAmount", kroner_text(i.net + i.vat()), money);
  x.leaf("cbc:PayableAmount", kroner_text(i.payable()), money);
  x.close();
}

void line(Lines& x, const Invoice& i, int number, std::int64_t amount) {
  const std::string money = "currencyID=\"" + i.currency + "\"";
  x.open(i.credit ? "cac:CreditNoteLine" : "cac:InvoiceLine");
  x.leaf("cbc:ID", std::to_string(number));
  x.leaf(i.credit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", "1.00", "unitCode=\"EA\"");
  x.leaf("cbc:LineExtensionAmount", kroner_text(amount), money);
  x.open("cac:Item");
  x.leaf("cbc:Description", "Vedrørende borger " + i.citizen.substr(0, 6) + "-" + i.citizen.substr(6));
  x.leaf("cbc:Name", number == 1 ? i.statement_title : "Porto og ekspedition");
  x.open("cac:SellersItemIdentification");
  x.leaf("cbc:ID", number == 1 ? i.statement_type : "GEBYR");
  x.close();
  x.close();
  x.open("cac:Price");
  x.leaf("cbc:PriceAmount", kroner_text(amount), money);
  x.leaf("cbc:BaseQuantity", "1", "unitCode=\"EA\"");
  x.close();
  x.close();
}

}  // namespace

std::string invoice_xml(const Invoice& i) {
  Lines x;
  const std::string root = i.credit ? "CreditNote" : "Invoice";
  x.open(root, "xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:" + root +
                   "-2\" xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "
                   "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\"");
  x.leaf("cbc:UBLVersionID", "2.1");
  x.leaf("cbc:CustomizationID", "OIOUBL-2.1");
  x.leaf("cbc:ProfileID", "Procurement-BilSim-1.0", "schemeAgencyID=\"320\" schemeID=\"urn:oioubl:id:profileid-1.1\"");
  x.leaf("cbc:ID", i.number);
  x.leaf("cbc:CopyIndicator", "false");
  x.leaf("cbc:UUID", i.uuid);
  x.leaf("cbc:IssueDate", i.issued);
  x.leaf(i.credit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", i.credit ? "381" : "380",
         "listAgencyID=\"320\" listID=\"urn:oioubl:codelist:invoicetypecode-1.1\"");
  x.leaf("cbc:DocumentCurrencyCode", i.currency);
  if (!i.order.empty()) {
    x.open("cac:OrderReference");
    x.leaf("cbc:ID", i.order);
    x.leaf("cbc:IssueDate", i.ordered);
    x.close();
  }
  party(x, "AccountingSupplierParty", i.supplier.name, "DK:CVR", "DK" + i.supplier.cvr, i.supplier.cvr, "afregning");
  party(x, "AccountingCustomerParty", "Eksempel Kommune, Jobcentret", "GLN", kReceiverGln, "10000009", "jobcenter-oekonomi");
  x.open("cac:Delivery");
  x.leaf("cbc:ActualDeliveryDate", i.delivered);
  x.close();
  payment_means(x, i);
  totals(x, i);
  if (i.lines == 1) {
    line(x, i, 1, i.net);
  } else {
    const std::int64_t fee = 2'500;
    line(x, i, 1, i.net - fee);
    line(x, i, 2, fee);
  }
  x.close();
  return x.take();
}

std::string break_xml(const std::string& content, base::Random& random) {
  switch (random.below(3)) {
    case 0: return content.substr(0, content.size() / 2 + random.below(content.size() / 3));  // the transfer was cut off
    case 1: {
      std::string out = content;
      out.replace(out.find("</cbc:IssueDate>"), 16, "</cbc:Issuedate>");
      return out;
    }
    default: {
      std::string out = content;
      out.replace(out.find("<cbc:CopyIndicator>"), 19, "<cbc:CopyIndicator & >");
      return out;
    }
  }
}

}  // namespace app::sample
