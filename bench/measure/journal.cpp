#include "bench/measure/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <limits>
#include <sstream>
#include <system_error>

#include "support/error.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxJournalBytes = std::size_t{256} << 20;
constexpr std::size_t kMostCalls = 1'000'000'000, kMostRounds = 1'000'000;
constexpr double kMostSeconds = 1e9;

UserError refusal(const std::string& path, const std::string& what) {
  return UserError(printable_path(path) + ": " + printable(what, 300));
}

UserError unwritable(const std::string& path, int error) {
  return refusal(path, error == ELOOP ? "is a symbolic link"
                                      : "cannot be written: " + std::generic_category().message(error));
}

struct flock whole_file() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// Of whoever has locked the file.
UserError locked(const std::string& path, int file) {
  struct flock lock = whole_file();
  const bool known = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0;
  return refusal(path, "another run writes into this folder" +
                           (known ? ": process " + std::to_string(lock.l_pid) : std::string()));
}

/// A number of a line. FieldError names it.
template <typename V>
V number(const ordered_json& line, const char* key, V least, V most) {
  const JsonPath root, place{&root, key};
  if (!line.contains(key)) place.refuse("is missing");
  V value{};
  JsonReader().read(line.at(key), value, place);
  if (!(value >= least && value <= most)) {
    place.refuse(("from " + ordered_json(least).dump() + " to " + ordered_json(most).dump()).c_str(),
                 line.at(key));
  }
  return value;
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
  journal.open();
  journal.cut(0);
  journal.write(identity);
  return journal;
}

Journal Journal::resume(const std::string& path, const ordered_json& identity) {
  Journal journal(path);
  journal.open();
  const std::string text = journal.text();
  std::size_t start = 0, number = 1;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start), ++number) {
    // The JSON library takes a NUL for the end of the text.
    std::string line = text.substr(start, end - start);
    std::replace(line.begin(), line.end(), '\0', '?');
    const ordered_json json = ordered_json::parse(line, nullptr, false);
    if (number == 1) {
      require_same(path, json, identity);
    } else {
      try {
        journal.read_line(json);
      } catch (const std::exception& error) {
        throw refusal(path, "line " + std::to_string(number) + " is damaged: " + error.what());
      }
    }
    start = end + 1;
  }
  journal.cut(start);
  if (start == 0) journal.write(identity);
  return journal;
}

void Journal::read_line(const ordered_json& line) {
  if (!line.is_object()) throw FieldError("it is no JSON object");
  if (line.contains("plan")) {
    plans_[line.at("plan").get<std::string>()] = {number<std::size_t>(line, "epochs", 1, kMostCalls),
                                                  number<std::size_t>(line, "trainings", 1, kMostCalls)};
    return;
  }
  const JsonPath root, of_seconds{&root, "seconds"};
  Round round{{}, number(line, "at", seconds_spent_, kMostSeconds), {}};
  const bool probed = line.contains("also");
  JsonReader().read(line.value("seconds", ordered_json()), round.seconds, of_seconds);
  if (round.seconds.size() != (probed ? 1 : 2)) of_seconds.refuse("has another number of visits");
  for (const double seconds : round.seconds) {
    if (!(seconds > 0.0 && seconds <= kMostSeconds)) of_seconds.refuse("is no time");
  }
  if (probed) {
    for (const ordered_json& value : line.at("also")) {
      round.also.push_back(value.is_null() ? std::numeric_limits<double>::infinity() : value.get<double>());
    }
  }
  seconds_spent_ = round.at;
  const auto at = number<std::size_t>(line, "round", 1, kMostRounds) - 1;
  if (!rounds_.try_emplace({line.at("case").get<std::string>(), at}, round).second) {
    throw FieldError("the round is there twice");
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
  ::unlink(path_.c_str());
  file_ = FileDescriptor();
}

void Journal::open() {
  for (;;) {
    // O_NONBLOCK: a FIFO is not waited for.
    constexpr int kFlags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    file_ = FileDescriptor(::open(path_.c_str(), kFlags, 0666));
    struct stat opened {
    }, named{};
    if (file_.get() < 0 || ::fstat(file_.get(), &opened) != 0) throw unwritable(path_, errno);
    if (!S_ISREG(opened.st_mode)) throw refusal(path_, "is not a regular file");
    const struct flock lock = whole_file();
    if (::fcntl(file_.get(), F_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES)) {
      throw locked(path_, file_.get());
    }
    // A run that ended just now has removed the file that was opened.
    if (::lstat(path_.c_str(), &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev)
      return;
  }
}

/// Read through the locked descriptor: closing another one of the same file would end the lock.
std::string Journal::text() const {
  struct stat info {};
  if (::fstat(file_.get(), &info) != 0) throw unwritable(path_, errno);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > kMaxJournalBytes) throw refusal(path_, "is longer than 256 MiB");
  std::string text(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = ::pread(file_.get(), text.data() + done, size - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw refusal(path_, "cannot be read");
    done += static_cast<std::size_t>(count);
  }
  return text;
}

void Journal::cut(std::size_t bytes) {
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes)) != 0) throw unwritable(path_, errno);
}

void Journal::write(const ordered_json& line) {
  if (const int error = file_.write(line.dump() + "\n"); error != 0) throw unwritable(path_, error);
}

}  // namespace mlpbench
