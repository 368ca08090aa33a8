#include "base/storage_sim.h"

#include <gtest/gtest.h>

namespace base {
namespace {

std::unique_ptr<File> create(SimStorage& disk, const std::string& path) {
  auto file = disk.open(path, Storage::Open::create);
  EXPECT_TRUE(file) << file.error().text();
  return std::move(*file);
}
std::string content(SimStorage& disk, const std::string& path) {
  auto file = disk.open(path, Storage::Open::read);
  return file ? *(*file)->read_at(0, 1u << 20) : "(none)";
}

TEST(SimStorage, SyncedBytesAndNamesSurviveEveryCrash) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimStorage disk(seed);
    ASSERT_TRUE(disk.make_folder("d"));
    auto file = create(disk, "d/a");
    ASSERT_TRUE(file->write_at(0, "kept"));
    ASSERT_TRUE(file->sync());
    ASSERT_TRUE(disk.sync_folder("d"));
    disk.restart();
    EXPECT_EQ(content(disk, "d/a"), "kept") << "seed " << seed;
    EXPECT_FALSE(file->sync()) << "a file of an earlier life is dead";
  }
}

TEST(SimStorage, UnsyncedWritesAreLostKeptAndTorn) {
  bool lost = false, kept = false, torn = false, nameless = false;
  const std::string old(2048, 'o'), fresh(2048, 'n');
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SimStorage disk(seed);
    ASSERT_TRUE(disk.make_folder("d"));
    auto file = create(disk, "d/a");
    ASSERT_TRUE(file->write_at(0, old));
    ASSERT_TRUE(file->sync());
    ASSERT_TRUE(disk.sync_folder("d"));
    ASSERT_TRUE(file->write_at(0, fresh));
    create(disk, "d/b");
    disk.restart();
    const std::string now = content(disk, "d/a");
    lost |= now == old;
    kept |= now == fresh;
    torn |= now != old && now != fresh;
    nameless |= !disk.exists("d/b");
  }
  EXPECT_TRUE(lost && kept && torn && nameless);
}

TEST(SimStorage, RenameIsAllOrNothing) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SimStorage disk(seed);
    ASSERT_TRUE(disk.make_folder("d"));
    for (const char* name : {"d/a", "d/a.new"}) {
      auto file = create(disk, name);
      ASSERT_TRUE(file->write_at(0, name));
      ASSERT_TRUE(file->sync());
    }
    ASSERT_TRUE(disk.sync_folder("d"));
    ASSERT_TRUE(disk.rename("d/a.new", "d/a"));
    disk.restart();
    const std::string now = content(disk, "d/a");
    EXPECT_EQ(now, disk.exists("d/a.new") ? "d/a" : "d/a.new");
  }
}

TEST(SimStorage, FailsAtTheNthOperationAndKeepsAFullDiskFull) {
  SimStorage disk(1);
  ASSERT_TRUE(disk.make_folder("d"));
  auto file = create(disk, "d/a");
  disk.set_faults({.fail_at = 2});
  EXPECT_TRUE(file->write_at(0, "x"));
  EXPECT_FALSE(file->sync());
  EXPECT_TRUE(file->sync());
  disk.set_faults({.disk_bytes = 100});
  EXPECT_FALSE(file->write_at(0, std::string(200, 'x')));
  EXPECT_EQ(*file->size(), 100u);
  disk.set_faults({.crash_at = 1});
  EXPECT_FALSE(file->sync());
  EXPECT_TRUE(disk.crashed());
  EXPECT_FALSE(disk.open("d/a", Storage::Open::read));
}

}  // namespace
}  // namespace base
