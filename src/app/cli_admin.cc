// import and user: what an administrator does to the bank and to local users.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "app/cli.h"
#include "app/cli_drawings.h"
#include "app/house.h"
#include "bank/zip.h"
#include "base/limits_find.h"
#include "base/storage.h"
#include "base/yaml.h"

namespace app {
namespace {

using base::ErrorCode;
using base::Json;

constexpr const char* kImportHelp = R"(usage: sagsgang import PATH [--slug DOMAIN/NAME] [--data DIR] [--authority CVR] [--publish] [--note TEXT] [--json]
       sagsgang import FILE.vsdx|FOLDER --report [-o DIR] [--json]
       sagsgang import --kle FILE [--data DIR] [--json]

Imports workflow packages into the bank: a folder with arbejdsgang.yaml, a tree of such folders, or a zip. A package with an
error is refused whole and changes nothing. The same content again makes no new version.

With --report, or for a Visio file: reads drawings (.vsdx, .vsdm, .vdx, .vsd, and other tools' .bpmn), one or a tree of them, and
says for each file what was taken, guessed (with how sure it is) and refused, and why. A broken file stops nothing. docs/visio.md.

With --kle: reads subject numbers for the whole server, from the official KLE-Emneplan XML, OS2KLE's text or the form of
bank/kle-eksempel.yaml. Where there are several editions, the oldest first: what a newer one lacks goes out of use. docs/find.md.

  -o DIR           of drawings: a folder with proces.bpmn and rapport.json for each; without it only the report

  --slug D/N       of a zip: its name in the bank (default: the manifest's domain and the zip's name)
  --data DIR       the data folder (default: data)
  --authority CVR  who owns them (default: 11111111, the first example authority)
  --publish        let the other authorities of this server read them
  --note TEXT      what is new, kept with the version

example: sagsgang import bank --data data-help --publish
example: sagsgang import --kle bank/kle-eksempel.yaml --data data-help)";

void print_findings(const std::vector<bank::Finding>& findings) {
  for (const bank::Finding& f : findings) {
    const base::Where where{.file = f.file, .line = f.line, .column = f.column, .element = f.element};
    std::fprintf(stderr, "%s: %s %s: %s%s\n", where.text().c_str(), f.is_error ? "error" : "warning", f.code.c_str(), f.message.c_str(),
                 f.remedy.empty() ? "" : (" (" + f.remedy + ")").c_str());
  }
}

struct ImportRequest {
  std::string path, slug, data, authority, note;
  bool publish = false;
};

// A zip does not say where it belongs: the manifest names the domain, the file the workflow.
base::Result<std::string> slug_of_zip(const ImportRequest& r, const std::string& zip) {
  if (!r.slug.empty()) return r.slug;
  TRY(const auto files, bank::unzip(zip));
  const auto manifest = files.find("arbejdsgang.yaml");
  if (manifest == files.end()) return base::fail(ErrorCode::invalid_package, "the zip has no arbejdsgang.yaml", {.file = r.path}, "a zip of the package's folder");
  TRY(const auto document, base::parse_yaml(manifest->second, "arbejdsgang.yaml"));
  const std::string slug = document.value["domaene"].string_or("") + "/" + std::filesystem::path(r.path).stem().string();
  if (!bank::valid_slug(slug)) return base::fail(ErrorCode::usage, "the zip's name and domain make no slug: '" + slug + "'", {.file = r.path}, "give --slug DOMAIN/NAME");
  return slug;
}

base::Result<std::vector<bank::Imported>> import_into(bank::Bank& bank, const ImportRequest& r, std::vector<bank::Finding>& findings) {
  namespace fs = std::filesystem;
  if (!fs::exists(r.path)) return base::fail(ErrorCode::usage, "there is no '" + r.path + "'");
  if (r.path.ends_with(".zip")) {
    TRY(const std::string zip, base::read_file(r.path, base::limits::kPackageBytes));
    TRY(const std::string slug, slug_of_zip(r, zip));
    TRY(auto one, bank.import_zip(r.authority, slug, zip, "sagsgang import", r.note, &findings));
    if (r.publish) TRY_VOID(bank.publish(r.authority, one.slug));
    return std::vector<bank::Imported>{one};
  }
  // One package: its slug is the last two parts of its path, so the tree to import is two folders up.
  if (fs::exists(fs::path(r.path) / "arbejdsgang.yaml")) {
    const fs::path folder = fs::canonical(r.path);
    const std::string slug = folder.parent_path().filename().string() + "/" + folder.filename().string();
    TRY(bank::Package package, bank::load_folder(folder.string(), slug));
    TRY(auto one, bank.import(r.authority, slug, std::move(package.files), "sagsgang import", r.note, &findings));
    if (r.publish) TRY_VOID(bank.publish(r.authority, slug));
    return std::vector<bank::Imported>{one};
  }
  TRY(auto all, bank.import_tree(r.authority, r.path, "sagsgang import", r.note, r.publish, &findings));
  if (all.empty()) return base::fail(ErrorCode::usage, "no package (<domain>/<name>/arbejdsgang.yaml) under '" + r.path + "'");
  return all;
}

int import_kle(const std::string& path, const std::string& data, bool json) {
  const auto bytes = base::read_file(path, base::limits::kKleFileBytes);
  if (!bytes) return report(bytes.error());
  const auto lock = FolderLock::take(data);
  if (!lock) return report(lock.error());
  auto archive = Archive::open(data);
  if (!archive) return report(archive.error());
  const auto imported = (*archive)->bank->import_kle(*bytes, path);
  if (!imported) {
    report(imported.error());
    return kFaults;
  }
  const auto n = [](std::size_t count) { return Json(static_cast<std::uint64_t>(count)); };
  if (json) std::printf("%s\n", Json(Json::Object{{"source", imported->source}, {"date", imported->date}, {"subjects", n(imported->subjects)}, {"inUse", n(imported->in_use)},
      {"moved", n(imported->moved)}, {"gone", n(imported->gone)}, {"keywords", n(imported->keywords)}}).dump().c_str());
  else std::printf("%s%s%s: %zu numbers read; now %zu in use, %zu moved, %zu out of use, %zu keywords\n", imported->source.c_str(), imported->date.empty() ? "" : " of ",
      imported->date.c_str(), imported->subjects, imported->in_use, imported->moved, imported->gone, imported->keywords);
  return kDone;
}

int run_import(Arguments& arguments) {
  ImportRequest r{.path = {}, .slug = arguments.get("--slug"), .data = arguments.get("--data", "data"), .authority = arguments.get("--authority", "11111111"), .note = arguments.get("--note")};
  r.publish = arguments.flag("--publish");
  const bool drawings = arguments.flag("--report");
  const std::string out_folder = arguments.get("-o"), kle = arguments.get("--kle");
  const bool json = arguments.flag("--json");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  if (!kle.empty() && words.empty()) return import_kle(kle, r.data, json);
  if (words.size() != 1) return report({ErrorCode::usage, "which folder or zip?", {}, "example: sagsgang import bank"});
  r.path = words[0];
  if (drawings || is_drawing(r.path)) return import_drawings({r.path, out_folder, json});
  const auto lock = FolderLock::take(r.data);
  if (!lock) return report(lock.error());
  auto archive = Archive::open(r.data);
  if (!archive) return report(archive.error());
  std::vector<bank::Finding> findings;
  const auto imported = import_into(*(*archive)->bank, r, findings);
  print_findings(findings);
  if (!imported) {
    report(imported.error());
    return imported.error().code == ErrorCode::usage ? kUsage : kFaults;
  }
  // A duplicate is a warning, never a refusal. Of a whole bank of new packages it is not asked: that would take longer than the import.
  constexpr std::size_t kLookedAt = 1'000;
  const bool look = static_cast<std::size_t>(std::count_if(imported->begin(), imported->end(), [](const auto& one) { return one.changed; })) <= kLookedAt;
  Json out = Json::array();
  for (const bank::Imported& one : *imported) {
    if (!json) std::printf("%s version %d%s\n", one.slug.c_str(), one.version, one.changed ? "" : " (unchanged)");
    Json row = Json::object();
    row.set("slug", one.slug);
    row.set("version", one.version);
    row.set("changed", one.changed);
    if (one.changed && look) {
      const auto like = (*archive)->bank->duplicates(r.authority, one.slug);
      if (!like) return report(like.error());
      for (const auto& f : *like) std::fprintf(stderr, "%s: warning SG-SIMILAR: ligner %s (%.0f %%): %s\n", one.slug.c_str(), f.slug.c_str(), f.likeness * 100, f.title.c_str());
      row.set("similar", bank::similar::to_json(*like));
    }
    out.push(std::move(row));
  }
  if (json) std::printf("%s\n", out.dump().c_str());
  else std::printf("%zu packages in the bank of %s\n", imported->size(), r.authority.c_str());
  return kDone;
}

constexpr const char* kUserHelp = R"(usage: sagsgang user list [--data DIR]
       sagsgang user add NAME --authority CVR --role ROLE [--role ROLE] [--full-name TEXT] [--data DIR]
       sagsgang user password NAME [--data DIR]
       sagsgang user remove NAME [--data DIR]
       sagsgang user token NAME [--days N] [--label TEXT] [--data DIR]

Local users of a server in --local mode. The password is read from standard input (one line), never from the command line; it is
kept as argon2id. A token lets a machine act as the user; it is shown once. Roles: konsulent, sagsbehandler, drift.

  --authority-name TEXT   with add: names the authority where it is new

example: echo 'et langt kodeord' | sagsgang user add jette --authority 11111111 --authority-name 'Eksempel Kommune' --role sagsbehandler --data data-help)";

base::Result<std::string> read_password() {
  std::string line;
  if (!std::getline(std::cin, line) || line.empty())
    return base::fail(ErrorCode::usage, "no password on standard input", {}, "echo 'the password' | sagsgang user …");
  return line;
}

int run_user(Arguments& arguments) {
  const std::string data = arguments.get("--data", "data"), authority = arguments.get("--authority"), full = arguments.get("--full-name"),
                    authority_name = arguments.get("--authority-name"), label = arguments.get("--label", "command line"), days = arguments.get("--days", "30");
  const auto roles = arguments.get_all("--role");
  const auto words = arguments.rest();
  if (const auto left = arguments.finish(); !left) return report(left.error());
  const std::string verb = words.empty() ? "" : words[0], name = words.size() > 1 ? words[1] : "";
  if (verb.empty() || words.size() > 2 || (verb != "list" && name.empty())) return report({ErrorCode::usage, "what about which user?", {}, "see sagsgang user --help"});
  // SQLite has one writer per file: while a server runs, it owns the file.
  const auto lock = FolderLock::take(data);
  if (!lock) return report(lock.error());
  auto archive = Archive::open(data);
  if (!archive) return report(archive.error());
  api::Accounts& accounts = *(*archive)->accounts;
  const auto done = [&]() -> base::Status {
    if (verb == "list") {
      TRY(const Json users, accounts.users(""));
      for (const Json& user : users.as_array()) {
        std::string list;
        for (const Json& role : user["roles"].as_array()) list += (list.empty() ? "" : ", ") + role.string_or("");
        std::printf("%-20s %-10s %s\n", user["user"].string_or("").c_str(), user["authority"].string_or("").c_str(), list.c_str());
      }
      return {};
    }
    if (verb == "add") {
      TRY(const std::string password, read_password());
      if (!authority_name.empty()) TRY_VOID(accounts.put_authority(authority, authority_name));
      TRY_VOID(accounts.add_user(authority, name, full.empty() ? name : full, password, roles));
      std::printf("%s can sign in to %s\n", name.c_str(), authority.c_str());
      return {};
    }
    if (verb == "password") {
      TRY(const std::string password, read_password());
      return accounts.set_password(name, password);
    }
    if (verb == "remove") return accounts.remove_user(name);
    if (verb == "token") {
      TRY(const std::string token, accounts.make_token(name, label, std::atoi(days.c_str())));
      std::printf("%s\n", token.c_str());
      return {};
    }
    return base::fail(ErrorCode::usage, "'" + verb + "' is not list, add, password, remove or token");
  }();
  return done ? static_cast<int>(kDone) : report(done.error());
}

}  // namespace

CommandInfo import_command() { return {"import", "import workflow packages into the bank, or read drawings", kImportHelp, run_import}; }
CommandInfo user_command() { return {"user", "local users and machine tokens", kUserHelp, run_user}; }

}  // namespace app
