#include "engine/checkpoint/checkpoint.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/storage_sim.h"

namespace engine::checkpoint {
namespace {

using Records = std::map<std::pair<int, std::int64_t>, std::string>;

struct Loaded { std::uint64_t position = 0; Records records; };

base::Result<Loaded> load_all(base::Storage& disk) {
  Loaded out;
  const auto position = load(disk, "c", [&](std::uint8_t kind, std::int64_t key, std::string_view bytes) -> base::Status {
    if (bytes.empty()) out.records.erase(std::pair(kind, key));
    else out.records[std::pair(kind, key)] = bytes;
    return {};
  });
  if (!position) return std::unexpected(position.error());
  out.position = *position;
  return out;
}

// Step n: position 10 n, changes some records, deletes one; every fourth is full.
Records after(int step) {
  Records out;
  for (int n = 1; n <= step; ++n) {
    out[{1, n}] = std::string(static_cast<std::size_t>(n * 100), 'x');
    out[{1, 1}] = "step " + std::to_string(n);
    out[{2, -5}] = std::to_string(n);
    if (n > 2) out.erase({1, n - 1});
  }
  return out;
}

base::Status write_step(base::Storage& disk, int step) {
  Writer writer(disk, "c");
  const bool full = step % 4 == 1;
  TRY_VOID(writer.begin(static_cast<std::uint64_t>(step) * 10, full));
  const Records now = after(step), before = after(step - 1);
  for (const auto& [id, bytes] : now) {
    if (full || !before.contains(id) || before.at(id) != bytes) writer.add(static_cast<std::uint8_t>(id.first), id.second, bytes);
  }
  for (const auto& [id, bytes] : before) {
    if (!full && !now.contains(id)) writer.add(static_cast<std::uint8_t>(id.first), id.second, {});
  }
  TRY_VOID(writer.flush());
  return writer.commit();
}

TEST(Checkpoint, DeltasOverAFullOneGiveTheNewestRecords) {
  base::SimStorage disk(1);
  EXPECT_EQ(load_all(disk)->position, 0u);
  for (int step = 1; step <= 10; ++step) {
    ASSERT_TRUE(write_step(disk, step));
    const auto loaded = load_all(disk);
    ASSERT_TRUE(loaded) << loaded.error().text();
    EXPECT_EQ(loaded->position, static_cast<std::uint64_t>(step) * 10);
    EXPECT_EQ(loaded->records, after(step));
    EXPECT_EQ(chain_size(disk, "c")->deltas, static_cast<std::uint64_t>((step - 1) % 4));
  }
}

TEST(Checkpoint, ManyBlocks) {
  base::SimStorage disk(1);
  Writer writer(disk, "c");
  ASSERT_TRUE(writer.begin(1, true));
  for (int i = 0; i < 50'000; ++i) {
    writer.add(1, i, std::string(200, 'a'));
    if (writer.must_flush()) {
      ASSERT_TRUE(writer.flush());
    }
  }
  ASSERT_TRUE(writer.commit());
  EXPECT_EQ(load_all(disk)->records.size(), 50'000u);
}

TEST(Checkpoint, IsTheOldOrTheNewAtEveryCrashPoint) {
  bool clean = false;
  for (std::uint64_t crash = 1; !clean; ++crash) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      base::SimStorage disk(seed * 31 + crash);
      disk.set_faults({.crash_at = crash});
      int done = 0;
      while (done < 10 && write_step(disk, done + 1)) ++done;
      clean = !disk.crashed();
      disk.restart();
      const auto loaded = load_all(disk);
      ASSERT_TRUE(loaded) << "crash at " << crash << ": " << loaded.error().text();
      const int step = static_cast<int>(loaded->position / 10);
      ASSERT_TRUE(step == done || step == done + 1) << step << " after " << done;
      ASSERT_EQ(loaded->records, after(step));
    }
  }
}

TEST(Checkpoint, DamageIsSaid) {
  for (const std::uint64_t offset : {8, 50, 70}) {
    base::SimStorage disk(1);
    ASSERT_TRUE(write_step(disk, 1));
    auto file = disk.open("c/0000000001.full", base::Storage::Open::read_write);
    ASSERT_TRUE((*file)->write_at(offset, "\x7f"));
    EXPECT_EQ(load_all(disk).error().code, base::ErrorCode::data_damaged) << offset;
  }
  base::SimStorage disk(1);
  for (int step = 1; step <= 3; ++step) ASSERT_TRUE(write_step(disk, step));
  ASSERT_TRUE(disk.remove("c/0000000002.delta"));
  EXPECT_EQ(load_all(disk).error().code, base::ErrorCode::data_damaged);
}

// Written by release 0.1; every later one must read it, and write the same.
TEST(CheckpointGolden, Format1IsReadAndWrittenAsItAlwaysWas) {
  const std::string path = "tests/golden/checkpoint/format-1.full";
  base::SimStorage disk(1);
  Writer writer(disk, "c");
  ASSERT_TRUE(writer.begin(1234, true));
  writer.add(3, 42, "a definition");
  writer.add(4, -7, std::string(300, 'e'));
  ASSERT_TRUE(writer.commit());
  auto file = disk.open("c/0000000001.full", base::Storage::Open::read);
  ASSERT_TRUE(file);
  const auto written = (*file)->read_at(0, 1u << 20);
  ASSERT_TRUE(written);
  if (std::getenv("SAGSGANG_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories("tests/golden/checkpoint");
    std::ofstream(path, std::ios::binary) << *written;
  }
  const auto golden = base::read_file(path, 1u << 20);
  ASSERT_TRUE(golden) << golden.error().text();
  EXPECT_EQ(*golden, *written);
  const auto loaded = load_all(disk);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->position, 1234u);
  EXPECT_EQ(loaded->records, (Records{{{3, 42}, "a definition"}, {{4, -7}, std::string(300, 'e')}}));
}

}  // namespace
}  // namespace engine::checkpoint
