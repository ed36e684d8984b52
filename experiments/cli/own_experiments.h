#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/synthetic.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mlpbench {

/// Settings of a file's experiment that the programs of bench/ have an option for, and that option.
extern const std::map<std::string_view, std::string_view> kDataSettings;

/// Options, and the values that each was given: for a configuration file.
using GivenOptions = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// The options for networks and data of the user's own.
class OwnExperimentOptions {
 public:
  /// Adds --network, --batch, --activation, --loss to `app`, which this object must outlive.
  void add_networks(CLI::App& app, const std::string& group);

  /// Adds --csv, --images and what goes with them; after add_networks(), whose --batch and --activation are a
  /// file's where there is no network.
  void add_data(CLI::App& app, const std::string& group);

  /// What was asked for; data files are read. `notes` gets what was left out or taken for granted. Throws
  /// UserError for what network_experiments() and the experiments of files refuse, and for an option without
  /// the one that it belongs to.
  OwnExperiments experiments(std::vector<std::string>& notes) const;

  GivenOptions given() const;

  /// Whether the value of an option of given(), "csv", is the path of a file.
  static bool names_file(std::string_view option) noexcept;

 private:
  CLI::Option* add(CLI::App& app, const std::string& group, const char* name, const char* type,
                   const char* about, const std::vector<std::string_view>& words = {});
  bool has(std::string_view option) const;
  const std::vector<std::string>& values(std::string_view option) const;

  /// The value of an option of a file, which takes one; empty where it was not given, or is the networks'.
  std::string value(std::string_view option) const;
  void refuse_orphans() const;
  std::shared_ptr<const Experiment> of_file(Experiment experiment, std::string_view option,
                                            std::vector<std::string>& notes) const;

  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

}  // namespace mlpbench
