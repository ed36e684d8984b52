#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "bench/report/figures.h"
#include "bench/report/html.h"
#include "bench/report/reports.h"
#include "support/child_process.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"
#include "tests/support/skip.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

constexpr std::size_t kMaxBytes = 1'500'000;

std::string page_of(const json& document) { return html_report(test::input_of(document)); }

}  // namespace

TEST_CASE("report.html has all sections, in their order", "[report]") {
  const std::string page = page_of(test::report_document());
  std::size_t at = 0;
  for (const char* part : {"<!DOCTYPE html>",
                           "Content-Security-Policy",
                           "default-src &#39;none&#39;",
                           "id=\"filter\"",
                           "class=\"word\">CORRECT ✔",
                           "id=\"summary\"",
                           "id=\"backends\"",
                           "unavailable: this CPU lacks AVX-512F",
                           "Throughput of every round",
                           "id=\"correctness\"",
                           "Confusion matrix of digits",
                           "id=\"learning\"",
                           "id=\"targets\"",
                           "0/10 seeds",
                           "id=\"convergence\"",
                           "id=\"boundaries\"",
                           "id=\"roofline\"",
                           "id=\"threads\"",
                           "id=\"method\"",
                           "The twelve rules",
                           "id=\"machine\"",
                           "hypervisor: KVM",
                           "id=\"reproduce\"",
                           "git checkout 0123456789abcdef",
                           "type=\"application/json\""}) {
    INFO(part);
    at = page.find(part, at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(page.find("id=\"change\"") == std::string::npos);  // there is no baseline
}

TEST_CASE("report.html has a picture for every figure, and a value for every mark", "[report]") {
  const std::string page = page_of(test::report_document());
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = page.find(part, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  // Speeds in two precisions, seeds and rounds of 5 experiments, losses of 3 twice, targets of 3. Then 3 for
  // each of 2 planes, 2 rooflines, 3 cases of threads.
  CHECK(count("<svg class=\"plot\" role=\"img\" aria-label=") == 2 + 5 + 5 + 6 + 3 + 6 + 2 + 3);
  CHECK(count("class=\"v\"") > 500);
  CHECK(count("class=\"v\"") == count("class=\"v\"><title>"));
  CHECK(count("><title></title>") == 0);
  CHECK(page.find("<title>avx2 float32: ") != std::string::npos);
  CHECK(page.size() < kMaxBytes);
  CHECK(page_of(test::report_document()) == page);
}

TEST_CASE("a band that is wider than the axis ends with the axis", "[report]") {
  const Panel panel{"",
                    400,
                    200,
                    {"ratio", 0.5, 2.0, true},
                    {"", 0.0, 1.0},
                    {},
                    {},
                    {},
                    {{Series::Kind::box, {{0.01, 0.25, 99.0, 0.75}}, {"band"}}}};
  Html html;
  write_panel(html, panel, "");
  CHECK(html.page().find("M60 118.5H378V47.5H60z") != std::string::npos);
}

TEST_CASE("a result with numbers that no figure can show has a page all the same", "[report]") {
  json document = test::report_document();
  document["cases"][0]["samples_per_epoch"] = 4e302;
  document["cases"][1]["samples_per_epoch"] = 1e-310;
  document["cases"][2]["flop_per_epoch"] = 1e308;
  CHECK(page_of(document).size() < kMaxBytes);
}

TEST_CASE("an operation above its roof is flagged, and counted where bounds are claimed", "[report]") {
  json document = test::report_document();
  CHECK(page_of(document).find("(above)") == std::string::npos);
  document["roofline"]["points"][0]["share_of_roof"] = 1.3;
  const std::string page = page_of(document);
  CHECK(page.find("130 % (above)") != std::string::npos);
  CHECK(page.find("; 1 operation above the roof that should bound it") != std::string::npos);
  CHECK(page.find("Every operation below the roofs") == std::string::npos);
}

TEST_CASE("captions say what was trained in, and which samples are marked", "[report]") {
  json document = test::report_document();
  Document read = document_of(document, "results.json");
  CHECK(loss_figure(read).caption.starts_with("Training loss in float32. "));
  CHECK(target_figure(read).caption.starts_with("Trained in float32: "));
  CHECK(scaling_figure(read).caption.find(", in float32: ") != std::string::npos);
  CHECK(boundary_figure(read.boundaries[0]).caption.find(" 100 held-out samples.") != std::string::npos);
  for (const char* section : {"curves", "time_to_accuracy", "scaling"}) {
    for (json& entry : document[section]) entry["dtype"] = "float64";
  }
  document["curves"][0]["dtype"] = "float32";
  document["boundaries"][0]["train"] = json::array();
  document["boundaries"].erase(1);
  read = document_of(document, "results.json");
  CHECK(loss_figure(read).caption.starts_with("Training loss in float64 and float32. "));
  CHECK(target_figure(read).caption.starts_with("Trained in float64: "));
  CHECK(scaling_figure(read).caption.find(", in float64: ") != std::string::npos);
  CHECK(boundary_figure(read.boundaries[0]).caption.find(" 100 training samples.") != std::string::npos);
}

TEST_CASE("report.html does not depend on the order of the document's lists", "[report]") {
  const std::string page = page_of(test::report_document());
  for (const std::uint32_t seed : {1u, 2u, 3u})
    CHECK(page_of(test::shuffled(test::report_document(), seed)) == page);
}

TEST_CASE("reports of a fixed document are the files that are kept, byte for byte", "[report]") {
  const ReportInput input = test::input_of(test::small_report_document());
  const std::pair<const char*, std::string> reports[] = {{"report.html", html_report(input)},
                                                         {"report.md", markdown_report(input)},
                                                         {"report.txt", console_report(input)}};
  for (const auto& [name, text] : reports) {
    const std::string path = std::string(MLPBENCH_EXPECTED_REPORTS) + "/" + name;
    INFO(path << " is another one. If the change is wanted, MLPBENCH_KEEP_REPORTS=1 keeps the new text.");
    if (std::getenv("MLPBENCH_KEEP_REPORTS") != nullptr) std::ofstream(path) << text;
    CHECK((test::read_file(path) == text));
  }
}

TEST_CASE("report.html stands every missing section and unknown number", "[report]") {
  const std::string nothing = page_of(test::bare_document());
  CHECK(nothing.find("class=\"plot\"") == std::string::npos);
  for (const char* section :
       {"change", "summary", "backends", "correctness", "learning", "roofline", "threads"}) {
    INFO(section);
    CHECK(nothing.find(fmt::format("id=\"{}\"", section)) == std::string::npos);
    CHECK(nothing.find(fmt::format("href=\"#{}\"", section)) == std::string::npos);
  }
  CHECK(nothing.find("class=\"word\">EMPTY ✘") != std::string::npos);
  CHECK(nothing.find("id=\"machine\"") != std::string::npos);
  const std::string unknown = page_of(test::without_numbers(test::report_document()));
  CHECK_FALSE(test::has_word(unknown.substr(0, unknown.find("application/json")), "nan|null"));
}

TEST_CASE("a page's verdict box has words of its own and no tick where nothing was judged", "[report]") {
  Html html;
  html.verdict("Nothing could be judged. 3 cases: 3 incomparable.", "");
  html.verdict("No regression. 2 cases: 2 equivalent.", "good");
  CHECK(html.page().find("<div class=\"verdict \"><span class=\"word\">Nothing could be judged</span>"
                         "<p>3 cases: 3 incomparable.</p>") != std::string::npos);
  CHECK(html.page().find("class=\"word\">No regression ✔</span><p>2 cases: 2 equivalent.</p>") !=
        std::string::npos);
}

TEST_CASE("report.html stays below 1.5 MB: the results in it are shortened, and it says so", "[report]") {
  json document = test::report_document();
  for (json& entry : document["cases"]) {
    if (entry.contains("record"))
      entry["record"]["loss_curve"]["loss"] = std::vector<double>(10000, 1.0 / 3.0);
  }
  const std::string page = page_of(document);
  CHECK(page.size() < kMaxBytes);
  CHECK(page.find("without the losses of the cases") != std::string::npos);
  CHECK(page.find("\"loss_curve\":{") == std::string::npos);
  document["boundaries"][0]["train"] = json(50000, json{1.0 / 3.0, 1.0 / 3.0, 1});
  const std::string shorter = page_of(document);
  CHECK(shorter.size() < kMaxBytes);
  CHECK(shorter.find("the numbers of single experiments, boundaries.") != std::string::npos);
  const std::string whole = page_of(test::small_report_document());
  CHECK(whole.find("is results.json.") != std::string::npos);
}

TEST_CASE("report.html is valid for tidy", "[report]") {
  if (!test::has_tool("tidy")) return;
  for (const json& document :
       {test::report_document(), test::bare_document(), test::with_hostile_names(test::report_document())}) {
    const ChildResult tidy =
        run_child({"tidy", "-q", "-e", "--drop-empty-elements", "no"}, html_report(test::input_of(document)));
    INFO(tidy.errors);
    CHECK(tidy.exit_code == 0);
  }
}
