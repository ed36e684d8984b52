// The settings of runs that several processes share (core/training/communicator.h).
#include "experiments/settings.h"
#include "support/option_values.h"

namespace mlpbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMaxShards = 65'536;

std::vector<std::string_view> reduction_words() {
  return {"ordered", "allreduce"};
}  // in the order of Reduction

}  // namespace

std::vector<Setting> rank_settings() {
  Setting shards{
      .name = "--shards", .type = "S", .about = "full-batch, sync: cut the data; a rank has its parts alone"};
  shards.read = [](auto option, auto text, Settings& settings) {
    settings.shards = static_cast<std::size_t>(parse_integer(option, text, 1, kMaxShards));
  };
  shards.value = [](const Settings& settings) -> Json {
    return settings.shards != 0 ? Json(settings.shards) : Json();
  };
  Setting reduction{.name = "--reduction",
                    .type = "WORD",
                    .about = "full-batch, sync: sums of ranks, ordered or allreduce"};
  reduction.read = [](auto option, auto text, Settings& settings) {
    settings.reduction = Reduction(parse_word(option, text, reduction_words()));
  };
  reduction.value = [](const Settings& settings) -> Json {
    if (settings.reduction == Reduction::ordered) return Json();
    return reduction_words()[static_cast<std::size_t>(settings.reduction)];
  };
  reduction.changes_numbers = false;
  reduction.words = reduction_words;
  for (Setting* const setting : {&shards, &reduction}) {
    setting->group = SettingGroup::single_trainers;
    setting->of_members = false;
  }
  return {shards, reduction};
}

}  // namespace mlpbench
