#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/storage_sim.h"
#include "store/database.h"
#include "store/files.h"
#include "store/keys.h"

namespace store {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/sagsgang-store-XXXXXX";
    folder_ = ::mkdtemp(path);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  bool on_disk(std::string_view needle) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::stringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (text.str().find(needle) != std::string::npos) return true;
    }
    return false;
  }
  std::string folder_;
  base::SystemStorage disk_;
};

TEST_F(StoreTest, DatabaseWritesReadsAndRollsBack) {
  auto db = Database::open(folder_ + "/a.db", {});
  ASSERT_TRUE(db) << db.error().text();
  ASSERT_TRUE((*db)->migrate("test", {{1, "first", "CREATE TABLE t (a INTEGER, b TEXT)"}}));
  ASSERT_TRUE((*db)->migrate("test", {{1, "first", "not run again"}, {2, "second", "ALTER TABLE t ADD COLUMN c REAL; CREATE INDEX i ON t (a)"}}));
  EXPECT_FALSE((*db)->migrate("test", {{4, "gap", "SELECT 1"}}));
  ASSERT_TRUE((*db)->write([](Connection& c) -> base::Status {
    TRY(auto* insert, c.prepare("INSERT INTO t VALUES (?1, ?2, ?3)"));
    TRY_VOID(insert->begin().bind(1, 7).bind_text(2, "").bind(3, 1.5).run());
    return insert->begin().bind(1, 8).bind_text(2, "æ").bind_null(3).run();
  }));
  const auto failed = (*db)->write([](Connection& c) -> base::Status {
    TRY_VOID(c.execute("DELETE FROM t"));
    return base::fail(base::ErrorCode::conflict, "on second thoughts");
  });
  EXPECT_EQ(failed.error().code, base::ErrorCode::conflict);
  ASSERT_TRUE((*db)->read([](Connection& c) -> base::Status {
    TRY(auto* select, c.prepare("SELECT a, b, c FROM t ORDER BY a"));
    EXPECT_TRUE(*select->begin().step());
    EXPECT_EQ(select->integer(0), 7);
    EXPECT_FALSE(select->is_null(1)) << "an empty text is not NULL";
    EXPECT_EQ(select->real(2), 1.5);
    EXPECT_TRUE(*select->step());
    EXPECT_EQ(select->text(1), "æ");
    EXPECT_TRUE(select->is_null(2));
    EXPECT_EQ(select->column_name(1), "b");
    EXPECT_FALSE(*select->step());
    EXPECT_FALSE(c.execute("DELETE FROM t")) << "readers cannot write";
    return {};
  }));
  ASSERT_TRUE((*db)->backup_to(folder_ + "/copy.db"));
  auto copy = Database::open(folder_ + "/copy.db", {});
  ASSERT_TRUE(copy);
  ASSERT_TRUE((*copy)->read([](Connection& c) -> base::Status {
    TRY(auto* select, c.prepare("SELECT count(*) FROM t"));
    EXPECT_TRUE(*select->begin().step());
    EXPECT_EQ(select->integer(0), 2);
    return select->run();
  }));
}

TEST_F(StoreTest, AStatementLeftHalfwayDoesNotHoldTheNextReadersSnapshot) {
  auto db = Database::open(folder_ + "/a.db", {.synchronous_full = false, .readers = 1});
  ASSERT_TRUE(db) << db.error().text();
  ASSERT_TRUE((*db)->migrate("test", {{1, "first", "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (2)"}}));
  const auto first = [&] {
    std::int64_t value = 0;
    EXPECT_TRUE((*db)->read([&](Connection& c) -> base::Status {
      TRY(auto* select, c.prepare("SELECT a FROM t ORDER BY a DESC"));
      TRY(const bool any, select->begin().step());
      if (any) value = select->integer(0);
      return {};  // not stepped to the end, not reset
    }));
    return value;
  };
  EXPECT_EQ(first(), 2);
  ASSERT_TRUE((*db)->write([](Connection& c) { return c.execute("INSERT INTO t VALUES (3)"); }));
  EXPECT_EQ(first(), 3);
}

TEST_F(StoreTest, DeletedRowsLeaveNoBytesInTheFileOrItsWal) {
  auto db = Database::open(folder_ + "/a.db", {.synchronous_full = false, .readers = 2});
  ASSERT_TRUE(db);
  const std::string secret = "0101010101-secret";
  ASSERT_TRUE((*db)->write([&](Connection& c) -> base::Status {
    TRY_VOID(c.execute("CREATE TABLE t (b TEXT)"));
    TRY(auto* insert, c.prepare("INSERT INTO t VALUES (?1)"));
    return insert->begin().bind_text(1, secret).run();
  }));
  EXPECT_TRUE(on_disk(secret));
  ASSERT_TRUE((*db)->write([&](Connection& c) { return c.execute("DELETE FROM t"); }));
  ASSERT_TRUE((*db)->truncate_wal());
  EXPECT_FALSE(on_disk(secret));
}

TEST_F(StoreTest, KeysSealOpenDestroyAndForgetAgain) {
  const std::string backup = folder_ + "/backup", data = folder_ + "/data";
  std::string sealed, other;
  {
    ASSERT_TRUE(disk_.make_folder(data));
    auto keys = Keys::open(disk_, data);
    ASSERT_TRUE(keys) << keys.error().text();
    ASSERT_TRUE((*keys)->reserve(10));
    EXPECT_GE((*keys)->reserved(), 10u);
    sealed = *(*keys)->seal(3, "0101010101", "context");
    other = *(*keys)->seal(4, "other", "");
    EXPECT_NE(sealed, *(*keys)->seal(3, "0101010101", "context")) << "every sealing has its own nonce";
    EXPECT_EQ(*(*keys)->open(3, sealed, "context"), "0101010101");
    EXPECT_EQ((*keys)->open(3, sealed, "elsewhere").error().code, base::ErrorCode::data_damaged);
    EXPECT_EQ((*keys)->open(4, sealed, "context").error().code, base::ErrorCode::data_damaged);
    EXPECT_FALSE((*keys)->seal(0, "x", ""));
    EXPECT_FALSE((*keys)->seal((*keys)->reserved() + 1, "x", ""));
    std::filesystem::copy(data, backup, std::filesystem::copy_options::recursive);
    ASSERT_TRUE((*keys)->destroy(3));
    ASSERT_TRUE((*keys)->destroy(3));
    EXPECT_EQ((*keys)->open(3, sealed, "context").error().code, base::ErrorCode::forgotten);
    EXPECT_EQ((*keys)->seal(3, "x", "").error().code, base::ErrorCode::forgotten);
  }
  {
    auto keys = Keys::open(disk_, data);
    ASSERT_TRUE(keys);
    EXPECT_TRUE((*keys)->destroyed(3));
    EXPECT_EQ((*keys)->open(3, sealed, "context").error().code, base::ErrorCode::forgotten);
    EXPECT_EQ(*(*keys)->open(4, other, ""), "other");
  }
  // The older pools come back, the list of the forgotten stays.
  std::filesystem::remove_all(data + "/keys");
  std::filesystem::copy(backup + "/keys", data + "/keys", std::filesystem::copy_options::recursive);
  {
    auto keys = Keys::open(disk_, data);
    ASSERT_TRUE(keys);
    ASSERT_TRUE((*keys)->forget_again());
  }
  std::filesystem::remove(data + "/forgotten.log");
  auto keys = Keys::open(disk_, data);
  ASSERT_TRUE(keys);
  EXPECT_EQ((*keys)->open(3, sealed, "context").error().code, base::ErrorCode::forgotten) << "the slot itself is overwritten";
}

TEST_F(StoreTest, KeysFromManyPools) {
  auto keys = Keys::open(disk_, folder_);
  ASSERT_TRUE(keys);
  ASSERT_TRUE((*keys)->reserve(20'000));
  const std::string sealed = *(*keys)->seal(19'999, "last", "");
  ASSERT_TRUE((*keys)->reserve(900'000));  // more pools than stay in memory
  EXPECT_EQ(*(*keys)->open(19'999, sealed, ""), "last");
  EXPECT_TRUE((*keys)->seal(1, "first", ""));
}

// At every point of a destroy where the power goes: afterwards the key opens, or it is gone for good; told = gone.
TEST(KeysSim, DestroyIsAllOrNothingAtEveryCrashPoint) {
  for (std::uint64_t crash = 1, done = 0; done == 0; ++crash) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      base::SimStorage disk(seed * 1000 + crash);
      ASSERT_TRUE(disk.make_folder("data"));
      std::string sealed;
      {
        auto keys = Keys::open(disk, "data");
        ASSERT_TRUE(keys);
        ASSERT_TRUE((*keys)->reserve(1));
        sealed = *(*keys)->seal(5, "plain", "");
        disk.set_faults({.crash_at = crash});
        done = (*keys)->destroy(5).has_value();
        disk.restart();
      }
      auto keys = Keys::open(disk, "data");
      ASSERT_TRUE(keys) << keys.error().text();
      const auto opened = (*keys)->open(5, sealed, "");
      if (done != 0) {
        EXPECT_FALSE(opened);
      }
      if (opened) {
        EXPECT_EQ(*opened, "plain");
        ASSERT_TRUE((*keys)->destroy(5));
        EXPECT_EQ((*keys)->open(5, sealed, "").error().code, base::ErrorCode::forgotten);
      }
    }
  }
}

TEST(KeysSim, ReserveSurvivesEveryCrashPoint) {
  bool done = false;
  for (std::uint64_t crash = 1; !done; ++crash) {
    base::SimStorage disk(crash);
    ASSERT_TRUE(disk.make_folder("data"));
    disk.set_faults({.crash_at = crash});
    std::string sealed;
    {
      auto keys = Keys::open(disk, "data");
      done = keys && (*keys)->reserve(1);
      if (done) sealed = *(*keys)->seal(1, "plain", "");
      disk.restart();
    }
    auto keys = Keys::open(disk, "data");
    ASSERT_TRUE(keys) << "crash at " << crash << ": " << keys.error().text();
    ASSERT_TRUE((*keys)->reserve(1));
    if (done) {
      EXPECT_EQ(*(*keys)->open(1, sealed, ""), "plain");
    }
  }
}

TEST_F(StoreTest, FilesAreSealedOnDisk) {
  auto keys = Keys::open(disk_, folder_);
  ASSERT_TRUE(keys);
  ASSERT_TRUE((*keys)->reserve(2));
  auto files = Files::open(disk_, **keys, folder_ + "/files");
  ASSERT_TRUE(files);
  const std::string secret = "CPR 0101010101";
  ASSERT_TRUE((*files)->put("29189846", "faktura-1", 1, "first " + secret));
  ASSERT_TRUE((*files)->put("29189846", "faktura-1", 1, secret));
  ASSERT_TRUE((*files)->put("29189846", "../../etc/passwd", 2, "odd id"));
  EXPECT_FALSE((*files)->put("../x", "id", 1, secret));
  EXPECT_EQ(*(*files)->get("29189846", "faktura-1", 1), secret);
  EXPECT_EQ(*(*files)->get("29189846", "../../etc/passwd", 2), "odd id");
  EXPECT_EQ((*files)->get("12345678", "faktura-1", 1).error().code, base::ErrorCode::not_found);
  EXPECT_FALSE(on_disk(secret));
  ASSERT_TRUE((*keys)->destroy(1));
  EXPECT_EQ((*files)->get("29189846", "faktura-1", 1).error().code, base::ErrorCode::forgotten);
  ASSERT_TRUE((*files)->remove("29189846", "faktura-1"));
  ASSERT_TRUE((*files)->remove("29189846", "faktura-1"));
  EXPECT_EQ((*files)->get("29189846", "faktura-1", 1).error().code, base::ErrorCode::not_found);
}

}  // namespace
}  // namespace store
