// A .vsdx as the package it is (ECMA-376 part 2): parts in a zip, found through relationships. Nothing outside the zip is ever
// opened, and nothing is written; bytes are counted as they come out.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/limits_visio.h"
#include "base/xml.h"

namespace bank::visio {

struct Relationship {
  std::string id, type;    // type: the last part of its URI ("page", "master", "pages")
  std::string target;      // name of a part; "" for one outside the package, which is never followed
};

class Package {
 public:
  // Borrows `bytes`. Errors: invalid_document, limit_exceeded.
  static base::Result<Package> open(std::string_view bytes);
  Package(Package&&) noexcept;
  ~Package();

  // The part's XML. Errors: not_found (no such part), invalid_xml, invalid_document, limit_exceeded.
  base::Result<base::xml::Document> part(const std::string& name);
  // Of a part; "" = of the package itself. None is not an error.
  base::Result<std::vector<Relationship>> relationships(const std::string& part);
  int outside() const { return outside_; }  // relationships that lead out of the package, so far

 private:
  struct Zip;
  explicit Package(std::unique_ptr<Zip> zip);
  std::unique_ptr<Zip> zip_;
  std::int64_t budget_ = base::limits::kVisioBytes;
  int outside_ = 0;
};

}  // namespace bank::visio
