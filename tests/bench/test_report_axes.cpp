#include <cmath>

#include "bench/report/html.h"
#include "tests/catch.h"

using namespace mlpbench;

TEST_CASE("axes take what can be drawn, and end at numbers", "[report]") {
  constexpr double kBeyond[] = {4e302, 1e308, 1e-310, 5e-324, 0.0, -1e300, INFINITY, NAN};
  for (const bool logarithmic : {true, false}) {
    Axis axis = Axis::of("", logarithmic);
    for (const double value : {4e302, 1e308, -1e300, double{INFINITY}, double{NAN}}) axis.include(value);
    CHECK(axis.empty());
    for (const auto& [low, high] :
         {std::pair{1e-150, 1e150}, {1.0, 1.0 + 1e-15}, {1e150, 1e150}, {3.0, 3.0}}) {
      Axis range = Axis::of("", logarithmic);
      for (const double value : kBeyond) {
        if (value != 0.0 && std::abs(value) > 1e-300) range.include(value);
      }
      range.include(low), range.include(high), range.pad(0.12);
      INFO(logarithmic << " " << low << " " << high << ": " << range.low << " " << range.high);
      CHECK((std::isnormal(range.low) && std::isnormal(range.high) && range.low < range.high));
      const Panel panel{"",    400,   200,
                        range, range, {},
                        {},    {},    {{Series::Kind::points, {{4e302, 1.0}, {low, high}}, {"b1"}}}};
      Html html;
      write_panel(html, panel, "");
      const std::string& picture = html.page();
      CHECK(picture.size() < 20'000);
      CHECK(picture.find("e+302") == std::string::npos);
      CHECK(picture.find("inf") == std::string::npos);
      CHECK(picture.find("nan") == std::string::npos);
      CHECK(picture.find("class=\"v\"") == picture.rfind("class=\"v\""));  // the other is beyond 1e150
    }
  }
}
