// Signatures of what leaves the house (Ed25519, libsodium), and digests (SHA-256).
#pragma once
#include <string>
#include <string_view>

namespace store {

struct SigningKey { std::string open, secret; };  // raw bytes: 32 that everybody may know, 64 that nobody may

SigningKey make_signing_key();
std::string signature(const SigningKey&, std::string_view message);  // 64 bytes
// False for keys and signatures of the wrong length too.
bool signed_by(std::string_view open_key, std::string_view message, std::string_view signature);
std::string sha256(std::string_view);  // 32 bytes

}  // namespace store
