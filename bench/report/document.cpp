#include "bench/report/document.h"

#include <algorithm>
#include <tuple>

#include "bench/report/fields.h"
#include "bench/report/order.h"
#include "bench/report/sections.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// What a list is sorted by: the suite's order of each name, then the name, then all the rest.
struct SortKey {
  std::vector<std::pair<std::size_t, std::string>> names;
  double threads = 0.0;
  std::string rest;

  bool operator<(const SortKey& other) const {
    return std::tie(names, threads, rest) < std::tie(other.names, other.threads, other.rest);
  }
};

SortKey sort_key(const Fields& entry) {
  const auto none = [](std::string_view) { return std::size_t{0}; };
  SortKey key;
  const auto add = [&](const char* name, auto place) {
    std::string text = text_of(entry, name);
    const std::size_t at = place(text);
    key.names.emplace_back(at, std::move(text));
  };
  add("experiment", place_of_experiment);
  for (const char* name : {"case", "operation", "function", "shape"}) add(name, none);
  add("level", entry.contains("operation") ? none : place_of_level);
  add("trainer", place_of_trainer);
  add("dtype", place_of_dtype);
  add("backend", place_of_backend);
  add("isa", none);
  const double threads = number_of(entry, "threads");
  key.threads = threads == threads ? threads : 0.0;
  key.rest = entry.dump();
  return key;
}

/// Sorts the list `key` of `object`, where there is one.
void sort_list(Fields& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object.at(key).is_array()) return;
  std::vector<std::pair<SortKey, Fields>> entries;
  for (Fields& entry : object.at(key)) {
    SortKey place = sort_key(entry);
    entries.emplace_back(std::move(place), std::move(entry));
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Fields sorted = Fields::array();
  for (auto& entry : entries) sorted.push_back(std::move(entry.second));
  object.at(key) = std::move(sorted);
}

void read_record(const Fields& record, ReportCase& row) {
  row.isa = text_of(record, "isa");
  for (const double units : numbers_of(record, "layers")) row.layers.push_back(units);
  row.epochs = number_of(record, "epochs");
  row.batch_size = number_of(record, "batch_size");
  const Fields& dataset = object_of(record, "dataset");
  row.training_rows = number_of(dataset, "training_rows");
  row.test_rows = number_of(dataset, "test_rows");
  row.accuracy = number_of(record, "test_accuracy");
  row.mse = number_of(record, "test_mse");
  row.evaluated_on = text_of(record, "evaluated_on");
  row.confusion = rows_of(record, "confusion_matrix");
  row.class_names = texts_of(record, "class_names");
}

ParityFact read_parity(const Fields& parity) {
  return {text_of(parity, "with"),      text_of(parity, "where"),     text_of(parity, "why_none"),
          number_of(parity, "largest"), number_of(parity, "numbers"), number_of(parity, "tolerance")};
}

SpeedFact read_speed(const Fields& speed) {
  return {text_of(speed, "base"),     number_of(speed, "base_seconds"), number_of(speed, "ratio"),
          number_of(speed, "rounds"), number_of(speed, "p_value_holm"), interval_of(speed, "interval"),
          text_of(speed, "that_is")};
}

void read_times(const Fields& entry, ReportCase& row) {
  row.epoch_seconds = numbers_of(entry, "epoch_seconds");
  const Fields& seconds = object_of(entry, "seconds");
  row.lowest = number_of(seconds, "lowest");
  row.median = number_of(seconds, "median");
  row.p95 = number_of(seconds, "p95");
  row.highest = number_of(seconds, "highest");
  row.interval = interval_of(seconds, "interval");
  row.noise_floor = number_of(entry, "noise_floor");
  row.stopped = text_of(entry, "stopped");
  row.flop_per_epoch = number_of(entry, "flop_per_epoch");
  row.samples_per_epoch = number_of(entry, "samples_per_epoch");
  const Fields& peak = object_of(entry, "peak_flops");
  row.peak_flops = number_of(peak, "flops");
  row.peak_isa = text_of(peak, "isa");
  const Fields& speed = object_of(entry, "speed_against_naive");
  if (!speed.empty()) row.speed = read_speed(speed);
}

ReportCase read_report_case(const Fields& entry) {
  ReportCase row;
  row.name = text_of(entry, "name");
  read_names(entry, row);
  row.threads = count_of(entry, "threads", 1);
  row.unavailable = text_of(entry, "unavailable");
  row.wrong = text_of(entry, "wrong");
  read_record(object_of(entry, "record"), row);
  row.parity = read_parity(object_of(entry, "parity"));
  // Nobody has checked the times of a case that could not run.
  read_times(row.unavailable.empty() ? entry : Fields::object(), row);
  const Fields& seeds = object_of(entry, "over_seeds");
  if (!seeds.empty()) {
    row.over_seeds = SeedsFact{numbers_of(seeds, "seeds"), numbers_of(seeds, "test_accuracy"),
                               numbers_of(seeds, "test_mse"), numbers_of(seeds, "final_loss")};
  }
  return row;
}

void read_header(const Fields& json, Document& document) {
  document.status = text_of(json, "status");
  document.command = text_of(json, "command");
  document.selection = object_of(json, "selection");
  document.machine = object_of(json, "machine");
  document.measurement = object_of(json, "measurement");
  document.build = object_of(json, "build");
  document.method = object_of(json, "method");
  document.config = text_of(document.selection, "config");
  document.filter = text_of(document.selection, "filter");
  document.quick = flag_of(document.selection, "quick", false);
  document.resumed = flag_of(document.method, "resumed", false);
  document.seeds = number_of(document.selection, "seeds");
  document.cases_matching = number_of(document.selection, "cases_matching");
  document.cases_known = number_of(document.selection, "cases_known");
}

}  // namespace

Document document_of(Fields json, const std::string& path) {
  Document document;
  document.results = results_of(json, path);
  try {
    for (const char* list : {"cases", "curves", "time_to_accuracy", "scaling", "boundaries"}) {
      sort_list(json, list);
    }
    if (json.contains("roofline")) {
      for (const char* list : {"bandwidths", "peaks", "points"}) sort_list(json.at("roofline"), list);
    }
    read_header(json, document);
    for (const Fields& entry : json.at("cases")) document.cases.push_back(read_report_case(entry));
    read_sections(json, document);
  } catch (const nlohmann::json::exception& error) {
    throw results_error(path, error);
  } catch (const BadField& error) {
    throw results_error(path, "is not a result of `mlpbench run`: " + printable(error.what(), 200));
  }
  document.json = std::move(json);
  return document;
}

Document read_document(const std::string& path) { return document_of(load_results(path), path); }

}  // namespace mlpbench
