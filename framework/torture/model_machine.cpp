#include "framework/torture/model_machine.hpp"

#include <algorithm>
#include <cmath>

#include "framework/base/hash.hpp"
#include "framework/torture/model_run.hpp"
#include "framework/torture/run_cases.hpp"
#include "framework/torture/shrink.hpp"

namespace lsm::torture {
namespace {

constexpr double kCases = 10'000;
constexpr uint64_t kOperations = 10'000;
constexpr uint64_t kShrinkBudget = 2'000'000;  // operations, some ten seconds

std::optional<Mismatch> mismatch_of(const ModelCase& model, const std::vector<uint64_t>& numbers,
                                    uint64_t* hash = nullptr) {
    ModelRun run(model);
    try {
        run.run(numbers);
    } catch (const Mismatch& mismatch) {
        return mismatch;
    }
    if (hash != nullptr) *hash = run.hash();
    return {};
}

}  // namespace

void perform_model_case(const ModelCase& model, const Operations& operations, Tally& tally,
                        bool shrinks) {
    std::vector<uint64_t> numbers = operations.numbers();
    tally.count("operations", numbers.size());
    tally.count("combinations");
    uint64_t hash = 0;
    if (!mismatch_of(model, numbers, &hash)) {
        tally.explored(hash ^ hash_bytes(model.name, model.seed));
        return;
    }
    numbers = shrink(std::move(numbers), shrinks ? kShrinkBudget : 0,
                     [&](const std::vector<uint64_t>& some) {
                         const auto mismatch = mismatch_of(model, some);
                         return mismatch ? std::optional(mismatch->operation) : std::nullopt;
                     });
    const auto mismatch = mismatch_of(model, numbers);
    tally.fail(model.name + ":" + Operations::of(numbers).text(),
               mismatch ? mismatch->what() : "it failed once and not again");
}

Report run_model_machine(const Options& options) {
    const auto count = static_cast<uint64_t>(std::ceil(kCases * options.scale));
    Report report;
    if (options.only.empty()) {
        const auto name = [](uint64_t number) { return std::to_string(number); };
        report = run_cases(options, count, name, [&](uint64_t number, Tally& tally) {
            perform_model_case(random_case(options.seed, number), Operations::first(kOperations),
                               tally, options.shrink);
        });
    } else {
        const auto [model, operations] = parse_model_case(options.only, options.seed, kOperations);
        const auto name = [&](uint64_t) { return options.only; };
        report = run_cases(options, 1, name, [&](uint64_t, Tally& tally) {
            perform_model_case(model, operations, tally, options.shrink);
        });
    }
    const auto operations = static_cast<double>(report.tally.counted("operations"));
    report.tally.highest("operations per second",
                         static_cast<uint64_t>(operations / std::max(report.seconds, 1e-3)));
    return report;
}

}  // namespace lsm::torture
