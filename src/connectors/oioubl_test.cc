// The reader on our own files, on the public samples (where they are at hand), and on hostile input.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/storage.h"
#include "base/text.h"
#include "connectors/oioubl.h"

namespace connectors {
namespace {

using base::Json;

std::string own(const std::string& name) {
  auto text = base::read_file("bank/arbejdsmarked/betaling-af-laegeerklaeringer/data/" + name, 1 << 20);
  return text ? *text : "";
}

std::string replace(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Oioubl, ReadsTheFieldsOfAnInvoice) {
  auto f = read_oioubl(own("regning.xml"), "regning.xml");
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ((*f)["nummer"].string_or(""), "10045");
  EXPECT_EQ((*f)["type"].string_or(""), "faktura");
  EXPECT_EQ((*f)["leverandoer"]["cvr"].string_or(""), "12345674");
  EXPECT_EQ((*f)["noegle"].string_or(""), "12345674/10045");
  EXPECT_EQ((*f)["ordrereference"].string_or(""), "L-2026-0001");
  EXPECT_EQ((*f)["ean"].string_or(""), "5798000000001");
  EXPECT_EQ((*f)["valuta"].string_or(""), "DKK");
  EXPECT_EQ((*f)["total"]["linjer"].number_text(), "468");
  EXPECT_EQ((*f)["total"]["moms"].number_text(), "117");
  EXPECT_EQ((*f)["total"]["betales"].number_text(), "585");
  EXPECT_EQ((*f)["linjer"].size(), 1u);
  EXPECT_EQ((*f)["linjer"].as_array()[0]["varenummer"].string_or(""), "LÆ 125");
  EXPECT_EQ((*f)["betaling"]["kode"].string_or(""), "42");
  EXPECT_EQ((*f)["betaling"]["forfald"].string_or(""), "2026-03-26");
  EXPECT_EQ((*f)["fejl"].size(), 0u) << (*f)["fejl"].dump();
  EXPECT_EQ((*f)["advarsler"].size(), 0u) << (*f)["advarsler"].dump();
}

TEST(Oioubl, MatchesNamespacesNotPrefixes) {
  std::string text = own("regning.xml");
  for (const auto& [from, to] : {std::pair{"cbc:", "x:"}, {"xmlns:cbc", "xmlns:x"}})
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) text.replace(at, std::string(from).size(), to);
  const auto a = read_oioubl(own("regning.xml"), "a"), b = read_oioubl("\xEF\xBB\xBF" + text, "b");
  ASSERT_TRUE(a && b) << (b ? "" : b.error().text());
  EXPECT_EQ(*a, *b);
}

TEST(Oioubl, FlagsFiguresThatDisagreeAndKeepsThem) {
  auto f = read_oioubl(replace(own("regning.xml"), ">585.00</cbc:PayableAmount>", ">589.75</cbc:PayableAmount>"), "x");
  ASSERT_TRUE(f) << f.error().text();
  ASSERT_EQ((*f)["fejl"].size(), 1u);
  EXPECT_EQ((*f)["fejl"].as_array()[0]["kode"].string_or(""), "BETALESUM");
  EXPECT_EQ((*f)["fejl"].as_array()[0]["tekst"].string_or(""), "linjer og moms giver 585,00, men der skal betales 589,75.");
  EXPECT_EQ((*f)["total"]["betales"].number_text(), "589.75");
}

TEST(Oioubl, NoOrderIsNullWhateverTheSenderWrites) {
  for (const char* none : {"NA", "na", "-", " "}) {
    auto f = read_oioubl(replace(own("regning.xml"), "<cbc:ID>L-2026-0001</cbc:ID>", std::string("<cbc:ID>") + none + "</cbc:ID>"), "x");
    ASSERT_TRUE(f);
    EXPECT_TRUE((*f)["ordrereference"].is_null()) << none;
  }
}

TEST(Oioubl, RefusesWhatIsNoInvoiceWithPlaceAndRemedy) {
  struct Case { const char* from; const char* to; base::ErrorCode code; int line; };
  const std::string text = own("regning.xml");
  for (const Case& c : {Case{"<cbc:IssueDate>2026-02-24</cbc:IssueDate>", "", base::ErrorCode::invalid_document, 2},
                        Case{">585.00</cbc:PayableAmount>", ">5,85</cbc:PayableAmount>", base::ErrorCode::invalid_document, 0},
                        Case{"</cac:Item>", "</cac:Itm>", base::ErrorCode::invalid_xml, 0}}) {
    auto f = read_oioubl(replace(text, c.from, c.to), "x.xml");
    ASSERT_FALSE(f) << c.from;
    EXPECT_EQ(f.error().code, c.code) << f.error().text();
    EXPECT_GT(f.error().where.line, 0);
    EXPECT_EQ(f.error().where.file, "x.xml");
    if (c.line > 0) {
      EXPECT_EQ(f.error().where.line, c.line);
    }
    if (c.code == base::ErrorCode::invalid_document) {
      EXPECT_FALSE(f.error().remedy.empty());
    }
  }
  EXPECT_FALSE(read_oioubl("<a/>", "x"));
  EXPECT_FALSE(read_oioubl("", "x"));
  EXPECT_FALSE(read_oioubl("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "x"));
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  EXPECT_FALSE(read_oioubl(deep, "x"));
}

TEST(Oioubl, ReadsThePublicSamples) {
  const std::string folder = "../shared/data/oioubl";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not here";
  int read = 0;
  std::vector<std::string> flagged;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".xml") continue;
    auto bytes = base::read_file(entry.path().string(), 10 << 20);
    ASSERT_TRUE(bytes);
    auto f = read_oioubl(*bytes, entry.path().filename().string());
    ASSERT_TRUE(f) << f.error().text();
    ++read;
    EXPECT_FALSE((*f)["nummer"].string_or("").empty());
    EXPECT_GT((*f)["linjer"].size(), 0u) << entry.path();
    EXPECT_EQ(f->dump().find("\"1111111118\""), std::string::npos) << "a CPR as identifier is not carried on";
    for (const Json& fault : (*f)["fejl"].as_array())
      if (fault["kode"].string_or("") != "MANGLER_CVR") flagged.push_back(entry.path().filename().string() + " " + fault["tekst"].string_or(""));
  }
  EXPECT_GT(read, 20);
  // The one document of the official set whose own figures disagree.
  ASSERT_EQ(flagged.size(), 1u) << base::join(flagged, "; ");
  EXPECT_EQ(flagged[0], "used-invoice_real.xml linjer og moms giver 6.965,25, men der skal betales 6.969,00.");
}

TEST(Oioubl, CheckDigits) {
  EXPECT_TRUE(valid_cvr("12345674") && valid_cvr("55133018") && valid_cvr("10000009"));
  EXPECT_FALSE(valid_cvr("16356706") || valid_cvr("1234567") || valid_cvr("1234567a"));
  EXPECT_TRUE(valid_gln("5790000000005") && valid_gln("5798000000001") && valid_gln("5712345780121"));
  EXPECT_FALSE(valid_gln("5712345780111"));
}

TEST(Oioubl, DanishAmounts) {
  const auto text = [](const char* n) { return danish_amount(Json(Json::Number{n})); };
  EXPECT_EQ(text("512"), "512,00");
  EXPECT_EQ(text("1234.5"), "1.234,50");
  EXPECT_EQ(text("1234567.895"), "1.234.567,90");
  EXPECT_EQ(text("-0.5"), "-0,50");
}

}  // namespace
}  // namespace connectors
