// Stories: what happens in a case of each kind, with slots that a seed fills from the domain's vocabulary.
#include "bank/generate/story.h"

#include <algorithm>
#include <iterator>

namespace bank::generate {
namespace {

constexpr Concept kMiddle[] = {verb::obtain, verb::assess, verb::inspect, verb::look_up, verb::match, verb::discuss, verb::calculate, verb::record, verb::write,
                               verb::order, verb::visit, verb::plan, verb::approve, verb::correct, verb::follow, verb::file};
constexpr std::string_view kPeriods[] = {"P7D", "P10D", "P14D", "P21D", "P28D", "P1M", "P3M"};

class Teller {
 public:
  Teller(const Domain& domain, std::uint64_t seed) : domain_(domain), random_(seed) {
    for (const Concept& object : domain.objects) objects_.push_back(object);
    for (std::size_t i = objects_.size(); i > 1; --i) std::swap(objects_[i - 1], objects_[random_.below(i)]);
  }

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.below(n)); }
  bool chance(std::uint32_t percent) { return random_.chance(percent); }
  template <class List>
  Concept any(const List& list) { return list[below(std::size(list))]; }
  std::string_view period() { return any(kPeriods); }
  // The domain's objects in a shuffled order: a workflow seldom speaks of the same one twice.
  Concept object() { return objects_[next_++ % objects_.size()]; }
  int worker() { return chance(70) ? 0 : 1 + static_cast<int>(below(domain_.roles.size() - 1)); }
  int party() { return static_cast<int>(domain_.roles.size() + below(domain_.parties.size())); }

  Block step(Concept verb, Concept object, int role, std::string_view type = "bruger", bool law = false) {
    Block out;
    out.label = {verb, {}, object, chance(15) ? any(tails()) : Concept(), {}};
    out.role = role;
    out.type = type;
    out.law = law;
    return out;
  }
  Block middle() {
    const Concept verb = any(kMiddle);
    return step(verb, chance(85) ? object() : any(generic_objects()), worker(), verb == verb::look_up || verb == verb::calculate ? "service" : "bruger");
  }
  std::vector<Block> work(std::size_t least, std::size_t most) {
    std::vector<Block> out;
    for (std::size_t i = least + below(most - least + 1); i > 0; --i) out.push_back(middle());
    return out;
  }
  Block ask(Concept question, Concept object, std::vector<Concept> answers, std::vector<Block> branches) {
    Block out;
    out.kind = Block::Kind::choice;
    out.label.pattern = question;
    out.label.object = object;
    out.answers = std::move(answers);
    out.parts = std::move(branches);
    return out;
  }
  static Block sequence(std::vector<Block> parts) {
    Block out;
    out.kind = Block::Kind::sequence;
    out.parts = std::move(parts);
    return out;
  }
  static Block stop(Concept pattern, Concept object) {
    Block out;
    out.kind = Block::Kind::stop;
    out.label.pattern = pattern;
    out.label.object = object;
    return out;
  }
  Block wait(Concept pattern, Concept object) {
    Block out;
    out.kind = Block::Kind::wait;
    out.label.pattern = pattern;
    out.label.object = object;
    out.after = period();
    return out;
  }
  Block at_once(std::size_t branches) {
    Block out;
    out.kind = Block::Kind::parallel;
    for (std::size_t i = 0; i < branches; ++i) out.parts.push_back(sequence({step(verb::obtain, object(), worker()), step(any(kMiddle), object(), worker())}));
    return out;
  }
  Block pattern_call(int number) {
    static constexpr Concept kNames[] = {"Oplyser sag|Oplysning af sagen", "Hører part|Partshøring", "Træffer afgørelse|Afgørelse", "Meddeler afgørelse|Besked om afgørelsen", "Følger op|Opfølgning", "Afslutter sag|Lukning af sagen"};
    Block out;
    out.kind = Block::Kind::call;
    out.label.pattern = kNames[number];
    out.called = -2 - number;
    return out;
  }

  // What is missing is asked for; without an answer in time the case goes on or ends.
  Block complete(Concept subject) {
    const Concept missing = object();
    Block asked = step(verb::obtain, missing, worker(), "bruger", chance(30));
    Block answer = step(verb::send, missing, party(), "manuel");
    if (chance(50)) answer.type = "bruger", answer.late = {step(verb::record, "manglende svar|at der ikke er svaret", 0), stop("Sagen om {} er henlagt|{} er lukket uden svar", subject)};
    return ask("Er {} fuldt oplyst?|Er der nok oplysninger om {}?|Har vi det hele om {}?", subject, {"Ja", "Nej"}, {sequence({}), sequence({asked, answer})});
  }
  std::vector<Block> refusal(Concept subject) {
    std::vector<Block> out;
    if (chance(40)) out.push_back(pattern_call(1));
    else out.push_back(step(verb::hear, object(), 0, "bruger", true));
    if (chance(60)) out.push_back(step(verb::assess, "partens svar|høringssvar", 0));
    out.push_back(step(verb::decide, "afslag|et nej til ansøgningen", 0, "bruger", true));
    out.push_back(step(verb::send, "afslag med klagevejledning|begrundet afslag", 0, chance(50) ? "send" : "bruger"));
    if (chance(50)) out.push_back(stop("{} er afslået|Afslag på {} er sendt", subject));
    return out;
  }
  const Domain& domain() const { return domain_; }

 private:
  const Domain& domain_;
  Random random_;
  std::vector<Concept> objects_;
  std::size_t next_ = 0;
};

void append(std::vector<Block>& to, std::vector<Block> what) { to.insert(to.end(), std::make_move_iterator(what.begin()), std::make_move_iterator(what.end())); }

std::vector<Block> application(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::record, subject, t.worker(), t.chance(40) ? "service" : "bruger")};
  if (t.chance(50)) out.push_back(t.step(verb::send, "kvittering|bekræftelse på modtagelsen", 0, "send"));
  if (t.chance(75)) out.push_back(t.complete(subject));
  append(out, t.work(2, 5));
  if (t.chance(35)) out.push_back(t.at_once(2));
  out.push_back(t.step(verb::assess, subject, t.worker(), "bruger", true));
  std::vector<Block> yes{t.step(verb::decide, subject, 0, "bruger", true)};
  append(yes, t.work(0, 2));
  yes.push_back(t.step(verb::send, "bevilling|brev om bevilling|tilladelse", 0, "send"));
  out.push_back(t.ask("Er betingelserne for {} opfyldt?|Kan {} imødekommes?|Er der ret til {}?", subject, {"Ja", "Nej"}, {Teller::sequence(yes), Teller::sequence(t.refusal(subject))}));
  append(out, t.work(0, 2));
  out.push_back(t.step(verb::close, "sagen|sag", 0));
  return out;
}

std::vector<Block> complaint(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::record, "klagen|indsigelsen", t.worker()), t.step(verb::inspect, "klagefristen|om der er klaget til tiden", 0, "bruger", true)};
  out.push_back(t.ask("Er klagen over {} rettidig?|Er der klaget over {} i tide?", subject, {"Ja", "Nej"},
    {Teller::sequence({}), Teller::sequence({t.step(verb::decide, "afvisning|at klagen afvises", 0, "bruger", true), Teller::stop("Klagen over {} er afvist", subject)})}));
  append(out, t.work(2, 4));
  out.push_back(t.step(verb::assess, "afgørelsen igen|sagen på ny", t.worker(), "bruger", true));
  std::vector<Block> keep{t.step(verb::write, "udtalelse til klageinstansen|bemærkninger til klagen", 0)};
  append(keep, t.work(0, 1));
  keep.push_back(t.step(verb::forward, "klagen med sagens akter|sagen til klageinstansen", 0, "send"));
  keep.push_back(t.wait("Afgørelse fra klageinstansen om {}|Svar på klagen over {}", subject));
  std::vector<Block> change{t.step(verb::decide, "ny afgørelse|ændret afgørelse", 0, "bruger", true)};
  append(change, t.work(0, 1));
  out.push_back(t.ask("Skal afgørelsen om {} ændres?|Får klageren medhold om {}?", subject, {"Ja", "Nej"}, {Teller::sequence(change), Teller::sequence(keep)}));
  out.push_back(t.step(verb::inform, "resultatet|udfaldet", 0, t.chance(50) ? "send" : "bruger"));
  return out;
}

std::vector<Block> control(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::look_up, subject, t.worker(), "service")};
  append(out, t.work(1, 3));
  if (t.chance(60)) out.push_back(t.step(verb::visit, subject, t.worker(), "manuel"));
  append(out, t.work(1, 2));
  std::vector<Block> fault{t.step(verb::hear, subject, 0, "bruger", true)};
  append(fault, t.work(1, 2));
  fault.push_back(t.step(verb::decide, "påbud|krav om ændring", 0, "bruger", true));
  if (t.chance(60)) fault.push_back(t.wait("Fristen for at rette {} er udløbet|Frist for {} nået", subject));
  fault.push_back(t.step(verb::follow, "påbuddet|kravet", t.worker()));
  out.push_back(t.ask("Er der fejl ved {}?|Er reglerne om {} brudt?|Er der noget galt med {}?", subject, {"Ja", "Nej"},
    {Teller::sequence(fault), Teller::sequence({t.step(verb::record, "at alt er i orden|kontrol uden bemærkninger", 0)})}));
  out.push_back(t.step(verb::write, "rapport|tilsynsnotat", t.worker()));
  return out;
}

std::vector<Block> follow_up(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::inspect, subject, t.worker()), t.step(verb::invite, "samtale|møde", 0, t.chance(40) ? "send" : "bruger", t.chance(40))};
  out.back().mark = 1;
  Block talk = t.step(verb::meet, "opfølgningssamtale|samtale om status", t.worker(), "bruger", t.chance(50));
  if (t.chance(50)) talk.late = {t.step(verb::record, "udeblivelse|at parten ikke mødte", 0), Teller::stop("{} er stoppet efter udeblivelse", subject)};
  out.push_back(talk);
  append(out, t.work(2, 4));
  Block again = Teller::stop({}, {});
  again.retry = 1;
  std::vector<Block> on{t.step(verb::plan, subject, 0)};
  append(on, t.work(0, 1));
  on.push_back(t.wait("Tid til næste opfølgning på {}|Næste samtale om {}", subject));
  if (t.chance(60)) on.push_back(again);
  std::vector<Block> over{t.step(verb::decide, "ophør|at det standser", 0, "bruger", true), t.step(verb::inform, "ophøret|afslutningen", 0, "send")};
  out.push_back(t.ask("Skal {} fortsætte?|Er {} stadig den rigtige hjælp?", subject, {"Ja", "Nej"}, {Teller::sequence(on), Teller::sequence(over)}));
  out.push_back(t.step(verb::close, "forløbet|indsatsen", 0));
  return out;
}

std::vector<Block> payment(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::receive, subject, t.worker())};
  append(out, t.work(1, 3));
  out.push_back(t.step(verb::calculate, "beløb|beløbets størrelse", t.worker(), "service"));
  out.push_back(t.ask("Stemmer beløbet for {}?|Er {} beregnet rigtigt?", subject, {"Ja", "Nej"},
    {Teller::sequence({}), Teller::sequence({t.step(verb::correct, "beregningen|grundlaget", t.worker()), t.step(verb::approve, "rettelsen|ændringen", 0)})}));
  append(out, t.work(1, 3));
  out.push_back(t.step(verb::approve, "betaling|udbetaling", static_cast<int>(t.domain().roles.size()) - 1, "bruger", t.chance(40)));
  out.push_back(t.step(verb::pay, subject, t.worker(), "service"));
  if (t.chance(60)) out.push_back(t.step(verb::match, "bogføring og udbetaling|posteringen", t.worker()));
  out.push_back(t.step(verb::file, "bilag|kvittering for betaling", 0));
  return out;
}

std::vector<Block> planning(Teller& t, Concept subject) {
  std::vector<Block> out{t.step(verb::plan, subject, t.worker())};
  append(out, t.work(2, 4));
  if (t.chance(50)) out.push_back(t.at_once(2 + t.below(2)));
  out.push_back(t.step(verb::write, "udkast|oplæg", t.worker()));
  out.push_back(t.ask("Er oplægget om {} godkendt?|Kan {} sættes i gang?", subject, {"Ja", "Nej"},
    {Teller::sequence({}), Teller::sequence({t.step(verb::correct, "oplægget|udkastet", t.worker()), t.step(verb::discuss, "ændringerne|det rettede oplæg", 0)})}));
  append(out, t.work(1, 2));
  out.push_back(t.step(verb::publish, subject, 0));
  if (t.chance(50)) out.push_back(t.step(verb::follow, subject, t.worker()));
  return out;
}

std::vector<Block> stage_work(Teller& t, int stage, Concept subject) {
  std::vector<Block> out;
  const auto add = [&](Concept verb, Concept object, std::string_view type = "bruger", bool law = false) { out.push_back(t.step(verb, object, t.worker(), type, law)); };
  switch (stage) {
    case 0:
      add(verb::receive, subject);
      append(out, t.work(2, 4));
      out.push_back(t.complete(subject));
      add(verb::assign, "sagen til en medarbejder|sagen");
      break;
    case 1:
      add(verb::inspect, "hvad vi ved i forvejen|kendte oplysninger", "bruger", true);
      out.push_back(t.at_once(2 + t.below(2)));
      append(out, t.work(2, 4));
      out.push_back(t.complete(subject));
      break;
    case 2:
      append(out, t.work(3, 5));
      add(verb::assess, subject, "bruger", true);
      out.push_back(t.ask("Er der tvivl om {}?|Er {} svær at vurdere?", subject, {"Nej", "Ja"}, {Teller::sequence({}), Teller::sequence(t.work(1, 3))}));
      add(verb::write, "indstilling|forslag til afgørelse");
      break;
    case 3:
      add(verb::hear, t.object(), "bruger", true);
      out.push_back(t.wait("Høringsfrist om {} udløbet|Frist for svar om {}", subject));
      append(out, t.work(1, 3));
      add(verb::decide, subject, "bruger", true);
      out.push_back(t.ask("Går afgørelsen om {} parten imod?|Er det et afslag på {}?", subject, {"Ja", "Nej"},
        {Teller::sequence({t.step(verb::write, "begrundelse|begrundelsen", 0, "bruger", true), t.step(verb::guide, "klageadgang|muligheden for at klage", 0, "bruger", true)}), Teller::sequence(t.work(0, 1))}));
      add(verb::send, "afgørelsen|brev med afgørelse", "send");
      break;
    case 4:
      add(verb::order, subject);
      append(out, t.work(2, 4));
      out.push_back(t.ask("Er {} leveret?|Er {} sat i gang?", subject, {"Ja", "Nej"}, {Teller::sequence({}), Teller::sequence({t.step(verb::follow, "leverandøren|leverancen", 0)})}));
      add(verb::inform, "start|hvornår det begynder", "send");
      break;
    default:
      append(out, follow_up(t, subject));
  }
  return out;
}

constexpr Concept kStageNames[] = {"modtager og fordeler|modtagelse og fordeling", "oplyser sagen|oplysning af sagen", "vurderer|faglig vurdering", "hører og afgør|høring og afgørelse", "sætter i gang|iværksættelse", "følger op|opfølgning"};
constexpr Concept kStarts[] = {"Ansøgning om {} modtaget|Der er søgt om {}|{} er søgt", "Klage over {} modtaget|Der er klaget over {}", "Tid til kontrol af {}|Anmeldelse om {} modtaget", "Dato for opfølgning på {} nået|Opfølgning på {} skal ske",
                               "Krav om betaling for {} modtaget|Betaling for {} forfalder", "Behov for {} opstået|{} skal planlægges"};
constexpr Concept kEnds[] = {"Sagen om {} er afsluttet|{} er færdigbehandlet", "Klagen over {} er behandlet|Klagesag om {} slut", "Kontrol af {} er slut|{} er kontrolleret", "Forløbet om {} er afsluttet|Opfølgning på {} er slut", "{} er betalt|Betaling af {} gennemført",
                             "{} er planlagt|Plan for {} klar"};

void fill_roles(Story& story, const Domain& domain) {
  story.domain = &domain;
  story.roles.assign(domain.roles.begin(), domain.roles.end());
  story.roles.insert(story.roles.end(), domain.parties.begin(), domain.parties.end());
}

}  // namespace

std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t out = seed;
  for (const std::uint64_t part : {a, b, c}) out = Random(out * 0x9E3779B97F4A7C15ull + part + 1).next();
  return out;
}

Story make_story(const Theme& theme, int stage, int calls, std::uint64_t seed) {
  Teller t(*theme.domain, seed);
  Story out;
  fill_roles(out, *theme.domain);
  out.kind = theme.kind.title;
  out.subject = theme.subject;
  out.qualifier = theme.qualifier;
  out.archetype = theme.kind.archetype;
  const auto archetype = static_cast<std::size_t>(out.archetype);
  out.start.pattern = stage < 0 ? kStarts[archetype] : Concept("Sagen om {} er klar|{} er klar til næste skridt");
  out.end.pattern = stage < 0 ? kEnds[archetype] : Concept("Delforløb om {} er færdigt|Skridtet i {} er udført");
  out.start.object = out.end.object = theme.subject;
  if (stage >= 0) out.stage = kStageNames[stage];
  std::vector<Block> body;
  if (stage >= 0) {
    body = stage_work(t, stage, theme.subject);
  } else if (calls > 0) {
    for (int i = 0; i < calls; ++i) {
      Block call;
      call.kind = Block::Kind::call;
      call.called = i;
      body.push_back(call);
      if (t.chance(55)) append(body, t.work(1, 2));
      if (t.chance(35)) body.push_back(t.ask("Skal {} undersøges mere?|Er {} uafklaret?", t.object(), {"Ja", "Nej"}, {Teller::sequence(t.work(1, 2)), Teller::sequence({})}));
    }
    body.push_back(t.pattern_call(5));
  } else {
    static constexpr auto kTold = std::to_array({application, complaint, control, follow_up, payment, planning});
    body = kTold[archetype](t, theme.subject);
  }
  out.body = Teller::sequence(std::move(body));
  return out;
}

Story make_pattern(int number, std::uint64_t seed) {
  const Domain& domain = domains()[8];
  static constexpr int kAs[] = {1, 3, 2, 3, 5, 4};
  Teller t(domain, seed);
  Story out;
  fill_roles(out, domain);
  out.kind = t.pattern_call(number).label.pattern;
  out.start.pattern = "Der skal ske noget i {}|{} er klar";
  out.end.pattern = "{} er færdig|Mønsteret for {} er slut";
  out.start.object = out.end.object = "sagen|sag";
  out.body = Teller::sequence(stage_work(t, kAs[number], "sagen|sag"));
  return out;
}

}  // namespace bank::generate
