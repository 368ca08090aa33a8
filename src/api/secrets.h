// Passwords and tokens: argon2id and random bytes from libsodium, which only secrets.cc sees.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace api {

base::Result<std::string> hash_password(std::string_view password);         // argon2id, 64 MiB, its own salt inside
bool password_matches(const std::string& hash, std::string_view password);  // takes as long for a wrong one
const std::string& unused_password_hash();                                  // to spend the same time on unknown users
std::string new_token();                                                    // 256 random bits in hex
std::string fingerprint(std::string_view bytes);                            // BLAKE2b-256 in hex: what is stored of a token or body

}  // namespace api
