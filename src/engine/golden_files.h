// For tests of golden files: a journal and the checkpoint records of one moment, written by a Driver, and a partition opened from either.
#pragma once
#include <fstream>

#include "engine/testing.h"

namespace engine::testing {

struct GoldenFiles {
  const char *journal, *records;

  void write(Driver& engine) const {
    base::Writer batches, cut;
    for (const std::string& batch : engine.batches()) batches.text(batch);
    engine.partition().begin_checkpoint(true);
    while (engine.partition().checkpoint_slice([&](RecordKind kind, Key key, std::string_view bytes) {
      cut.u8(static_cast<std::uint8_t>(kind));
      cut.zigzag(key);
      cut.text(bytes);
    }, 100)) {}
    std::ofstream(journal, std::ios::binary) << batches.bytes();
    std::ofstream(records, std::ios::binary) << cut.bytes();
  }
  // Loads the records, or replays the journal and calls visit(record) for each of its records.
  void read(bool from_checkpoint, Partition& partition, const std::function<base::Status(const RecordView&)>& visit) const {
    const auto file = base::read_file(from_checkpoint ? records : journal, 1u << 20);
    ASSERT_TRUE(file);
    base::Reader in(*file);
    while (!in.done() && in.ok()) {
      if (from_checkpoint) {
        const auto kind = static_cast<RecordKind>(in.u8());
        const Key key = in.zigzag();
        ASSERT_TRUE(partition.load_record(kind, key, in.text()));
        continue;
      }
      const std::string_view batch = in.text();
      ASSERT_TRUE(for_each_record(batch, visit));
      const auto status = partition.replay(batch);
      ASSERT_TRUE(status) << status.error().text();
    }
    const auto finished = partition.finish_load();
    ASSERT_TRUE(finished) << finished.error().text();
  }
};

// A partition that was opened from files, and a hand on it.
struct Reopened {
  Partition partition{PartitionOptions{}};
  base::Millis now = 1'767'225'600'000;

  base::Result<Answer> call(decltype(Command::body) body) {
    Command command;
    command.authority = "11111111";
    command.body = std::move(body);
    base::Result<Answer> answer;
    Batch batch;
    partition.run(command, {now, 1}, batch, answer);
    while (partition.has_ready()) {
      Batch more;
      partition.step({now, 1}, more, 1'000);
    }
    return answer;
  }
};

}  // namespace engine::testing
