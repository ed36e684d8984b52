#include "bench/measure/journal.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxJournalBytes = std::size_t{256} << 20;

std::string read_all(const std::string& path) {
  InputFile file(path);
  if (file.size() > kMaxJournalBytes) throw file.error("is longer than 256 MiB");
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  return text;
}

UserError refusal(const std::string& path, const std::string& what) {
  return UserError(printable_path(path) + ": " + printable(what, 300));
}

/// The first line of `ours` that is not that of `theirs`: "rounds = 12 against rounds = 20".
std::string first_difference(const std::string& theirs, const std::string& ours) {
  std::istringstream one(theirs), other(ours);
  std::string a, b;
  do {
    a.clear(), b.clear();
    std::getline(one, a), std::getline(other, b);
  } while (a == b && (one || other));
  const auto named = [](const std::string& line) { return line.empty() ? "nothing" : line; };
  return named(a) + " against " + named(b);
}

std::string as_text(const ordered_json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Throws UserError when the journal's identity is not ours.
void require_same(const std::string& path, const ordered_json& theirs, const ordered_json& ours) {
  for (const auto& [key, value] : ours.items()) {
    const ordered_json other = theirs.is_object() && theirs.contains(key) ? theirs.at(key) : ordered_json();
    if (other == value) continue;
    throw refusal(path, "is of another run: " + key + ", " +
                            first_difference(as_text(other), as_text(value)) +
                            "; without --resume a new one begins");
  }
}

}  // namespace

Journal Journal::begin(const std::string& path, const ordered_json& identity) {
  Journal journal(path);
  journal.open(std::ios::trunc);
  journal.write(identity);
  return journal;
}

Journal Journal::resume(const std::string& path, const ordered_json& identity) {
  if (!std::filesystem::exists(path)) return begin(path, identity);
  const std::string text = read_all(path);
  Journal journal(path);
  std::size_t start = 0, number = 1;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start), ++number) {
    const ordered_json line = ordered_json::parse(text.substr(start, end - start), nullptr, false);
    if (number == 1) {
      require_same(path, line, identity);
    } else {
      try {
        journal.read_line(line);
      } catch (const std::exception&) {
        throw refusal(path, "line " + std::to_string(number) + " is damaged");
      }
    }
    start = end + 1;
  }
  if (start == 0) return begin(path, identity);
  if (start < text.size()) std::filesystem::resize_file(path, start);
  journal.open(std::ios::app);
  return journal;
}

void Journal::read_line(const ordered_json& line) {
  if (line.contains("plan")) {
    const VisitPlan plan{line.at("epochs").get<std::size_t>(), line.at("trainings").get<std::size_t>()};
    if (plan.all_epochs() == 0) throw std::domain_error("plan");
    plans_[line.at("plan").get<std::string>()] = plan;
    return;
  }
  Round round{line.at("seconds").get<std::vector<double>>(), line.at("at").get<double>(), {}};
  if (round.seconds.size() != (line.contains("also") ? 1 : 2)) throw std::domain_error("seconds");
  if (line.contains("also")) {
    for (const ordered_json& value : line.at("also")) {
      round.also.push_back(value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>());
    }
  }
  for (const double seconds : round.seconds) {
    if (!(seconds > 0.0 && std::isfinite(seconds))) throw std::domain_error("seconds");
  }
  const auto number = line.at("round").get<std::size_t>();
  if (number == 0 || !(round.at >= seconds_spent_)) throw std::domain_error("round");
  seconds_spent_ = round.at;
  if (!rounds_.try_emplace({line.at("case").get<std::string>(), number - 1}, round).second) {
    throw std::domain_error("twice");
  }
}

std::optional<VisitPlan> Journal::plan_of(const std::string& name) const {
  const auto found = plans_.find(name);
  return found == plans_.end() ? std::nullopt : std::optional(found->second);
}

const Journal::Round* Journal::round_of(const std::string& name, std::size_t round) const {
  const auto found = rounds_.find({name, round});
  return found == rounds_.end() ? nullptr : &found->second;
}

void Journal::note_plan(const std::string& name, const VisitPlan& plan) {
  write({{"plan", name}, {"epochs", plan.epochs}, {"trainings", plan.trainings}});
}

void Journal::note_round(const std::string& name, std::size_t round, const Round& measured) {
  ordered_json line{{"round", round + 1}, {"case", name}, {"seconds", measured.seconds}, {"at", measured.at}};
  if (measured.seconds.size() == 1) line["also"] = measured.also;
  write(line);
  seconds_spent_ = measured.at;
}

void Journal::remove() {
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void Journal::open(std::ios::openmode mode) {
  file_.open(path_, mode | std::ios::out | std::ios::binary);
  if (!file_) throw refusal(path_, "cannot be written");
}

void Journal::write(const ordered_json& line) {
  file_ << line.dump() << '\n' << std::flush;
  if (!file_) throw refusal(path_, "cannot be written");
}

}  // namespace mlpbench
