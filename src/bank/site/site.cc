// Two walks over the packages: the first gathers what pages tell of each other and the words of the search, the second writes. A
// package is read twice rather than kept: a bank of 10,000 takes no more memory for its pages than its summaries.
#include "bank/site/site.h"

#include <algorithm>

#include "bank/danish.h"
#include "bank/package.h"
#include "bank/site/frame.h"
#include "bank/site/search_index.h"
#include "base/text.h"

namespace bank::site {
namespace {

constexpr std::size_t kShownText = 180;  // of a summary in a list of hits

// Files whose text reaches a page; personal numbers in them are gone before anything is read.
bool told(const std::string& path) { return path == "arbejdsgang.yaml" || path == "proces.bpmn" || path == "beslutninger.dmn"; }

base::Result<Package> read(const Source& source, int* hidden) {
  TRY(auto files, source.files());
  std::map<std::string, std::string> wanted;
  for (auto& [path, bytes] : files)
    if (told(path)) wanted.emplace(path, hide_personal_numbers(bytes, true, hidden));
  TRY(Package package, load_files(std::move(wanted), source.slug));
  for (const Finding& fault : package.faults)
    if (fault.is_error) return base::fail(base::ErrorCode::invalid_package, fault.message, {.file = fault.file, .line = fault.line, .column = fault.column, .element = fault.element}, fault.remedy);
  if (package.title.empty()) return base::fail(base::ErrorCode::invalid_package, "the manifest has no title", {.file = "arbejdsgang.yaml"});
  return package;
}

std::string first_words(const std::string& text) {
  if (text.size() <= kShownText) return text;
  std::size_t cut = text.rfind(' ', kShownText);
  if (cut == std::string::npos || cut < kShownText / 2) cut = kShownText;
  std::string out = text.substr(0, cut);
  while (!out.empty() && !base::valid_utf8(out)) out.pop_back();
  return out + " …";
}

void index(SearchIndex& to, const Summary& s, const Package& package, const std::string& day) {
  const int page = to.add_page({workflow_path(s.slug), s.title, s.domain, s.kle, kind_da(s.kind), first_words(s.text), expired(s, day) ? "Udløbet" : s.pattern ? "Generisk mønster" : ""}, expired(s, day));
  to.add_text(page, Where::title, s.title);
  to.add_text(page, Where::text, s.text);
  to.add_text(page, Where::text, s.domain);
  to.add_text(page, Where::number, s.kle + " " + s.kla + (s.catalogue_number ? " " + std::to_string(*s.catalogue_number) : ""));
  for (const auto& law : s.law) to.add_text(page, Where::law, law.title), to.add_text(page, Where::law, law.reference);
  for (const auto& form : s.forms) to.add_text(page, Where::form, form.name);
  for (const auto& document : s.documents) to.add_text(page, Where::document, document);
  for (const auto& role : s.roles) to.add_text(page, Where::role, role);
  to.add_text(page, Where::role, s.owner_role);
  for (const auto& system : s.systems) to.add_text(page, Where::system, system_da(system.name)), to.add_text(page, Where::system, system.use);
  if (!package.process) return;
  for (const auto& node : package.process->nodes) {
    to.add_text(page, Where::step, node.name);
    to.add_text(page, Where::text, node.documentation);
    for (const std::string& law : properties(node, "lov")) to.add_text(page, Where::law, law);
  }
}

class Maker {
 public:
  Maker(std::vector<Source> sources, const Options& options, const Write& write, const Shown& shown) : sources_(std::move(sources)), options_(options), write_(write), shown_(shown), book_{.options = options} {}

  base::Result<Made> make() {
    std::sort(sources_.begin(), sources_.end(), [](const Source& a, const Source& b) { return a.slug < b.slug; });
    gather();
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      TRY_VOID(workflow(*kept_[i]));
      show(sources_.size() + i + 1);
    }
    for (const Page& page : list_pages(book_)) TRY_VOID(put_page(page));
    for (const Page& page : text_pages(book_)) TRY_VOID(put_page(page));
    TRY_VOID(put("404.html", hide_personal_numbers(not_found_page(book_), false, &made_.hidden_numbers)));
    TRY_VOID(put("stil.css", std::string(style_sheet())));
    TRY_VOID(put("soeg.js", std::string(search_script())));
    for (const auto& [path, content] : index_.files()) TRY_VOID(put(path, content));
    made_.workflows = kept_.size();
    return std::move(made_);
  }

 private:
  void show(std::size_t done) {
    if (shown_) shown_(done, 2 * sources_.size());
  }
  void gather() {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const Source& source = sources_[i];
      auto package = read(source, &made_.hidden_numbers);
      if (!package) {
        base::Error error = package.error();
        error.message = source.slug + ": " + error.message;
        made_.left_out.push_back(std::move(error));
      } else {
        Summary summary = summarize(*package);
        index(index_, summary, *package, options_.day);
        if (!source.versions.empty()) book_.changed[source.slug] = source.versions.front().day;
        book_.all.push_back(std::move(summary));
        kept_.push_back(&source);
      }
      show(i + 1);
    }
    book_.relate();
  }
  base::Status workflow(const Source& source) {
    TRY(const Package package, read(source, nullptr));
    const Summary& summary = *book_.find(source.slug);
    return put_page({workflow_path(source.slug), summary.title, workflow_body(book_, summary, package, source, made_.left_out), false});
  }
  base::Status put_page(const Page& page) { return put(page.path, hide_personal_numbers(render(book_, page), false, &made_.hidden_numbers)); }
  base::Status put(const std::string& path, const std::string& bytes) {
    ++made_.files;
    made_.bytes += bytes.size();
    return write_(path, bytes);
  }

  std::vector<Source> sources_;
  const Options& options_;
  const Write& write_;
  const Shown& shown_;
  Book book_;
  SearchIndex index_;
  std::vector<const Source*> kept_;
  Made made_;
};

}  // namespace

base::Result<Made> make_site(std::vector<Source> sources, const Options& options, const Write& write, const Shown& shown) {
  return Maker(std::move(sources), options, write, shown).make();
}

}  // namespace bank::site
