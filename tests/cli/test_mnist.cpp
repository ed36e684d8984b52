#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/idx.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

/// `count` images in a folder of their own.
struct Files {
  TemporaryFolder folder;
  std::string images, labels;

  explicit Files(const SmallImages& small)
      : images(folder.write("images", small.images)), labels(folder.write("labels", small.labels)) {}
  Arguments arguments() const { return {"--images", images, "--labels", labels}; }
  Arguments test_arguments() const { return {"--test-images", images, "--test-labels", labels}; }
};

void require_refused(const Arguments& arguments, const Arguments& expected) {
  const Finished result = run("mnist", arguments);
  INFO("stderr: " << result.err << "stdout: " << result.out);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.error_lines() == 1);
  CHECK(result.err.starts_with("mnist: "));
  for (const std::string& text : expected) {
    INFO("expected: " << text);
    CHECK(result.err.find(text) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("mnist: learns from a fifth held out, in both precisions") {
  const Files files(SmallImages(150));
  for (const std::string dtype : {"float64", "float32"}) {
    const Finished result = run("mnist", joined(files.arguments(), {"--dtype", dtype, "--epochs", "30",
                                                                    "--batch-size", "10", "--json", "-"}));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const json record = json::parse(result.out);
    CHECK(record.at("dataset") == json{{"features", 16}, {"training_rows", 120}, {"test_rows", 30}});
    CHECK(record.at("layers") == json{16, 128, 3});
    CHECK(record.at("class_names") == json{"0", "1", "2"});
    CHECK(record.at("test_accuracy").get<double>() == 1.0);
    CHECK(record.at("mean_loss_per_epoch").back() < record.at("mean_loss_per_epoch").front());
  }
}

TEST_CASE("mnist: takes the test files for the test set, and pixels / 255") {
  const Files train(SmallImages(30)), test(SmallImages(9));
  const Finished result = run("mnist", joined(joined(train.arguments(), test.test_arguments()),
                                              {"--hidden", "4", "--epochs", "1", "--json", "-"}));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json record = json::parse(result.out);
  CHECK(record.at("dataset") == json{{"features", 16}, {"training_rows", 30}, {"test_rows", 9}});
  CHECK(record.at("batch_size") == 30);
}

TEST_CASE("mnist: a pixel enters the network as its grey value / 255") {
  const Files files(SmallImages(2));
  files.folder.write("images", idx({0x803, 2, 1, 1}, "\xFF\x33"));
  files.folder.write("labels", idx({0x801, 2}, std::string("\0\1", 2)));
  // A learning rate that changes no weight, so that the outputs follow from the weights in the record.
  const Finished result = run("mnist", joined(joined(files.arguments(), files.test_arguments()),
                                              {"--hidden", "5", "--epochs", "1", "--learning-rate", "1e-300",
                                               "--dump-parameters", "--json", "-"}));
  INFO(result.err);
  REQUIRE(result.exit_code == 0);
  const json record = json::parse(result.out);
  const auto W = [&](std::size_t layer, std::size_t unit, std::size_t input) {
    return record.at("parameters").at(layer).at("W").at(unit).at(input).get<double>();
  };
  const std::vector<double> inputs = {1.0, 0.2};
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    double logit = 0.0;
    for (std::size_t j = 0; j < 5; ++j) {
      logit += (W(1, 1, j) - W(1, 0, j)) * std::max(0.0, W(0, j, 0) * inputs[n]);
    }
    CHECK(record.at("test_output").at(n).at(1).get<double>() ==
          Approx(1.0 / (1.0 + std::exp(-logit))).epsilon(1e-12));
  }
}

TEST_CASE("mnist: what is wrong with the files is one line, and exit code 2") {
  const SmallImages small(30);
  const Files files(small), others(SmallImages(31));
  const auto file = [&](const std::string& name, const std::string& bytes) {
    return files.folder.write(name, bytes);
  };
  const std::string& images = files.images;
  const std::string& labels = files.labels;
  require_refused({"--labels", labels}, {"--images", "missing"});
  require_refused({"--images", images}, {"--labels", "missing"});
  require_refused({"--images", labels, "--labels", labels}, {labels, "0x00000803 was expected"});
  require_refused({"--images", images, "--labels", images}, {images, "0x00000801 was expected"});
  require_refused({"--images", images, "--labels", others.labels},
                  {others.labels, "31 labels", images, "30 images"});
  require_refused({"--images", file("packed", "\x1F\x8B\x08"), "--labels", labels}, {"packed", "gunzip"});
  require_refused({"--images", file("short", small.images.substr(0, 100)), "--labels", labels},
                  {"short", "truncated", "496 bytes were expected", "100"});
  require_refused({"--images", file("long", small.images + "x"), "--labels", labels},
                  {"long", "goes on for 1"});
  require_refused({"--images", images, "--labels", file("same", idx({0x801, 30}, std::string(30, '\5')))},
                  {"same", "all labels are 5"});
  require_refused(joined(files.arguments(), {"--test-images", images}), {"--test-labels", "missing"});
  require_refused(joined(files.arguments(), {"--test-labels", labels}), {"--test-images", "missing"});
  require_refused(
      joined(files.arguments(), {"--test-images", file("wide", idx({0x803, 1, 2, 8}, std::string(16, 'x'))),
                                 "--test-labels", file("one", idx({0x801, 1}, std::string(1, '\0')))}),
      {"wide", "2 x 8", "4 x 4"});
  require_refused(
      joined(files.arguments(), {"--test-images", file("test", idx({0x803, 1, 4, 4}, std::string(16, 'x'))),
                                 "--test-labels", file("nine", idx({0x801, 1}, "\x09"))}),
      {"nine", "label 1 is 9", "end at 2"});
  require_refused(joined(files.arguments(), {"--batch-size", "25"}), {"--batch-size 25", "24 samples"});
}
