// GET from an address that a person typed: the guard against server-side request forgery stands at the socket, so no name and no
// redirect leads to a network of our own.
#pragma once
#include <string>

#include "base/clock.h"
#include "base/error.h"

struct sockaddr;

namespace connectors {

struct WebFetch {
  std::string url;                    // http or https
  std::size_t max_bytes = 1u << 20;
  base::Millis timeout_ms = 10'000;   // of the whole answer
  bool private_network = false;       // loopback, private and link-local addresses may be asked
};
// The body of a 200. Redirects are not followed, proxies not used. Errors: forbidden (an address of a private network), limit_exceeded,
// connector_failed (no answer, another status).
base::Result<std::string> fetch(const WebFetch&);

// An address of the open internet: not loopback, private, link-local, shared, multicast, documentation or reserved (RFC 6890),
// nor an IPv6 address that carries one of those.
bool public_address(const sockaddr*);

}  // namespace connectors
