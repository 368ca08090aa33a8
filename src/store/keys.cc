// The only file that includes sodium.h.
//
// keys/NNNNNN.pool, format 1 (all little endian):
//   0 "SGKP" · 4 u32 format · 8 u64 first slot · 16 u32 slots · 20 u32 0 · 24 salt[16]
//   40 + 48 × i: key of slot first + i, wrapped with the master key (32 bytes + 16 tag); 48 zeros = destroyed
// forgotten.log: u64 slot, u64 xxh3 of it; a torn last record is an unfinished destroy that nobody was told about.
#include "store/keys.h"

#include <sodium.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <list>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "base/bytes.h"

namespace store {
namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeadBytes = 24 + kSaltBytes;
constexpr std::size_t kWrappedBytes = kKeyBytes + kTagBytes;
constexpr std::uint64_t kPoolSlots = 8192;        // 393 kB a pool: one sync per 8,192 instances
constexpr std::size_t kPoolsInMemory = 64;        // 17 MB of unwrapped keys; older ones are unwrapped again when asked for
constexpr std::uint32_t kFormat = 1;
constexpr std::uint32_t kMagic = 0x504b4753;       // "SGKP"
constexpr unsigned char kSealed = 1;              // first byte of a sealed payload: its format

using Key = std::array<unsigned char, kKeyBytes>;
using Nonce = std::array<unsigned char, kNonceBytes>;
const unsigned char* u(const char* p) { return reinterpret_cast<const unsigned char*>(p); }
unsigned char* u(char* p) { return reinterpret_cast<unsigned char*>(p); }

struct Pool {
  enum : unsigned char { unread, present, destroyed };
  std::string salt;
  std::vector<Key> keys = std::vector<Key>(kPoolSlots);
  std::vector<unsigned char> state = std::vector<unsigned char>(kPoolSlots, unread);
  ~Pool() { sodium_memzero(keys.data(), keys.size() * sizeof(Key)); }
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
};

// Slots count from 1; pool n (from 0) holds n × 8192 + 1 … (n + 1) × 8192.
std::uint64_t pool_of(KeySlot slot) { return (slot - 1) / kPoolSlots; }
std::size_t index_of(KeySlot slot) { return static_cast<std::size_t>((slot - 1) % kPoolSlots); }
std::uint64_t offset_of(KeySlot slot) { return kHeadBytes + index_of(slot) * kWrappedBytes; }

std::string pool_name(std::uint64_t pool) {
  std::string digits = std::to_string(pool + 1);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits + ".pool";
}

Nonce wrap_nonce(std::string_view salt, KeySlot slot) {
  Nonce nonce;
  std::memcpy(nonce.data(), salt.data(), kSaltBytes);
  std::memcpy(nonce.data() + kSaltBytes, &slot, sizeof slot);
  return nonce;
}

std::string forgotten_record(KeySlot slot) {
  base::Writer out;
  out.u64(slot);
  out.u64(XXH3_64bits(&slot, sizeof slot));
  return out.take();
}

class PooledKeys final : public Keys {
 public:
  PooledKeys(base::Storage& storage, std::string folder) : storage_(storage), folder_(std::move(folder)) {
    randombytes_buf(nonce_prefix_, sizeof nonce_prefix_);
  }
  ~PooledKeys() override { sodium_memzero(master_.data(), master_.size()); }

  base::Status start() {
    TRY_VOID(storage_.make_folder(folder_ + "/keys"));
    TRY_VOID(load_master());
    TRY(const auto names, storage_.list(folder_ + "/keys"));
    std::uint64_t pools = 0;
    for (const auto& name : names) {
      if (name.ends_with(".new")) {
        TRY_VOID(storage_.remove(folder_ + "/keys/" + name));  // a pool that was never finished; nothing uses it
      } else if (name.ends_with(".pool")) {
        if (name != pool_name(pools)) return damaged(name, "a pool is missing before this one");
        ++pools;
      }
    }
    reserved_ = pools * kPoolSlots;
    TRY_VOID(load_forgotten());
    return finish_destroys();
  }

  base::Status reserve(KeySlot up_to) override {
    const std::lock_guard one(disk_mutex_);
    while (true) {
      std::uint64_t pool = 0;
      {
        const std::lock_guard lock(mutex_);
        if (up_to <= reserved_) return {};
        pool = reserved_ / kPoolSlots;
      }
      TRY_VOID(make_pool(pool));
    }
  }

  KeySlot reserved() const override {
    const std::lock_guard lock(mutex_);
    return reserved_;
  }

  base::Status seal_to(KeySlot slot, std::string_view plain, std::string_view context, std::string& to) override {
    static_assert(kSealedBytes == 1 + kNonceBytes + kTagBytes);
    Nonce nonce;
    TRY(Key key, key_of(slot, &nonce));
    const std::size_t before = to.size();
    to.resize(before + kSealedBytes + plain.size());
    char* const out = to.data() + before;
    out[0] = static_cast<char>(kSealed);
    std::memcpy(out + 1, nonce.data(), nonce.size());
    crypto_aead_xchacha20poly1305_ietf_encrypt(u(out + 1 + kNonceBytes), nullptr, u(plain.data()), plain.size(), u(context.data()),
                                               context.size(), nullptr, nonce.data(), key.data());
    sodium_memzero(key.data(), key.size());
    return {};
  }

  base::Result<std::string> open(KeySlot slot, std::string_view sealed, std::string_view context) override {
    TRY(Key key, key_of(slot, nullptr));
    if (sealed.size() < 1 + kNonceBytes + kTagBytes || static_cast<unsigned char>(sealed[0]) != kSealed) {
      return base::fail(base::ErrorCode::data_damaged, "a sealed payload is too short or of an unknown format");
    }
    const std::string_view body = sealed.substr(1 + kNonceBytes);
    std::string out(body.size() - kTagBytes, '\0');
    const int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(u(out.data()), nullptr, nullptr, u(body.data()), body.size(),
                                                                  u(context.data()), context.size(), u(sealed.data() + 1), key.data());
    sodium_memzero(key.data(), key.size());
    if (failed != 0) return base::fail(base::ErrorCode::data_damaged, "a sealed payload does not match its key or its place");
    return out;
  }

  base::Status destroy(KeySlot slot) override { return destroy(std::vector<KeySlot>{slot}); }

  base::Status destroy(const std::vector<KeySlot>& slots) override {
    const std::lock_guard one(disk_mutex_);
    std::vector<KeySlot> fresh;
    {
      const std::lock_guard lock(mutex_);
      for (const KeySlot slot : slots) {
        if (slot > reserved_) return base::fail(base::ErrorCode::invalid_argument, "key slot " + std::to_string(slot) + " does not exist");
        if (slot != 0 && !forgotten_.contains(slot)) fresh.push_back(slot);
      }
    }
    std::sort(fresh.begin(), fresh.end());
    fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
    if (fresh.empty()) return {};
    // First the log, then the slots: what a crash leaves between the two is finished at the next start.
    TRY_VOID(note_forgotten(fresh));
    TRY_VOID(wipe(fresh));
    const std::lock_guard lock(mutex_);
    forgotten_.insert(fresh.begin(), fresh.end());
    return {};
  }

  bool destroyed(KeySlot slot) const override {
    const std::lock_guard lock(mutex_);
    return forgotten_.contains(slot);
  }

  base::Status forget_again() override {
    const std::lock_guard one(disk_mutex_);
    TRY_VOID(load_forgotten());
    return finish_destroys();
  }

 private:
  // A crash between the log and the slots: slots named in the log that still hold a key are wiped now.
  base::Status finish_destroys() {
    std::vector<KeySlot> slots, open;
    {
      const std::lock_guard lock(mutex_);
      for (const KeySlot slot : forgotten_) {
        if (slot <= reserved_) slots.push_back(slot);
      }
    }
    std::sort(slots.begin(), slots.end());
    std::unique_ptr<base::File> file;
    std::uint64_t pool = UINT64_MAX;
    for (const KeySlot slot : slots) {
      if (pool_of(slot) != pool) {
        pool = pool_of(slot);
        TRY(file, storage_.open(folder_ + "/keys/" + pool_name(pool), base::Storage::Open::read));
      }
      TRY(const auto wrapped, file->read_at(offset_of(slot), kWrappedBytes));
      if (sodium_is_zero(u(wrapped.data()), wrapped.size()) == 0) open.push_back(slot);
    }
    return wipe(std::move(open));
  }

  static std::unexpected<base::Error> damaged(const std::string& file, std::string what) {
    return base::fail(base::ErrorCode::data_damaged, std::move(what), base::Where{.file = file});
  }

  base::Status load_master() {
    const std::string path = folder_ + "/master.key";
    if (!storage_.exists(path)) {
      const std::string fresh = path + ".new";
      if (storage_.exists(fresh)) TRY_VOID(storage_.remove(fresh));
      randombytes_buf(master_.data(), master_.size());
      TRY(auto file, storage_.open(fresh, base::Storage::Open::create));
      TRY_VOID(file->write_at(0, {reinterpret_cast<const char*>(master_.data()), master_.size()}));
      TRY_VOID(file->sync());
      TRY_VOID(storage_.rename(fresh, path));
      return storage_.sync_folder(folder_);
    }
    TRY(auto file, storage_.open(path, base::Storage::Open::read));
    TRY(auto bytes, file->read_at(0, kKeyBytes + 1));
    if (bytes.size() != kKeyBytes) return damaged(path, "the master key must be 32 bytes");
    std::memcpy(master_.data(), bytes.data(), kKeyBytes);
    sodium_memzero(bytes.data(), bytes.size());
    return {};
  }

  base::Status load_forgotten() {
    const std::string path = folder_ + "/forgotten.log";
    if (!storage_.exists(path)) return {};
    TRY(auto file, storage_.open(path, base::Storage::Open::read));
    TRY(const auto bytes, file->size());
    TRY(const auto text, file->read_at(0, static_cast<std::size_t>(bytes)));
    const std::lock_guard lock(mutex_);
    log_bytes_ = 0;
    std::uint64_t at = 0;
    for (base::Reader in(text); in.rest().size() >= 16; at += 16) {
      const KeySlot slot = in.u64();
      // A torn record is of a destroy that nobody was told about; a whole one behind it was asked for all the same.
      if (in.u64() != XXH3_64bits(&slot, sizeof slot)) continue;
      forgotten_.insert(slot);
      log_bytes_ = at + 16;
    }
    return {};
  }

  base::Status note_forgotten(const std::vector<KeySlot>& slots) {
    const std::string path = folder_ + "/forgotten.log";
    const bool fresh = !storage_.exists(path);
    TRY(auto file, storage_.open(path, fresh ? base::Storage::Open::create : base::Storage::Open::read_write));
    std::string records;
    for (const KeySlot slot : slots) records += forgotten_record(slot);
    TRY_VOID(file->write_at(log_bytes_, records));
    TRY_VOID(file->sync());
    if (fresh) TRY_VOID(storage_.sync_folder(folder_));
    log_bytes_ += records.size();
    return {};
  }

  // Overwrites slots on disk and in memory, one sync per pool touched.
  base::Status wipe(std::vector<KeySlot> slots) {
    std::sort(slots.begin(), slots.end());
    const std::string zeros(kWrappedBytes, '\0');
    for (std::size_t i = 0; i < slots.size();) {
      const std::uint64_t pool = pool_of(slots[i]);
      TRY(auto file, storage_.open(folder_ + "/keys/" + pool_name(pool), base::Storage::Open::read_write));
      for (; i < slots.size() && pool_of(slots[i]) == pool; ++i) {
        TRY_VOID(file->write_at(offset_of(slots[i]), zeros));
        const std::lock_guard lock(mutex_);
        const auto loaded = pools_.find(pool);
        if (loaded == pools_.end()) continue;
        sodium_memzero(loaded->second.pool->keys[index_of(slots[i])].data(), kKeyBytes);
        loaded->second.pool->state[index_of(slots[i])] = Pool::destroyed;
      }
      TRY_VOID(file->sync());
    }
    return {};
  }

  base::Status make_pool(std::uint64_t number) {
    auto pool = std::make_unique<Pool>();
    base::Writer out;
    out.u32(kMagic);
    out.u32(kFormat);
    out.u64(number * kPoolSlots + 1);
    out.u32(static_cast<std::uint32_t>(kPoolSlots));
    out.u32(0);
    pool->salt.resize(kSaltBytes);
    randombytes_buf(pool->salt.data(), kSaltBytes);
    out.append(pool->salt);
    randombytes_buf(pool->keys.data(), pool->keys.size() * sizeof(Key));
    std::string& bytes = out.bytes();
    bytes.resize(kHeadBytes + kPoolSlots * kWrappedBytes);
    for (std::size_t i = 0; i < kPoolSlots; ++i) {
      const Nonce nonce = wrap_nonce(pool->salt, number * kPoolSlots + 1 + i);
      crypto_aead_xchacha20poly1305_ietf_encrypt(u(bytes.data() + kHeadBytes + i * kWrappedBytes), nullptr, pool->keys[i].data(), kKeyBytes,
                                                 nullptr, 0, nullptr, nonce.data(), master_.data());
      pool->state[i] = Pool::present;
    }
    const std::string path = folder_ + "/keys/" + pool_name(number), fresh = path + ".new";
    if (storage_.exists(fresh)) TRY_VOID(storage_.remove(fresh));
    TRY(auto file, storage_.open(fresh, base::Storage::Open::create));
    TRY_VOID(file->write_at(0, bytes));
    TRY_VOID(file->sync());
    TRY_VOID(storage_.rename(fresh, path));
    TRY_VOID(storage_.sync_folder(folder_ + "/keys"));
    const std::lock_guard lock(mutex_);
    if (reserved_ == number * kPoolSlots) {
      reserved_ += kPoolSlots;
      keep(number, std::move(pool), std::move(file));
    }
    return {};
  }

  // The key, copied; gives a nonce for sealing where asked for (random prefix of this process + counter: never repeats).
  base::Result<Key> key_of(KeySlot slot, Nonce* nonce) {
    const std::lock_guard lock(mutex_);
    if (slot == 0 || slot > reserved_) {
      return base::fail(base::ErrorCode::data_damaged, "key slot " + std::to_string(slot) + " does not exist");
    }
    if (forgotten_.contains(slot)) return base::fail(base::ErrorCode::forgotten, "the key of this payload has been destroyed");
    if (nonce != nullptr) {
      std::memcpy(nonce->data(), nonce_prefix_, sizeof nonce_prefix_);
      ++nonce_counter_;
      std::memcpy(nonce->data() + sizeof nonce_prefix_, &nonce_counter_, sizeof nonce_counter_);
    }
    if (last_pool_ != nullptr && last_number_ == pool_of(slot) && last_pool_->state[index_of(slot)] == Pool::present) {
      return last_pool_->keys[index_of(slot)];
    }
    TRY(Loaded* loaded, load(pool_of(slot)));
    Pool& pool = *loaded->pool;
    const std::size_t index = index_of(slot);
    if (pool.state[index] == Pool::unread) TRY_VOID(unwrap(slot, *loaded));
    if (pool.state[index] == Pool::destroyed) return base::fail(base::ErrorCode::forgotten, "the key of this payload has been destroyed");
    return pool.keys[index];
  }

  struct Loaded {
    std::unique_ptr<Pool> pool;
    std::unique_ptr<base::File> file;
    std::list<std::uint64_t>::iterator use;
  };

  Loaded* keep(std::uint64_t number, std::unique_ptr<Pool> pool, std::unique_ptr<base::File> file) {
    if (pools_.size() >= kPoolsInMemory) {
      pools_.erase(uses_.back());
      uses_.pop_back();
    }
    uses_.push_front(number);
    auto& loaded = pools_[number];
    loaded = Loaded{std::move(pool), std::move(file), uses_.begin()};
    last_pool_ = loaded.pool.get();
    last_number_ = number;
    return &loaded;
  }

  base::Result<Loaded*> load(std::uint64_t number) {
    if (const auto found = pools_.find(number); found != pools_.end()) {
      uses_.splice(uses_.begin(), uses_, found->second.use);
      last_pool_ = found->second.pool.get();
      last_number_ = number;
      return &found->second;
    }
    const std::string path = folder_ + "/keys/" + pool_name(number);
    TRY(auto file, storage_.open(path, base::Storage::Open::read));
    const auto head = file->read_at(0, kHeadBytes);
    if (!head) return std::unexpected(head.error());
    base::Writer expected;
    expected.u32(kMagic);
    expected.u32(kFormat);
    expected.u64(number * kPoolSlots + 1);
    expected.u32(static_cast<std::uint32_t>(kPoolSlots));
    if (head->size() != kHeadBytes || !head->starts_with(expected.bytes())) {
      return damaged(path, "not a key pool of format 1, or not this one");
    }
    auto pool = std::make_unique<Pool>();
    pool->salt = head->substr(kHeadBytes - kSaltBytes);
    return keep(number, std::move(pool), std::move(file));
  }

  base::Status unwrap(KeySlot slot, Loaded& loaded) {
    TRY(const auto wrapped, loaded.file->read_at(offset_of(slot), kWrappedBytes));
    if (wrapped.size() != kWrappedBytes) return damaged(pool_name(pool_of(slot)), "the pool is too short");
    const std::size_t index = index_of(slot);
    if (sodium_is_zero(u(wrapped.data()), wrapped.size()) != 0) {
      loaded.pool->state[index] = Pool::destroyed;
      return {};
    }
    const Nonce nonce = wrap_nonce(loaded.pool->salt, slot);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(loaded.pool->keys[index].data(), nullptr, nullptr, u(wrapped.data()), wrapped.size(), nullptr,
                                                   0, nonce.data(), master_.data()) != 0) {
      return damaged(pool_name(pool_of(slot)), "key slot " + std::to_string(slot) + " does not open with the master key");
    }
    loaded.pool->state[index] = Pool::present;
    return {};
  }

  base::Storage& storage_;
  const std::string folder_;
  Key master_{};
  unsigned char nonce_prefix_[16];
  std::uint64_t nonce_counter_ = 0;
  mutable std::mutex mutex_;      // everything below
  std::mutex disk_mutex_;         // one reserve or destroy at a time: files and syncs, outside the lock that seal and open take
  KeySlot reserved_ = 0;
  std::unordered_map<std::uint64_t, Loaded> pools_;
  std::list<std::uint64_t> uses_;  // most recent first
  Pool* last_pool_ = nullptr;      // the pool of the last call: the next is nearly always in it
  std::uint64_t last_number_ = 0;
  std::unordered_set<KeySlot> forgotten_;
  std::uint64_t log_bytes_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Keys>> Keys::open(base::Storage& storage, const std::string& folder) {
  if (sodium_init() < 0) return base::fail(base::ErrorCode::internal, "libsodium does not start");
  auto keys = std::make_unique<PooledKeys>(storage, folder);
  TRY_VOID(keys->start());
  return keys;
}

}  // namespace store
