// A bank for a test, in a folder of its own that goes with it.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "bank/bank.h"
#include "base/clock.h"
#include "store/database.h"

namespace bank_test {

class TestBank {
 public:
  // name: of the folder; now: where the clock stands.
  explicit TestBank(const std::string& name, base::Millis now = 1'800'000'000'000) : clock_(now), folder_(testing::TempDir() + "sagsgang-" + name + "-" + std::to_string(getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    open_bank();
  }
  ~TestBank() {
    close_bank();
    std::filesystem::remove_all(folder_);
  }
  TestBank(const TestBank&) = delete;
  TestBank& operator=(const TestBank&) = delete;

  // What a restart does. Rooms that stand on the bank are closed before and opened after it.
  void open_bank() {
    close_bank();
    auto database = store::Database::open(folder_ + "/sagsgang.db", {.synchronous_full = false, .readers = 2});
    ASSERT_TRUE(database.has_value()) << database.error().text();
    database_ = std::move(*database);
    auto bank = bank::Bank::open(*database_, folder_ + "/index", clock_);
    ASSERT_TRUE(bank.has_value()) << bank.error().text();
    bank_ = std::move(*bank);
  }
  void close_bank() {
    bank_.reset();
    database_.reset();
  }

  base::VirtualClock clock_;
  const std::string folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<bank::Bank> bank_;
};

}  // namespace bank_test
