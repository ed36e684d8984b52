#include <algorithm>

#include "backends/registry.h"
#include "bench/studies/sections.h"
#include "support/json_fields.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

StudySetting quick() {
  StudySetting setting;
  setting.quick = true;
  return setting;
}

std::vector<RooflinePoint> naive_points() {
  return roofline_points({&find_backend("naive")}, {DType::float32}, true);
}

}  // namespace

TEST_CASE("the roof is the longer of computing and moving") {
  CHECK(least_seconds(100.0, 40.0, 10.0, 4.0) == 10.0);
  CHECK(least_seconds(100.0, 40.0, 20.0, 4.0) == 10.0);  // 100 / 20 is less than 40 / 4
  CHECK(least_seconds(100.0, 40.0, 20.0, 40.0) == 5.0);
  CHECK(least_seconds(0.0, 40.0, 20.0, 4.0) == 10.0);

  Bandwidth level;
  level.read = {3, 1.0, 8.0, 8.5, 9.0};
  level.triad = {3, 2.0, 5.0, 6.5, 7.0};
  level.in_place = {3, 2.0, 5.0, 7.5, 8.0};
  CHECK(roof_bandwidth(level) == 9.0);
  level.triad.highest = 20.0;
  CHECK(roof_bandwidth(level) == 20.0);
  level.in_place.highest = 21.0;
  CHECK(roof_bandwidth(level) == 21.0);
}

TEST_CASE("every operation has a point at every shape, on every backend that can run") {
  const auto of = [](const std::vector<RooflinePoint>& points, std::string_view operation) {
    return std::count_if(points.begin(), points.end(),
                         [operation](const auto& p) { return p.fact.operation == operation; });
  };
  const std::vector<RooflinePoint> few = naive_points();
  for (const char* operation :
       {"dense_forward", "weight_gradient", "input_delta", "update", "output_delta"}) {
    CHECK(of(few, operation) == 2);
  }
  const std::vector<const BackendEntry*> backends = usable_backends();
  const auto all = roofline_points(backends, {DType::float32, DType::float64}, false);
  const std::size_t rows = usable_backends(DType::float32).size() + usable_backends(DType::float64).size();
  const auto each = static_cast<std::ptrdiff_t>(3 * rows);
  for (const char* operation :
       {"dense_forward", "weight_gradient", "input_delta", "update", "output_delta"}) {
    CHECK(of(all, operation) == each);
  }
}

TEST_CASE("points are placed by the counts of backends/operations") {
  RooflineFact roofline;
  for (const RooflinePoint& point : naive_points()) roofline.points.push_back(point.fact);
  const auto json = json_of(roofline).at("points");
  const auto& forward = json.at(0);
  CHECK(forward.at("operation") == "dense_forward");
  CHECK(forward.at("function") == "tanh");
  CHECK(forward.at("shape") == "4x2x32");
  // 2 * 4 * 2 * 32 flop; W 8, b 4, X 64, A 128 numbers of four bytes.
  CHECK(forward.at("flop") == 512.0);
  CHECK(forward.at("bytes") == 816.0);
  CHECK(forward.at("intensity") == 512.0 / 816.0);
  CHECK(forward.at("seconds").is_null());
  CHECK(forward.at("share_of_roof").is_null());
}

TEST_CASE("measured points have a speed below their roof's reach, wrong ones have none") {
  std::vector<RooflinePoint> points = naive_points();
  std::erase_if(points, [](const RooflinePoint& p) {
    return p.fact.shape.starts_with("64") || p.fact.shape.size() > 6;
  });
  REQUIRE(points.size() >= 4);
  points[1].check = [] { return std::string("dW: planted"); };
  const std::size_t count = points.size();
  const auto json = json_of(measure_roofline(std::move(points), quick()));
  REQUIRE(json.at("bandwidths").size() >= 1);
  for (const auto& level : json.at("bandwidths")) {
    CHECK(level.at("read").at("lowest") <= level.at("read").at("median"));
    for (const char* probe : {"read", "triad", "in_place"})
      CHECK(level.at("roof") >= level.at(probe).at("highest"));
  }
  REQUIRE(json.at("peaks").size() >= 1);
  for (const auto& peak : json.at("peaks")) {
    CHECK(peak.at("dtype") == "float32");
    CHECK(peak.at("median") > 0.0);
    CHECK(peak.at("median") <= peak.at("highest"));
  }
  REQUIRE(json.at("points").size() == count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& point = json.at("points").at(i);
    INFO(point.dump());
    CHECK(point.at("level").get<std::string>().size() >= 2);
    if (i == 1) {
      CHECK(point.at("wrong") == "dW: planted");
      CHECK(point.at("seconds").is_null());
      CHECK(point.at("flops").is_null());
      continue;
    }
    CHECK(point.at("wrong").is_null());
    CHECK(point.at("seconds").at("lowest") > 0.0);
    CHECK(point.at("seconds").at("interval").at("confidence") >= 0.95);
    CHECK(point.at("share_of_roof") > 0.0);
    CHECK(point.at("flops").is_null() == (point.at("flop") == 0.0));
    CHECK(point.at("roof_flops").is_null() == (point.at("flop") == 0.0));
  }
}

TEST_CASE("a roofline stops between two pieces of work") {
  const std::atomic<bool> interrupt = true;
  StudySetting setting = quick();
  setting.interrupt = &interrupt;
  CHECK_THROWS_AS(measure_roofline(naive_points(), setting), Interrupted);
}
