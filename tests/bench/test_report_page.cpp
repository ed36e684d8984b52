// The page in a browser: Chromium without a window, driven by a script that the test appends to the page.

#include <fmt/format.h>

#include <regex>
#include <set>
#include <sstream>

#include "bench/report/html.h"
#include "bench/report/reports.h"
#include "support/child_process.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

bool can_test() { return test::has_tool("chromium") && test::has_tool("timeout"); }

const std::string& page() {
  static const std::string text = html_report(test::input_of(test::report_document()));
  return text;
}

ChildResult browse(const test::TemporaryFolder& folder, const std::vector<std::string>& options,
                   const std::string& address) {
  std::vector<std::string> arguments = {"timeout",
                                        "120",
                                        "chromium",
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--hide-scrollbars",
                                        "--no-first-run",
                                        "--user-data-dir=" + folder.file("profile")};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.push_back(address);
  return run_child(arguments, "");
}

/// What `script`, the body of a function, returns in the page: as JSON.
json in_page(const std::string& script, const std::string& fragment = "",
             const std::string& size = "1400,900") {
  const test::TemporaryFolder folder;
  std::string text = std::regex_replace(page(), std::regex("<meta http-equiv[^>]*>"), "");
  text.insert(
      text.rfind("</body>"),
      "<script>window.addEventListener('load', () => { let found; try { found = (() => {" + script +
          "})(); } catch (error) { found = String(error); } "
          "document.title = 'RESULT' + encodeURIComponent(JSON.stringify(found)) + 'END'; });</script>");
  const ChildResult result =
      browse(folder, {"--dump-dom", "--virtual-time-budget=2000", "--window-size=" + size},
             "file://" + folder.write("page.html", text) + fragment);
  const std::size_t begin = result.output.find("<title>RESULT");
  INFO(result.errors.substr(0, 2000));
  REQUIRE(begin != std::string::npos);
  const std::size_t end = result.output.find("END</title>", begin);
  std::string found;
  for (std::size_t i = begin + 13; i < end; ++i) {
    if (result.output[i] != '%') {
      found += result.output[i];
    } else {
      found += static_cast<char>(std::stoi(result.output.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return json::parse(found);
}

}  // namespace

TEST_CASE("in a browser: every mark has its value on hover, and by the arrow keys", "[page]") {
  if (!can_test()) return;
  const json found = in_page(R"js(
    const tip = document.querySelector(".tip"), plot = document.querySelector("svg.plot");
    const marks = [...document.querySelectorAll("svg.plot .v")];
    const texts = marks.map(mark => {
      mark.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
      return tip.hidden ? "" : tip.textContent;
    });
    document.body.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    const gone = tip.hidden;
    plot.dispatchEvent(new FocusEvent("focus"));
    const first = tip.textContent;
    plot.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    return { marks: marks.length, empty: texts.filter(text => text === "").length, sample: texts[0], gone,
             tab: plot.tabIndex, first, second: tip.textContent, shown: !tip.hidden };)js");
  INFO(found.dump(1));
  CHECK(found.at("marks") > 500);
  CHECK(found.at("empty") == 0);
  CHECK(std::regex_match(found.at("sample").get<std::string>(), std::regex("\\S+ float\\d+: .*x \\[.*\\]")));
  CHECK(found.at("gone") == true);
  CHECK(found.at("tab") == 0);
  CHECK(found.at("first") == found.at("sample"));
  CHECK(found.at("second") != found.at("first"));
  CHECK(found.at("shown") == true);
}

TEST_CASE("in a browser: the filter holds for tables, marks and legends, and stays in the address",
          "[page]") {
  if (!can_test()) return;
  const std::string count = R"js(
    const off = selector => [...document.querySelectorAll(selector)].filter(one => one.classList.contains("off"));
    const count = () => ({
      rows: off("tbody tr").length, marks: off("svg.plot [data-of]").length,
      naive: [...document.querySelectorAll("tbody tr")]
        .filter(row => !row.classList.contains("off") && row.cells[0].textContent === "naive").length,
      pressed: document.querySelectorAll("[aria-pressed=false]").length, hash: location.hash });
    const button = [...document.querySelectorAll("#filter button")].find(one => one.textContent.trim() === "naive");)js";
  const json clicked = in_page(count + R"js(
    const before = count(); button.click(); const after = count(); button.click();
    return { before, after, again: count() };)js");
  INFO(clicked.dump(1));
  CHECK(clicked.at("before").at("rows") == 0);
  CHECK(clicked.at("after").at("rows") > 5);
  CHECK(clicked.at("after").at("marks") > 5);
  CHECK(clicked.at("before").at("naive") > 0);
  CHECK(clicked.at("after").at("naive") == 0);
  CHECK(clicked.at("after").at("pressed") > 1);  // in the legends as well
  CHECK(clicked.at("after").at("hash") == "#;without=naive");
  CHECK(clicked.at("again").at("rows") == 0);

  const json linked = in_page(count + "return count();", "#roofline;without=naive,float64");
  INFO(linked.dump(1));
  CHECK(linked.at("naive") == 0);
  CHECK(linked.at("rows") > clicked.at("after").at("rows"));
  CHECK(linked.at("hash") == "#roofline;without=naive,float64");
}

TEST_CASE("in a browser: headings have links, tables sort and can be copied as CSV", "[page]") {
  if (!can_test()) return;
  const json found = in_page(R"js(
    const headings = [...document.querySelectorAll("h2, h3, h4")];
    const copy = document.querySelector("button.copy");
    copy.click();
    const table = document.querySelector("table.sortable"), heading = table.tHead.rows[0].cells[0];
    heading.querySelector("[role=button]").click();
    const names = () => [...table.tBodies[0].rows].map(row => row.cells[0].textContent);
    const rising = names();
    heading.querySelector("[role=button]").click();
    return { headings: headings.length,
             linked: headings.filter(one => one.querySelector("a.self").hash === "#" + one.id).length,
             ids: new Set([...document.querySelectorAll("[id]")].map(one => one.id)).size,
             all: document.querySelectorAll("[id]").length,
             csv: copy.dataset.csv, rising, falling: names() };)js");
  INFO(found.dump(1));
  CHECK(found.at("headings") > 8);
  CHECK(found.at("linked") == found.at("headings"));
  CHECK(found.at("ids") == found.at("all"));
  CHECK(found.at("csv").get<std::string>().starts_with("experiment,fastest,"));
  std::vector<std::string> rising = found.at("rising");
  CHECK(std::is_sorted(rising.begin(), rising.end()));
  std::reverse(rising.begin(), rising.end());
  CHECK(found.at("falling") == rising);
}

TEST_CASE("in a browser: six screens, no table cut at 1280, the speed in view on a phone", "[page]") {
  if (!can_test()) return;
  const json tall = in_page("return document.documentElement.scrollHeight;");
  INFO(tall.dump());
  CHECK(tall <= 6 * 900);
  const std::string cut = R"js(
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    return [...document.querySelectorAll(".scroll")].filter(box => box.scrollWidth > box.clientWidth + 1)
      .map(box => box.getAttribute("aria-label"));)js";
  CHECK(in_page(cut, "", "1280,900") == json::array());
  const json phone = in_page(R"js(
    document.querySelectorAll("details").forEach(fold => { fold.open = true; });
    const width = document.documentElement.clientWidth;
    const speeds = [...document.querySelectorAll("thead th")].filter(one => one.textContent.startsWith("against "));
    return { width, page: document.documentElement.scrollWidth, speeds: speeds.length,
             beyond: speeds.filter(one => one.getBoundingClientRect().right > width).length };)js",
                             "", "420,900");
  INFO(phone.dump());
  CHECK(phone.at("width") <= 500);
  CHECK(phone.at("page") <= phone.at("width"));
  CHECK(phone.at("speeds") > 5);
  CHECK(phone.at("beyond") <= 1);  // the summary's may be
}

TEST_CASE("on paper the page has under 15 pages, with its folds open and headings repeated", "[page]") {
  if (!can_test() || !test::has_tool("pdftotext")) return;
  const test::TemporaryFolder folder;
  const std::string file = folder.write("page.html", page()), pdf = folder.file("page.pdf");
  browse(folder, {"--no-pdf-header-footer", "--print-to-pdf=" + pdf}, "file://" + file);
  const std::string text = run_child({"pdftotext", "-layout", pdf, "-"}, "").output;
  const auto pages = std::count(text.begin(), text.end(), '\f');
  INFO(pages << " pages");
  CHECK(pages > 3);
  CHECK(pages < 15);
  CHECK(text.find("Throughput of every round") != std::string::npos);
  CHECK(text.find("In every row") != std::string::npos);  // of a table in a fold
  // A page that goes on with a table begins with its heading, which an earlier page has too.
  const auto words = [](const std::string& line) { return std::regex_replace(line, std::regex(" +"), " "); };
  std::set<std::string> earlier;
  std::size_t repeated = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool begins = line.starts_with('\f');
    const std::string heading = words(begins ? line.substr(1) : line);
    if (begins && earlier.contains(heading)) ++repeated;
    if (!heading.empty()) earlier.insert(heading);
  }
  CHECK(repeated >= 2);
}

TEST_CASE("without scripts the page has all of its tables, figures and values", "[page]") {
  const std::string& text = page();
  const std::string script = std::string(kPageScript.view());
  CHECK(text.find(script) > text.rfind("</table>"));
  CHECK(text.find("hidden=\"hidden\"") ==
        text.rfind("hidden=\"hidden\""));  // the filter, which needs scripts
  CHECK(text.find("<details open") == std::string::npos);
}
