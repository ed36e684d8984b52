#include "bench/report/html.h"

namespace mlpbench {
namespace {

void write_head(Html& html, const std::string& title) {
  const auto head = html.scope("head");
  html.lone("meta", {{"charset", "utf-8"}});
  html.lone("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", content_security_policy()}});
  html.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.lone("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.element("title", title);
  const auto style = html.scope("style");
  html.literal(kPageStyle);
}

void write_contents(Html& page, const std::vector<PagePart>& parts, const std::vector<Figure::Mark>& names) {
  const auto nav = page.scope("nav", {{"class", "contents"}, {"aria-label", "Contents"}});
  {
    const auto list = page.scope("ol");
    for (const PagePart& part : parts) {
      const auto item = page.scope("li");
      page.element("a", {{"href", "#" + part.id}}, part.title);
    }
  }
  page.legend(names, {{"class", "legend"}, {"id", "filter"}, {"aria-label", "Show"}, {"hidden", "hidden"}});
}

}  // namespace

std::string whole_page(const std::string& title, const Html& top, const std::vector<PagePart>& parts,
                       const std::vector<Figure::Mark>& names, const std::string& footer) {
  Html page;
  page.literal("<!DOCTYPE html>\n<html lang=\"en\">\n");
  write_head(page, title);
  {
    const auto body = page.scope("body");
    page.literal(kMarkers);
    const auto layout = page.scope("div", {{"class", "layout"}});
    write_contents(page, parts, names);
    const auto main = page.scope("main");
    {
      const auto header = page.scope("header", {{"class", "top"}});
      page.element("h1", title);
      page.append(top);
    }
    for (const PagePart& part : parts) {
      const auto section = page.scope("section");
      page.heading("h2", part.title, part.id);
      page.append(part.content);
    }
    page.element("footer", footer);
    const auto script = page.scope("script");
    page.literal(kPageScript);
  }
  page.literal("</html>\n");
  return page.page();
}

}  // namespace mlpbench
