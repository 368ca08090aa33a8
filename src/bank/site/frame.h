// What all pages of the site share. Private to site/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "bank/site/html.h"
#include "bank/site/site.h"
#include "bank/summary.h"

namespace bank::site {

// All that pages tell of each other.
struct Book {
  const Options& options;
  std::vector<Summary> all;                              // by slug
  std::map<std::string, std::size_t> by_slug;
  std::map<std::string, std::vector<std::size_t>> callers, derived, replaced_by;  // slug → who names it
  std::map<std::string, std::string> changed;            // slug → ISO day of its newest version
  std::string newest;                                    // day of the newest change

  const Summary* find(const std::string& slug) const;
  void relate();                                         // fills the maps from `all`
};

struct Page {
  std::string path;                                      // from the site's root
  std::string title, body;
  bool search = false;                                   // loads soeg.js
  std::string up() const;                                // "../../" from this page to the root
};
std::string render(const Book&, const Page&);

std::string workflow_path(const std::string& slug);      // "arbejdsgang/<domain>/<name>.html"
std::string domain_path(const std::string& slug);        // of the slug's domain: "domaene/<domain>.html"
std::string anchor(std::string_view text);               // an id made of a text
bool expired(const Summary&, const std::string& day);
std::string validity(const Summary&, const std::string& day);  // one sentence, plain text; "" where nothing is said
std::string badges(const Summary&, const std::string& day);    // HTML
// A list of workflows with domain and badges; `up` leads to the root.
std::string workflow_list(const Book&, const std::vector<std::size_t>&, const std::string& up, bool with_text);
std::string count_da(std::size_t n, const char* one, const char* many);
// Table with a caption; cells are HTML. It scrolls inside itself where the screen is narrow.
std::string table(const std::string& caption, const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

// page_workflow.cc: one workflow. `left_out` gets what could not be drawn.
std::string workflow_body(const Book&, const Summary&, const Package&, const Source&, std::vector<base::Error>& left_out);
// page_lists.cc: front page, domains, everything, KLE, registers.
std::vector<Page> list_pages(const Book&);
// page_texts.cc: about, accessibility, not found.
std::vector<Page> text_pages(const Book&);
std::string not_found_page(const Book&);

std::string_view style_sheet();
std::string_view search_script();

}  // namespace bank::site
