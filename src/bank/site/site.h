// The published part of a bank as a folder of plain files: pages, one style sheet, one script for the search. No server, no cookies,
// nothing from other hosts. The same packages and options give the same bytes.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bank/published.h"
#include "base/error.h"
#include "store/database.h"

namespace bank::site {

struct SourceVersion { int number = 0; std::string day, note; };
// One package to publish. Whoever makes the list answers for it that it is published.
struct Source {
  std::string slug;
  std::vector<SourceVersion> versions;   // newest first; may be empty
  std::function<base::Result<std::map<std::string, std::string>>()> files;
};

struct Options {
  std::string title = "Arbejdsgangsbanken";
  std::string publisher;                 // "Eksempel Kommune"; "" = not said
  std::string contact;                   // mail address or web address for the accessibility statement; "" = a placeholder that says so
  std::string address;                   // where the site will be ("https://…"): for 404.html and canonical links; "" = nowhere in particular
  std::string day;                       // ISO: what is valid, and when it was made
  bool notes = false;                    // tell what authors wrote about each version
};

struct Made {
  std::size_t workflows = 0, files = 0, bytes = 0;
  int hidden_numbers = 0;                // of the form of a personal number, replaced by dots
  std::vector<base::Error> left_out;     // packages that could not be read or drawn, with the reason
};

using Write = std::function<base::Status(const std::string& path, const std::string& bytes)>;
using Shown = std::function<void(std::size_t done, std::size_t of)>;

base::Result<Made> make_site(std::vector<Source>, const Options&, const Write&, const Shown& = {});

// Every published package of the house (owner "": of all authorities; the connection outlives them), or of a tree
// <domain>/<name>/arbejdsgang.yaml.
base::Result<std::vector<Source>> sources(store::Connection&, const std::string& owner);
base::Result<std::vector<Source>> sources(const std::string& folder);

// make_site into a folder: everything is made beside it first and then put in its place, so a page is never half there and nothing
// of an earlier run stays. Errors: conflict (the folder holds something that is no site of ours), io_failed.
base::Result<Made> publish_folder(std::vector<Source>, const Options&, const std::string& folder, const Shown& = {});

}  // namespace bank::site
