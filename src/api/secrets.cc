#include "api/secrets.h"

#include <sodium.h>

#include <semaphore>

#include "base/random.h"
#include "base/text.h"

namespace api {
namespace {

// Each takes 64 MiB and a tenth of a second: two at a time, so that a storm of sign-ins neither swaps nor starves the engine.
std::counting_semaphore<2> g_at_work(2);

struct Turn {
  Turn() { g_at_work.acquire(); }
  ~Turn() { g_at_work.release(); }
};
bool ready() {
  static const bool kReady = sodium_init() >= 0;
  return kReady;
}

}  // namespace

base::Result<std::string> hash_password(std::string_view password) {
  if (!ready()) return base::fail(base::ErrorCode::internal, "libsodium does not start");
  const Turn turn;
  char out[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(out, password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return base::fail(base::ErrorCode::internal, "no memory for argon2id");
  return std::string(out);
}

bool password_matches(const std::string& hash, std::string_view password) {
  if (!ready() || hash.size() >= crypto_pwhash_STRBYTES) return false;
  const Turn turn;
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& unused_password_hash() {
  static const std::string kHash = hash_password(new_token()).value_or("");
  return kHash;
}

std::string new_token() {
  unsigned char bytes[32];
  base::fill_random(bytes);
  return base::hex(std::string_view(reinterpret_cast<const char*>(bytes), sizeof bytes));
}

std::string fingerprint(std::string_view text) {
  unsigned char out[crypto_generichash_BYTES];
  crypto_generichash(out, sizeof out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return base::hex(std::string_view(reinterpret_cast<const char*>(out), sizeof out));
}

}  // namespace api
