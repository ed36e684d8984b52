#include "bench/studies/estimate.h"

#include <cmath>
#include <map>
#include <tuple>

#include "bench/measure/check.h"
#include "bench/measure/estimate.h"
#include "bench/studies/curves.h"
#include "bench/studies/roofline.h"
#include "bench/studies/selected.h"
#include "bench/studies/thread_scaling.h"
#include "bench/studies/time_to_accuracy.h"
#include "core/training/thread_pool.h"
#include "experiments/boundary_grid.h"
#include "support/error.h"

namespace mlpbench {
namespace {

class Estimate {
 public:
  Estimate(const Comparison& comparison, const std::vector<CaseCost>& costs, const StudySetting& setting)
      : comparison_(comparison), costs_(costs), setting_(setting), selected_(selected_by(comparison)) {
    setting_.dtype = selected_.study_dtype();
  }

  double seconds_of(std::string_view study) {
    if (selected_.fastest == nullptr) return 0.0;
    if (study == "over_seeds") return over_seeds();
    if (study == "curves") return curves();
    if (study == "time_to_accuracy") return time_to_accuracy();
    if (study == "scaling") return thread_scaling_seconds(*selected_.fastest, setting_);
    if (study == "roofline") {
      return roofline_seconds(roofline_points(selected_.backends, selected_.dtypes, setting_.quick),
                              setting_);
    }
    return boundaries();
  }

 private:
  /// Of a whole training; 0 where it cannot be made, and the study leaves it out.
  double training(Case what, std::size_t epochs) {
    const std::tuple key(what.experiment, what.backend, what.dtype, what.trainer_name(), what.threads);
    const auto [cost, is_new] = trainings_.try_emplace(key);
    if (is_new) {
      try {
        cost->second = training_cost(comparison_.problems.at(what.experiment), what, setting_.interrupt);
      } catch (const UserError&) {
      } catch (const WrongResult&) {
      }
    }
    return cost->second.of(epochs);
  }

  double over_seeds() const {
    if (setting_.seeds < 2) return 0.0;
    const double others = static_cast<double>(setting_.seeds) - 1.0;
    const double at_once = static_cast<double>(running_threads(setting_.seeds - 1));
    double seconds = 0.0;
    for (std::size_t i = 0; i < comparison_.cases.size(); ++i) {
      const Case& what = comparison_.cases[i].what;
      if (find_trainer(what.trainer_name()).runs_members) continue;
      seconds += costs_[i].check * (what.threads > 1 ? others : std::ceil(others / at_once));
    }
    return seconds;
  }

  double curves() {
    double seconds = 0.0;
    for (const Experiment* experiment : selected_.experiments) {
      for (const Settings& settings : curve_settings(*experiment, selected_.trainers, setting_.quick)) {
        seconds += training({experiment, selected_.fastest, setting_.dtype, "",
                             find_trainer(settings.trainer).name, settings.threads},
                            settings.epochs);
      }
    }
    return seconds * static_cast<double>(setting_.seeds);
  }

  /// Each seed is trained once whole and once to its target.
  double time_to_accuracy() {
    std::vector<std::string> names;
    for (const Experiment* experiment : selected_.experiments) names.emplace_back(experiment->name);
    StudyOptions options = time_to_accuracy_options(names, *selected_.fastest, setting_);
    if (options.experiments.empty()) return 0.0;
    options.seeds = 0;  // the rows, without a training
    double seconds = 0.0;
    for (const StudyRow& row : run_study(options)) {
      const TrainerEntry& trainer =
          find_trainer(row.trainer.starts_with("hogwild") ? "hogwild" : row.trainer);
      for (const Experiment* experiment : selected_.experiments) {
        if (experiment->name != row.experiment) continue;
        seconds += 2.0 * training({experiment, row.backend, row.dtype, "", trainer.name,
                                   trainer.parallel ? options.threads : 1},
                                  row.epochs);
      }
    }
    return seconds * static_cast<double>(setting_.seeds);
  }

  double boundaries() {
    double seconds = 0.0;
    for (const Experiment* experiment : selected_.experiments) {
      if (!can_draw_boundary(comparison_.problems.at(experiment).front())) continue;
      for (const BackendEntry* backend : {&find_backend("naive"), selected_.fastest}) {
        seconds += training({experiment, backend, DType::float64, ""}, experiment->defaults.epochs);
      }
    }
    return seconds;
  }

  const Comparison& comparison_;
  const std::vector<CaseCost>& costs_;
  StudySetting setting_;  ///< in the dtype that was selected
  const Selected selected_;
  std::map<std::tuple<const Experiment*, const BackendEntry*, DType, std::string_view, std::size_t>,
           TrainingCost>
      trainings_;
};

}  // namespace

std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies,
                                        const StudySetting& setting) {
  Estimate estimate(comparison, costs, setting);
  std::vector<StudyCost> all;
  for (const std::string& study : studies) all.push_back({study, estimate.seconds_of(study)});
  return all;
}

}  // namespace mlpbench
