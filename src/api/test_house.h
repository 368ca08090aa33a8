// All rooms behind a server on a free port, in a folder of its own, with two authorities.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "api/call.h"
#include "api/server.h"
#include "api/test_client.h"
#include "bank/zip.h"
#include "store/files.h"

namespace api_test {

inline constexpr const char* kA = "11111111";
inline constexpr const char* kB = "22222222";

// Start → a person decides (with reason, findings and actions) → a service → end; a choice that may fail.
inline constexpr const char* kProcess = R"(<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="sag" name="Sag" isExecutable="true">
    <bpmn:startEvent id="start" name="Ny sag"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="vurder" name="Vurder sagen">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:ioMapping>
        <zeebe:input source="=&quot;Lægen har krævet &quot; + string(krav) + &quot; kr.&quot;" target="begrundelse" />
        <zeebe:input source="=[{kode: &quot;OVER_TAKST&quot;, tekst: &quot;over taksten&quot;}]" target="fund" />
        <zeebe:input source="=[{value: &quot;godkend&quot;, label: &quot;Godkend&quot;, needsReason: false}, {value: &quot;afvis&quot;, label: &quot;Afvis&quot;, needsReason: true}]" target="handlinger" />
      </zeebe:ioMapping></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:serviceTask id="betal" name="Betal"><bpmn:extensionElements><zeebe:taskDefinition type="betaling" retries="3" /></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:endEvent id="slut" name="Slut"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="vurder" />
    <bpmn:sequenceFlow id="f2" sourceRef="vurder" targetRef="betal" />
    <bpmn:sequenceFlow id="f3" sourceRef="betal" targetRef="slut" />
  </bpmn:process>
</bpmn:definitions>
)";

inline constexpr const char* kDecisions = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="takster" name="Takster" namespace="t">
  <inputData id="krav_in" name="krav"><variable name="krav" typeRef="number" /></inputData>
  <decision id="takst" name="Takst"><variable name="Takst" typeRef="number" />
    <informationRequirement id="r"><requiredInput href="#krav_in" /></informationRequirement>
    <literalExpression id="e"><text>krav * 2</text></literalExpression>
  </decision>
</definitions>
)";

inline constexpr const char* kManifest = R"(format: 1
titel: En prøvesag
resume: Bruges i prøver.
domaene: Prøver
kle: "15"
art: lokal
ejerrolle: Leder
version: 1.0.0
jura: [{titel: Lov om prøver, henvisning: "§ 1", verificeret: "2026-01-02", status: eksempel}]
afgoerelse: ingen
automatik: {grad: delvis, beskrivelse: x}
hjemmel: eksempel
bevaring: {kode: K, slettefrist: P5Y}
systemer: []
roller: [Sagsbehandler]
gevinst: {minutter_foer: 10, grundlag: paastand}
proces: sag
)";

struct Reply { int status = 0; std::string head, text; base::Json body; };

// Somebody's connection: signed in with a cookie, or not at all.
class Client {
 public:
  Client(std::uint16_t port, std::string host) : port_(port), host_(std::move(host)) {}
  Reply call(const std::string& method, const std::string& path, const std::string& body = {}, const api::Fields& more = {}) {
    std::string bytes = method + " " + path + " HTTP/1.1\r\nHost: " + host_ + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    bool typed = false;
    for (const auto& [name, value] : more) {
      bytes += name + ": " + value + "\r\n";
      typed = typed || name == "Content-Type";
    }
    if (!typed) bytes += "Content-Type: application/json\r\n";
    if (!cookie.empty()) bytes += "Cookie: sagsgang=" + cookie + "\r\n";
    if (!origin.empty()) bytes += "Origin: " + origin + "\r\n";
    if (!bearer.empty()) bytes += "Authorization: Bearer " + bearer + "\r\n";
    Socket socket(port_);
    socket.send(bytes + "\r\n" + body);
    auto answer = socket.read_answer(method == "HEAD");
    Reply out{answer.status, std::move(answer.head), std::move(answer.body), {}};
    if (auto json = base::parse_json(out.text)) out.body = std::move(*json);
    return out;
  }
  Reply post(const std::string& path, const base::Json& body, const api::Fields& more = {}) { return call("POST", path, body.dump(), more); }
  Reply put(const std::string& path, const base::Json& body) { return call("PUT", path, body.dump()); }
  Reply get(const std::string& path) { return call("GET", path); }
  Reply sign_in(const std::string& user, const std::string& password) {
    Reply reply = post("/api/session", base::Json::Object{{"user", user}, {"password", password}});
    const auto at = reply.head.find("Set-Cookie: sagsgang=");
    if (at != std::string::npos) cookie = reply.head.substr(at + 21, 64);
    return reply;
  }
  std::string cookie, origin, bearer;

 private:
  std::uint16_t port_;
  std::string host_;
};

class House : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "sagsgang-api-" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const auto must = [](auto result) {
      EXPECT_TRUE(result.has_value()) << (result ? std::string() : result.error().text());
      return std::move(*result);
    };
    engine_ = must(engine::Engine::open({.folder = folder_, .sync = false}));
    database_ = must(store::Database::open(folder_ + "/sagsgang.db", {.synchronous_full = false, .readers = 4}));
    files_ = must(store::Files::open(storage_, engine_->keys(), folder_ + "/files"));
    cases_ = must(casework::Cases::open(*database_, engine_->keys(), *files_, clock_));
    ledger_ = must(casework::Ledger::open(folder_, clock_));
    bank_ = must(bank::Bank::open(*database_, folder_ + "/index", clock_));
    api::Rooms rooms{.engine = *engine_, .database = *database_, .bank = *bank_, .cases = *cases_, .ledger = *ledger_, .clock = clock_};
    server_ = must(api::Server::start({.port = 0, .local = true}, rooms));
    auto& accounts = server_->accounts();
    for (const char* cvr : {kA, kB}) {
      ASSERT_TRUE(accounts.put_authority(cvr, std::string("Kommune ") + cvr).has_value());
      ASSERT_TRUE(accounts.add_user(cvr, std::string("alle") + cvr, "Alle Roller", "hemmelig1", api::known_roles()).has_value());
    }
  }
  void TearDown() override {
    if (server_) server_->stop();
    server_.reset();
    bank_.reset();
    ledger_.reset();
    cases_.reset();
    files_.reset();
    engine_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  Client stranger() {
    Client out(server_->port(), "127.0.0.1:" + std::to_string(server_->port()));
    out.origin = "http://127.0.0.1:" + std::to_string(server_->port());
    return out;
  }
  // Somebody with every role at the authority.
  Client signed_in(const std::string& authority) {
    Client out = stranger();
    EXPECT_EQ(out.sign_in("alle" + authority, "hemmelig1").status, 200);
    return out;
  }
  static std::string multipart(const std::map<std::string, std::string>& files) {
    std::string out;
    for (const auto& [name, content] : files) out += "--graense\r\nContent-Disposition: form-data; name=\"resources\"; filename=\"" + name + "\"\r\n\r\n" + content + "\r\n";
    return out + "--graense--\r\n";
  }
  Reply deploy(Client& client, const api::Fields& more = {}) {
    api::Fields headers = more;
    headers.emplace_back("Content-Type", "multipart/form-data; boundary=graense");
    return client.call("POST", "/v2/deployments", multipart({{"proces.bpmn", kProcess}, {"beslutninger.dmn", kDecisions}}), headers);
  }
  std::string start(Client& client, int claim = 512) {
    auto reply = client.post("/v2/process-instances", base::Json::Object{{"processDefinitionId", "sag"}, {"variables", base::Json::Object{{"krav", claim}}}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    return reply.body["processInstanceKey"].string_or("");
  }
  base::Json first(Client& client, const std::string& kind, const base::Json& filter = base::Json::object()) {
    auto reply = client.post("/v2/" + kind + "/search", base::Json::Object{{"filter", filter}});
    EXPECT_EQ(reply.status, 200) << kind << ": " << reply.text;
    return reply.body["items"].size() > 0 ? reply.body["items"].as_array()[0] : base::Json();
  }
  static std::string package(const std::map<std::string, std::string>& more = {}) {
    std::map<std::string, std::string> files = {{"arbejdsgang.yaml", kManifest}, {"proces.bpmn", kProcess}, {"scenarier/a.yaml", "titel: x\nnaar: []\nsaa: {antal_instanser: 0}\n"}};
    for (const auto& [name, content] : more) files[name] = content;
    return bank::zip(files).value_or("");
  }

  std::string folder_;
  base::SystemStorage storage_;
  base::SystemClock clock_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Files> files_;
  std::unique_ptr<casework::Cases> cases_;
  std::unique_ptr<casework::Ledger> ledger_;
  std::unique_ptr<bank::Bank> bank_;
  std::unique_ptr<api::Server> server_;
};

}  // namespace api_test
