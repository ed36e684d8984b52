// What a case's numbers are compared with before it is timed.

#include "backends/operations/work.h"
#include "bench/measure/check.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/ops/wrong_backend.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

Case case_of(const std::string& experiment, const std::string& trainer, std::size_t threads, DType dtype,
             const std::string& backend = "naive") {
  Case what = select_cases({{experiment}, {backend}, {}, {trainer}, {threads}}).front();
  what.dtype = dtype;
  return what;
}

CaseResult check_case(const Case& what) {
  Problems problems;
  Settings settings = what.settings();
  for (std::size_t i = 0; i < (settings.trainer == "ensemble" ? settings.members : 1); ++i, ++settings.seed) {
    problems.push_back(what.experiment->build(settings));
  }
  NaiveRuns naive;
  return checked(problems, what, naive);
}

}  // namespace

TEST_CASE("a trainer that promises the bits of the experiment's own is compared with NumPy", "[check]") {
  for (const BackendEntry* backend : usable_backends()) {
    for (const DType dtype : {DType::float64, DType::float32}) {
      if (!backend->has(dtype)) continue;
      for (const auto& [trainer, threads] : std::initializer_list<std::pair<const char*, std::size_t>>{
               {"own", 1}, {"sync", 1}, {"sync", 2}, {"hogwild", 1}, {"ensemble", 2}}) {
        const CaseResult result =
            check_case(case_of("moons", trainer, threads, dtype, std::string(backend->name)));
        INFO(result.what.name());
        CHECK(result.wrong == "");
        CHECK(result.parity.with == "NumPy");
        CHECK(result.parity.deviation.numbers > 200);
        CHECK(result.parity.tolerance == reference_tolerance(dtype));
      }
    }
  }
}

TEST_CASE("other trainers are compared with naive with the same settings", "[check]") {
  for (const BackendEntry* backend : usable_backends()) {
    for (const DType dtype : {DType::float64, DType::float32}) {
      if (!backend->has(dtype)) continue;
      for (const auto& [trainer, threads] : std::initializer_list<std::pair<const char*, std::size_t>>{
               {"full-batch", 1}, {"full-batch", 2}, {"local-sgd", 1}, {"local-sgd", 2}}) {
        const CaseResult result =
            check_case(case_of("moons", trainer, threads, dtype, std::string(backend->name)));
        INFO(result.what.name());
        CHECK(result.wrong == "");
        CHECK(result.parity.with == "naive");
        CHECK(result.parity.deviation.numbers > 200);
      }
    }
  }
}

TEST_CASE("an experiment without a NumPy program is compared with naive in float64", "[check]") {
  const Case moons = case_of("moons", "own", 1, DType::float64);
  Experiment without_numpy = *moons.experiment;
  without_numpy.has_numpy_program = false;
  for (const BackendEntry* backend : usable_backends()) {
    for (const DType dtype : {DType::float64, DType::float32}) {
      if (!backend->has(dtype)) continue;
      const CaseResult result = check_case({&without_numpy, backend, dtype, ""});
      INFO(result.what.name());
      CHECK(result.wrong == "");
      CHECK(result.parity.with == "naive");
      CHECK(result.parity.deviation.numbers > 200);
      CHECK((result.parity.deviation.largest > 0.0) == (backend->name != "naive" || dtype == DType::float32));
    }
  }
}

TEST_CASE("NumPy's values that cannot be read are an error, not a case that cannot run", "[check]") {
  const TemporaryFolder folder;
  const ScopedVariable variable("MLPBENCH_REFERENCE_DIR", folder.path());
  CHECK_THROWS_AS(check_case(case_of("moons", "own", 1, DType::float64)), UserError);
}

TEST_CASE("hogwild on several threads is compared by accuracy, and says why to no more", "[check]") {
  const CaseResult result = check_case(case_of("moons", "hogwild", 2, DType::float64));
  CHECK(result.wrong == "");
  CHECK(result.parity.with.empty());
  CHECK(result.parity.why_none == "hogwild on several threads promises statistics alone");
}

TEST_CASE("settings that do not fit the data make a case that cannot run", "[check]") {
  const CaseResult result = check_case(case_of("worked_examples", "mini-batch", 1, DType::float64));
  CHECK(result.what.unusable_reason.find("--batch-size 32") != std::string::npos);
  CHECK(result.wrong.empty());
  CHECK_FALSE(result.run);
}

TEST_CASE("a wrong result of another trainer is found", "[check]") {
  WrongBackend<double> half_step;
  half_step.on_chunk_gradients = [](const ChunkGradients<double>& call) {
    return right<double>({call.backend, call.network, call.theta, call.X, call.Y, call.scale / 2,
                          call.gradient, call.workspace});
  };
  BackendEntry entry = find_backend("naive");
  entry.name = "tested";
  entry.float64 = &half_step;
  for (const char* trainer : {"full-batch", "mini-batch"}) {
    Case what = case_of("moons", trainer, 1, DType::float64);
    what.backend = &entry;
    const CaseResult result = check_case(what);
    INFO(trainer << ": " << result.wrong);
    CHECK(result.wrong.find(what.trainer_name() == "mini-batch" ? "from NumPy's" : "from naive's") !=
          std::string::npos);
  }
  // A statistical trainer is checked by its accuracy: no learning at all is not within 5 %.
  half_step.on_chunk_gradients = [](const ChunkGradients<double>&) { return 0.7; };
  half_step.on_update = [](const Update<double>&) {};
  Case what = case_of("moons", "hogwild", 2, DType::float64);
  what.backend = &entry;
  CHECK(check_case(what).wrong.starts_with("accuracy "));
}

TEST_CASE("an epoch's work is that of the samples that were trained", "[check]") {
  const CaseResult single = check_case(case_of("moons", "mini-batch", 1, DType::float64));
  const CaseResult many = check_case(case_of("moons", "ensemble", 1, DType::float64));
  const CaseResult local = check_case(case_of("moons", "local-sgd", 1, DType::float64));
  const Problem problem = single.what.experiment->build(single.what.experiment->defaults);
  CHECK(samples_per_epoch(problem, *single.run) == 800.0);
  CHECK(samples_per_epoch(problem, *many.run) == 16 * 800.0);
  CHECK(samples_per_epoch(problem, *local.run) == 768.0);  // 6 times 4 workers with 32 each
  const double flop = epoch_work(problem.network, 800, 32, false, sizeof(double)).flop;
  CHECK(flop_per_epoch(problem, *single.run) == flop);
  CHECK(flop_per_epoch(problem, *many.run) == 16 * flop);
  CHECK(flop_per_epoch(problem, *local.run) == Approx(flop * 768 / 800));
}
