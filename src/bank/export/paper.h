// Running text on A4 pages: a small typesetter over pango and cairo. Text stays text in the PDF (it can be searched and copied), and
// headings, paragraphs, lists and tables carry their tags, so that a screen reader knows them. Lengths are points. Private to export/.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bpmn/draw.h"

namespace bank {

class Paper {
 public:
  static constexpr double kShort = 595.28, kLong = 841.89, kMargin = 54;

  // `footer` stands on every page; `day`: ISO, of the document's metadata.
  Paper(const std::string& title, const std::string& author, const std::string& footer, const std::string& day);
  ~Paper();
  Paper(const Paper&) = delete;

  void title(std::string_view);                          // once, at the top of the first page
  void heading(int level, std::string_view, bool in_outline = true);  // 1 … 3
  void paragraph(std::string_view, bool muted = false);
  void link(std::string_view text, std::string_view address);
  void item(std::string_view mark, std::string_view);    // a numbered or dotted line, hanging indent
  // Columns are as wide as their share of `widths`; a row that does not fit goes to the next page, where the head is repeated.
  void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows, const std::vector<double>& widths);
  void facts(const std::vector<std::pair<std::string, std::string>>&);  // rows without a value are left out
  void space(double points);
  void new_page();
  // The picture on lying pages: whole where its text is still readable, else also in parts that overlap.
  void picture(const bpmn::Picture&, std::string_view caption);

  base::Result<std::string> finish();

 private:
  struct Inside;
  std::unique_ptr<Inside> in_;
};

}  // namespace bank
