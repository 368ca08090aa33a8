// Pages of text: about, the accessibility statement (what lov om tilgængelighed af offentlige organers websteder asks for, in our own
// words), and not found.
#include "bank/danish.h"
#include "bank/site/frame.h"
#include "base/text.h"

namespace bank::site {
namespace {

std::string contact(const Options& options) {
  if (options.contact.empty()) return "<strong>[skriv her, hvem man kan skrive til]</strong>";
  if (const std::string web = web_address(options.contact); !web.empty()) return link_out(options.contact, web);
  const bool mail = options.contact.find('@') != std::string::npos && options.contact.find_first_of(" <>\"'?&:") == std::string::npos;
  return mail ? "<a href=\"mailto:" + esc(options.contact) + "\">" + esc(options.contact) + "</a>" : esc(options.contact);
}
std::string publisher(const Options& options) { return options.publisher.empty() ? "Udgiveren af disse sider" : esc(options.publisher); }

Page about(const Book& book) {
  Page page{"om.html", "Om siderne", {}, false};
  page.body = "<h1>Om siderne</h1><p class=\"indledning\">Siderne viser den udgivne del af en bank af arbejdsgange.</p>"
              "<h2>Sådan læser du et diagram</h2><ul>"
              "<li>En <strong>cirkel</strong> er noget, der sker: en tynd cirkel begynder, en tyk cirkel slutter, en dobbelt cirkel sker undervejs.</li>"
              "<li>En <strong>firkant</strong> er noget, nogen gør. Har den tyk ramme, er den en arbejdsgang for sig.</li>"
              "<li>En <strong>rude</strong> er et valg. Med et kryds følges én vej, med et plus følges alle veje.</li>"
              "<li>Et vandret <strong>bånd</strong> er en rolle: alt, hvad der står i båndet, gør den rolle.</li></ul>"
              "<p>Alt i diagrammet står også som nummererede sætninger under Trin.</p>"
              "<h2>Loven</h2><p>Ved hver lov står, hvornår henvisningen sidst er kontrolleret. Loven kan være ændret siden; brugeren må selv kontrollere den.</p>"
              "<h2>Ingen sporing</h2><p>Siderne er almindelige filer. De sætter ingen cookies, gemmer intet om dig og henter intet fra andre. Søgningen foregår i din egen browser.</p>"
              "<h2>Faste adresser</h2><p>Adressen på en arbejdsgang er den samme, hver gang siderne udgives igen, så længe arbejdsgangen hører til samme område og har samme navn.</p>";
  if (!book.newest.empty()) page.body += "<p>Den nyeste arbejdsgang er fra " + esc(day_da(book.newest)) + ". Siderne er lavet " + esc(day_da(book.options.day)) + ".</p>";
  return page;
}

Page accessibility(const Book& book) {
  const Options& o = book.options;
  const std::string web = web_address(o.address);
  Page page{"tilgaengelighed.html", "Tilgængelighedserklæring", {}, false};
  page.body = "<h1>Tilgængelighedserklæring</h1><p class=\"indledning\">" + publisher(o) + " ønsker, at alle kan bruge " + esc(o.title) + (web.empty() ? "" : " på " + link_out(web, web)) + ", uanset hvordan de læser.</p>"
              "<h2>Hvor tilgængelige er siderne?</h2><p>Siderne er lavet til at opfylde loven om tilgængelighed af offentlige organers websteder og mobilapplikationer, det vil sige standarden EN 301 549 og WCAG 2.1 på niveau AA. De er delvis i overensstemmelse med kravene på grund af det, der står herunder.</p>"
              "<h2>Indhold, der ikke er tilgængeligt</h2><p>Diagrammerne er tegninger og kan ikke læses symbol for symbol af en skærmlæser. Alt deres indhold findes derfor som tekst på samme side under overskriften Trin. På en smal skærm rulles diagrammet inden i sin ramme.</p>"
              "<h2>Sådan er erklæringen lavet</h2><p>Siderne er lavet af Sagsgang og kontrolleret automatisk med axe-core og med tastatur alene. Erklæringen er skrevet den " + esc(day_da(o.day)) + " på grundlag af udgiverens egen vurdering.</p>"
              "<h2>Fortæl os om fejl</h2><p>Kan du ikke læse eller bruge noget, eller vil du have indholdet på en anden måde, så skriv til " + contact(o) + ". Fortæl gerne, hvilken side det drejer sig om. Du får svar så hurtigt som muligt.</p>"
              "<h2>Klage</h2><p>Er du ikke tilfreds med svaret, kan du henvende dig til Digitaliseringsstyrelsen, som fører tilsyn med loven.</p>";
  return page;
}

}  // namespace

std::vector<Page> text_pages(const Book& book) { return {about(book), accessibility(book)}; }

// A web server shows it at any address, so it brings its style along, and its links are whole where the site's address is known.
std::string not_found_page(const Book& book) {
  const std::string web = web_address(book.options.address), root = web.empty() ? "/" : web + (web.ends_with('/') ? "" : "/");
  return "<!doctype html>\n<html lang=\"da\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Siden findes ikke – " + esc(book.options.title) + "</title>\n<style>" + std::string(style_sheet()) + "</style>\n</head>\n<body>\n"
         "<main class=\"ramme\"><h1>Siden findes ikke</h1><p class=\"indledning\">Arbejdsgangen er måske flyttet, eller den er ikke længere udgivet.</p><p><a href=\"" + esc(root) + "index.html\">Gå til forsiden og søg</a></p></main>\n</body>\n</html>\n";
}

}  // namespace bank::site
