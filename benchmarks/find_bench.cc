// Finding workflows in a large bank: over HTTP keep-alive with one client (what a person waits) and with eight (what a town hall does),
// while somebody types, and how long a start takes with the index in place. The packages are
// generated and their rows put straight into the store: importing is another measurement.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <thread>

#include "api/server.h"
#include "bank/find/hits.h"
#include "bank/generate/generate.h"
#include "bench.h"
#include "http_client.h"
#include "store/files.h"

namespace {

constexpr const char* kAuthority = "29189846";
constexpr std::array kSearches = {"lægeerklæring", "betaling lægeerklæringer", "kørekort fornyelse", "§ 10", "forvaltningsloven § 19", "15.20", "hvordan betaler jeg en regning fra lægen", "parkeringstiladelse", "klage over afslag",
  "sygedagpenge unge", "boligansøgning ældre", "hjælpemiddel", "personalesag medarbejdere", "kontrol", "byggesag nabohøring", "tilskud foreninger", "udbetaling kontanthjælp", "jordforurening virksomheder", "visitation genoptræning", "kørepenge"};

struct House {
  bench::Folder folder;
  base::SystemClock clock;
  base::SystemStorage storage;
  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Files> files;
  std::unique_ptr<casework::Cases> cases;
  std::unique_ptr<casework::Ledger> ledger;
  std::unique_ptr<bank::Bank> bank;
  std::unique_ptr<api::Server> server;
  std::string token;

  base::Status open(std::size_t workflows, const char* name) {
    const std::string data = folder.path() + "/data";
    TRY(engine, engine::Engine::open({.folder = data}));
    TRY(database, store::Database::open(data + "/sagsgang.db", {}));
    TRY(files, store::Files::open(storage, engine->keys(), data + "/files"));
    TRY(cases, casework::Cases::open(*database, engine->keys(), *files, clock));
    TRY(ledger, casework::Ledger::open(data, clock));
    TRY(bank, bank::Bank::open(*database, data + "/index", clock));
    const bank::generate::Generator generator({.count = workflows, .diagrams = false});
    TRY_VOID(database->write([&](store::Connection& db) -> base::Status {
      for (std::size_t i = 0; i < workflows; ++i) {
        TRY(auto made, generator.package(i));
        TRY(const auto package, bank::load_files(std::move(made.files), made.slug));
        TRY(auto* insert, db.prepare("INSERT INTO bank_workflow (authority, slug, published, version, changed, facts, parts) VALUES (?, ?, 1, 1, ?, ?, ?)"));
        TRY_VOID(insert->begin().bind_text(1, i % 5 == 0 ? kAuthority : "11111111").bind_text(2, made.slug).bind(3, static_cast<std::int64_t>(1'700'000'000'000 + i))
            .bind_text(4, bank::facts(package).dump()).bind_text(5, bank::find::parts_json(bank::parts(package)).dump()).run());
      }
      return {};
    }));
    for (const char* what : {"_index_made", "_start_with_index"}) {
      bank.reset();
      const double begin = bench::seconds();
      TRY(bank, bank::Bank::open(*database, data + "/index", clock));
      TRY_VOID(bank->suggest(kAuthority, "læ", 6));  // the words of the bank are part of the start
      bench::emit(std::string(name) + what, bench::seconds() - begin, "s");
    }
    api::Rooms rooms{.engine = *engine, .database = *database, .bank = *bank, .cases = *cases, .ledger = *ledger, .clock = clock};
    TRY(server, api::Server::start({.address = "127.0.0.1", .port = 0}, rooms));
    TRY_VOID(server->accounts().put_authority(kAuthority, "Bench"));
    TRY_VOID(server->accounts().add_user(kAuthority, "bench", "Bench", "bench-bench", api::known_roles()));
    TRY(token, server->accounts().make_token("bench", "bench", 1));
    return {};
  }
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
    out += hex;
  }
  return out;
}

std::vector<double> ask(const House& house, const std::vector<std::string>& paths, int clients, int rounds) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(clients));
  std::vector<std::thread> threads;
  for (int c = 0; c < clients; ++c)
    threads.emplace_back([&, c] {
      bench::Client client(house.server->port(), house.token);
      std::string answer;
      for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < paths.size(); ++i) {
          const std::string& path = paths[(i + static_cast<std::size_t>(c) * 7) % paths.size()];
          const double begin = bench::seconds();
          if (const int status = client.get(path, answer); status != 200) return bench::fail(path + " answered " + std::to_string(status) + ": " + answer);
          times[static_cast<std::size_t>(c)].push_back((bench::seconds() - begin) * 1000);
        }
    });
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
  return all;
}

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

// Times, and what a request costs the processor (client and server together): the figure that another program's load does not change.
void tell(const std::string& name, const House& house, const std::vector<std::string>& paths, int clients, int rounds) {
  const double begin = processor_seconds();
  const auto times = ask(house, paths, clients, rounds);
  bench::emit(name + "_processor", (processor_seconds() - begin) * 1000 / static_cast<double>(std::max<std::size_t>(times.size(), 1)), "ms");
  bench::emit(name + "_p50", bench::percentile(times, 0.5), "ms");
  bench::emit(name + "_p99", bench::percentile(times, 0.99), "ms");
}

void measure(std::size_t workflows, const char* name, int rounds) {
  House house;
  if (auto opened = house.open(workflows, name); !opened) return bench::fail(opened.error().text());
  std::vector<std::string> searches, letters, filtered;
  for (const char* words : kSearches) {
    searches.push_back("/api/bank/workflows?limit=20&q=" + escaped(words));
    filtered.push_back("/api/bank/workflows?limit=20&domain=oekonomi&runnable=true&q=" + escaped(words));
    const std::string text = words;
    for (std::size_t n = 2; n <= text.size(); n += 3) {
      std::size_t cut = n;
      while (cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) ++cut;
      letters.push_back("/api/bank/suggestions?q=" + escaped(text.substr(0, cut)));
    }
  }
  ask(house, searches, 1, 1);  // warm-up
  tell(std::string(name) + "_search", house, searches, 1, rounds);
  tell(std::string(name) + "_search_filtered", house, filtered, 1, rounds);
  tell(std::string(name) + "_while_typing", house, letters, 1, std::max(rounds / 5, 1));
  tell(std::string(name) + "_entry_page", house, {"/api/bank/front"}, 1, rounds * 5);
  tell(std::string(name) + "_kle_tree", house, {"/api/bank/kle", "/api/bank/kle?number=15"}, 1, rounds * 2);
  tell(std::string(name) + "_search_8_clients", house, searches, 8, std::max(rounds / 5, 1));
  bench::emit(std::string(name) + "_resident", static_cast<double>(bench::resident_bytes()) / (1 << 20), "MiB");
}

}  // namespace

BENCH(find, "search, suggestions, entry page and start of a bank of 10,000 workflows over HTTP") { measure(10'000, "find", 25); }
BENCH_LARGE(find_100000, "the same of 100,000 workflows") { measure(100'000, "find_100000", 5); }
