// Sign-in, status, live events, health and metrics.
#include "api/call.h"
#include "base/text.h"

namespace api {
namespace {

using base::ErrorCode;
using base::Json;

Json session_json(const Person& person) {
  Json roles = Json::array();
  for (const auto& role : person.roles) roles.push(role);
  return Json::Object{{"user", person.user}, {"name", person.name}, {"roles", std::move(roles)}, {"authority", person.authority}, {"authorityName", person.authority_name}};
}

std::string cookie(const Call& call, const std::string& value, bool keep) {
  std::string out = "sagsgang=" + value + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + (keep ? "43200" : "0");
  if (!call.services.options.local) out += "; Secure";
  return out;
}

void sign_in(const CallPtr& call) {
  // Local users, the demo ones above all, open nothing outside --local; machines use tokens.
  if (!call->services.options.local)
    return call->fail({ErrorCode::forbidden, "local users sign in to a --local server only", {}, "use a bearer token made by sagsgang user token"});
  auto signed_in = call->services.accounts->sign_in(call->body["user"].as_string(), call->body["password"].as_string());
  if (!signed_in) return call->fail(signed_in.error());
  Response response = Response::json(session_json(signed_in->person).dump());
  response.headers.emplace_back("Set-Cookie", cookie(*call, signed_in->token, true));
  call->send(std::move(response));
}

void sign_out(const CallPtr& call) {
  for (const auto part : base::split(call->request.header("cookie"), ';')) {
    const auto pair = base::trim(part);
    if (!pair.starts_with("sagsgang=")) continue;
    if (auto ok = call->services.accounts->sign_out(std::string(pair.substr(9))); !ok) return call->fail(ok.error());
  }
  Response response = Response::empty();
  response.headers.emplace_back("Set-Cookie", cookie(*call, "", false));
  call->send(std::move(response));
}

void status(const CallPtr& call) {
  const auto& services = call->services;
  Json out = Json::object();
  out.set("version", SAGSGANG_VERSION);
  out.set("local", services.options.local);
  std::string name;
  if (services.options.local) {
    Json users = Json::array();
    for (const auto& demo : Accounts::demo_users())
      users.push(Json::Object{{"user", demo.user}, {"role", demo.role}, {"name", demo.user}, {"password", demo.user},
          {"authority", demo.authority}, {"authorityName", demo.authority_name}});
    out.set("demoUsers", std::move(users));
    name = Accounts::demo_users().front().authority_name;
  }
  out.set("authorityName", name);
  out.set("standIns", services.rooms.stand_ins);
  call->json(out);
}

void events(const CallPtr& call) {
  auto stream = call->reply->stream();
  if (!stream) return;
  // The note is the read side's: {kind, key, processInstanceKey, state}, without variables.
  auto& read = call->read();
  const int id = read.subscribe(call->authority(), [stream](const Json& note) { stream->send(note["kind"].string_or("note"), note.dump()); });
  stream->on_close([&read, id] { read.unsubscribe(id); });
}

void metrics(const CallPtr& call) {
  const auto m = call->services.rooms.engine.metrics();
  const auto h = call->services.http->counters();
  std::string out;
  const auto line = [&](const char* name, const char* type, const char* help, std::uint64_t value) {
    out += std::string("# HELP sagsgang_") + name + " " + help + "\n# TYPE sagsgang_" + name + " " + type + "\nsagsgang_" + name + " " + std::to_string(value) + "\n";
  };
  line("journal_position", "counter", "Last position in the journal", m.position);
  line("projected_position", "counter", "Position the projection has reached", m.projected);
  line("commands_total", "counter", "Commands decided", m.commands);
  line("events_total", "counter", "Events applied", m.events);
  line("journal_syncs_total", "counter", "Syncs of the journal", m.syncs);
  line("journal_bytes_total", "counter", "Bytes appended to the journal", m.journal_bytes);
  line("instances_active", "gauge", "Process instances that have not ended", m.instances_active);
  line("jobs_waiting", "gauge", "Jobs without a worker", m.jobs_waiting);
  line("incidents", "gauge", "Open incidents", m.incidents);
  line("timers", "gauge", "Running timers", m.timers);
  line("payload_bytes", "gauge", "Variables of running instances in memory", m.payload_bytes);
  line("payloads_evicted_total", "counter", "Variables that left memory", m.payloads_evicted);
  line("payload_faults_total", "counter", "Variables that were needed before they were asked for", m.payload_faults);
  line("http_requests_total", "counter", "Requests that reached a handler", h.requests);
  line("http_refused_total", "counter", "Requests refused as malformed or too large", h.refused);
  line("http_connections", "gauge", "Open connections", h.connections);
  Response response{200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, std::move(out)};
  call->send(std::move(response));
}

// Ready: the projection is not so far behind that searches would time out.
void readyz(const CallPtr& call) {
  constexpr std::uint64_t kLagEvents = 200'000;
  const auto m = call->services.rooms.engine.metrics();
  if (m.failed) return call->send(Response::text("the engine has stopped; the server's log says why, a new start recovers\n", 503));
  const bool ready = m.position - std::min(m.position, m.projected) < kLagEvents;
  call->send(Response::text(ready ? "ready\n" : "the projection is behind\n", ready ? 200 : 503));
}

}  // namespace

void add_session(Handlers& handlers) {
  handlers["signIn"] = {sign_in};
  handlers["currentSession"] = {[](const CallPtr& call) { call->json(session_json(call->person)); }, On::connection};
  handlers["signOut"] = {sign_out};
  handlers["status"] = {status, On::connection};
  handlers["openapi"] = {[](const CallPtr& call) { call->send(Response::json(std::string(Contract::instance().text()))); }, On::connection};
  handlers["events"] = {events};
  handlers["metrics"] = {metrics};
  handlers["healthz"] = {[](const CallPtr& call) { call->send(Response::text("ok\n")); }, On::connection};
  handlers["readyz"] = {readyz};
}

}  // namespace api
