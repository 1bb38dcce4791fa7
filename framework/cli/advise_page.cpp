#include "framework/cli/advise_page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::Advice;
using experiment::AdviceRequest;
using report::readable_number;
using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

double metric(const ConfirmedAdvice& confirmed, const std::string& name) {
    for (const auto& [key, value] : confirmed.metrics) {
        if (key == name) return value;
    }
    return std::nan("");
}

std::string cell(double value) { return std::isnan(value) ? "" : readable_number(value); }

std::string microseconds(double seconds) { return readable_number(seconds * 1e6); }

std::string setting(const Advice& advice, const std::string& path) {
    for (const auto& [key, value] : advice.settings) {
        if (key == path) return value;
    }
    return "";
}

/// Costs of a time are modelled: no clock has seen them.
std::string designs_table(const AdviceRequest& request, const std::vector<Advice>& designs,
                          bool with_frontier, bool colour) {
    std::vector<std::string> header{"strategy",    "size ratio", "runs",          "memtable",
                                    "filters",     "write",      "empty",         "found",
                                    "short range", "space",      "modelled us/op"};
    const bool robust = request.rho > 0;
    if (robust) header.push_back("modelled us/op at worst");
    if (with_frontier) header.push_back("frontier");
    Rows rows;
    for (const Advice& one : designs) {
        std::string runs = setting(one, "tree.compaction.upper_runs");
        if (!runs.empty()) runs += "/" + setting(one, "tree.compaction.last_runs");
        rows.push_back({one.strategy, setting(one, "tree.compaction.size_ratio"), runs,
                        format_size(static_cast<uint64_t>(one.memtable_bytes)),
                        setting(one, "tree.bloom.policy") + " " + format_number(one.filter_bits),
                        readable_number(one.costs.write), readable_number(one.costs.empty_lookup),
                        readable_number(one.costs.found_lookup),
                        readable_number(one.costs.short_range), readable_number(one.costs.space),
                        microseconds(one.mean_seconds)});
        if (robust) rows.back().push_back(microseconds(one.worst_seconds));
        if (with_frontier) rows.back().push_back(one.on_frontier ? "yes" : "");
    }
    return report::terminal_table(header, rows, colour);
}

bool in_models_order(const std::vector<ConfirmedAdvice>& confirmed) {
    return std::is_sorted(
        confirmed.begin(), confirmed.end(),
        [](const auto& left, const auto& right) { return left.place < right.place; });
}

}  // namespace

void rank(std::vector<ConfirmedAdvice>& confirmed) {
    std::stable_sort(confirmed.begin(), confirmed.end(), [](const auto& left, const auto& right) {
        return left.seconds < right.seconds ||
               (left.seconds == right.seconds && left.place < right.place);
    });
}

std::string advice_page(const AdviceRequest& request, const std::vector<Advice>& best,
                        bool colour) {
    const auto shares = request.mix.shares();
    std::string page =
        fmt::format("{} entries of {}, memory {}, device {};",
                    format_count(static_cast<uint64_t>(request.mix.entries)),
                    format_size(static_cast<uint64_t>(request.mix.entry_bytes)),
                    format_size(static_cast<uint64_t>(request.memory_bytes)), request.device.name);
    for (size_t i = 0; i < experiment::kAdviceOperations; ++i) {
        page += fmt::format("{} {} % {}", i == 0 ? "" : ",", readable_number(shares[i] * 100),
                            experiment::advice_operation_name(i));
    }
    if (request.rho > 0) page += "; robust within " + format_number(request.rho);
    page += "\n(write: puts, updates and deletes alike; the model knows no tombstones)";
    return page + "\n\nthe best design of each strategy, by the model:\n" +
           designs_table(request, best, true, colour);
}

std::string frontier_page(const AdviceRequest& request, const std::vector<Advice>& shown,
                          size_t count, bool colour) {
    const std::string which =
        shown.size() == count ? "" : fmt::format(" ({} of {}, spread out)", shown.size(), count);
    return "\nthe frontier" + which +
           ": nothing else is as good in write, point lookups, short range and space at once:\n" +
           designs_table(request, shown, false, colour);
}

std::string confirmed_page(const std::vector<ConfirmedAdvice>& confirmed, bool colour) {
    if (confirmed.empty()) return "";
    static const std::vector<std::pair<const char*, const char*>> kColumns{
        {"write", "write_amplification"},
        {"empty", "read_amplification_empty"},
        {"found", "read_amplification_found"},
        {"space", "mean_space_amplification"}};
    std::vector<std::string> header{"place", "by the model", "strategy", "us/op by the run"};
    for (const auto& column : kColumns) {
        header.push_back(column.first);
        header.push_back("predicted");
    }
    Rows rows;
    std::string same;
    for (size_t i = 0; i < confirmed.size(); ++i) {
        const ConfirmedAdvice& one = confirmed[i];
        rows.push_back({std::to_string(i + 1), std::to_string(one.place), one.advice->strategy,
                        microseconds(one.seconds)});
        for (const auto& column : kColumns) {
            rows.back().push_back(cell(metric(one, column.second)));
            rows.back().push_back(cell(metric(one, std::string("model_") + column.second)));
        }
        if (one.same.empty()) continue;
        same += join(one.same) + " came to the same figures as " + one.advice->strategy + "\n";
    }
    return "\nconfirmed on engine " + confirmed.front().engine +
           ", scaled down so that the tree keeps its shape; the best first, by the device's time "
           "for what the run counted:\n" +
           report::terminal_table(header, rows, colour) + same +
           (confirmed.size() < 2 ? ""
            : in_models_order(confirmed)
                ? "the runs keep the model's order\n"
                : "the runs change the model's order: " + confirmed.front().advice->strategy +
                      " is the best of those that were run, and number " +
                      std::to_string(confirmed.front().place) + " by the model\n");
}

Json advice_json(const Advice& advice, const ConfirmedAdvice* run) {
    Json settings = Json::object();
    for (const auto& [path, value] : advice.settings) settings[path] = value;
    Json seconds = Json::object();
    for (size_t i = 0; i < experiment::kAdviceOperations; ++i) {
        seconds[experiment::advice_operation_name(i)] = advice.seconds[i];
    }
    Json json = {{"strategy", advice.strategy},
                 {"settings", settings},
                 {"write", advice.costs.write},
                 {"empty_lookup", advice.costs.empty_lookup},
                 {"found_lookup", advice.costs.found_lookup},
                 {"short_range", advice.costs.short_range},
                 {"space", advice.costs.space},
                 {"seconds", seconds},
                 {"mean_seconds", advice.mean_seconds},
                 {"worst_seconds", advice.worst_seconds},
                 {"frontier", advice.on_frontier}};
    if (run != nullptr) {
        Json metrics = Json::object();
        for (const auto& [name, value] : run->metrics) {
            if (!std::isnan(value)) metrics[name] = value;
        }
        json["confirmed"] = {{"engine", run->engine},
                             {"shrink", run->shrink},
                             {"seconds", run->seconds},
                             {"same", run->same},
                             {"metrics", metrics}};
    }
    return json;
}

}  // namespace lsm::cli
