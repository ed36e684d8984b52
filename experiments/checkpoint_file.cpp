#include "experiments/checkpoint_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "support/atomic_file.h"
#include "support/digest.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kVersion = "1";

/// Of the bytes of all pieces.
std::string digest_of(std::span<const Tensor> tensors) {
  Sha256 digest;
  for (const Tensor& tensor : tensors) digest.add(tensor.bytes);
  return digest.hex();
}

Tensor tensor_of(std::string_view name, std::span<std::byte> bytes) {
  return {std::string(name), "U8", {bytes.size()}, bytes};
}

}  // namespace

nlohmann::ordered_json identity_of(const Experiment& experiment, const Problem& problem,
                                   const Settings& settings, const BackendEntry& backend, DType dtype) {
  Sha256 initial;
  initial.add(std::as_bytes(problem.initial.all()));
  Json run = {
      {"experiment", experiment.name},
      {"backend", backend.name},
      {"dtype", to_string(dtype)},
      {"data", problem.shards ? "shards" + problem.data_sha256 : sha256_of(problem.train, problem.test)},
      {"validation data", sha256_of(problem.validation, {})},
      {"initial weights", initial.hex()}};
  for (const Setting& setting : all_settings()) {
    if (!setting.changes_numbers || !setting.applies(settings)) continue;
    run[std::string(setting.name)] = setting.value(settings);
  }
  return run;
}

CheckpointFile::CheckpointFile(std::string path, std::size_t every, const Experiment& experiment,
                               const Problem& problem, const Settings& settings, const BackendEntry& backend,
                               DType dtype)
    : path_(std::move(path)), run_(identity_of(experiment, problem, settings, backend, dtype).dump()) {
  if (std::filesystem::exists(path_)) {
    found_.emplace(path_);
    require_same_run();
    if (found_->text("sha256") != digest_of(found_->tensors())) throw found_->error("is damaged");
  }
  checkpoints_.every = every;
  checkpoints_.restore = [this](const RunState& state) {
    if (found_) restore(state);
    return found_.has_value();
  };
  checkpoints_.save = [this](const RunState& state) { save(state); };
}

void CheckpointFile::require_same_run() const {
  const auto of = found_->metadata().find("checkpoint");
  if (of == found_->metadata().end()) throw found_->error("is no checkpoint of mlpbench; it stays as it is");
  if (of->second != kVersion) {
    throw found_->error(fmt::format("is a checkpoint of version '{}', and this program has version {}",
                                    printable(of->second), kVersion));
  }
  const Json own = Json::parse(run_), other = Json::parse(found_->text("run"), nullptr, false);
  if (!other.is_object()) throw found_->error("its metadata 'run' is not what mlpbench writes");
  for (const auto& [name, value] : own.items()) {
    const Json there = other.contains(name) ? other.at(name) : Json();
    if (there == value) continue;
    const bool hash = name.find("data") != std::string::npos || name == "initial weights";
    throw found_->error(hash ? fmt::format("is a checkpoint of another run: its {} are others", name)
                             : fmt::format("is a checkpoint of another run: {} is {} there and {} here", name,
                                           printable(there.dump()), value.dump()));
  }
}

std::optional<std::size_t> CheckpointFile::epochs() const {
  if (!found_) return std::nullopt;
  std::size_t epochs = 0;
  const std::size_t shape[] = {sizeof epochs};
  std::memcpy(&epochs, found_->find("epochs", "U8", shape).bytes.data(), sizeof epochs);
  return epochs;
}

void CheckpointFile::restore(const RunState& state) const {
  state([&](std::string_view name, std::span<std::byte> bytes) {
    const std::size_t shape[] = {bytes.size()};
    std::ranges::copy(found_->find(name, "U8", shape).bytes, bytes.begin());
  });
}

void CheckpointFile::save(const RunState& state) const {
  std::vector<Tensor> tensors;
  state(
      [&](std::string_view name, std::span<std::byte> bytes) { tensors.push_back(tensor_of(name, bytes)); });
  const TensorFile::Metadata metadata = {
      {"checkpoint", std::string(kVersion)}, {"run", run_}, {"sha256", digest_of(tensors)}};
  write_file("--checkpoint", path_, TensorFile::content(metadata, tensors));
}

}  // namespace mlpbench
