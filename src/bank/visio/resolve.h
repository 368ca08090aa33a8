// Raw sheets → drawing: inheritance from masters and styles, absolute geometry, texts with their fields.
#pragma once
#include "bank/visio/drawing.h"
#include "bank/visio/raw.h"

namespace bank::visio {

// Errors: limit_exceeded.
base::Result<Drawing> resolve(const raw::File&);

// A sheet with where it inherits from: the part of the master it is an instance of, then the styles.
class Inherited {
 public:
  Inherited(const raw::File& file, const raw::Sheet& own, const raw::Sheet* master) : file_(file), own_(own), master_(master) {}
  const raw::Sheet& own() const { return own_; }
  const raw::Sheet* master() const { return master_; }
  const raw::Cell* cell(std::string_view name) const;                           // own, then the master's
  const raw::Cell* styled(std::string_view name, bool fill) const;              // then the fill or line styles'
  double number(std::string_view cell, double otherwise) const;
  bool has(std::string_view cell) const { return this->cell(cell) != nullptr; }
  // Sections of this name and every index that either has.
  std::vector<int> indexes(std::string_view section) const;
  const raw::Section* own_section(std::string_view name, int index) const { return own_.section(name, index); }
  const raw::Section* master_section(std::string_view name, int index) const { return master_ == nullptr ? nullptr : master_->section(name, index); }
  // Rows of both, merged: (own or null, master's or null), in the master's order, then what is only here.
  struct Pair { const raw::Row *own, *master; const raw::Cell* cell(std::string_view name) const; std::string_view name() const; std::string_view type() const; };
  std::vector<Pair> rows(std::string_view section, int index) const;

 private:
  const raw::File& file_;
  const raw::Sheet& own_;
  const raw::Sheet* master_;
};

// Strokes in the shape's own coordinates (inches, y up). Uses up `points` of the limit kVisioPathPoints.
std::vector<Path> local_paths(const Inherited&, double width, double height, std::size_t& points);
std::string text_of(const Inherited&);

}  // namespace bank::visio
