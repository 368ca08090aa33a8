// The generator's vocabulary: concepts with their synonyms ("|" between them, the plainest first). Our own lists; the names of laws are public.
#pragma once
#include <span>
#include <string_view>

namespace bank::generate {

using Concept = std::string_view;  // "lægeerklæring|lægeattest|erklæring fra lægen"; of a verb each synonym is present:imperative:noun

struct Domain {
  std::string_view name, folder, kle;      // kle: the main group
  std::span<const Concept> subjects;       // what a workflow is about: "parkeringskort"
  std::span<const Concept> objects;        // documents and facts its steps handle
  std::span<const Concept> parties, roles; // who is outside, who does the work
  std::span<const std::string_view> laws, systems;
};
std::span<const Domain> domains();

// Kinds of cases: how a title begins, and which story it follows.
enum class Archetype : std::uint8_t { application, complaint, control, follow_up, payment, planning };
struct CaseKind { Concept title; Archetype archetype; };
std::span<const CaseKind> case_kinds();
std::span<const Concept> qualifiers();     // "for enlige", "ved flytning"
std::span<const Concept> generic_objects();
std::span<const Concept> tails();          // "i fagsystemet"; optional ends of a label

// Verbs by what they do.
namespace verb {
inline constexpr Concept
  receive = "modtager:modtag:modtagelse af|tager imod:tag imod:modtagelse af|får:få:modtagelse af",
  record = "registrerer:registrér:registrering af|opretter:opret:oprettelse af|indtaster:indtast:indtastning af|fører:før:indførelse af",
  file = "journaliserer:journalisér:journalisering af|arkiverer:arkivér:arkivering af|gemmer:gem:lagring af|lægger på sagen:læg på sagen:sagføring af",
  inspect = "kontrollerer:kontrollér:kontrol af|tjekker:tjek:tjek af|gennemgår:gennemgå:gennemgang af|efterser:efterse:eftersyn af",
  obtain = "indhenter:indhent:indhentning af|skaffer:skaf:fremskaffelse af|rekvirerer:rekvirér:rekvirering af|beder om:bed om:anmodning om",
  assess = "vurderer:vurdér:vurdering af|bedømmer:bedøm:bedømmelse af|tager stilling til:tag stilling til:stillingtagen til|overvejer:overvej:overvejelse af",
  calculate = "beregner:beregn:beregning af|udregner:udregn:udregning af|opgør:opgør:opgørelse af",
  hear = "partshører om:partshør om:partshøring om|sender i høring om:send i høring om:høring om|hører parten om:hør parten om:høring af parten om",
  decide = "træffer afgørelse om:træf afgørelse om:afgørelse om|afgør:afgør:afgørelse af|beslutter:beslut:beslutning om",
  send = "sender:send:afsendelse af|udsender:udsend:udsendelse af|fremsender:fremsend:fremsendelse af|afleverer:aflevér:aflevering af",
  inform = "orienterer om:orientér om:orientering om|giver besked om:giv besked om:besked om|informerer om:informér om:information om|underretter om:underret om:underretning om",
  invite = "indkalder til:indkald til:indkaldelse til|inviterer til:invitér til:invitation til|booker:book:booking af",
  meet = "holder:hold:afholdelse af|afholder:afhold:afholdelse af|gennemfører:gennemfør:gennemførelse af",
  discuss = "drøfter:drøft:drøftelse af|taler om:tal om:samtale om|gennemgår i fællesskab:gennemgå i fællesskab:fælles gennemgang af",
  plan = "planlægger:planlæg:planlægning af|tilrettelægger:tilrettelæg:tilrettelæggelse af|lægger plan for:læg plan for:plan for",
  order = "bestiller:bestil:bestilling af|rekvirerer:rekvirér:rekvisition af|afgiver ordre på:afgiv ordre på:ordre på",
  pay = "udbetaler:udbetal:udbetaling af|anviser:anvis:anvisning af|overfører:overfør:overførsel af",
  visit = "besigtiger:besigtig:besigtigelse af|syner:syn:syn af|besøger og ser på:besøg og se på:besøg ved",
  write = "udarbejder:udarbejd:udarbejdelse af|skriver:skriv:skrivning af|formulerer:formulér:formulering af|laver udkast til:lav udkast til:udkast til",
  approve = "godkender:godkend:godkendelse af|bekræfter:bekræft:bekræftelse af|skriver under på:skriv under på:underskrift på",
  correct = "retter:ret:rettelse af|korrigerer:korrigér:korrektion af|tilpasser:tilpas:tilpasning af",
  close = "afslutter:afslut:afslutning af|lukker:luk:lukning af|færdiggør:færdiggør:færdiggørelse af",
  forward = "videresender:videresend:videresendelse af|oversender:oversend:oversendelse af|sender videre:send videre:videresendelse af",
  guide = "vejleder om:vejled om:vejledning om|rådgiver om:rådgiv om:rådgivning om|fortæller om:fortæl om:oplysning om",
  match = "sammenholder:sammenhold:sammenholdelse af|afstemmer:afstem:afstemning af|sammenligner:sammenlign:sammenligning af",
  assign = "fordeler:fordel:fordeling af|tildeler:tildel:tildeling af|visiterer:visitér:visitation af",
  follow = "følger op på:følg op på:opfølgning på|evaluerer:evaluér:evaluering af|holder øje med:hold øje med:overvågning af",
  publish = "offentliggør:offentliggør:offentliggørelse af|bekendtgør:bekendtgør:bekendtgørelse af|lægger ud:læg ud:offentliggørelse af",
  look_up = "slår op:slå op:opslag på|søger frem:søg frem:fremsøgning af|finder:find:fremfinding af";
}  // namespace verb

}  // namespace bank::generate
