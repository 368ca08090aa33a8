#include "bank/generate/words.h"

#include <iterator>

namespace bank::generate {
namespace {

using C = Concept;
using S = std::string_view;

constexpr C kWorkSubjects[] = {"fleksjob|job på særlige vilkår", "løntilskud|ansættelse med tilskud", "virksomhedspraktik|praktikplads", "revalidering|omskoling", "ressourceforløb",
  "mentorstøtte|støtte af mentor", "sygedagpenge|dagpenge ved sygdom", "jobplan|Min Plan", "rådighed|rådighedspligt", "uddannelsespålæg|pålæg om uddannelse", "voksenlærling|lærling over 25 år",
  "hjælpemiddel på arbejdspladsen|arbejdsredskab", "befordring til tilbud|transport til aktivering", "seniorpension|pension til nedslidte"};
constexpr C kWorkObjects[] = {"lægeerklæring|lægeattest|erklæring fra lægen", "mulighedserklæring", "cv|levnedsbeskrivelse", "fraværsdage|sygedage", "arbejdsprøvning|afprøvning af arbejdsevnen",
  "skånehensyn|særlige hensyn", "kompetencer|kvalifikationer", "joblog|jobsøgning", "opfølgningssamtale|jobsamtale", "refusion|godtgørelse", "rehabiliteringsplan|plan for rehabilitering",
  "ansættelsesaftale|ansættelseskontrakt", "beskrivelse af stillingen|stillingsopslag", "tilbud om aktivering|aktiveringstilbud"};
constexpr C kWorkParties[] = {"Borger|Ledig|Ansøger", "Arbejdsgiver|Virksomhed", "Læge|Egen læge", "A-kasse"};
constexpr C kWorkRoles[] = {"Sagsbehandler|Jobkonsulent|Jobrådgiver", "Virksomhedskonsulent|Konsulent", "Ydelseskontor|Ydelsescenter", "Teamleder|Afdelingsleder"};
constexpr S kWorkLaws[] = {"Lov om en aktiv beskæftigelsesindsats", "Sygedagpengeloven", "Forvaltningsloven"};
constexpr S kWorkSystems[] = {"beskaeftigelse", "sag", "ydelse", "digital-post"};

constexpr C kSocialSubjects[] = {"hjemmehjælp|praktisk hjælp", "plejebolig|plads på plejehjem", "ledsagelse|ledsageordning", "merudgifter|ekstra udgifter", "aflastning|aflastningsophold", "handicapbil|bil på grund af handicap",
  "boligindretning|ændring af boligen", "kørestol|el-kørestol", "genoptræning|træning efter udskrivning", "socialpædagogisk støtte|bostøtte", "madservice|mad til hjemmet", "personligt tillæg|tillæg til pension",
  "misbrugsbehandling|behandling for afhængighed", "værgemål|værge", "høreapparat", "nødkald|tryghedsalarm"};
constexpr C kSocialObjects[] = {"funktionsevne|funktionsniveau", "helbredsoplysninger|oplysninger om helbredet", "udredning efter VUM|voksenudredning", "handleplan|indsatsplan", "hjemmebesøg|besøg i hjemmet",
  "ergoterapeutens notat|notat fra ergoterapeuten", "boligens mål|opmåling af boligen", "pårørendes ønsker|ønsker fra familien", "indkomst og formue|økonomiske forhold", "medicinliste|liste over medicin",
  "genoptræningsplan|plan for træningen", "leverandøraftale|aftale med leverandøren", "kvalitetsstandard|serviceniveau", "bevillingsbrev|brev om bevilling"};
constexpr C kSocialParties[] = {"Borger|Ansøger", "Pårørende|Familie", "Sygehus|Hospital", "Leverandør|Firma"};
constexpr C kSocialRoles[] = {"Visitator|Myndighedsrådgiver", "Ergoterapeut|Terapeut", "Sygeplejerske|Hjemmesygeplejerske", "Faglig leder|Områdeleder"};
constexpr S kSocialLaws[] = {"Serviceloven", "Sundhedsloven", "Retssikkerhedsloven"};
constexpr S kSocialSystems[] = {"omsorg", "sag", "hjaelpemiddel", "digital-post"};

constexpr C kChildSubjects[] = {"dagtilbud|daginstitution|vuggestue", "søskenderabat|nedslag for søskende", "økonomisk fripladstilskud|friplads", "skolestart|indskrivning i skole", "specialundervisning|undervisning med særlig støtte",
  "skolekørsel|transport til skole", "anbringelse uden for hjemmet|anbringelse", "plejefamilie|familiepleje", "underretning om et barn|bekymring for et barn", "PPR-vurdering|pædagogisk psykologisk vurdering",
  "fritidshjem|skolefritidsordning", "talepædagog|logopæd", "kontaktperson|støttekontaktperson", "hjemmeundervisning", "sprogstimulering|sprogstøtte"};
constexpr C kChildObjects[] = {"barnets perspektiv|børnesamtale", "børnefaglig undersøgelse|undersøgelse af barnets forhold", "pædagogens udtalelse|udtalelse fra institutionen", "skolens notat|status fra skolen",
  "forældremyndighed|forældrenes status", "netværksmøde|møde med netværket", "barnets plan|plan for barnet", "indstilling til børneudvalget|sag til børne- og ungeudvalget", "venteliste|ventelisteplads",
  "husstandsindkomst|familiens indkomst", "sprogvurdering|vurdering af sproget", "fraværsliste|liste over fravær", "samværsplan|aftale om samvær"};
constexpr C kChildParties[] = {"Forælder|Forældremyndighedsindehaver", "Barn eller ung|Den unge", "Skole|Institution", "Sundhedsplejerske"};
constexpr C kChildRoles[] = {"Familierådgiver|Børnerådgiver", "Pladsanviser|Medarbejder i pladsanvisningen", "Psykolog|PPR-psykolog", "Leder af familieafdelingen|Afsnitsleder"};
constexpr S kChildLaws[] = {"Barnets lov", "Dagtilbudsloven", "Folkeskoleloven"};
constexpr S kChildSystems[] = {"dagtilbud", "sag", "digital-post", "cpr"};

constexpr C kCitizenSubjects[] = {"pas", "kørekort", "flytning|adresseændring", "vielse|borgerlig vielse", "navneændring|nyt navn", "sundhedskort|gult sundhedskort", "lægevalg|valg af læge", "beboerindskudslån|lån til indskud",
  "boligstøtte", "enkeltydelse|hjælp til en enkelt udgift", "begravelseshjælp", "folkepension|alderspension", "MitID|digital identitet", "fritagelse for digital post|post på papir", "bopælsattest|attest om bopæl", "valgkort"};
constexpr C kCitizenObjects[] = {"legitimation|billed-id", "fotografi|pasfoto", "gebyr|betaling for sagen", "tidligere adresse|gammel bopæl", "lejekontrakt|lejeaftale", "dåbsattest|fødselsattest", "fuldmagt|samtykke til en anden",
  "årsopgørelse|skatteoplysninger", "erklæring om samliv|samlivserklæring", "logivers oplysninger|erklæring fra logivert", "udrejsedato|dato for udrejse", "vidner|to vidner", "prøvelsesattest"};
constexpr C kCitizenParties[] = {"Borger|Ansøger", "Logivert|Udlejer", "Politi", "Udbetaling Danmark"};
constexpr C kCitizenRoles[] = {"Borgerservicemedarbejder|Medarbejder i borgerservice", "Folkeregisterfører|Folkeregistret", "Pensionsmedarbejder|Ydelsesmedarbejder", "Leder af borgerservice|Borgerservicechef"};
constexpr S kCitizenLaws[] = {"CPR-loven", "Forvaltningsloven", "Aktivloven"};
constexpr S kCitizenSystems[] = {"folkeregister", "cpr", "pas", "sag"};

constexpr C kTechSubjects[] = {"byggetilladelse|tilladelse til byggeri", "nedrivning|nedbrydning", "landzonetilladelse|byggeri i landzone", "spildevand|udledning af spildevand", "affaldsordning|indsamling af affald",
  "gravetilladelse|opgravning i vej", "vejbelysning|gadelys", "parkeringstilladelse|parkeringslicens", "rottebekæmpelse|rotter", "jordforurening|forurenet jord", "husdyrbrug|landbrug med dyr", "vandindvinding|boring efter vand",
  "beskyttet natur|naturbeskyttelse", "lokalplan|plan for området", "vintervedligehold|snerydning", "støj fra virksomhed|virksomhedsstøj"};
constexpr C kTechObjects[] = {"situationsplan|plan over grunden", "brandstrategi|plan for brandsikring", "nabohøring|høring af naboer", "statiske beregninger|statik", "jordprøver|prøver af jorden", "målinger af støj|støjmåling",
  "ejendomsdata|oplysninger fra BBR", "dispensation|undtagelse fra reglerne", "vilkår i tilladelsen|betingelser for tilladelsen", "miljøvurdering|vurdering af miljøet", "tinglyste servitutter|servitutter",
  "afspærringsplan|plan for skiltning", "tilsynsrapport|rapport fra tilsynet", "ledningsoplysninger|kort over ledninger"};
constexpr C kTechParties[] = {"Ansøger|Bygherre|Ejer", "Nabo|Berørt nabo", "Entreprenør|Udførende firma", "Beredskab|Brandvæsen"};
constexpr C kTechRoles[] = {"Byggesagsbehandler|Sagsbehandler i byg", "Miljømedarbejder|Miljøsagsbehandler", "Vejingeniør|Vejmedarbejder", "Afdelingschef|Teknisk chef"};
constexpr S kTechLaws[] = {"Byggeloven", "Miljøbeskyttelsesloven", "Planloven"};
constexpr S kTechSystems[] = {"miljoe", "ejendomsregister", "kort", "sag"};

constexpr C kCultureSubjects[] = {"foreningstilskud|støtte til foreninger", "lokaleleje|udlån af lokaler", "idrætshal|haltider", "biblioteksgebyr", "kulturstøtte|tilskud til kultur", "arrangement på offentlig plads|udendørs arrangement",
  "kolonihave|haveforening", "musikskole|undervisning i musik", "svømmehal", "aftenskole|folkeoplysning", "frivilligpulje|støtte til frivillige", "lejrskole|udlån af lejr"};
constexpr C kCultureObjects[] = {"foreningens regnskab|årsregnskab", "medlemstal|antal medlemmer", "vedtægter|foreningens love", "børneattest", "program for arrangementet|afvikling af arrangementet", "sæsonønsker|ønsker til tider",
  "nøglebrik|adgangskort", "budget for aktiviteten|økonomi i projektet", "tilladelse fra politiet|politiets tilladelse", "erklæring om forsikring|forsikringsbevis", "lokaleplan|fordeling af lokaler"};
constexpr C kCultureParties[] = {"Forening|Klub", "Arrangør|Ansøger", "Skole", "Oplysningsforbund|Aftenskolen"};
constexpr C kCultureRoles[] = {"Kulturkonsulent|Fritidskonsulent", "Halinspektør|Teknisk servicemedarbejder", "Bibliotekar|Biblioteksmedarbejder", "Fritidschef|Kulturchef"};
constexpr S kCultureLaws[] = {"Folkeoplysningsloven", "Biblioteksloven", "Forvaltningsloven"};
constexpr S kCultureSystems[] = {"formular", "sag", "oekonomi", "kalender"};

constexpr C kMoneySubjects[] = {"leverandørfaktura|regning fra leverandør", "kreditnota", "budgetomplacering|flytning af budget", "momsrefusion|moms", "rykker|betalingspåmindelse", "henstand|udsættelse af betaling", "ejendomsskat|grundskyld",
  "lån til betaling af ejendomsskat|indefrysning", "anlægsregnskab|regnskab for anlæg", "tilskud til privat|privat tilskud", "indkøbsaftale|rammeaftale", "kassebeholdning|kontantkasse", "årsafslutning|årsregnskab for kommunen"};
constexpr C kMoneyObjects[] = {"kontering|kontostreng", "ordrenummer|rekvisition", "bilag|dokumentation for udgiften", "restance|skyldigt beløb", "posteringer|bogførte beløb", "betalingsfrist|forfaldsdato", "bevilget beløb|bevilling",
  "prognose|forventet regnskab", "kontoudtog|bankudtog", "afdragsordning|aftale om afdrag", "ledelsestilsyn|tilsyn fra ledelsen", "EAN-nummer|elektronisk adresse"};
constexpr C kMoneyParties[] = {"Leverandør|Kreditor", "Debitor|Skyldner", "Bank|Pengeinstitut", "Revisor|Revisionen"};
constexpr C kMoneyRoles[] = {"Økonomimedarbejder|Regnskabsmedarbejder|Bogholder", "Budgetansvarlig|Budgetholder", "Opkrævningsmedarbejder|Medarbejder i opkrævning", "Økonomichef|Regnskabschef"};
constexpr S kMoneyLaws[] = {"Kommunestyrelsesloven", "Bogføringsloven", "Gældsinddrivelsesloven"};
constexpr S kMoneySystems[] = {"oekonomi", "debitor", "betaling", "regneark"};

constexpr C kStaffSubjects[] = {"ansættelse|rekruttering", "opsigelse|afskedigelse", "barsel|orlov ved fødsel", "sygefravær|sygdom hos medarbejder", "lønforhandling|lokal lønaftale", "arbejdsskade|ulykke på arbejdet", "seniorordning|seniorsamtale",
  "kompetenceudvikling|efteruddannelse", "tjenestefri|orlov uden løn", "jubilæum|jubilæumsgratiale", "kørselsgodtgørelse|kilometerpenge", "MUS|medarbejderudviklingssamtale", "ferieplanlægning|ferie", "whistleblowerhenvendelse"};
constexpr C kStaffObjects[] = {"stillingsopslag|jobannonce", "straffeattest", "lønindplacering|løntrin", "ansættelsesbrev|kontrakt", "referencer", "fraværsstatistik|fraværstal", "referat af samtalen|samtalereferat", "anciennitet|ansættelsestid",
  "udtalelse fra den faglige organisation|fagforeningens svar", "arbejdspladsvurdering|APV", "feriesaldo|restferie", "indkaldelse til sygefraværssamtale|brev om sygesamtale", "bisidder"};
constexpr C kStaffParties[] = {"Medarbejder|Ansat", "Ansøger|Kandidat", "Faglig organisation|Fagforening", "Arbejdstilsyn"};
constexpr C kStaffRoles[] = {"Personalekonsulent|HR-konsulent", "Nærmeste leder|Leder", "Lønmedarbejder|Lønkontor", "Tillidsrepræsentant|TR"};
constexpr S kStaffLaws[] = {"Funktionærloven", "Barselsloven", "Ferieloven"};
constexpr S kStaffSystems[] = {"loen", "personalesag", "rekruttering", "organisation"};

constexpr C kOfficeSubjects[] = {"aktindsigt|indsigt i sagens akter", "sikkerhedsbrud|databrud", "brugeradgang|adgang til systemer", "indkommende post|postfordeling", "indsigtsanmodning|den registreredes indsigt", "byrådsdagsorden|dagsorden til byrådet",
  "it-indkøb|køb af udstyr", "fejlmelding|driftsforstyrrelse", "databehandleraftale|aftale om databehandling", "hjemmesidetekst|indhold på hjemmesiden", "telefonhenvendelse|opkald fra borger", "kassation|sletning af gamle sager", "udbud|indkøb efter udbud"};
constexpr C kOfficeObjects[] = {"aktliste|liste over dokumenter", "fortrolige oplysninger|følsomme oplysninger", "risikovurdering|vurdering af risikoen", "underretning til Datatilsynet|anmeldelse til Datatilsynet", "logfiler|systemlog",
  "brugerroller|rettigheder", "sagsfremstilling|beskrivelse af sagen", "referat fra mødet|mødereferat", "serienummer|udstyrets nummer", "kravspecifikation|krav til leverancen", "offentlighedsafvejning|meroffentlighed", "slettefrist|dato for sletning"};
constexpr C kOfficeParties[] = {"Borger|Henvender", "Journalist", "Leverandør|Databehandler", "Tilsynsmyndighed|Datatilsynet"};
constexpr C kOfficeRoles[] = {"Sekretær|Administrativ medarbejder", "Jurist|Juridisk konsulent", "It-medarbejder|It-supporter", "Sekretariatschef|Direktionssekretær"};
constexpr S kOfficeLaws[] = {"Offentlighedsloven", "Databeskyttelsesloven", "Forvaltningsloven"};
constexpr S kOfficeSystems[] = {"sag", "brugerstyring", "it-support", "post"};

constexpr Domain kDomains[] = {
  {"Arbejdsmarked", "arbejdsmarked", "15", kWorkSubjects, kWorkObjects, kWorkParties, kWorkRoles, kWorkLaws, kWorkSystems},
  {"Social og sundhed", "social-og-sundhed", "27", kSocialSubjects, kSocialObjects, kSocialParties, kSocialRoles, kSocialLaws, kSocialSystems},
  {"Børn og unge", "boern-og-unge", "17", kChildSubjects, kChildObjects, kChildParties, kChildRoles, kChildLaws, kChildSystems},
  {"Borgerservice", "borgerservice", "23", kCitizenSubjects, kCitizenObjects, kCitizenParties, kCitizenRoles, kCitizenLaws, kCitizenSystems},
  {"Teknik og miljø", "teknik-og-miljoe", "02", kTechSubjects, kTechObjects, kTechParties, kTechRoles, kTechLaws, kTechSystems},
  {"Kultur og fritid", "kultur-og-fritid", "18", kCultureSubjects, kCultureObjects, kCultureParties, kCultureRoles, kCultureLaws, kCultureSystems},
  {"Økonomi", "oekonomi", "00", kMoneySubjects, kMoneyObjects, kMoneyParties, kMoneyRoles, kMoneyLaws, kMoneySystems},
  {"HR og personale", "hr-og-personale", "81", kStaffSubjects, kStaffObjects, kStaffParties, kStaffRoles, kStaffLaws, kStaffSystems},
  {"It og administration", "it-og-administration", "85", kOfficeSubjects, kOfficeObjects, kOfficeParties, kOfficeRoles, kOfficeLaws, kOfficeSystems},
};

constexpr CaseKind kCaseKinds[] = {
  {"Ansøgning om|Anmodning om|Behandler ansøgning om", Archetype::application}, {"Fornyelse af|Genbevilling af|Forlængelse af", Archetype::application},
  {"Ændring af|Justering af", Archetype::application}, {"Visitation til|Henvisning til", Archetype::application},
  {"Klage over|Indsigelse mod", Archetype::complaint}, {"Genoptagelse af sag om|Ny behandling af", Archetype::complaint},
  {"Tilsyn med|Kontrolbesøg om", Archetype::control}, {"Kontrol af|Efterkontrol af|Stikprøve af", Archetype::control}, {"Anmeldelse om|Henvendelse om", Archetype::control},
  {"Opfølgning på|Status på", Archetype::follow_up}, {"Ophør af|Afslutning af|Standsning af", Archetype::follow_up}, {"Revurdering af|Ny vurdering af", Archetype::follow_up},
  {"Udbetaling af|Afregning af", Archetype::payment}, {"Tilbagebetaling af|Tilbagekrav om", Archetype::payment}, {"Opkrævning for|Betaling for", Archetype::payment},
  {"Planlægning af|Forberedelse af", Archetype::planning}, {"Registrering af|Oprettelse af", Archetype::planning}, {"Information om|Udmelding om", Archetype::planning},
};

constexpr C kQualifiers[] = {"", "", "", "for enlige|for enlige forsørgere", "for unge under 18 år|for mindreårige", "for unge mellem 18 og 25 år|for 18-25-årige", "for ældre|for borgere over 67 år", "for tilflyttere|for nye borgere",
  "i akutte sager|når det haster", "ved flytning|ved skift af kommune", "for flygtninge|for borgere med ophold", "for erhvervsdrivende|for virksomheder", "i ferieperioder|i sommerferien", "for grupper|for flere ad gangen",
  "ved dødsfald|når borgeren er død", "i landdistrikter|på øer", "for borgere med fuldmagt|gennem en partsrepræsentant", "i en forsøgsordning|som forsøg", "ved skilsmisse|ved samlivsophør", "for medlemmer|for foreninger"};

constexpr C kGenericObjects[] = {"sagens oplysninger|oplysningerne i sagen", "bemærkninger|kommentarer", "frist|svarfrist", "notat|sagsnotat", "dokumentation|bilag i sagen", "tidligere sager|gamle sager", "klagevejledning|vejledning om klage",
  "begrundelse|begrundelsen", "kvittering|bekræftelse på modtagelsen", "aftale|aftalen med parten"};

constexpr C kTails[] = {"i fagsystemet|i systemet", "sammen med parten|med parten", "senest samme dag|med det samme", "efter tjeklisten|efter listen", "digitalt|elektronisk", "i samråd med en kollega|med en kollega", "inden fristen|før fristen"};

}  // namespace

std::span<const Domain> domains() { return kDomains; }
std::span<const CaseKind> case_kinds() { return kCaseKinds; }
std::span<const Concept> qualifiers() { return kQualifiers; }
std::span<const Concept> generic_objects() { return kGenericObjects; }
std::span<const Concept> tails() { return kTails; }

}  // namespace bank::generate
