#include "experiments/settings.h"
#include "support/option_values.h"

namespace mlpbench {
namespace {

constexpr std::uint64_t kMaxPatience = 1'000'000'000;

using Json = nlohmann::ordered_json;

}  // namespace

/// The settings of SettingGroup::learning.
// clang-format off
std::vector<Setting> learning_settings() {
  constexpr SettingGroup kLearning = SettingGroup::learning;
  return {
    {.name = "--init", .type = "RULE",
     .about = "weights: he, glorot, lecun, normal:S, uniform:S (default: its own)",
     .read = [](auto option, auto text, Settings& s) { s.init = parse_initialisation(option, text); },
     .value = [](const Settings& s) -> Json { return s.init ? Json(to_string(*s.init)) : Json(); },
     .group = kLearning, .words = initialisation_words},
    {.name = "--loss", .type = "NAME",
     .about = "bce, softmax, mse, huber, mae, as the output allows (default: its own)",
     .read = [](auto option, auto text, Settings& s) {
       s.loss = kLosses[parse_word(option, text, loss_words())];
     },
     .value = [](const Settings& s) -> Json { return s.loss ? Json(info(*s.loss).word) : Json(); },
     .group = kLearning, .in_record = false, .words = loss_words},
    {.name = "--huber-delta", .type = "R", .about = "error from which on Huber's loss is linear (default 1)",
     .read = [](auto option, auto text, Settings& s) { s.huber_delta = parse_positive(option, text); },
     .value = [](const Settings& s) -> Json {
       return s.loss == Loss::huber ? Json(s.huber_delta) : Json();
     },
     .group = kLearning, .in_record = false, .owners = {"huber"}},
    {.name = "--dropout", .type = "P", .about = "fraction of hidden units that a step drops (default 0)",
     .read = [](auto option, auto text, Settings& s) { s.dropout = parse_number(option, text, 0.0, 1.0); },
     .value = [](const Settings& s) -> Json { return s.dropout != 0.0 ? Json(s.dropout) : Json(); },
     .group = kLearning},
    {.name = "--label-smoothing", .type = "R",
     .about = "fraction of a softmax's target spread over all classes (default 0)",
     .read = [](auto option, auto text, Settings& s) {
       s.label_smoothing = parse_number(option, text, 0.0, 1.0);
     },
     .value = [](const Settings& s) -> Json {
       return s.label_smoothing != 0.0 ? Json(s.label_smoothing) : Json();
     },
     .group = kLearning},
    {"--validation-split", "P", "training data held out; the best epoch is kept (default 0)",
     [](auto option, auto text, Settings& s) { s.validation_split = parse_number(option, text, 0.0, 1.0); },
     [](const Settings& s) -> Json { return s.validation_split != 0.0 ? Json(s.validation_split) : Json(); },
     kLearning},
    {"--patience", "N", "epochs without a lower loss on that part that end the run",
     [](auto option, auto text, Settings& s) { s.patience = parse_integer(option, text, 1, kMaxPatience); },
     [](const Settings& s) -> Json { return s.patience ? Json(*s.patience) : Json(); }, kLearning},
    {"--min-delta", "D", "how much lower a loss must be to count (default 0)",
     [](auto option, auto text, Settings& s) { s.min_delta = parse_number(option, text, 0.0, kNoLimit); },
     [](const Settings& s) -> Json { return s.min_delta != 0.0 ? Json(s.min_delta) : Json(); }, kLearning},
  };
}
// clang-format on

}  // namespace mlpbench
