#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/dtype.h"
#include "core/training/trainer.h"
#include "experiments/initial_parameters.h"

namespace mlpbench {

/// What a user may set about an experiment. An experiment's own values are in Experiment::defaults. Each
/// member has an entry in all_settings().
struct Settings : TrainerSettings {
  std::vector<std::size_t> hidden;           ///< units of each hidden layer
  Activation activation = Activation::relu;  ///< of the hidden layers
  std::optional<Initialisation> init;        ///< of the weights, instead of the experiment's own
  std::optional<Loss> loss;                  ///< instead of the experiment's own
  double huber_delta = 1.0;                  ///< LossSpec::huber_delta
  double dropout = 0.0;                      ///< of every hidden layer
  std::uint32_t seed = 0;                    ///< of the one stream that the notebook draws from
  std::uint32_t split_seed = 42;             ///< of train_test_split, where there is one
  std::size_t samples = 0;          ///< of data that are made on the spot and may have any size; else 0
  std::size_t folds = 0;            ///< of a cross-validation, or 1; 0 where there is none
  std::size_t fold = 0;             ///< which of them is the test set; has no option
  std::size_t rank = 0, ranks = 1;  ///< whose shards a problem gets; have no option
  double label_noise = 0.0;  ///< the part of such data's labels that is turned round, where there is one
  std::string_view trainer;  ///< a name of all_trainers()
  std::size_t members = 16;  ///< ensemble: seeds seed, seed + 1, ...
  std::optional<double> target_loss, target_accuracy;  ///< on the held-out data; end the run early
  double validation_split = 0.0;        ///< the part of the training data that Problem::validation takes
  std::optional<std::size_t> patience;  ///< Validation's, here and below
  double min_delta = 0.0;
};

/// The trainer whose steps a run takes: settings.trainer, or that of an ensemble's members.
const TrainerEntry& stepping_trainer(const Settings& settings);

/// Where the help lists a setting, and which trainers read it.
enum class SettingGroup {
  data,            ///< of data that are made on the spot: only experiments with a default have the option
  training,        ///< all trainers
  rarely_needed,   ///< all trainers
  learning,        ///< initial weights, loss and regularisation; all trainers
  optimisers,      ///< how parameters are updated
  single_trainers  ///< the trainers of which TrainerEntry::reads() says so; refused with the others
};

/// One member of Settings: the option that sets it, and what the record says of it.
struct Setting {
  std::string_view name;   ///< "--local-steps"; the record's key is "local_steps"
  std::string_view type;   ///< what the help shows for the value, "N"; empty for a flag, which takes none
  std::string_view about;  ///< for the help; "{}" is where the default value stands

  /// Sets the member. Throws UserError, "OPTION: 'TEXT' is not ...", for a text that it does not take.
  std::function<void(std::string_view option, std::string_view text, Settings& settings)> read = {};

  /// The member; null where it is not set.
  std::function<nlohmann::ordered_json(const Settings& settings)> value = {};

  SettingGroup group = SettingGroup::training;
  bool of_batches = false;      ///< read by trainers with uses_batches alone; only noted with the others
  bool of_members = true;       ///< may be given for the members of an ensemble
  bool in_record = true;        ///< under its key, where it is set and applies
  bool changes_numbers = true;  ///< a run has other numbers with another value, beyond the tolerances

  /// Of a hyper-parameter: the optimisers, schedules or losses that have it; refused with the others, with
  /// which its value is null.
  std::vector<std::string_view> owners = {};

  std::vector<std::string_view> (*words)() = nullptr;  ///< the texts that it takes, where they can be listed

  std::string key() const;                                   ///< "local_steps"
  std::string default_text(const Settings& defaults) const;  ///< what stands for "{}"

  /// Whether the trainer of a run, or that of an ensemble's members, and its optimiser read the member.
  bool applies(const Settings& settings) const;
};

/// One entry for each member of Settings and each hyper-parameter of core/optimisers, in the help's order.
std::span<const Setting> all_settings();

/// One of all_settings(). UserError, "settings: ...", for a name that none of them has.
const Setting& find_setting(std::string_view name);

/// What options set, "--trainer full-batch --epochs 1000", each read as on a command line. The rest has the
/// values of Settings. Throws UserError for an unknown option or value.
Settings settings_of(const std::string& options);

/// The names of a registry's entries: of all_backends(), all_trainers(), all_experiments().
template <typename Entries>
std::vector<std::string_view> names_of(const Entries& entries) {
  std::vector<std::string_view> names;
  for (const auto& entry : entries) names.push_back(entry.name);
  return names;
}

std::vector<std::string_view> dtype_words();       ///< float64, float32
std::vector<std::string_view> activation_words();  ///< of hidden layers
std::vector<std::string_view> loss_words();        ///< LossInfo::word

inline constexpr std::uint64_t kMaxSeed = 4'294'967'295;
inline constexpr std::uint64_t kMaxThreads = 1024;

}  // namespace mlpbench
