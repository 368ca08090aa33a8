// Records: u32 bytes · u32 0 · u64 xxh3 · JSON text.
#include "engine/backup/effects.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"
#include "engine/runtime/runtime.h"

namespace engine {
namespace {

constexpr std::size_t kHeadBytes = 16;
constexpr std::uint32_t kRecordBytes = 1u << 20;  // an effect is a few hundred bytes; more is damage

struct Scan { std::vector<Effect> effects; std::uint64_t bytes = 0, rest = 0; };

base::Result<Scan> scan(base::Storage& storage, const std::string& path) {
  Scan out;
  if (!storage.exists(path)) return out;
  TRY(const auto text, read_whole(storage, path));
  while (out.bytes + kHeadBytes <= text.size()) {
    base::Reader in(std::string_view(text).substr(out.bytes));
    const std::uint32_t bytes = in.u32();
    in.u32();
    const std::uint64_t sum = in.u64();
    if (bytes == 0 || bytes > kRecordBytes || bytes > in.rest().size()) break;
    const std::string_view body = in.bytes(bytes);
    if (XXH3_64bits(body.data(), body.size()) != sum) break;
    TRY(const auto json, base::parse_json(body, path));
    out.effects.push_back(effect_from(json));
    out.bytes += kHeadBytes + bytes;
  }
  out.rest = text.size() - out.bytes;
  return out;
}

}  // namespace

base::Json to_json(const Effect& effect) {
  base::Json json = base::Json::object();
  json.set("authority", effect.authority).set("kind", effect.kind);
  json.set("idempotencyKey", effect.idempotency_key).set("text", effect.text);
  json.set("instance", std::to_string(effect.instance)).set("position", static_cast<std::int64_t>(effect.position));
  json.set("at", effect.at_ms).set("timeline", effect.timeline);
  return json;
}

Effect effect_from(const base::Json& json) {
  Effect effect;
  effect.authority = json["authority"].string_or({});
  effect.kind = json["kind"].string_or({});
  effect.idempotency_key = json["idempotencyKey"].string_or({});
  effect.text = json["text"].string_or({});
  effect.instance = std::strtoll(json["instance"].string_or("0").c_str(), nullptr, 10);
  effect.position = static_cast<std::uint64_t>(json["position"].int_or(0));
  effect.at_ms = json["at"].int_or(0);
  effect.timeline = static_cast<int>(json["timeline"].int_or(0));
  return effect;
}

base::Result<std::unique_ptr<Effects>> Effects::open(base::Storage& storage, const std::string& data_folder) {
  TRY_VOID(storage.make_folder(data_folder));
  std::unique_ptr<Effects> effects(new Effects(storage, data_folder + "/effects.log"));
  TRY(const auto timeline, load_timeline(storage, data_folder));
  effects->timeline_ = timeline.number;
  TRY(const auto found, scan(storage, effects->path_));
  effects->bytes_ = found.bytes;
  effects->count_ = found.effects.size();
  const bool fresh = !storage.exists(effects->path_);
  TRY(effects->file_, storage.open(effects->path_, fresh ? base::Storage::Open::create : base::Storage::Open::read_write));
  if (found.rest > 0) TRY_VOID(effects->file_->truncate(found.bytes));  // its caller was never told that it was noted
  TRY_VOID(effects->file_->sync());
  if (fresh) TRY_VOID(storage.sync_folder(data_folder));
  return effects;
}

base::Status Effects::append(const Effect& effect) {
  const std::lock_guard lock(mutex_);
  if (!failed_) return failed_;
  Effect noted = effect;
  noted.timeline = timeline_;
  const std::string body = to_json(noted).dump();
  base::Writer out;
  out.u32(static_cast<std::uint32_t>(body.size()));
  out.u32(0);
  out.u64(XXH3_64bits(body.data(), body.size()));
  out.append(body);
  failed_ = file_->write_at(bytes_, out.bytes());
  if (failed_) failed_ = file_->sync();  // a failed sync is never tried again: open anew
  if (!failed_) return failed_;
  bytes_ += out.size();
  ++count_;
  return {};
}

base::Result<std::vector<Effect>> Effects::all() const {
  const std::lock_guard lock(mutex_);
  TRY(auto found, scan(storage_, path_));
  return std::move(found.effects);
}

base::Result<std::vector<Effect>> Effects::after(std::uint64_t position) const {
  TRY(auto effects, all());
  std::erase_if(effects, [&](const Effect& effect) { return effect.timeline != timeline_ || effect.position <= position; });
  return effects;
}

std::uint64_t Effects::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace engine
