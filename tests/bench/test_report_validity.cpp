// The page of a report for programs that know its formats.

#include "bench/report/embedded.h"
#include "bench/report/html.h"
#include "bench/report/page_parts.h"
#include "support/child_process.h"
#include "tests/bench/report_document.h"
#include "tests/bench/report_proofs.h"
#include "tests/catch.h"
#include "tests/support/skip.h"

using namespace mlpbench;
using nlohmann::json;

TEST_CASE("the hashes of report.html's own style and script are OpenSSL's", "[report]") {
  if (!test::has_tool("openssl")) return;
  const std::string policy = content_security_policy();
  for (const Literal& part : {kPageStyle, kPageScript}) {
    const ChildResult digest = run_child({"openssl", "dgst", "-sha256", "-binary"}, part.view());
    const ChildResult text = run_child({"openssl", "base64"}, digest.output);
    CHECK(policy.find("'sha256-" + text.output.substr(0, 44) + "'") != std::string::npos);
  }
}

TEST_CASE("report.html is valid for tidy", "[report]") {
  if (!test::has_tool("tidy") || !test::has_tool("gnuplot")) return;
  for (const json& document :
       {test::report_document(), test::bare_document(), test::with_hostile_names(test::report_document())}) {
    const ChildResult tidy = run_child({"tidy", "-q", "-e", "--drop-empty-elements", "no"},
                                       html_report(test::input_of(document), true));
    INFO(tidy.errors);
    CHECK(tidy.exit_code == 0);
  }
}
