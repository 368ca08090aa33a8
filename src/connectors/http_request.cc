// http:request – one call to a system of a kind that the municipality has bound (systems.yaml). Whatever talks to one municipality's
// system is configuration over this connector: only address and secret differ between a stand-in and the real system.
#include "base/text.h"
#include "connectors/connectors.h"

namespace connectors {
namespace {

using base::Json;

std::string percent(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const unsigned char u = static_cast<unsigned char>(c);
    const bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || u == '-' || u == '_' || u == '~' || u == '.';
    if (plain) out.push_back(c);
    else out.append({'%', kHex[u >> 4], kHex[u & 15]});
  }
  // "." and ".." are steps of a path, not values (RFC 3986 section 3.3).
  return out == "." || out == ".." ? (out == "." ? "%2E" : "%2E%2E") : out;
}

std::string plain(const Json& v) { return v.is_string() ? v.as_string() : v.is_number() ? v.number_text() : v.is_null() ? "" : v.dump(); }

// "/ordrer/{nr}" with {nr: "A/1"} → "/ordrer/A%2F1". Errors: a name that has no value.
base::Result<std::string> path_of(const Json& in) {
  std::string out;
  std::string_view rest = in["sti"].as_string();
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    out.append(rest.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos) return base::fail(base::ErrorCode::invalid_argument, "sti has '{' without '}'", {.pointer = "/sti"});
    const std::string name(rest.substr(open + 1, close - open - 1));
    const std::string value = plain(in["stivaerdier"][name]);
    if (value.empty())
      return base::fail(base::ErrorCode::invalid_argument, "stivaerdier has no '" + name + "'", {.pointer = "/stivaerdier"},
          "a value for every {name} of sti");
    out += percent(value);
    rest.remove_prefix(close + 1);
  }
  char separator = '?';
  if (in["foresp"].is_object())
    for (const auto& [name, value] : in["foresp"].as_object()) {
      out += separator + percent(name) + "=" + percent(plain(value));
      separator = '&';
    }
  return out;
}

class Request final : public Connector {
 public:
  std::string_view type() const override { return "http:request"; }
  std::string_view title_da() const override { return "Kald et system"; }
  Json input_schema() const override {
    return object_schema({{"system", "string"}, {"metode", "string"}, {"sti", "string"}, {"stivaerdier", "object"}, {"foresp", "object"}, {"krop", ""}}, {"system", "sti"});
  }
  Json output_schema() const override { return object_schema({{"status", "integer"}, {"svar", ""}, {"standin", "boolean"}}, {"status", "svar"}); }
  std::vector<std::pair<std::string, std::string>> errors() const override {
    return {{"IKKE_FUNDET", "Systemet svarer 404: det findes ikke"},
            {"AFVIST", "Systemet svarer 4xx: forespørgslen er afvist"},
            {"SVARER_IKKE", "Systemet svarer ikke, eller svarer med en fejl, heller ikke ved sidste forsøg"}};
  }

  Outcome run(const Job& job) const override {
    auto path = path_of(job.input);
    if (!path) return Outcome::error("AFVIST", path.error().text());
    const std::string kind = job.input["system"].as_string();
    auto binding = job.systems->binding(job.authority, kind);
    if (!binding) return again(job, "system kind '" + kind + "' is not bound: " + binding.error().message);
    HttpRequest request{job.input["metode"].string_or("GET"), binding->url + *path, {}, {{"Accept", "application/json"}}};
    // The receiver can tell a repeated call from a new one.
    request.headers.emplace_back("Idempotency-Key", job.idempotency_key);
    if (!job.input["krop"].is_null()) {
      request.body = job.input["krop"].dump();
      request.headers.emplace_back("Content-Type", "application/json");
    }
    if (!binding->secret.empty()) {
      auto secret = job.systems->secret(job.authority, binding->secret);
      if (!secret) return again(job, "secret '" + binding->secret + "' is missing");
      request.headers.emplace_back("Authorization", "Bearer " + *secret);
    }
    auto answer = (job.http != nullptr ? *job.http : curl_http()).send(request);
    if (!answer) return again(job, kind + ": " + answer.error().message);
    return read(job, kind, *answer, binding->stand_in);
  }

 private:
  // The last try becomes an error that a boundary event can catch, so that a person is asked instead of nobody.
  static Outcome again(const Job& job, const std::string& why) {
    return job.retries <= 1 ? Outcome::error("SVARER_IKKE", why) : Outcome::retry(why, back_off(job, 2'000));
  }

  static Outcome read(const Job& job, const std::string& kind, const HttpResponse& answer, bool stand_in) {
    const std::string status = kind + " answered " + std::to_string(answer.status);
    if (answer.status == 404) return Outcome::error("IKKE_FUNDET", status);
    if (answer.status >= 500 || answer.status == 429 || answer.status == 408) return again(job, status);
    if (answer.status < 200 || answer.status >= 300) return Outcome::error("AFVIST", status);
    Json body;
    if (!answer.body.empty()) {
      auto parsed = base::parse_json(answer.body, kind, base::limits::kConnectorAnswerBytes);
      if (!parsed) return again(job, status + ", but not with JSON");
      body = std::move(*parsed);
    }
    Json out = Json::object();
    out.set("status", answer.status);
    out.set("svar", std::move(body));
    out.set("standin", stand_in);
    return Outcome::done(std::move(out));
  }
};

}  // namespace

const Connector& http_request() {
  static const Request one;
  return one;
}

}  // namespace connectors
