#include "experiments/cli/own_experiments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>

#include "experiments/cli/command_page.h"
#include "experiments/csv_problem.h"
#include "experiments/mnist_problem.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

const std::map<std::string_view, std::string_view> kDataSettings = {{"--hidden", "--hidden"},
                                                                    {"--epochs", "--epochs"},
                                                                    {"--learning-rate", "--learning-rate"},
                                                                    {"--batch-size", "--batch"},
                                                                    {"--activation", "--activation"}};

namespace {

/// An option, and those of which one must be there for it to mean something.
const std::pair<std::string_view, std::vector<std::string_view>> kOwners[] = {
    {"--batch", {"--network", "--csv", "--images"}},
    {"--activation", {"--network", "--csv", "--images"}},
    {"--loss", {"--network"}},
    {"--labels", {"--images"}},
    {"--test-images", {"--images"}},
    {"--test-labels", {"--images"}},
    {"--hidden", {"--csv", "--images"}},
    {"--epochs", {"--csv", "--images"}},
    {"--learning-rate", {"--csv", "--images"}},
    {"--csv", {"--target"}},
    {"--images", {"--labels"}},
};

/// The name of an experiment of a file: the file's, of characters that names and filters may have.
std::string name_of(const std::string& file) {
  std::string name = std::filesystem::path(file).filename();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-') c = '_';
  }
  return name;
}

}  // namespace

CLI::Option* OwnExperimentOptions::add(CLI::App& app, const std::string& group, const char* name,
                                       const char* type, const char* about,
                                       const std::vector<std::string_view>& words) {
  CLI::Option* option = app.add_option(name, values_[name], about)->group(group);
  const std::string_view of_type = type;
  if (of_type.ends_with("[,...]")) {
    option->delimiter(',');
  } else {
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  set_type(*option, type, words);
  return option;
}

void OwnExperimentOptions::add_networks(CLI::App& app, const std::string& group) {
  add(app, group, "--network", "SIZES[,...]", "of made-up data: 784-512-10 is inputs-hidden-outputs");
  add(app, group, "--batch", "N[,...]", "samples of a step (256); of files only without a network");
  add(app, group, "--activation", "NAME[,...]", "of hidden layers (relu)", activation_words());
  add(app, group, "--loss", "NAME[,...]",
      "bce, softmax, mse, huber, mae (bce for one output, softmax for more)", loss_words());
}

void OwnExperimentOptions::add_data(CLI::App& app, const std::string& group) {
  add(app, group, "--csv", "FILE", "train on it as train_csv does");
  for (const CsvOption& option : csv_options()) {
    add(app, group, option.name, option.type, option.about,
        option.words == nullptr ? std::vector<std::string_view>{} : option.words());
  }
  add(app, group, "--images", "FILE", "train on IDX images as mnist does");
  add(app, group, "--labels", "FILE", "of the images");
  add(app, group, "--test-images", "FILE", "instead of a fifth of the images");
  add(app, group, "--test-labels", "FILE", "of the test images");
  add(app, group, "--hidden", "N[,...]", "hidden layers for files (csv: 16, images: 128)");
  add(app, group, "--epochs", "N", "for files (csv: 100, images: 5)");
  add(app, group, "--learning-rate", "R", "for files (csv: 0.05, images: 0.1)");
}

bool OwnExperimentOptions::has(std::string_view option) const { return !values(option).empty(); }

const std::vector<std::string>& OwnExperimentOptions::values(std::string_view option) const {
  static const std::vector<std::string> kNone;
  const auto found = values_.find(option);
  return found == values_.end() ? kNone : found->second;
}

std::string OwnExperimentOptions::value(std::string_view option) const {
  const bool of_networks = has("--network") && (option == "--batch" || option == "--activation");
  const std::vector<std::string>& all = values(of_networks ? "" : option);
  constexpr std::string_view kLists[] = {"--hidden", "--drop", "--categorical"};
  if (std::ranges::find(kLists, option) != std::end(kLists)) return fmt::format("{}", fmt::join(all, ","));
  if (all.size() > 1) throw UserError(fmt::format("{}: a file takes one of them", option));
  return all.empty() ? "" : all.front();
}

void OwnExperimentOptions::refuse_orphans() const {
  for (const auto& [option, owners] : kOwners) {
    const auto given = [this](std::string_view owner) { return has(owner); };
    if (!has(option) || std::any_of(owners.begin(), owners.end(), given)) continue;
    throw UserError(fmt::format("{}: needs {}", option, fmt::join(owners, " or ")));
  }
  for (const CsvOption& option : csv_options()) {
    if (has(option.name) && !has("--csv")) throw UserError(fmt::format("{}: needs --csv", option.name));
  }
}

std::shared_ptr<const Experiment> OwnExperimentOptions::of_file(Experiment experiment,
                                                                std::string_view option,
                                                                std::vector<std::string>& notes) const {
  if (value(option) == "-") throw UserError(fmt::format("{}: stdin cannot be read again", option));
  experiment.name = name_of(value(option));
  for (const auto& [setting, ours] : kDataSettings) {
    if (value(ours).empty()) continue;
    find_setting(setting).read(ours, value(ours), experiment.defaults);
  }
  const Problem problem = build_for_user(experiment, experiment.defaults, !value("--batch").empty());
  notes.insert(notes.end(), problem.notes.begin(), problem.notes.end());
  return std::make_shared<const Experiment>(std::move(experiment));
}

OwnExperiments OwnExperimentOptions::experiments(std::vector<std::string>& notes) const {
  refuse_orphans();
  OwnExperiments all;
  if (has("--network")) {
    all = network_experiments(
        {values("--network"), values("--batch"), values("--activation"), values("--loss")}, notes);
  }
  if (has("--csv")) {
    const auto question = std::make_shared<CsvQuestion>();
    question->file = value("--csv");
    for (const CsvOption& option : csv_options()) (*question).*option.value = value(option.name);
    all.push_back(of_file(csv_experiment(question), "--csv", notes));
  }
  if (has("--images")) {
    const auto question = std::make_shared<MnistQuestion>(
        MnistQuestion{value("--images"), value("--labels"), value("--test-images"), value("--test-labels")});
    all.push_back(of_file(mnist_experiment(question), "--images", notes));
  }
  return all;
}

GivenOptions OwnExperimentOptions::given() const {
  GivenOptions all;
  for (const auto& [option, given] : values_) {
    if (!given.empty()) all.emplace_back(option.substr(2), given);
  }
  return all;
}

bool OwnExperimentOptions::names_file(std::string_view option) noexcept {
  constexpr std::string_view kFiles[] = {"csv", "images", "labels", "test-images", "test-labels"};
  return std::ranges::find(kFiles, option) != std::end(kFiles);
}

}  // namespace mlpbench
