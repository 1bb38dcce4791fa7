// What became of one claim of an experiment's `expect:` list, as the report and the terminal show
// it.
//
// A claim is checked at every point of the sweep's other axes: `points` has a row for each, in the
// order of the trials. The claim holds when it holds at every point; it is an error when it could
// not be evaluated at all (no such trial, a metric without a value), and it is not asked when
// `--set` took the values away that it speaks of; `reason` then says why. A claim that is marked as
// one that does not reproduce differs where it fails, and fails where it holds. Plain data, copied
// freely.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace lsm {

/// differs: it fails, as the experiment says it would.
enum class Verdict { holds, fails, error, not_asked, differs };

/// What an experiment says beside a claim that comes from a paper.
struct ClaimNotes {
    std::string says;     ///< the claim in words
    std::string theirs;   ///< the figures that the paper gives
    std::string because;  ///< why it does not reproduce here; empty where it should
    bool any() const { return !says.empty() || !theirs.empty() || !because.empty(); }
};

/// With repeats: what is known of left - right, each side taken from the same repeat.
struct ClaimDifference {
    double mean = 0;
    double low = 0;  ///< of the 95 % interval
    double high = 0;
    /// The repeats scatter more than what the relation turns on: whether it holds may be chance.
    bool inside_noise = false;
};

/// One point of the sweep at which a claim was checked.
struct ClaimPoint {
    std::string where;  ///< the other axes there, as "size_ratio=4, bits_per_key=10"; may be empty
    std::optional<double> left;   ///< value of the left side; empty where it has none
    std::optional<double> right;  ///< value of the right side
    Verdict verdict = Verdict::error;
    std::string reason;  ///< why it is an error; empty otherwise
    std::optional<ClaimDifference> difference = {};
    /// The sides without the claim's own factors: what was measured (claim_measured.hpp). Empty
    /// for a side that has no metric.
    std::optional<double> measured_left = {};
    std::optional<double> measured_right = {};
};

struct ClaimResult {
    std::string text;  ///< the claim as it was written in the YAML
    Verdict verdict = Verdict::error;
    std::string reason;  ///< why it is an error as a whole, or not asked; empty otherwise
    std::vector<ClaimPoint> points;
    ClaimNotes notes = {};
};

/// What a run's exit status takes no offence at.
inline bool is_no_failure(Verdict verdict) {
    return verdict == Verdict::holds || verdict == Verdict::not_asked ||
           verdict == Verdict::differs;
}

/// How many of the claim's points are inside the noise of the repeats.
inline size_t points_inside_noise(const ClaimResult& claim) {
    size_t count = 0;
    for (const ClaimPoint& point : claim.points) {
        count += point.difference && point.difference->inside_noise ? 1 : 0;
    }
    return count;
}

/// "holds", "fails", "error", "not asked" or "differs".
inline const char* verdict_name(Verdict verdict) {
    switch (verdict) {
        case Verdict::holds:
            return "holds";
        case Verdict::fails:
            return "fails";
        case Verdict::error:
            return "error";
        case Verdict::not_asked:
            return "not asked";
        case Verdict::differs:
            return "differs";
    }
    return "error";
}

}  // namespace lsm
