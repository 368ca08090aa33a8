#include "engine/journal/journal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/storage_sim.h"
#include "engine/journal/archive.h"
#include "engine/journal/segment.h"

namespace engine::journal {
namespace {

using base::SimStorage;

JournalOptions options(SimStorage& disk, std::uint64_t segment_bytes = 4096) { return {.storage = &disk, .folder = "j", .segment_bytes = segment_bytes}; }

// The batch that starts at a position always has the same bytes, so that a reader can be checked without a list.
std::string batch_at(std::uint64_t position) {
  std::string text = "batch " + std::to_string(position) + " ";
  return text + std::string(position * 37 % 700, static_cast<char>('a' + position % 26));
}
std::uint32_t count_at(std::uint64_t position) { return static_cast<std::uint32_t>(1 + position % 3); }

// Reads everything; fails the test on a gap, a wrong byte or half a batch. Returns the last position.
std::uint64_t check(SimStorage& disk, std::uint64_t after = 0) {
  std::uint64_t next = 1;
  const auto done = read(disk, "j", after, [&](std::uint64_t last, std::string_view batch) -> base::Status {
    if (after != 0 && next == 1) next = last + 1 - count_at(last);
    std::uint64_t first = last;
    while (first > 1 && batch != batch_at(first)) --first;
    EXPECT_EQ(batch, batch_at(first));
    EXPECT_EQ(last, first + count_at(first) - 1);
    EXPECT_TRUE(after != 0 || first == next) << first << " after " << next;
    next = last + 1;
    return {};
  });
  EXPECT_TRUE(done) << done.error().text();
  return next - 1;
}

// Appends until it fails or `rounds` are done; archives now and then. Returns the last acknowledged position.
std::uint64_t workload(Journal& journal, int rounds) {
  std::uint64_t acknowledged = journal.last_position();
  for (int i = 0; i < rounds; ++i) {
    const std::uint64_t position = acknowledged + 1;
    if (!journal.append(position, count_at(position), batch_at(position))) break;
    acknowledged = position + count_at(position) - 1;
    if (i % 20 == 19 && !journal.archive(acknowledged)) break;
  }
  return acknowledged;
}

TEST(Journal, AppendsRollsArchivesAndReadsAgain) {
  SimStorage disk(1);
  std::uint64_t last = 0;
  for (int life = 0; life < 3; ++life) {
    auto journal = Journal::open(options(disk));
    ASSERT_TRUE(journal) << journal.error().text();
    EXPECT_EQ((*journal)->last_position(), last);
    last = workload(**journal, 50);
    EXPECT_EQ(check(disk), last);
    EXPECT_FALSE((*journal)->append(last + 2, 1, "a gap"));
  }
  const auto files = segments(disk, "j");
  ASSERT_TRUE(files);
  EXPECT_GT(std::count_if(files->begin(), files->end(), [](const auto& f) { return f.archived; }), 3);
  EXPECT_EQ(check(disk, last - 5), last);
}

TEST(Journal, SurvivesACrashAtEveryWrite) {
  std::uint64_t crash = 1, crashed = 1;
  for (; crashed != 0; ++crash) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      SimStorage disk(seed * 7919 + crash);
      disk.set_faults({.crash_at = crash});
      std::uint64_t acknowledged = 0;
      {
        auto journal = Journal::open(options(disk, 2048));
        if (journal) acknowledged = workload(**journal, 45);
      }
      crashed = disk.crashed() ? 1 : 0;
      disk.restart();
      auto journal = Journal::open(options(disk, 2048));
      ASSERT_TRUE(journal) << "crash at " << crash << " seed " << seed << ": " << journal.error().text();
      const std::uint64_t recovered = (*journal)->last_position();
      ASSERT_GE(recovered, acknowledged) << "crash at " << crash << " seed " << seed;
      ASSERT_EQ(check(disk), recovered);
      // And a second crash at once after recovery changes nothing that recovery reported.
      disk.restart();
      journal = Journal::open(options(disk, 2048));
      ASSERT_TRUE(journal) << journal.error().text();
      ASSERT_EQ((*journal)->last_position(), recovered);
      const std::uint64_t more = workload(**journal, 5);
      ASSERT_GT(more, recovered);
      ASSERT_EQ(check(disk), more);
    }
  }
  EXPECT_GT(crash, 100u);
}

TEST(Journal, SurvivesAFailureOfEveryOperation) {
  for (const bool keep_failing : {false, true}) {
    bool clean = false;
    for (std::uint64_t fail = 1; !clean; ++fail) {
      SimStorage disk(fail);
      disk.set_faults({.fail_at = fail, .keep_failing = keep_failing});
      std::uint64_t acknowledged = 0;
      {
        auto journal = Journal::open(options(disk, 2048));
        if (journal) {
          acknowledged = workload(**journal, 45);
          clean = disk.operations() < fail;
          if (!clean && acknowledged < 60) {
            // Stopped for good: also the next append fails, even if the disk is well again.
            disk.set_faults({});
            const bool stopped = !(*journal)->append(acknowledged + 1, 1, "x");
            const bool archive_failed = !stopped;  // the archive may fail without harm to appending
            EXPECT_TRUE(stopped || archive_failed);
            if (!stopped) continue;
          }
        }
      }
      disk.set_faults({});
      auto journal = Journal::open(options(disk, 2048));
      ASSERT_TRUE(journal) << "failure at " << fail << ": " << journal.error().text();
      const std::uint64_t recovered = (*journal)->last_position();
      ASSERT_GE(recovered, acknowledged);
      // What recovery shows is on the disk, also after a failed sync that the page cache hid.
      disk.restart();
      ASSERT_EQ(check(disk), recovered) << "failure at " << fail;
    }
  }
}

TEST(Journal, FullDiskStopsItAndLosesNothing) {
  SimStorage disk(3);
  auto journal = Journal::open(options(disk, 2048));
  ASSERT_TRUE(journal);
  disk.set_faults({.disk_bytes = 10'000});
  const std::uint64_t acknowledged = workload(**journal, 100);
  EXPECT_GT(acknowledged, 5u);
  disk.set_faults({});
  EXPECT_FALSE((*journal)->append(acknowledged + 1, 1, "x"));
  journal = Journal::open(options(disk, 2048));
  ASSERT_TRUE(journal);
  EXPECT_GE((*journal)->last_position(), acknowledged);
}

std::string damage(SimStorage& disk, const std::string& path, std::uint64_t offset) {
  auto file = disk.open(path, base::Storage::Open::read_write);
  EXPECT_TRUE(file);
  const std::string byte = *(*file)->read_at(offset, 1);
  EXPECT_TRUE((*file)->write_at(offset, std::string(1, static_cast<char>(byte[0] ^ 1))));
  EXPECT_TRUE((*file)->sync());
  return byte;
}

TEST(Journal, DamageOfSyncedRecordsIsSaidAndNotCutOff) {
  SimStorage disk(1);
  {
    auto journal = Journal::open(options(disk, 1u << 20));
    ASSERT_TRUE(journal);
    workload(**journal, 10);
  }
  damage(disk, "j/0000000001-00000000000000000001.seg", kHeadBytes + kFrameHeadBytes + 2);
  const auto journal = Journal::open(options(disk, 1u << 20));
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, base::ErrorCode::data_damaged);
  EXPECT_NE(journal.error().text().find("offset 64"), std::string::npos) << journal.error().text();
}

TEST(Journal, AStaleFrameBehindANewTailIsNotRead) {
  SimStorage disk(1);
  std::string bytes = encode_head({1, 1, 0});
  append_frame(bytes, 1, {.offset = 64, .first_position = 1, .durable = 64, .count = 1, .payload = "one"});
  const std::uint64_t torn = bytes.size();
  // Second frame torn, third whole: neither was acknowledged (their durable mark says 120).
  append_frame(bytes, 1, {.offset = torn, .first_position = 2, .durable = torn, .count = 1, .payload = "two"});
  bytes[torn + kFrameHeadBytes] ^= 1;
  const std::uint64_t third = bytes.size();
  append_frame(bytes, 1, {.offset = third, .first_position = 3, .durable = torn, .count = 1, .payload = "three"});
  ASSERT_TRUE(disk.make_folder("j"));
  auto file = disk.open("j/0000000001-00000000000000000001.seg", base::Storage::Open::create);
  ASSERT_TRUE((*file)->write_at(0, bytes));
  auto journal = Journal::open(options(disk));
  ASSERT_TRUE(journal) << journal.error().text();
  EXPECT_EQ((*journal)->last_position(), 1u);
  ASSERT_TRUE((*journal)->append(2, 1, "new"));  // exactly as long as "two"
  std::string seen;
  ASSERT_TRUE(read(disk, "j", 0, [&](std::uint64_t, std::string_view b) -> base::Status { seen += std::string(b) + ";"; return {}; }));
  EXPECT_EQ(seen, "one;new;");
}

TEST(Journal, AnotherFormatIsRefusedAndAMissingSegmentIsNamed) {
  std::string head = encode_head({1, 1, 0});
  EXPECT_TRUE(decode_head(head));
  head[8] ^= 1;
  EXPECT_FALSE(decode_head(head));
  EXPECT_FALSE(decode_head("short"));
  SimStorage disk(1);
  {
    auto journal = Journal::open(options(disk, 1024));
    workload(**journal, 15);
  }
  const auto files = segments(disk, "j");
  ASSERT_GT(files->size(), 3u);
  ASSERT_TRUE(disk.remove("j/" + (*files)[1].name));
  EXPECT_EQ(segments(disk, "j").error().code, base::ErrorCode::data_damaged);
}

TEST(Journal, ArchivesAreCheckedWhenUnpacked) {
  const auto packed = pack_archive(std::string(100'000, 'x'));
  ASSERT_TRUE(packed);
  EXPECT_LT(packed->size(), 1000u);
  EXPECT_EQ(*unpack_archive(*packed, "f"), std::string(100'000, 'x'));
  std::string bad = *packed;
  bad[bad.size() - 1] ^= 1;
  EXPECT_EQ(unpack_archive(bad, "f").error().code, base::ErrorCode::data_damaged);
  EXPECT_FALSE(unpack_archive("no zstd", "f"));
}

}  // namespace
}  // namespace engine::journal
