// What `advise` prints: the designs, the frontier, what runs of the best of them came to, and the
// same as JSON.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "framework/experiment/adviser.hpp"

namespace lsm::cli {

/// A design that was run.
struct ConfirmedAdvice {
    const experiment::Advice* advice = nullptr;
    std::vector<std::string> same;  ///< strategies of designs that came to the same figures
    size_t place = 0;               ///< among all designs by the model, from 1
    std::string engine;
    double shrink = 1;  ///< of entries and memory, for the run
    experiment::RunMetrics metrics;
    /// Of one operation in the mix (the worst one within rho), by what the run counted.
    double seconds = 0;
};

/// By what was counted; of equals the model's order.
void rank(std::vector<ConfirmedAdvice>& confirmed);

/// The request, and the best design of each strategy.
std::string advice_page(const experiment::AdviceRequest& request,
                        const std::vector<experiment::Advice>& best, bool colour);

/// `shown` of the frontier's `count` designs.
std::string frontier_page(const experiment::AdviceRequest& request,
                          const std::vector<experiment::Advice>& shown, size_t count, bool colour);

/// In their order, and what that says about the model's; empty where there is none.
std::string confirmed_page(const std::vector<ConfirmedAdvice>& confirmed, bool colour);

/// `run` may be null.
nlohmann::ordered_json advice_json(const experiment::Advice& advice, const ConfirmedAdvice* run);

}  // namespace lsm::cli
