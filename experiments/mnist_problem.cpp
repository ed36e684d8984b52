#include "experiments/mnist_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/data/idx.h"
#include "core/data/preprocessing.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr InitialRule kInitial{WeightOrder::units_by_inputs, draw_he};

constexpr double kBrightest = 255.0;

struct LabelledImages {
  IdxImages images;
  std::vector<std::uint8_t> labels;
};

std::string shown(const std::string& path) { return printable_path(path); }

LabelledImages read_pair(const std::string& images, const std::string& labels) {
  LabelledImages pair{read_idx_images(images), read_idx_labels(labels)};
  if (pair.labels.size() != pair.images.count) {
    throw UserError(fmt::format("{}: has {} labels, and {} has {} images", shown(labels), pair.labels.size(),
                                shown(images), pair.images.count));
  }
  return pair;
}

/// Some images of a file, with all of whose labels they are.
LabelledImages read_part(const MnistQuestion& question, std::span<const std::uint8_t> labels,
                         const RowRange& rows) {
  LabelledImages part{read_idx_images(question.images, rows, labels.size()), {}};
  const std::span<const std::uint8_t> own = labels.subspan(rows.first, rows.count);
  part.labels.assign(own.begin(), own.end());
  return part;
}

Dataset widened(const LabelledImages& pair, std::span<const std::size_t> rows, std::size_t classes) {
  Dataset data{Matrix<double>(rows.size(), pair.images.pixels()), {}};
  std::vector<std::size_t> labels;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::span<const std::uint8_t> image = pair.images.image(rows[i]);
    std::transform(image.begin(), image.end(), data.X.row(i),
                   [](std::uint8_t grey) { return grey / kBrightest; });
    labels.push_back(pair.labels[rows[i]]);
  }
  data.Y = Targets::one_hot(labels, classes);
  return data;
}

std::vector<std::size_t> all_rows(const LabelledImages& pair) {
  std::vector<std::size_t> rows(pair.images.count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::size_t count_classes(const MnistQuestion& question, std::span<const std::uint8_t> labels) {
  const auto [least, most] = std::minmax_element(labels.begin(), labels.end());
  if (*least == *most) throw UserError(fmt::format("{}: all labels are {}", shown(question.labels), *least));
  return std::size_t{*most} + 1;
}

void hold_out_a_fifth_of(const LabelledImages& pair, const MnistQuestion& question, std::size_t classes,
                         std::uint32_t split_seed, Problem& problem) {
  if (pair.images.count < 2) {
    throw UserError(
        fmt::format("{}: 1 image is too few: a fifth is kept for the test", shown(question.images)));
  }
  Split split = train_test_split(pair.images.count, 0.2, split_seed);
  problem.train = widened(pair, split.train_rows, classes);
  problem.test = widened(pair, split.test_rows, classes);
  problem.train_rows = std::move(split.train_rows);
  problem.test_rows = std::move(split.test_rows);
}

void read_test_set(const MnistQuestion& question, const LabelledImages& train, std::size_t classes,
                   Problem& problem) {
  const LabelledImages test = read_pair(question.test_images, question.test_labels);
  if (test.images.rows != train.images.rows || test.images.columns != train.images.columns) {
    throw UserError(fmt::format("{}: has images of {} x {} pixels, and {} has {} x {}",
                                shown(question.test_images), test.images.rows, test.images.columns,
                                shown(question.images), train.images.rows, train.images.columns));
  }
  const auto unknown = std::find_if(test.labels.begin(), test.labels.end(),
                                    [&](std::uint8_t label) { return label >= classes; });
  if (unknown != test.labels.end()) {
    throw UserError(fmt::format("{}: label {} is {}, and those of {} end at {}", shown(question.test_labels),
                                unknown - test.labels.begin() + 1, *unknown, shown(question.labels),
                                classes - 1));
  }
  problem.test = widened(test, all_rows(test), classes);
}

Problem build(const MnistQuestion& question, const Settings& settings) {
  const bool test_files = !question.test_images.empty();
  if (test_files != !question.test_labels.empty()) {
    throw UserError(fmt::format("{}: is missing; the test set needs both of its files",
                                test_files ? "--test-labels" : "--test-images"));
  }
  Problem problem;
  std::array<RowRange, 2> rows{};  // of the shards of this rank and of the test set, where the data are cut
  LabelledImages pair;
  std::vector<std::uint8_t> labels;
  if (settings.shards > 0) {
    labels = read_idx_labels(question.labels);
    rows = rows_of_shards(settings, labels.size(), !test_files, problem);
    pair = read_part(question, labels, rows[0]);
  } else {
    pair = read_pair(question.images, question.labels);
  }
  const std::size_t classes = count_classes(question, labels.empty() ? pair.labels : labels);
  require_data_memory("--images", pair.images.count, pair.images.pixels());

  problem.task = Task::multiclass;
  for (std::size_t k = 0; k < classes; ++k) problem.class_names.push_back(std::to_string(k));
  if (test_files) {
    problem.train = widened(pair, all_rows(pair), classes);
    read_test_set(question, pair, classes, problem);
  } else if (settings.shards > 0) {
    const LabelledImages tested = read_part(question, labels, rows[1]);
    problem.train = widened(pair, all_rows(pair), classes);
    problem.test = widened(tested, all_rows(tested), classes);
  } else {
    hold_out_a_fifth_of(pair, question, classes, settings.split_seed, problem);
  }
  problem.network = dense_network(pair.images.pixels(), settings, {classes, Activation::softmax},
                                  {Loss::softmax_cross_entropy});
  start_and_draw_initial(kInitial, settings, problem);
  return problem;
}

void print(const Problem& problem, const RunResult& result) {
  print_epochs(shown_losses(result.trace));
  fmt::print("Test Accuracy: {:.2f}% of {} images\n", 100.0 * result.test_accuracy.value(),
             problem.test.samples());
}

}  // namespace

Experiment mnist_experiment(std::shared_ptr<const MnistQuestion> question) {
  Experiment experiment = file_experiment(
      "mnist",
      "trains on images in the IDX files of MNIST, Fashion-MNIST and their like, unpacked.\n"
      "A pixel is a feature, grey / 255. Without test files a fifth of the images is the test set.",
      "--epochs 5 --learning-rate 0.1 --batch-size 128 --hidden 128");
  experiment.has_shards = true;
  experiment.build = [question](const Settings& settings) { return build(*question, settings); };
  experiment.print = print;
  return experiment;
}

}  // namespace mlpbench
