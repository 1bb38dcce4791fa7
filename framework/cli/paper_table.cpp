#include "framework/cli/paper_table.hpp"

#include <fmt/format.h>

#include "framework/report/claim_figures.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {

void PaperTable::add(const experiment::Experiment& experiment,
                     const std::vector<ClaimResult>& claims) {
    if (experiment.paper.title.empty()) return;
    for (size_t i = 0; i < claims.size(); ++i) {
        const ClaimResult& claim = claims[i];
        hold_ += claim.verdict == Verdict::holds ? 1 : 0;
        differ_ += claim.verdict == Verdict::differs ? 1 : 0;
        rows_.push_back({experiment.paper.title, experiment.paper.figure,
                         claim.notes.says.empty() ? claim.text : claim.notes.says,
                         verdict_name(claim.verdict),
                         report::claim_figures(experiment.claims[i], claim), claim.notes.theirs});
    }
}

std::string PaperTable::text(bool colour) const {
    return report::terminal_table({"paper", "figure", "claim", "verdict", "ours", "theirs"}, rows_,
                                  colour) +
           fmt::format("{} of {} claims hold, {} differ as marked, {} do not\n", hold_,
                       rows_.size(), differ_, rows_.size() - hold_ - differ_);
}

}  // namespace lsm::cli
