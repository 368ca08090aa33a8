// A house that serves: every room open, packages imported and deployed, stand-ins, connectors, inbox and server running.
#pragma once
#include <memory>
#include <string>

#include "base/error.h"
#include "base/json.h"

namespace app {

struct ServeOptions {
  std::string data = "data", address = "127.0.0.1", web, bank;
  std::string authority;        // CVR: owns what --bank brings; the first example authority with --local
  int port = 8080;
  bool local = false;
  bool allow_local = false;     // banks that one subscribes to may be in a private network
  std::size_t sample = 0;       // invoices to feed to workflow 43
  std::uint64_t seed = 4711;
  std::string retention;        // how long finished cases are kept where the authority says nothing: ISO 8601, "" = for ever
  std::uint64_t resident_payload_bytes = 0;  // variables beyond this leave memory; 0 = none does
  bool quiet = false;           // no progress lines
};

// What has become of the sample.
struct SampleCounts {
  std::size_t in = 0, automatic = 0, to_people = 0, rejected = 0, done_twice = 0, running = 0;
};

class Serving {
 public:
  static base::Result<std::unique_ptr<Serving>> start(const ServeOptions&);
  virtual ~Serving() = default;  // stops everything in reverse order
  virtual int port() const = 0;
  // Makes the sample where it is missing and puts its files in the inbox.
  virtual base::Status feed_sample() = 0;
  virtual base::Result<SampleCounts> count() = 0;  // of workflow 43, first example authority
  virtual base::Result<std::string> paid_total() = 0;
};

inline constexpr const char* kExampleAuthority = "11111111";  // api::Accounts::demo_users()
inline constexpr const char* kExampleProcess = "betaling-af-laegeerklaeringer";
inline constexpr const char* kExamplePackage = "arbejdsmarked/betaling-af-laegeerklaeringer";

}  // namespace app
