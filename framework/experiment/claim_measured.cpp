#include "framework/experiment/claim_measured.hpp"

#include <algorithm>

namespace lsm::experiment {

bool has_metric(const Expression& expression) {
    return expression.kind == Expression::Kind::metric ||
           std::any_of(expression.operands.begin(), expression.operands.end(), has_metric);
}

Expression without_factors(const Expression& expression) {
    using Kind = Expression::Kind;
    if (!has_metric(expression)) return expression;
    if (expression.kind == Kind::negate) return without_factors(expression.operands[0]);
    if (expression.kind != Kind::multiply && expression.kind != Kind::divide) return expression;
    if (!has_metric(expression.operands[1])) return without_factors(expression.operands[0]);
    const bool is_factor = expression.kind == Kind::multiply;
    if (is_factor && !has_metric(expression.operands[0])) {
        return without_factors(expression.operands[1]);
    }
    return expression;
}

Claim measured_claim(const Claim& claim) {
    Claim measured = claim;
    measured.left = without_factors(claim.left);
    measured.right = without_factors(claim.right);
    return measured;
}

}  // namespace lsm::experiment
