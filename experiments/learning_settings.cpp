#include "experiments/settings.h"
#include "support/option_values.h"

namespace mlpbench {

/// The settings of SettingGroup::learning.
// clang-format off
std::vector<Setting> learning_settings() {
  using Json = nlohmann::ordered_json;
  constexpr SettingGroup kLearning = SettingGroup::learning;
  return {
    {.name = "--init", .type = "RULE",
     .about = "he, glorot, lecun, normal:S, uniform:S: initial weights (default: the experiment's own)",
     .read = [](auto option, auto text, Settings& s) { s.init = parse_initialisation(option, text); },
     .value = [](const Settings& s) -> Json { return s.init ? Json(to_string(*s.init)) : Json(); },
     .group = kLearning, .words = initialisation_words},
    {.name = "--loss", .type = "NAME",
     .about = "bce, softmax, mse, huber, mae: what fits the output (default: the experiment's own)",
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
    {.name = "--dropout", .type = "P", .about = "part of each hidden layer that a step drops (default 0)",
     .read = [](auto option, auto text, Settings& s) { s.dropout = parse_number(option, text, 0.0, 1.0); },
     .value = [](const Settings& s) -> Json { return s.dropout != 0.0 ? Json(s.dropout) : Json(); },
     .group = kLearning},
    {.name = "--label-smoothing", .type = "R",
     .about = "part of a softmax's targets that all classes share (default 0)",
     .read = [](auto option, auto text, Settings& s) {
       s.label_smoothing = parse_number(option, text, 0.0, 1.0);
     },
     .value = [](const Settings& s) -> Json {
       return s.label_smoothing != 0.0 ? Json(s.label_smoothing) : Json();
     },
     .group = kLearning},
  };
}
// clang-format on

}  // namespace mlpbench
