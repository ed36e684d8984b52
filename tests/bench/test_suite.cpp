// A row is a number only when its backend is right.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/operations/reporters.h"
#include "bench/operations/suite.h"
#include "tests/catch.h"
#include "tests/ops/wrong_backend.h"
#include "tests/support/child.h"

using namespace mlpbench;
using namespace mlpbench::test;
using Run = benchmark::BenchmarkReporter::Run;

namespace {

/// Keeps the runs instead of printing them.
class Keeper : public benchmark::BenchmarkReporter {
 public:
  std::vector<Run> runs;

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& report) override {
    runs.insert(runs.end(), report.begin(), report.end());
  }
};

struct Outcome {
  std::vector<Run> runs;
  std::size_t wrong;
};

/// Runs the rows of `backend`, called "tested", whose names match `filter`, for a moment each.
Outcome run_rows(const BackendEntry& backend, const std::string& filter) {
  std::string program = "test", flag = "--benchmark_min_time=0.0001";
  char* arguments[] = {program.data(), flag.data(), nullptr};
  int count = 2;
  benchmark::Initialize(&count, arguments);
  benchmark::ClearRegisteredBenchmarks();
  Suite suite;
  add_operation_rows(suite, {&backend, 1});
  add_training_rows(suite, {&backend, 1});
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper, filter);
  benchmark::ClearRegisteredBenchmarks();
  return {std::move(keeper.runs), suite.wrong()};
}

/// A backend of both precisions for run_rows(); must outlive it.
struct Tested {
  WrongBackend<float> float32;
  WrongBackend<double> float64;

  BackendEntry entry() const {
    BackendEntry entry;
    entry.name = "tested";
    entry.float32 = &float32;
    entry.float64 = &float64;
    return entry;
  }
};

void check_wrong(const Tested& tested, const std::string& filter, const std::string& words) {
  const Outcome outcome = run_rows(tested.entry(), filter);
  INFO(filter);
  REQUIRE(outcome.runs.size() == 1);
  INFO(error_of(outcome.runs[0]));
  CHECK(error_of(outcome.runs[0]).starts_with("wrong: " + words));
  CHECK(outcome.runs[0].counters.empty());
  CHECK(outcome.wrong == 1);
}

}  // namespace

TEST_CASE("rows of a right backend are numbers with their counters") {
  const Tested tested;
  for (const std::string filter :
       {"dense_forward/relu/10x30x455/float32", "weight_gradient/-/4x2x32/float64",
        "input_delta/relu/10x30x455/float64", "output_delta/softmax_cross_entropy/10x32/float32",
        "update/-/310/float32", "step/moons/batch32/float64", "epoch/regression/batch100/float32"}) {
    INFO(filter);
    const Outcome outcome = run_rows(tested.entry(), "^" + filter + "/tested");
    REQUIRE(outcome.runs.size() == 1);
    const Run& run = outcome.runs[0];
    INFO(error_of(run));
    CHECK(error_of(run).empty());
    CHECK(outcome.wrong == 0);
    CHECK(run.real_accumulated_time > 0.0);
    const bool has_products = filter.find("output_delta") == std::string::npos;
    for (const char* counter : {"GFLOP/s", "%isa_peak", "%best_peak"}) {
      REQUIRE((run.counters.count(counter) == 1) == has_products);
      if (has_products) CHECK(run.counters.at(counter).value > 0.0);
    }
    for (const char* counter : {"GB/s", "%bandwidth", "cycles", "cycles/element"}) {
      REQUIRE(run.counters.count(counter) == 1);
      CHECK(run.counters.at(counter).value > 0.0);
    }
  }
}

TEST_CASE("a wrong result is an error row without a number") {
  const auto spoil = [](auto matrix) { matrix(matrix.rows - 1, matrix.cols - 1) *= 2; };
  Tested forward, gradient, bias, input, output, loss, update, step;
  forward.float32.on_forward = [=](const Forward<float>& call) { right(call), spoil(call.A); };
  check_wrong(forward, "dense_forward/relu/10x30x455/float32", "A: 1 of 10 x 455");
  gradient.float64.on_weight_gradient = [=](const WeightGradient<double>& call) {
    right(call), spoil(call.dW);
  };
  check_wrong(gradient, "weight_gradient/-/10x30x455/float64", "dW: 1 of 10 x 30");
  bias.float32.on_weight_gradient = [](const WeightGradient<float>& call) { right(call), call.db[3] = NAN; };
  check_wrong(bias, "weight_gradient/-/10x30x455/float32", "db: 1 of 1 x 10");
  input.float32.on_input_delta = [=](const InputDelta<float>& call) { right(call), spoil(call.dZ_prev); };
  check_wrong(input, "input_delta/relu/10x30x455/float32", "dZ_prev: 1 of 30 x 455");
  output.float64.on_output_delta = [=](const OutputDelta<double>& call) {
    const double sum = right(call);
    spoil(call.dZ);
    return sum;
  };
  check_wrong(output, "output_delta/binary_cross_entropy/1x455/float64", "dZ: 1 of 1 x 455");
  loss.float64.on_output_delta = [](const OutputDelta<double>& call) { return 1.001 * right(call); };
  check_wrong(loss, "output_delta/mean_squared_error/1x100/float64", "loss: ");
  update.float32.on_update = [](const Update<float>& call) { right(call), call.theta.back() = NAN; };
  check_wrong(update, "update/-/310/float32", "theta: 1 of 1 x 310");
}

TEST_CASE("a wrong step and a wrong training are error rows too") {
  Tested half_step, no_bias, other_loss;
  half_step.float32.on_chunk_gradients = [](const ChunkGradients<float>& call) {
    return right<float>({call.backend, call.network, call.theta, call.X, call.Y, call.scale / 2,
                         call.gradient, call.workspace});
  };
  check_wrong(half_step, "step/moons/batch32/float32", "layer 1: ");
  check_wrong(half_step, "step/28-64-64-1/batch1024/float32", "layer 1: ");
  check_wrong(half_step, "epoch/moons/batch32/float32", "W2 is ");
  no_bias.float64.on_weight_gradient = [](const WeightGradient<double>& call) {
    right(call);
    if (call.dW.rows == 1) call.db[0] = 0.0;
  };
  check_wrong(no_bias, "step/moons/batch32/float64", "layer 2: ");
  check_wrong(no_bias, "epoch/regression/batch100/float64", "");
  other_loss.float64.on_output_delta = [](const OutputDelta<double>& call) { return 1.001 * right(call); };
  check_wrong(other_loss, "step/moons/batch32/float64", "loss: ");
}

TEST_CASE("a backend that cannot run is a row with the reason, and not wrong") {
  BackendEntry entry;
  entry.name = "tested";
  entry.not_built_reason = "of this test";
  const Outcome outcome = run_rows(entry, "update/-/310/float32|step/moons/batch32/float64");
  REQUIRE(outcome.runs.size() == 2);
  for (const Run& run : outcome.runs) CHECK(error_of(run) == "unavailable: not built: of this test");
  CHECK(outcome.wrong == 0);
}

TEST_CASE("a line of the table is the median of the repetitions with the extremes") {
  std::vector<Run> runs(3);
  for (std::size_t n = 0; n < 3; ++n) {
    runs[n].run_name.function_name = "update/-/14/float32/naive";
    runs[n].run_name.time_type = "real_time";
    runs[n].iterations = 10;
    runs[n].real_accumulated_time = 1e-5 * static_cast<double>(1 + n * n);  // 1, 2 and 5 us an iteration
    runs[n].counters["GFLOP/s"] = static_cast<double>(7 - n);
    runs[n].report_label = "L1";
  }
  const std::string line = TableReporter::line_of(runs);
  INFO(line);
  CHECK(line.starts_with("update/-/14/float32/naive  "));
  CHECK(line.find("2.00 us   1.00 us   5.00 us") != std::string::npos);
  CHECK(line.find("  6  ") != std::string::npos);
  CHECK(line.ends_with("  L1"));
  runs.resize(1);
  runs[0].run_type = Run::RT_Aggregate;
  CHECK(TableReporter::line_of(runs) == "");
  runs[0].aggregate_name = "median";
  runs[0].time_unit = benchmark::kMicrosecond;
  runs[0].iterations = 1;
  CHECK(TableReporter::line_of(runs).find("  10.0 us                    ") != std::string::npos);
}

TEST_CASE("the filter selects rows by their systematic names") {
  for (const std::string program : {"bench_ops", "bench_training"}) {
    const Finished listed = run(program, {"--benchmark_list_tests"});
    CHECK(listed.exit_code == 0);
    for (const BackendEntry& backend : all_backends()) {
      for (const char* dtype : {"float32", "float64"}) {
        CHECK(listed.out.find(std::string("/") + dtype + "/" + std::string(backend.name)) !=
              std::string::npos);
      }
    }
  }
  const Finished finished = run("bench_ops", {"--benchmark_filter=^update/-/12/float32/naive",
                                              "--benchmark_min_time=0.0001", "--benchmark_repetitions", "2"});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(std::count(finished.out.begin(), finished.out.end(), '\n') == 2);
  CHECK(finished.out.find("update/-/12/float32/naive ") != std::string::npos);
  for (const char* fact :
       {"cpu: ", "compiler: ", "backend/naive: executes", "compiled with", "fma_peak/float32/baseline",
        "bandwidth/memory: read", "time_stamp_counter: ", "libraries/Google Benchmark: ", "isa: "}) {
    INFO(fact);
    CHECK(finished.err.find(fact) != std::string::npos);
  }
  CHECK(run("bench_ops", {"--benchmark_filter=^nothing$"}).exit_code == 2);
  CHECK(run("bench_ops", {"--benchmark_fliter=update"}).exit_code == 2);
}

TEST_CASE("the rows are there as JSON as well") {
  const Finished finished = run("bench_training", {"--benchmark_filter=^step/moons/batch32/float32/naive",
                                                   "--benchmark_min_time=0.0001", "--benchmark_repetitions=3",
                                                   "--benchmark_format=json"});
  REQUIRE(finished.exit_code == 0);
  const auto json = nlohmann::json::parse(finished.out);
  CHECK(json.at("context").contains("fma_peak/float64/baseline x86-64"));
  std::size_t repetitions = 0;
  for (const auto& row : json.at("benchmarks")) {
    if (row.at("run_type") != "iteration") continue;
    ++repetitions;
    CHECK(row.at("cycles/element").get<double>() > 0.0);
    CHECK(row.at("GFLOP/s").get<double>() > 0.0);
  }
  CHECK(repetitions == 3);
}

TEST_CASE("the programs of rows say their version, and refuse an option without its value") {
  for (const std::string program : {"bench_ops", "bench_training"}) {
    CHECK(run(program, {"--version"}).out.starts_with("mlpbench "));
    const Finished refused = run(program, {"--benchmark_repetitions"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.error_lines() == 1);
    CHECK(refused.err.starts_with(program + ": --benchmark_repetitions: "));
    for (const char* bad :
         {"--benchmark_repetitions=abc", "--benchmark_format=xml", "--benchmark_out=/none/x"}) {
      const Finished one = run(program, {bad, "--benchmark_filter=^nothing$"});
      INFO(one.err);
      CHECK(one.exit_code == 2);
      CHECK(one.error_lines() == 1);
    }
    CHECK(run(program, {"--benchmark_list_tests"}, {.stdout_file = "/dev/full"}).exit_code == 2);
  }
}

TEST_CASE("what a terminal would obey reaches it from no option of a suite", "[suite]") {
  for (const char* option : {"--benchmark_filter=x\x1B[31m", "--benchmark_filter=\x9B", "--other=\xC2\x9B",
                             "--benchmark_out=/nonexistent/\x1B"}) {
    const Finished finished = test::run("bench_ops", {option});
    INFO(finished.err << finished.out);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    for (const char* bad : {"\x1B", "\x9B"})
      CHECK((finished.out + finished.err).find(bad) == std::string::npos);
  }
}
