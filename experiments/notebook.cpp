#include "experiments/notebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "core/data/preprocessing.h"
#include "core/training/shards.h"
#include "support/error.h"
#include "support/format.h"

namespace mlpbench {

namespace {

/// "bce, mse": the losses that may follow `last`.
std::string losses_after(Activation last) {
  std::string words;
  for (const Loss loss : kLosses) {
    if (fits(loss, last)) words.append(words.empty() ? "" : ", ").append(info(loss).word);
  }
  return words;
}

/// The experiment's own loss, or what the settings have in its place.
LossSpec loss_after(Activation last, const Settings& settings, LossSpec own) {
  if (!settings.loss) return own;
  if (!fits(*settings.loss, last)) {
    throw UserError(fmt::format("--loss {}: does not go with {} outputs, which take {}",
                                info(*settings.loss).word, to_string(last), losses_after(last)));
  }
  own.kind = *settings.loss;
  own.huber_delta = settings.huber_delta;
  return own;
}

}  // namespace

NetworkSpec dense_network(std::size_t inputs, const Settings& settings, LayerSpec output, LossSpec loss) {
  constexpr std::size_t kMaxUnits = 1'000'000;
  NetworkSpec network{inputs, {}, loss_after(output.activation, settings, loss)};
  for (const std::size_t units : settings.hidden) {
    if (units == 0 || units > kMaxUnits) {
      throw UserError("--hidden " + std::to_string(units) + ": a layer has 1 to " +
                      std::to_string(kMaxUnits) + " units");
    }
    network.layers.push_back({units, settings.activation, settings.dropout});
  }
  network.layers.push_back(output);
  network.validate();
  return network;
}

void draw_initial(const InitialRule& rule, const Settings& settings, Problem& problem) {
  problem.initial = settings.init ? draw_parameters(problem.network, *settings.init, problem.stream)
                                  : draw_parameters(problem.network, rule, problem.stream);
}

void start_and_draw_initial(const InitialRule& rule, const Settings& settings, Problem& problem) {
  problem.stream = RandomState(settings.seed);
  draw_initial(rule, settings, problem);
}

std::array<RowRange, 2> rows_of_shards(const Settings& settings, std::size_t samples, bool holds_out,
                                       Problem& problem) {
  const std::size_t tested = holds_out ? ceil_div(samples, std::size_t{5}) : 0, trained = samples - tested;
  if (settings.shards > trained)
    throw UserError(fmt::format("--shards {}: the training data has {} samples", settings.shards, trained));
  problem.shards = shards_of_rank(settings.shards, trained, settings.rank, settings.ranks);
  const IndexRange own = problem.shards.own_of(trained);
  return {RowRange{own.first, own.count}, RowRange{trained, std::min(tested, kTestRowsWithShards)}};
}

void hold_out_a_fifth(const Dataset& all, std::uint32_t split_seed, Problem& problem) {
  Split split = train_test_split(all.samples(), 0.2, split_seed);
  problem.train = select_rows(all, split.train_rows);
  problem.test = select_rows(all, split.test_rows);
  problem.train_rows = std::move(split.train_rows);
  problem.test_rows = std::move(split.test_rows);
}

void evaluate_on_training_set(Dataset data, Problem& problem) {
  problem.test = data;
  problem.train = std::move(data);
  problem.evaluated_on = "training set";
}

std::span<const double> shown_losses(const TrainingTrace& trace) {
  return trace.mean_loss_per_epoch.empty() ? trace.loss_per_epoch : trace.mean_loss_per_epoch;
}

void print_epochs(std::span<const double> losses) {
  for_each_printed_epoch(losses, [](std::size_t epoch, double loss) {
    fmt::print("Epoch {} - Loss: {}\n", epoch, format_decimals(loss, 4));
  });
}

void print_losses_and_accuracy(const Problem&, const RunResult& result) {
  print_epochs(result.trace.loss_per_epoch);
  fmt::print("Test Accuracy: {:.2f}%\n", result.test_accuracy.value() * 100);
}

Experiment file_experiment(const std::string& name, const std::string& about, const std::string& settings) {
  Experiment experiment;
  experiment.name = name;
  experiment.about = about;
  experiment.defaults = settings_of("--trainer mini-batch --seed 42 --keep-incomplete-batch " + settings);
  experiment.reference_values = all_numbers;
  experiment.has_numpy_program = false;
  experiment.fits_batch = true;
  return experiment;
}

std::vector<ReferenceValue> all_numbers(const RunResult& result) {
  std::vector<ReferenceValue> values{{"loss_per_epoch", result.trace.loss_per_epoch},
                                     {"test_output", flattened(result.test_output.view())}};
  append_parameters(result.parameters, WeightOrder::units_by_inputs, values);
  return values;
}

void append_parameters(const Parameters<double>& theta, WeightOrder order,
                       std::vector<ReferenceValue>& values) {
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const std::string number = std::to_string(l + 1);
    values.push_back({"W" + number, flattened(as_stored(theta.W(l), order).view())});
    values.push_back({"b" + number, {theta.b(l).begin(), theta.b(l).end()}});
  }
}

void append_last_layer(const Parameters<double>& theta, std::vector<ReferenceValue>& values) {
  const std::size_t last = theta.layers() - 1;
  values.push_back({"W_last", flattened(theta.W(last))});
  values.push_back({"bias_last", {theta.b(last).begin(), theta.b(last).end()}});
}

std::vector<double> flattened(MatrixView<const double> values) {
  std::vector<double> flat;
  flat.reserve(values.rows * values.cols);
  for (std::size_t i = 0; i < values.rows; ++i)
    flat.insert(flat.end(), values.row(i), values.row(i) + values.cols);
  return flat;
}

std::vector<double> flattened(const nlohmann::ordered_json& lists) {
  if (lists.is_number()) return {lists.get<double>()};
  if (!lists.is_array()) return {std::numeric_limits<double>::quiet_NaN()};
  std::vector<double> flat;
  for (const nlohmann::ordered_json& item : lists) {
    const std::vector<double> numbers = flattened(item);
    flat.insert(flat.end(), numbers.begin(), numbers.end());
  }
  return flat;
}

}  // namespace mlpbench
