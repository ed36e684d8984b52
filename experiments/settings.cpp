#include "experiments/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "support/option_values.h"

namespace mlpbench {

std::vector<Setting> learning_settings();  // experiments/learning_settings.cpp
std::vector<Setting> rank_settings();      // experiments/rank_settings.cpp

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxEpochs = 1'000'000'000;
constexpr std::uint64_t kMaxBatch = 1'000'000'000;
constexpr std::uint64_t kMaxSamples = 10'000'000'000;
constexpr std::uint64_t kMaxWorkers = 65'536;
constexpr std::uint64_t kMaxMembers = 1'000'000;
constexpr std::uint64_t kMaxUnits = 100'000;
constexpr std::uint64_t kMaxFolds = 1'000;
constexpr std::size_t kMaxHiddenLayers = 64;

// How a member is read. Each takes the option's name for the message, the text and the settings.

template <auto kMember, std::uint64_t kMin, std::uint64_t kMax>
void whole(std::string_view option, std::string_view text, Settings& settings) {
  using Number = std::remove_reference_t<decltype(settings.*kMember)>;
  settings.*kMember = static_cast<Number>(parse_integer(option, text, kMin, kMax));
}

template <auto kMember>
void positive(std::string_view option, std::string_view text, Settings& settings) {
  settings.*kMember = parse_positive(option, text);
}

template <auto kMember>
void flag(std::string_view, std::string_view, Settings& settings) {
  settings.*kMember = true;
}

template <auto kMember>
void trainer_name(std::string_view option, std::string_view text, Settings& settings) {
  settings.*kMember = find_trainer(option, text).name;
}

// What a member is.

template <auto kMember>
Json value(const Settings& settings) {
  return settings.*kMember;
}

template <auto kMember>
Json if_set(const Settings& settings) {
  return settings.*kMember ? Json(*(settings.*kMember)) : Json();
}

template <auto kMember>
Json unless_zero(const Settings& settings) {
  return settings.*kMember != 0 ? Json(settings.*kMember) : Json();
}

std::vector<std::string_view> trainer_words() { return names_of(all_trainers()); }
std::vector<std::string_view> trainer_or_all() {
  std::vector<std::string_view> words = trainer_words();
  words.push_back("all");  // of the programs, a row for each
  return words;
}
std::vector<std::string_view> subnormals_words() { return {"flush", "keep"}; }  // in the order of Subnormals
std::vector<std::string_view> hogwild_words() { return {"strict", "fast"}; }    // in the order of HogwildForm

std::vector<std::string_view> optimiser_words() { return names_of(all_optimisers()); }
std::vector<std::string_view> schedule_words() { return names_of(all_schedules()); }
std::vector<std::string_view> state_words() { return {"keep", "reset"}; }  // in the order of LocalState

/// The option of a hyper-parameter that `owners` have.
Setting setting_of(const HyperParameter& parameter, std::vector<std::string_view> owners) {
  const std::string_view name = parameter.name();
  Setting setting{.name = parameter.option, .type = "R", .about = parameter.about};
  setting.read = [name, least = parameter.least, below = parameter.below](auto option, auto text,
                                                                          Settings& s) {
    s.optimiser.hyper_parameters[std::string(name)] = parse_number(option, text, least, below);
  };
  setting.value = [name](const Settings& s) -> Json {
    const HyperParameter* const own = find_hyper_parameter(s.optimiser, name);
    return own == nullptr ? Json() : Json(value_of(s.optimiser, *own));
  };
  setting.group = SettingGroup::optimisers;
  setting.in_record = false;  // there they are together
  setting.owners = std::move(owners);
  return setting;
}

constexpr auto kData = SettingGroup::data, kRare = SettingGroup::rarely_needed,
               kOptimisers = SettingGroup::optimisers, kSingle = SettingGroup::single_trainers;

// clang-format off
const std::vector<Setting>& own_settings() {
  static const std::vector<Setting> settings = {
    {"--samples", "N", "number of samples; a fifth is the test set (default {})",
     whole<&Settings::samples, 2, kMaxSamples>, unless_zero<&Settings::samples>, kData},
    {"--label-noise", "P", "part of wrong labels (default {})",
     [](auto option, auto text, Settings& s) { s.label_noise = parse_number(option, text, 0.0, 0.5); },
     unless_zero<&Settings::label_noise>, kData},
    {"--folds", "K", "K runs, each with another test set (default {})",
     whole<&Settings::folds, 1, kMaxFolds>, unless_zero<&Settings::folds>, kData},
    {.name = "--trainer", .type = "NAME|all",
     .about = "one of --list-trainers (default {})",
     .read = trainer_name<&Settings::trainer>, .value = value<&Settings::trainer>, .words = trainer_or_all},
    {.name = "--threads", .type = "N", .about = "for parallel trainers (default {})",
     .read = whole<&Settings::threads, 1, kMaxThreads>, .value = value<&Settings::threads>,
     .changes_numbers = false},
    {"--epochs", "N", "passes over the data (default {})",
     whole<&Settings::epochs, 1, kMaxEpochs>, value<&Settings::epochs>},
    {"--learning-rate", "R", "(default {})",
     positive<&Settings::learning_rate>, value<&Settings::learning_rate>},
    {.name = "--batch-size", .type = "N", .about = "samples of an update (default {})",
     .read = whole<&Settings::batch_size, 1, kMaxBatch>, .value = value<&Settings::batch_size>,
     .of_batches = true},
    {.name = "--hidden", .type = "N[,N...]", .about = "units of the hidden layers (default {})",
     .read = [](auto option, auto text, Settings& s) {
       s.hidden = parse_hidden(option, text, kMaxHiddenLayers, kMaxUnits);
     },
     .value = value<&Settings::hidden>, .in_record = false},  // there it is a part of "layers"
    {.name = "--activation", .type = "NAME", .about = "of the hidden layers (default {})",
     .read = [](auto option, auto text, Settings& s) {
       s.activation = hidden_activations()[parse_word(option, text, activation_words())];
     },
     .value = [](const Settings& s) -> Json { return to_string(s.activation); },
     .in_record = false, .words = activation_words},  // there it is one of "activations"
    {"--seed", "N", "of weights, drawn data, batches (default {})",
     whole<&Settings::seed, 0, kMaxSeed>, value<&Settings::seed>},
    {"--target-loss", "R", "end when the loss on the held-out data is at most this",
     positive<&Settings::target_loss>, if_set<&Settings::target_loss>, kRare},
    {"--target-accuracy", "R", "end when their accuracy is at least this, 0 to 1",
     [](auto option, auto text, Settings& s) { s.target_accuracy = parse_share(option, text); },
     if_set<&Settings::target_accuracy>, kRare},
    {"--split-seed", "N", "of training and test set (default {})",
     whole<&Settings::split_seed, 0, kMaxSeed>, value<&Settings::split_seed>, kRare},
    {.name = "--keep-incomplete-batch", .type = "", .about = "train on the last, smaller batch too{}",
     .read = flag<&Settings::keep_incomplete_batch>, .value = value<&Settings::keep_incomplete_batch>,
     .group = kRare, .of_batches = true},
    {.name = "--subnormals", .type = "MODE", .about = "keep, or flush to zero while training (default {})",
     .read = [](auto option, auto text, Settings& s) {
       s.subnormals = Subnormals(parse_word(option, text, subnormals_words()));
     },
     .value = [](const Settings& s) -> Json { return subnormals_words()[std::size_t(s.subnormals)]; },
     .group = kRare, .changes_numbers = false, .words = subnormals_words},
    {.name = "--optimiser", .type = "NAME", .about = "rule that updates the parameters (default {})",
     .read = [](auto, auto text, Settings& s) { s.optimiser.name = find_optimiser(text).name; },
     .value = [](const Settings& s) -> Json { return s.optimiser.name; },
     .group = kOptimisers, .words = optimiser_words},
    {.name = "--schedule", .type = "NAME", .about = "schedule of the learning rate (default {})",
     .read = [](auto, auto text, Settings& s) { s.optimiser.schedule = find_schedule(text).name; },
     .value = [](const Settings& s) -> Json { return s.optimiser.schedule; },
     .group = kOptimisers, .words = schedule_words},
    {"--l2", "R", "penalty of squared weights, scikit-learn's alpha (default {})",
     [](auto option, auto text, Settings& s) { s.optimiser.l2 = parse_number(option, text, 0.0, kNoLimit); },
     [](const Settings& s) -> Json { return s.optimiser.l2; }, kOptimisers},
    {"--weight-decay", "R", "weights shrink by rate times this at each update (default {})",
     [](auto option, auto text, Settings& s) {
       s.optimiser.weight_decay = parse_number(option, text, 0.0, kNoLimit);
     },
     [](const Settings& s) -> Json { return s.optimiser.weight_decay_or_default(); }, kOptimisers},
    {"--clip-norm", "R", "a gradient with a larger norm is scaled down to it",
     [](auto option, auto text, Settings& s) { s.optimiser.clip_norm = parse_positive(option, text); },
     [](const Settings& s) -> Json { return s.optimiser.clip_norm ? Json(*s.optimiser.clip_norm) : Json(); },
     kOptimisers},
    {.name = "--force-parallel", .type = "", .about = "full-batch, sync: also where serial is faster",
     .read = flag<&Settings::force_parallel>, .value = value<&Settings::force_parallel>,
     .group = kSingle, .of_members = false, .changes_numbers = false},
    {"--workers", "K", "local-sgd: logical workers (default {})",
     whole<&Settings::workers, 1, kMaxWorkers>, value<&Settings::workers>, kSingle},
    {"--local-steps", "H", "local-sgd: steps between two averages (default {})",
     whole<&Settings::local_steps, 1, kMaxEpochs>, value<&Settings::local_steps>, kSingle},
    {"--sync-epochs", "N", "local-sgd: first epochs with H = 1 (default {})",
     whole<&Settings::sync_epochs, 0, kMaxEpochs>, value<&Settings::sync_epochs>, kSingle},
    {.name = "--local-state", .type = "WORD",
     .about = "local-sgd: optimisers' state at an average (default {})",
     .read = [](auto option, auto text, Settings& s) {
       s.local_state = LocalState(parse_word(option, text, state_words()));
     },
     .value = [](const Settings& s) -> Json { return state_words()[std::size_t(s.local_state)]; },
     .group = kSingle, .words = state_words},
    {.name = "--hogwild-form", .type = "FORM", .about = "hogwild: strict (atomic) or fast (default {})",
     .read = [](auto option, auto text, Settings& s) {
       s.hogwild_form = HogwildForm(parse_word(option, text, hogwild_words()));
     },
     .value = [](const Settings& s) -> Json { return hogwild_words()[std::size_t(s.hogwild_form)]; },
     .group = kSingle, .words = hogwild_words},
    {.name = "--members", .type = "N", .about = "ensemble: seeds from --seed on (default {})",
     .read = whole<&Settings::members, 1, kMaxMembers>, .value = value<&Settings::members>,
     .group = kSingle, .in_record = false},  // there they are listed
    {.name = "--ensemble-of", .type = "NAME", .about = "ensemble: the members' trainer (default {})",
     .read = trainer_name<&Settings::ensemble_of>, .value = value<&Settings::ensemble_of>,
     .group = kSingle, .words = trainer_words},
  };
  return settings;
}
// clang-format on

/// The tables, and before the options of single trainers those of all hyper-parameters, each name once.
std::vector<Setting> with_hyper_parameters() {
  std::vector<Setting> all = learning_settings();
  all.insert(all.end(), own_settings().begin(), own_settings().end());
  for (Setting& setting : rank_settings()) all.push_back(std::move(setting));
  std::vector<std::pair<const HyperParameter*, std::vector<std::string_view>>> parameters;
  const auto add = [&](const auto& entries) {
    for (const auto& entry : entries) {
      for (const HyperParameter& parameter : entry.hyper_parameters) {
        auto known = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& other) { return other.first->option == parameter.option; });
        if (known == parameters.end()) known = parameters.insert(known, {&parameter, {}});
        known->second.push_back(entry.name);
      }
    }
  };
  add(all_optimisers());
  add(all_schedules());
  auto place = std::find_if(all.begin(), all.end(), [](const Setting& s) { return s.group == kSingle; });
  for (auto& [parameter, owners] : parameters)
    place = all.insert(place, setting_of(*parameter, std::move(owners))) + 1;
  return all;
}

}  // namespace

const TrainerEntry& stepping_trainer(const Settings& settings) {
  const TrainerEntry& trainer = find_trainer(settings.trainer);
  return trainer.runs_members ? find_trainer(settings.ensemble_of) : trainer;
}

std::span<const Setting> all_settings() {
  static const std::vector<Setting> settings = with_hyper_parameters();
  return settings;
}

const Setting& find_setting(std::string_view name) {
  return all_settings()[parse_word("settings", name, names_of(all_settings()))];
}

Settings settings_of(const std::string& options) {
  Settings settings;
  std::istringstream words(options);
  for (std::string name; words >> name;) {
    std::string text;
    const Setting& setting = find_setting(name);
    if (!setting.type.empty()) words >> text;
    setting.read(name, text, settings);
  }
  return settings;
}

std::string Setting::key() const {
  std::string key(name.substr(2));
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::string Setting::default_text(const Settings& defaults) const {
  const Json json = value(defaults);
  if (json.is_null()) return "";
  if (json.is_boolean()) return json.get<bool>() ? " (always)" : "";
  if (json.is_array())
    return json.empty() ? "none" : fmt::format("{}", fmt::join(json.get<std::vector<std::size_t>>(), ","));
  if (json.is_number_float()) return fmt::format("{}", json.get<double>());
  return json.is_string() ? json.get<std::string>() : json.dump();
}

bool Setting::applies(const Settings& settings) const {
  if (!owners.empty() && value(settings).is_null()) return false;
  const TrainerEntry& stepping = stepping_trainer(settings);
  if (group == SettingGroup::single_trainers)
    return stepping.reads(name) || find_trainer(settings.trainer).reads(name);
  return !of_batches || stepping.uses_batches;
}

std::vector<std::string_view> activation_words() {
  std::vector<std::string_view> words;
  for (const Activation activation : hidden_activations()) words.push_back(to_string(activation));
  return words;
}

std::vector<std::string_view> loss_words() {
  std::vector<std::string_view> words;
  for (const Loss loss : kLosses) words.push_back(info(loss).word);
  return words;
}

std::vector<std::string_view> dtype_words() { return {to_string(DType::float64), to_string(DType::float32)}; }

}  // namespace mlpbench
