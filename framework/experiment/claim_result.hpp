// What became of one claim of an experiment's `expect:` list, as the report and the terminal show
// it.
//
// A claim is checked at every point of the sweep's other axes: `points` has a row for each, in the
// order of the trials. The claim holds when it holds at every point; it is an error when it could
// not be evaluated at all (no such trial, a metric without a value), and it is not asked when
// `--set` took the values away that it speaks of; `reason` then says why. Plain data, copied
// freely.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lsm {

enum class Verdict { holds, fails, error, not_asked };

/// One point of the sweep at which a claim was checked.
struct ClaimPoint {
    std::string where;  ///< the other axes there, as "size_ratio=4, bits_per_key=10"; may be empty
    std::optional<double> left;   ///< value of the left side; empty where it has none
    std::optional<double> right;  ///< value of the right side
    Verdict verdict = Verdict::error;
    std::string reason;  ///< why it is an error; empty otherwise
};

struct ClaimResult {
    std::string text;  ///< the claim as it was written in the YAML
    Verdict verdict = Verdict::error;
    std::string reason;  ///< why it is an error as a whole, or not asked; empty otherwise
    std::vector<ClaimPoint> points;
};

/// What a run's exit status takes no offence at.
inline bool is_no_failure(Verdict verdict) {
    return verdict == Verdict::holds || verdict == Verdict::not_asked;
}

/// "holds", "fails", "error" or "not asked".
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
    }
    return "error";
}

}  // namespace lsm
