// A whole file of either schema: styles, masters and pages.
#include <set>
#include <utility>

#include "bank/visio/opc.h"
#include "bank/visio/raw.h"
#include "base/limits_visio.h"

namespace bank::visio::raw {

using base::ErrorCode;
using Xml = base::xml::Element;

namespace {

base::Status read_styles(const Xml& document, File& out, Budget& budget) {
  const Xml* styles = child(document, "StyleSheets");
  if (styles == nullptr) return {};
  for (const Xml* e : styles->elements()) {
    if (e->local != "StyleSheet") continue;
    TRY(Sheet sheet, read_sheet(*e, budget));
    Style style{sheet.id, sheet.line_style, sheet.fill_style, std::move(sheet)};
    out.styles.insert_or_assign(style.id, std::move(style));
  }
  return {};
}

// Attributes of <Page>, which the two schemas share; its sheet holds size, scale and layers.
base::Result<Page> page_head(const Xml& e, Budget& budget) {
  Page page;
  page.id = e.attribute_or("ID", "");
  page.name = e.attribute_or("Name", e.attribute_or("NameU", ""));  // what people see; only masters are matched by NameU
  page.name_u = e.attribute_or("NameU", page.name);
  page.back = e.attribute_or("BackPage", "");
  page.background = e.attribute_or("Background", "0") == "1";
  if (const Xml* sheet = child(e, "PageSheet")) {
    TRY(page.sheet, read_sheet(*sheet, budget));
  }
  return page;
}

std::string relation_id(const Xml& e) {
  if (const Xml* rel = child(e, "Rel"))
    for (const auto& a : rel->attributes)
      if (a.local == "id") return a.value;
  return {};
}

std::string target_of(const std::vector<Relationship>& all, std::string_view id) {
  for (const Relationship& r : all)
    if (r.id == id) return r.target;
  return {};
}

std::string first_of_type(const std::vector<Relationship>& all, std::string_view type) {
  for (const Relationship& r : all)
    if (r.type == type) return r.target;
  return {};
}

class VsdxReader {
 public:
  explicit VsdxReader(Package& package) : package_(package) {}

  base::Result<File> read() {
    out_.format = "vsdx";
    TRY(const auto top, package_.relationships(""));
    const std::string main = first_of_type(top, "document");
    if (main.empty()) return base::fail(ErrorCode::invalid_document, "the zip holds no Visio document", {}, "a .vsdx file");
    seen_.insert(main);
    TRY(const auto document, package_.part(main));
    if (document.root->local != "VisioDocument") return base::fail(ErrorCode::invalid_document, "the main part is no VisioDocument", {.file = main});
    TRY_VOID(read_styles(*document.root, out_, budget_));
    TRY(const auto parts, package_.relationships(main));
    TRY_VOID(pages(first_of_type(parts, "pages")));
    for (const Page& page : out_.pages) used(page.shapes);
    TRY_VOID(masters(first_of_type(parts, "masters")));
    if (package_.outside() > 0) out_.notes.push_back(std::to_string(package_.outside()) + " references out of the file were not followed");
    return std::move(out_);
  }

 private:
  // The part that <Rel r:id> in `e` points to; nullptr root where it leads nowhere or back to a part that was read already.
  base::Result<base::xml::Document> content(const Xml& e, const std::vector<Relationship>& parts, std::string_view what) {
    const std::string target = target_of(parts, relation_id(e));
    if (target.empty()) return base::xml::Document{};
    if (!seen_.insert(target).second) {
      out_.notes.push_back(std::string(what) + " '" + e.attribute_or("NameU", e.attribute_or("ID", "")) + "' points back to the part '" + target + "': left out");
      return base::xml::Document{};
    }
    auto document = package_.part(target);
    if (!document && document.error().code == ErrorCode::not_found) {
      out_.notes.push_back("the part '" + target + "' is missing");
      return base::xml::Document{};
    }
    return document;
  }

  base::Status masters(const std::string& part) {
    if (part.empty() || !seen_.insert(part).second) return {};
    TRY(const auto document, package_.part(part));
    TRY(const auto parts, package_.relationships(part));
    for (const Xml* e : document.root->elements()) {
      if (e->local != "Master") continue;
      out_.masters.try_emplace(e->attribute_or("ID", ""), Master{e->attribute_or("ID", ""), e->attribute_or("NameU", ""), {}});
    }
    // Only what the pages use is opened: a drawing brings whole stencils along. Masters may use masters.
    for (int turn = 0; turn < base::limits::kVisioMasterDepth && !wanted_.empty(); ++turn) {
      const std::set<std::string> now = std::exchange(wanted_, {});
      for (const Xml* e : document.root->elements()) {
        const std::string id = e->attribute_or("ID", "");
        if (e->local != "Master" || !now.contains(id)) continue;
        TRY(const auto inner, content(*e, parts, "the master"));
        if (!inner.root) continue;
        Master& master = out_.masters[id];
        TRY(master.shapes, read_shapes(*inner.root, budget_));
        used(master.shapes);
      }
    }
    return {};
  }

  // Notes the masters of these sheets that were not asked for before.
  void used(const std::vector<Sheet>& sheets) {
    for (const Sheet& sheet : sheets) {
      if (!sheet.master.empty() && asked_.insert(sheet.master).second) wanted_.insert(sheet.master);
      used(sheet.children);
    }
  }

  base::Status pages(const std::string& part) {
    if (part.empty() || !seen_.insert(part).second) return base::fail(ErrorCode::invalid_document, "the drawing has no pages");
    TRY(const auto document, package_.part(part));
    TRY(const auto parts, package_.relationships(part));
    for (const Xml* e : document.root->elements()) {
      if (e->local != "Page") continue;
      if (out_.pages.size() >= base::limits::kVisioPages) return base::fail(ErrorCode::limit_exceeded, "the drawing has more pages than the limit kVisioPages");
      TRY(Page page, page_head(*e, budget_));
      TRY(const auto inner, content(*e, parts, "the page"));
      if (inner.root) {
        TRY(page.shapes, read_shapes(*inner.root, budget_));
        page.connects = read_connects(*inner.root);
      }
      out_.pages.push_back(std::move(page));
    }
    return {};
  }

  Package& package_;
  File out_;
  Budget budget_;
  std::set<std::string> asked_, wanted_;
  std::set<std::string> seen_;  // a part is read once: parts that point at each other end here
};

}  // namespace

base::Result<File> read_vsdx(std::string_view bytes) {
  TRY(Package package, Package::open(bytes));
  auto file = VsdxReader(package).read();
  if (!file && file.error().code == ErrorCode::not_found) file.error().code = ErrorCode::invalid_document;
  return file;
}

base::Result<File> read_vdx(std::string_view bytes) {
  TRY(const auto document, base::xml::parse(bytes));
  if (document.root->local != "VisioDocument") return base::fail(ErrorCode::invalid_document, "the root is <" + document.root->local + ">, not <VisioDocument>", {}, "a .vdx file of Visio 2003 to 2010");
  File out;
  out.format = "vdx";
  Budget budget;
  TRY_VOID(read_styles(*document.root, out, budget));
  if (const Xml* masters = child(*document.root, "Masters"))
    for (const Xml* e : masters->elements()) {
      if (e->local != "Master") continue;
      Master master{e->attribute_or("ID", ""), e->attribute_or("NameU", e->attribute_or("Name", "")), {}};
      TRY(master.shapes, read_shapes(*e, budget));
      out.masters.insert_or_assign(master.id, std::move(master));
    }
  const Xml* pages = child(*document.root, "Pages");
  if (pages == nullptr) return base::fail(ErrorCode::invalid_document, "the drawing has no pages");
  for (const Xml* e : pages->elements()) {
    if (e->local != "Page") continue;
    if (out.pages.size() >= base::limits::kVisioPages) return base::fail(ErrorCode::limit_exceeded, "the drawing has more pages than the limit kVisioPages");
    TRY(Page page, page_head(*e, budget));
    TRY(page.shapes, read_shapes(*e, budget));
    page.connects = read_connects(*e);
    out.pages.push_back(std::move(page));
  }
  return out;
}

}  // namespace bank::visio::raw
