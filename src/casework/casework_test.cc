#include <gtest/gtest.h>

#include <filesystem>

#include "base/storage.h"
#include "casework/cases.h"
#include "casework/ledger.h"

namespace casework {
namespace {

using base::ErrorCode;
using base::Json;

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "casework-XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

Json posting(const std::string& key, const std::string& amount, const std::string& debit, const std::string& credit) {
  return *base::parse_json(R"({"idempotencyKey":")" + key + R"(","date":"2026-11-21","text":"Faktura 7","supplier":"DK12345674","amount":)" + amount +
                           R"(,"currency":"DKK","lines":[{"account":"5.57.71","debit":)" + debit + R"(},{"account":"9.55.13","credit":)" + credit + "}]}");
}

TEST(Ledger, posts_once_and_balances) {
  Folder folder;
  base::VirtualClock clock(1'795'253'400'000);
  auto ledger = *Ledger::open(folder.path, clock);
  const auto first = ledger->post("11111111", 5, posting("a", "468.00", "468", "468.0"));
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_FALSE((*first)["alreadyPosted"].as_bool());
  const auto again = ledger->post("11111111", 6, posting("a", "468.00", "468", "468.0"));
  EXPECT_TRUE((*again)["alreadyPosted"].as_bool());
  EXPECT_EQ((*again)["entryId"], (*first)["entryId"]);
  EXPECT_EQ(ledger->post("11111111", 6, posting("a", "500", "500", "500")).error().code, ErrorCode::conflict);
  const Json list = *ledger->list("11111111", 0, 10, 0);
  EXPECT_EQ(list["total"].as_int(), 1);
  EXPECT_EQ(list["paidTotal"].as_string(), "468.00");
  EXPECT_EQ(list["balance"]["debit"], list["balance"]["credit"]);
}

TEST(Ledger, refuses_what_does_not_balance) {
  Folder folder;
  base::VirtualClock clock(0);
  auto ledger = *Ledger::open(folder.path, clock);
  for (const auto& bad : {posting("a", "468", "468", "467.99"), posting("a", "1", "2", "2"), posting("a", "\"x\"", "2", "2"), posting("a", "1.005", "1.005", "1.005"),
                          posting("", "1", "1", "1"), posting("a", "-1", "-1", "-1"), posting("a", "0", "0", "0")}) {
    const auto answer = ledger->post("11111111", 1, bad);
    ASSERT_FALSE(answer) << bad.dump();
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument) << bad.dump();
  }
  EXPECT_EQ((*ledger->list("11111111", 0, 10, 0))["total"].as_int(), 0);
}

TEST(Ledger, authorities_do_not_see_each_other) {
  Folder folder;
  base::VirtualClock clock(0);
  auto ledger = *Ledger::open(folder.path, clock);
  ASSERT_TRUE(ledger->post("11111111", 1, posting("a", "1", "1", "1")));
  EXPECT_EQ((*ledger->list("22222222", 0, 10, 0))["total"].as_int(), 0);
  EXPECT_TRUE(ledger->find("22222222", "a")->is_null());
  EXPECT_EQ((*ledger->find("11111111", "a"))["instance"].as_int(), 1);
  ASSERT_TRUE(ledger->post("22222222", 1, posting("a", "2", "2", "2")));  // the same key is another authority's own
}

TEST(Ledger, quarantined_payments_wait_for_a_person) {
  Folder folder;
  base::VirtualClock clock(0);
  auto ledger = *Ledger::open(folder.path, clock);
  ASSERT_TRUE(ledger->post("11111111", 1, posting("a", "1", "1", "1")));
  EXPECT_EQ(*ledger->quarantine({"a", "unknown"}), 1u);
  const auto refused = ledger->post("11111111", 2, posting("a", "1", "1", "1"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().message.starts_with("quarantined"));
  EXPECT_EQ(ledger->settle("22222222", "a", "x").error().code, ErrorCode::not_found);
  ASSERT_TRUE(ledger->settle("11111111", "a", "jette"));
  EXPECT_TRUE((*ledger->post("11111111", 2, posting("a", "1", "1", "1")))["alreadyPosted"].as_bool());
  EXPECT_EQ((*ledger->list("11111111", 0, 10, 0))["total"].as_int(), 1);
}

TEST(Oere, reads_and_writes) {
  EXPECT_EQ(oere("1234.5"), 123450);
  EXPECT_EQ(oere("-0.05"), -5);
  EXPECT_EQ(oere("12.3400"), 1234);
  for (const char* bad : {"", ".", "1.", "1,5", "1.234", "x", "123456789012345678", "1e3"}) EXPECT_FALSE(oere(bad)) << bad;
  EXPECT_EQ(kroner(-5), "-0.05");
  EXPECT_EQ(kroner(123450), "1234.50");
}

TEST(Cases, notes_and_documents_are_sealed_and_forgotten) {
  Folder folder;
  base::VirtualClock clock(0);
  base::SystemStorage storage;
  auto keys = *store::Keys::open(storage, folder.path);
  ASSERT_TRUE(keys->reserve(3));
  auto files = *store::Files::open(storage, *keys, folder.path + "/files");
  auto database = *store::Database::open(folder.path + "/sagsgang.db", {});
  auto cases = *Cases::open(*database, *keys, *files, clock);
  const std::string secret = "Personnummer 0203041234";
  ASSERT_TRUE(cases->note("11111111", 7, 2, "n1", secret));
  ASSERT_TRUE(cases->note("11111111", 7, 2, "n1", "en gang til"));
  ASSERT_TRUE(cases->document("11111111", 7, 2, "faktura.xml", "application/xml", secret));
  EXPECT_EQ((*cases->notes("11111111", 7)).size(), 1u);
  EXPECT_EQ(*cases->read_document("11111111", 7, "faktura.xml"), secret);
  EXPECT_EQ(cases->read_document("22222222", 7, "faktura.xml").error().code, ErrorCode::not_found);
  EXPECT_EQ((*cases->notes("22222222", 7)).size(), 0u);
  ASSERT_TRUE(keys->destroy(2));
  ASSERT_TRUE(cases->forget("11111111", 7));
  EXPECT_EQ((*cases->documents("11111111", 7)).size(), 0u);
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path)) {
    if (!file.is_regular_file()) continue;
    EXPECT_EQ(base::read_file(file.path().string(), 100u << 20)->find("0203041234"), std::string::npos) << file.path();
  }
}

}  // namespace
}  // namespace casework
