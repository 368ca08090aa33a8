#include "store/signing.h"

#include <sodium.h>

#include <cstdlib>

namespace store {
namespace {

const unsigned char* u(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* u(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void ready() {
  if (sodium_init() < 0) std::abort();  // no randomness: nothing may be signed
}

}  // namespace

SigningKey make_signing_key() {
  ready();
  SigningKey out{std::string(crypto_sign_PUBLICKEYBYTES, '\0'), std::string(crypto_sign_SECRETKEYBYTES, '\0')};
  crypto_sign_keypair(u(out.open), u(out.secret));
  return out;
}

std::string signature(const SigningKey& key, std::string_view message) {
  ready();
  std::string out(crypto_sign_BYTES, '\0');
  if (key.secret.size() != crypto_sign_SECRETKEYBYTES) std::abort();  // a key of our own making
  crypto_sign_detached(u(out), nullptr, u(message), message.size(), u(std::string_view(key.secret)));
  return out;
}

bool signed_by(std::string_view open_key, std::string_view message, std::string_view made) {
  ready();
  if (open_key.size() != crypto_sign_PUBLICKEYBYTES || made.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(u(made), u(message), message.size(), u(open_key)) == 0;
}

std::string sha256(std::string_view bytes) {
  ready();
  std::string out(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(u(out), u(bytes), bytes.size());
  return out;
}

}  // namespace store
