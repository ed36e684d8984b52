#include "bench/studies/setting.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mlpbench {

std::vector<Measurement> StudySetting::measure(const std::string& study, const std::vector<Item>& items,
                                               std::size_t most_rounds, const Ceilings* ceilings) const {
  std::vector<Measurement> all(items.size());
  const EngineHooks hooks{.next = [&](const std::string& what) { next(study + ", " + what); },
                          .journal = journal,
                          .ceilings = ceilings};
  check_items(items, all, hooks);
  time_items(items, all, {.rounds = std::min(rounds, most_rounds), .precision = precision}, hooks);
  return all;
}

double rounded(double value, int digits) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1).ptr;
  double result = 0.0;
  std::from_chars(text, end, result);
  return result;
}

}  // namespace mlpbench
