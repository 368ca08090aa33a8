// Inside the room: where a decision table stands in the bytes of its file.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/xml.h"
#include "base/xml_bytes.h"
#include "dmn/sheet.h"

namespace dmn {

struct TableSource {
  using Xml = base::xml::Element;
  base::xml::Document document;
  std::string ns;
  const Xml* table = nullptr;
  std::string id, name;
  std::vector<const Xml*> inputs, outputs, annotations, rules;
  std::unordered_map<const Xml*, base::xml::Bytes> places;  // of every element of the document
  bool ascii = false;  // the file's encoding is not UTF-8: other characters are written as references

  const base::xml::Bytes& at(const Xml& element) const { return places.at(&element); }
  std::vector<const Xml*> entries(const Xml& rule, std::string_view local) const { return rule.children_named(ns, local); }
  // Of <text> below the element, trimmed, with \n for every line end.
  std::string text(const Xml* element) const;
  std::string text(const Xml& parent, std::string_view child) const { return text(parent.child(ns, child)); }
};

// Errors as sheet_of.
base::Result<TableSource> find_table(std::string_view xml, std::string_view decision, std::string_view file);
Sheet sheet_of(const TableSource&);
// Trimmed, and \n for every line end.
std::string clean(std::string_view);

}  // namespace dmn
