// A draft as its row. Private to this folder.
#pragma once
#include <set>

#include "bank/drafts/drafts.h"

namespace bank::drafts {

struct Row {
  std::int64_t key = 0;
  std::string authority, slug, title;
  State state = State::draft;
  std::int64_t revision = 1;
  std::string author, author_name, changed_user, changed_name;  // user and name of who made it and who changed it last
  base::Millis created = 0, changed = 0;
  std::string base_owner, base_slug;                            // "" = new
  int base_version = 0, over = 0, published = 0;                // over: the own version of the slug in force when it began; published: as which
  State before = State::draft;                                  // of a deleted one: what it was
  std::set<std::string> writers;                                // users who have changed what is in it, the author too

  bool writer(const std::string& user) const { return writers.contains(user); }
};

// May the person take the step now? Error: conflict (state) or forbidden.
struct Rule {
  Step step;
  std::string_view what;                                        // as in the history
  std::vector<State> from;
  State to;
  enum class Who : std::uint8_t { writer, other_konsulent, konsulent } who;
};
const Rule& rule(Step);
bool may_write(const Row&, const Person&);
bool may_take(const Row&, const Person&, const Rule&);

// How a new draft's files come about (begin.cc).
std::string slug_part(std::string_view text);                   // "Mål & midler" → "maal-midler"
std::string manifest_yaml(const base::Json& manifest);
struct Beginning { std::string slug, title; std::map<std::string, std::string> files; };
base::Result<Beginning> begin_new(const NewDraft&);
// A copy of `source`; where `slug` is another, it says what it was drawn from.
base::Result<Beginning> begin_from(const NewDraft&, const std::map<std::string, std::string>& source, const std::string& source_slug, bool own);

bool valid_path(std::string_view);                              // of a file in a package

}  // namespace bank::drafts
