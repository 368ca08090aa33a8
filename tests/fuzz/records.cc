// What lies on the disk, damaged: batches of the journal, records of a checkpoint, packed values, whole files of both. Checksums keep most damage
// away; what gets past them must be said, never crash. First byte: which of them the rest is.
#include "base/packed.h"
#include "base/storage_sim.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/journal/journal.h"
#include "engine/partition.h"
#include "fuzz/target.h"

namespace {

std::vector<std::string> words() { return {"SGC1", "SGJ1", "journal", "checkpoint"}; }

void batch(std::string_view bytes) {
  (void)engine::for_each_record(bytes, [](const engine::RecordView& record) {
    return engine::visit_event(record, nullptr, [&](const auto& event) -> base::Status {
      base::Writer once, twice;
      CHECK(engine::encode(event, once, nullptr).has_value(), "a decoded event does not encode");
      engine::RecordView again = record;
      again.version = engine::newest_version(record.type);
      again.body = once.bytes();
      const auto read = engine::decode<std::decay_t<decltype(event)>>(again, nullptr);
      CHECK(read.has_value(), "an encoded event does not decode: %s", read.error().text().c_str());
      CHECK(engine::encode(*read, twice, nullptr).has_value() && once.bytes() == twice.bytes(), "an event changes when it is written again");
      return {};
    });
  });
}

void packed(std::string_view bytes) {
  const auto value = base::unpack(bytes);
  CHECK(value.has_value() == base::Packed::check(bytes).has_value(), "check and unpack differ");
  if (value) CHECK(base::unpack(base::pack(*value)).has_value(), "a value does not survive packing");
}

void put(base::SimStorage& storage, const std::string& folder, const std::string& name, std::string_view bytes) {
  CHECK(storage.make_folder(folder).has_value(), "no folder");
  auto file = storage.open(folder + "/" + name, base::Storage::Open::create);
  CHECK(file.has_value() && (*file)->write_at(0, bytes).has_value() && (*file)->sync().has_value(), "cannot write the file");
}

void segment(std::string_view bytes) {
  base::SimStorage storage(1);
  put(storage, "j", "0000000001-00000000000000000001.seg", bytes);
  (void)engine::journal::read(storage, "j", 0, [](std::uint64_t, std::string_view) -> base::Status { return {}; });
  engine::journal::JournalOptions options;
  options.storage = &storage;
  options.folder = "j";
  options.segment_bytes = 4'096;
  (void)engine::journal::Journal::open(std::move(options));
}

void checkpoint_file(std::string_view bytes) {
  base::SimStorage storage(1);
  put(storage, "c", "0000000001.full", bytes);
  (void)engine::checkpoint::load(storage, "c", [](std::uint8_t, std::int64_t, std::string_view) -> base::Status { return {}; });
}

void record(std::string_view bytes) {
  if (bytes.size() < 2) return;
  engine::Partition partition({});
  (void)partition.load_record(static_cast<engine::RecordKind>(bytes[0]), static_cast<unsigned char>(bytes[1]) + 1, bytes.substr(2));
}

}  // namespace

FUZZ_TARGET(records, words) {
  if (data.empty()) return;
  const std::string_view rest = data.substr(1);
  switch (data[0] % 5) {
    case 0: return batch(rest);
    case 1: return packed(rest);
    case 2: return segment(rest);
    case 3: return checkpoint_file(rest);
    default: return record(rest);
  }
}
