// What this house hands out to others: the published packages and nothing beside them. No name of a person passes this door.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/database.h"

namespace bank {

struct Published { std::string owner, slug, title; int version = 0; base::Millis changed = 0; bool published = true; };  // owner: CVR
struct PublishedVersion { int version = 0; base::Millis at = 0; std::string note; };

// Each for a connection of the caller's, and for a database whose reader it borrows.
// By slug. owner "": every authority's; of two with the same slug the earliest, as everybody else on the server sees it.
base::Result<std::vector<Published>> published(store::Connection&, const std::string& owner = {});
// What the authority itself sees: its own, published or not, and what others published; its own hides another's of the same slug.
base::Result<std::vector<Published>> readable(store::Connection&, const std::string& authority);
// Errors: not_found for whatever is not published.
base::Result<Published> published_one(store::Connection&, const std::string& owner, const std::string& slug);
base::Result<std::map<std::string, std::string>> published_files(store::Connection&, const Published&);
base::Result<std::vector<PublishedVersion>> published_versions(store::Connection&, const Published&);  // newest first

base::Result<std::vector<Published>> published(store::Database&, const std::string& owner = {});
base::Result<Published> published_one(store::Database&, const std::string& owner, const std::string& slug);
base::Result<std::map<std::string, std::string>> published_files(store::Database&, const Published&);
base::Result<std::vector<PublishedVersion>> published_versions(store::Database&, const Published&);

}  // namespace bank
