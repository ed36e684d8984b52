// A page shows what a document says, and runs none of it.
#include <set>

#include "bench/report/html.h"
#include "bench/report/reports.h"
#include "support/child_process.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"
#include "tests/support/skip.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

std::string page_of(const json& document) { return html_report(test::input_of(document)); }

struct Tag {
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;
};

/// The start tags of a page. Text and data have no "<" of their own, so every "<" begins a tag. The page's
/// own style and script are left out.
std::vector<Tag> tags_of(std::string page) {
  for (const Literal& part : {kPageStyle, kPageScript}) {
    if (const std::size_t at = page.find(part.view()); at != std::string::npos)
      page.erase(at, part.view().size());
  }
  std::vector<Tag> tags;
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string::npos;) {
    const std::size_t end = page.find('>', ++at);
    if (page[at] == '/' || page[at] == '!') continue;
    Tag tag{page.substr(at, page.find_first_of(" >", at) - at), {}};
    for (at += tag.name.size(); at < end && page[at] == ' ';) {
      const std::size_t equals = page.find('=', ++at);
      REQUIRE(equals < end);
      REQUIRE(page[equals + 1] == '"');
      const std::size_t quote = page.find('"', equals + 2);
      tag.attributes.emplace_back(page.substr(at, equals - at), page.substr(equals + 2, quote - equals - 2));
      at = quote + 1;
    }
    if (page[at] != '/') CHECK(page[at] == '>');
    tags.push_back(std::move(tag));
  }
  return tags;
}

/// What of a page makes a browser ask for something outside of it, or run what a document says: empty for
/// none.
std::string outside_reference(const std::string& page) {
  static const std::set<std::string> kTags = {
      "html",     "head",   "meta",    "title",   "style",      "body", "div",   "nav",   "ol",    "li",
      "a",        "main",   "header",  "h1",      "h2",         "h3",   "h4",    "p",     "span",  "section",
      "b",        "footer", "script",  "figure",  "figcaption", "ul",   "table", "thead", "tbody", "tr",
      "th",       "td",     "details", "summary", "pre",        "svg",  "defs",  "g",     "path",  "polygon",
      "polyline", "rect",   "circle",  "text",    "use",        "image"};
  for (const Tag& tag : tags_of(page)) {
    if (!kTags.contains(tag.name)) return "<" + tag.name;
    for (const auto& [name, value] : tag.attributes) {
      if (name.starts_with("on") || name == "style" || name == "srcset" || name == "xmlns")
        return tag.name + " " + name;
      const bool inside =
          value.starts_with("#") || (tag.name == "image" && value.starts_with("data:image/png;base64,"));
      const bool reference = name == "src" || name == "data" || name == "action" || name.ends_with("href");
      if (reference && !inside) return name + "=" + value;
      if (name == "http-equiv" && value != "Content-Security-Policy") return value;
    }
  }
  return "";
}

}  // namespace

TEST_CASE("report.html: what is escaped, and where", "[report]") {
  Html html;
  {
    const auto cell = html.scope("td", {{"title", "a\"b'c<d>&\n"}});
    html.text("</td><script>&\x1b\xff");
  }
  CHECK(html.page() ==
        "<td "
        "title=\"a&quot;b&#39;c&lt;d&gt;&amp;\\x0A\">&lt;/td&gt;&lt;script&gt;&amp;\\x1B\\xFF</td>\n");
  Html data;
  data.json({{"name", "</script><!--"}});
  CHECK(data.page() == "{\"name\":\"\\u003c/script>\\u003c!--\"}");
  Html lines;
  lines.lines("a\n<b>\n");
  CHECK(lines.page() == "a\n&lt;b&gt;\n");
}

TEST_CASE("report.html refers to nothing outside of itself", "[report]") {
  CHECK(outside_reference(page_of(test::report_document())).empty());
  for (const char* word :
       {"http:", "https:", "url(", "@import", "//cdn", "fetch(", "XMLHttpRequest", "eval("}) {
    CHECK(kPageStyle.view().find(word) == std::string_view::npos);
    CHECK(kPageScript.view().find(word) == std::string_view::npos);
  }
  // The check does find what it is for.
  for (const char* bad : {"<img src=\"x.png\">", "<a href=\"http://x\">", "<p style=\"color:red\">",
                          "<b onclick=\"f()\">", "<script src=\"//cdn/x.js\">", "<svg xmlns=\"x\">",
                          "<link rel=\"x\">", "<a href=\"data:text/html,x\">"}) {
    INFO(bad);
    CHECK_FALSE(outside_reference(bad).empty());
  }
}

TEST_CASE("report.html allows its own style and script alone", "[report]") {
  const std::string policy = content_security_policy();
  CHECK(policy.starts_with("default-src 'none'; "));
  CHECK(policy.find("unsafe") == std::string::npos);
  // The hashes are of what stands between the tags of the page.
  const std::string page = page_of(test::small_report_document());
  CHECK(page.find("<style>" + std::string(kPageStyle.view()) + "</style>") != std::string::npos);
  CHECK(page.find("<script>" + std::string(kPageScript.view()) + "</script>") != std::string::npos);
}

TEST_CASE("report.html shows hostile names as text", "[report]") {
  const std::string page = page_of(test::with_hostile_names(test::report_document()));
  CHECK(outside_reference(page).empty());
  std::size_t scripts = 0;
  for (std::size_t at = 0; (at = page.find("<script", at)) != std::string::npos; ++at) ++scripts;
  CHECK(scripts == 2);  // the results and the page's own
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<b>") == page.find("<b>How to read it:</b>"));
  CHECK(page.find("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
}

TEST_CASE("the hashes of report.html's own style and script are OpenSSL's", "[report]") {
  if (!test::has_tool("openssl")) return;
  const std::string policy = content_security_policy();
  for (const Literal& part : {kPageStyle, kPageScript}) {
    const ChildResult digest = run_child({"openssl", "dgst", "-sha256", "-binary"}, part.view());
    const ChildResult text = run_child({"openssl", "base64"}, digest.output);
    CHECK(policy.find("'sha256-" + text.output.substr(0, 44) + "'") != std::string::npos);
  }
}
