// A BPMN file: read, check under every profile, write and read again; what compiles is deployed and run for a while, and the
// journal it wrote is replayed.
#include "bpmn/check.h"
#include "bpmn/tree_difference.h"
#include "engine/driver.h"
#include "engine/program/program.h"
#include "fuzz/target.h"

namespace {

constexpr std::uint64_t kEngineSteps = 2'000;  // of one instance: a model that loops is cut off

std::vector<std::string> words() {
  std::vector<std::string> words = fuzz::feel_words();
  for (const char* word :
       {"definitions", "process", "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "task", "serviceTask", "userTask", "scriptTask", "sendTask", "receiveTask",
        "manualTask", "businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway",
        "sequenceFlow", "conditionExpression", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "loopCardinality", "completionCondition", "loopCondition", "timerEventDefinition", "timeDate",
        "timeDuration", "timeCycle", "messageEventDefinition", "signalEventDefinition", "errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition", "condition",
        "compensateEventDefinition", "cancelEventDefinition", "terminateEventDefinition", "linkEventDefinition", "message", "signal", "error", "escalation", "dataObject", "dataObjectReference",
        "dataInputAssociation", "dataOutputAssociation", "ioSpecification", "laneSet", "lane", "collaboration", "participant", "messageFlow", "incoming", "outgoing", "extensionElements", "zeebe:taskDefinition",
        "zeebe:ioMapping", "zeebe:input", "zeebe:output", "zeebe:subscription", "zeebe:calledElement", "zeebe:calledDecision", "zeebe:script", "zeebe:formDefinition", "zeebe:assignmentDefinition"}) {
    words.push_back("<" + std::string(word) + ">");
    words.push_back("</" + std::string(word) + ">");
  }
  for (const char* word : {"id=\"", "sourceRef=\"", "targetRef=\"", "attachedToRef=\"", "cancelActivity=\"false\"", "isInterrupting=\"false\"", "triggeredByEvent=\"true\"", "isSequential=\"true\"", "default=\"",
                           "messageRef=\"", "signalRef=\"", "errorRef=\"", "instantiate=\"true\"", "parallelMultiple=\"true\"", "isForCompensation=\"true\"", "isExecutable=\"true\"", "type=\"", "PT1S", "R3/PT1S"})
    words.emplace_back(word);
  return words;
}

void run(std::string_view data, const std::vector<std::string>& processes) {
  engine::Driver driver;
  const auto deployed = driver.call(engine::Deploy{{{"fuzzed.bpmn", std::string(data)}}, true, false});
  if (!deployed) {
    CHECK(!deployed.error().message.empty(), "a refusal says nothing");
    return;
  }
  for (const std::string& id : processes) {
    engine::CreateInstance create;
    create.process_id = id;
    (void)driver.only(std::move(create));
    driver.settle(kEngineSteps);
  }
  if (!driver.partition().has_ready()) driver.advance(1'000);
  const auto replayed = driver.replayed();
  CHECK(replayed.has_value(), "the journal does not replay: %s", replayed.error().text().c_str());
  CHECK(*replayed == driver.partition().dump(), "replay gives another state");
}

}  // namespace

FUZZ_TARGET(bpmn_xml, words) {
  const auto model = bpmn::read(data, "fuzzed.bpmn");
  if (!model) {
    CHECK(!model.error().message.empty(), "an error says nothing");
    return;
  }
  for (const bpmn::Profile profile : {bpmn::Profile::strict, bpmn::Profile::deploy, bpmn::Profile::lenient})
    for (const bpmn::Finding& finding : bpmn::check(**model, profile))
      CHECK(!finding.code.empty() && !finding.message.empty() && !finding.message_da.empty(), "a finding says nothing: %s", finding.code.c_str());
  const auto again = bpmn::read(bpmn::write(**model), "written.bpmn");
  CHECK(again.has_value(), "what was written does not read: %s", again.error().text().c_str());
  const std::string difference = bpmn::tree_difference((*model)->document, (*again)->document);
  CHECK(difference.empty(), "written and read again it differs: %s", difference.c_str());
  std::vector<std::string> processes;
  for (const bpmn::Process& process : (*model)->processes) processes.push_back(process.id);
  if (processes.size() <= 4) run(data, processes);
}
