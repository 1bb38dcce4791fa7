// A claim of an experiment's `expect:` list, parsed:
//
//     write_amplification(tiering) < write_amplification(leveling) where size_ratio > 2
//     peak_space_amplification(policy=tiering) ~ 2 * space_amplification(policy=leveling) within
//     30%
//
// clang-format off
//     claim      = expression relation expression ["within" number "%"]
//                  ["at" "equal" metric "along" axis] ["where" condition {"and" condition}]
//     relation   = "<" | "<=" | ">" | ">=" | "==" | "~"        ("~" and only it takes "within")
//     expression = term {("+" | "-") term}
//     term       = factor {("*" | "/") factor}
//     factor     = number | "(" expression ")" | "-" factor | metric ["(" selector {"," selector} ")"]
//     selector   = [axis "="] value
//     condition  = axis ("<" | "<=" | ">" | ">=" | "==" | "!=") value
// clang-format on
//
// An axis is a swept path or the end of one ("size_ratio"). parse_claim knows the grammar alone;
// bind_claim (claim_check.hpp) looks names up in an experiment. Plain data, copied freely.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/experiment/claim_result.hpp"
#include "framework/experiment/problems.hpp"

namespace lsm::experiment {

/// A part of a claim's text, as offset and length in bytes.
struct Span {
    size_t offset = 0;
    size_t length = 0;
};

struct Selector {
    std::string axis;  ///< empty: a bare value
    std::string value;
    Span span;
};

struct Expression {
    enum class Kind { number, metric, add, subtract, multiply, divide, negate };
    Kind kind = Kind::number;
    double number = 0;
    std::string metric;
    std::vector<Selector> selectors;
    std::vector<Expression> operands;
    Span span;
};

enum class Relation { less, less_equal, greater, greater_equal, equal, not_equal, about };
const char* relation_text(Relation relation);

struct Condition {
    std::string axis;
    Relation relation = Relation::equal;
    std::string value;
    Span axis_span;
    Span span;
};

/// `at equal METRIC along AXIS`: the right side is a curve over the metric, one point for each
/// value of the axis, and is read off where the left side is.
struct EqualMetric {
    std::string metric;
    std::string axis;
    Span metric_span;
    Span axis_span;
};

struct Claim {
    std::string text;
    Place place;            ///< of the text
    bool verbatim = false;  ///< spans are places in the source
    Expression left;
    Relation relation = Relation::less;
    Expression right;
    double within_percent = 0;  ///< of a relation `~`
    std::optional<EqualMetric> at_equal;
    std::vector<Condition> conditions;
    ClaimNotes notes;
    std::string not_asked;  ///< why it cannot be checked in what --set left; empty where it can

    /// Where a part of the claim stands.
    Place part(Span span) const;
};

/// Parses the text; what is wrong goes to `problems`, and then there is no claim.
std::optional<Claim> parse_claim(const std::string& text, const Place& place, bool verbatim,
                                 Problems& problems);

}  // namespace lsm::experiment
