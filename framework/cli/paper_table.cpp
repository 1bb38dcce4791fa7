#include "framework/cli/paper_table.hpp"

#include <cmath>

#include <fmt/format.h>

#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

/// Both sides where they are closest to each other, and at how many points there were some.
std::string figures_of(const ClaimResult& claim) {
    const ClaimPoint* closest = nullptr;
    double gap = 0;
    for (const ClaimPoint& point : claim.points) {
        if (!point.left || !point.right) continue;
        const double here =
            std::fabs(*point.left - *point.right) / (std::fabs(*point.right) + 1e-300);
        if (closest == nullptr || here < gap) {
            closest = &point;
            gap = here;
        }
    }
    if (closest == nullptr) return "-";
    const std::string both =
        report::readable_number(*closest->left) + " to " + report::readable_number(*closest->right);
    return claim.points.size() == 1 ? both
                                    : fmt::format("{} (closest of {})", both, claim.points.size());
}

}  // namespace

void PaperTable::add(const experiment::Experiment& experiment,
                     const std::vector<ClaimResult>& claims) {
    if (experiment.paper.title.empty()) return;
    for (const ClaimResult& claim : claims) {
        hold_ += claim.verdict == Verdict::holds ? 1 : 0;
        differ_ += claim.verdict == Verdict::differs ? 1 : 0;
        rows_.push_back({experiment.paper.title, experiment.paper.figure,
                         claim.notes.says.empty() ? claim.text : claim.notes.says,
                         verdict_name(claim.verdict), figures_of(claim), claim.notes.theirs});
    }
}

std::string PaperTable::text(bool colour) const {
    return report::terminal_table({"paper", "figure", "claim", "verdict", "ours", "theirs"}, rows_,
                                  colour) +
           fmt::format("{} of {} claims hold, {} differ as marked, {} do not\n", hold_,
                       rows_.size(), differ_, rows_.size() - hold_ - differ_);
}

}  // namespace lsm::cli
