#include "framework/experiment/claim.hpp"

#include "framework/base/number.hpp"
#include "framework/base/text.hpp"
#include "framework/experiment/claim_lexer.hpp"

namespace lsm::experiment {
namespace {

using Token = ClaimToken;

/// What stops the parser: the message, and where.
struct Mistake {
    Span span;
    std::string message;
};

class Parser {
  public:
    explicit Parser(std::string_view text) : lexer_(text) {}

    void parse(Claim& claim) {
        claim.left = expression();
        claim.relation = relation(false);
        claim.right = expression();
        if (claim.relation == Relation::about) {
            claim.within_percent = tolerance();
        } else if (lexer_.now().is("within")) {
            throw Mistake{lexer_.now().span, "`within` belongs to the relation `~`"};
        }
        if (lexer_.accept("at")) {
            claim.at_equal = equal_metric();
        }
        if (lexer_.accept("where")) {
            do {
                claim.conditions.push_back(condition());
            } while (lexer_.accept("and"));
        }
        if (lexer_.now().kind != Token::Kind::end) {
            throw Mistake{lexer_.now().span,
                          "the claim should end here; after it come only `within`, for `~`, `at "
                          "equal` and `where`"};
        }
    }

  private:
    Expression expression() {
        Expression left = term();
        while (lexer_.now().is("+") || lexer_.now().is("-")) {
            const bool add = lexer_.take().is("+");
            left = join_operands(add ? Expression::Kind::add : Expression::Kind::subtract,
                                 std::move(left), term());
        }
        return left;
    }

    Expression term() {
        Expression left = factor();
        while (lexer_.now().is("*") || lexer_.now().is("/")) {
            const bool multiply = lexer_.take().is("*");
            left = join_operands(multiply ? Expression::Kind::multiply : Expression::Kind::divide,
                                 std::move(left), factor());
        }
        return left;
    }

    static Expression join_operands(Expression::Kind kind, Expression left, Expression right) {
        Expression joined;
        joined.kind = kind;
        joined.span = {left.span.offset, right.span.offset + right.span.length - left.span.offset};
        joined.operands.push_back(std::move(left));
        joined.operands.push_back(std::move(right));
        return joined;
    }

    Expression factor() {
        if (++depth_ > kDeepest) {
            throw Mistake{lexer_.now().span, "this is nested too deeply"};
        }
        if (++operands_ > kMostOperands) {
            throw Mistake{lexer_.now().span, "a claim has at most " +
                                                 std::to_string(kMostOperands) +
                                                 " numbers and metrics, and this is one more"};
        }
        Expression result = factor_at_depth();
        --depth_;
        return result;
    }

    Expression factor_at_depth() {
        const Token token = lexer_.take();
        if (token.is("(")) {
            Expression inner = expression();
            if (!lexer_.accept(")")) {
                throw Mistake{lexer_.now().span, "`)` is missing"};
            }
            return inner;
        }
        Expression result;
        result.span = token.span;
        if (token.is("-")) {
            result.kind = Expression::Kind::negate;
            result.operands.push_back(factor());
            return result;
        }
        if (token.kind == Token::Kind::number) {
            const auto number = parse_real(token.text);
            if (!number) {
                throw Mistake{token.span, "this is no number"};
            }
            result.number = *number;
            return result;
        }
        if (token.kind == Token::Kind::word) {
            result.kind = Expression::Kind::metric;
            result.metric = token.text;
            if (lexer_.accept("(")) {
                result.selectors = selectors();
            }
            return result;
        }
        throw Mistake{token.span, "a number, a metric or `(` should stand here"};
    }

    std::vector<Selector> selectors() {
        std::vector<Selector> result;
        do {
            const Token raw = lexer_.take_raw(",)");
            Selector selector;
            selector.span = raw.span;
            const size_t equals = raw.text.find('=');
            if (equals != std::string::npos) {
                selector.axis = std::string(trim(std::string_view(raw.text).substr(0, equals)));
                selector.value = std::string(trim(std::string_view(raw.text).substr(equals + 1)));
            } else {
                selector.value = raw.text;
            }
            if (selector.value.empty()) {
                throw Mistake{raw.span, "a swept value or `axis=value` should stand here"};
            }
            result.push_back(std::move(selector));
        } while (lexer_.accept(","));
        if (!lexer_.accept(")")) {
            throw Mistake{lexer_.now().span, "`)` is missing"};
        }
        return result;
    }

    Relation relation(bool in_condition) {
        const Token token = lexer_.take();
        if (token.is("<")) return Relation::less;
        if (token.is("<=")) return Relation::less_equal;
        if (token.is(">")) return Relation::greater;
        if (token.is(">=")) return Relation::greater_equal;
        if (token.is("==")) return Relation::equal;
        if (in_condition && token.is("!=")) return Relation::not_equal;
        if (!in_condition && token.is("~")) return Relation::about;
        throw Mistake{token.span, std::string("a relation should stand here: < <= > >= == ") +
                                      (in_condition ? "!=" : "~") +
                                      (token.is("=") ? "; did you mean `==`?" : "")};
    }

    double tolerance() {
        if (!lexer_.accept("within")) {
            throw Mistake{lexer_.now().span, "`~` needs `within P%` after the second expression"};
        }
        const Token token = lexer_.take();
        const auto percent =
            token.kind == Token::Kind::number ? parse_real(token.text) : std::nullopt;
        if (!percent || !lexer_.accept("%")) {
            throw Mistake{token.span, "a percentage should stand here, as in `within 10%`"};
        }
        return *percent;
    }

    EqualMetric equal_metric() {
        EqualMetric result;
        if (!lexer_.accept("equal")) {
            throw Mistake{lexer_.now().span,
                          "`equal` should stand here, as in `at equal filter_memory_bytes along "
                          "bits_per_key`"};
        }
        const Token metric = lexer_.take();
        if (metric.kind != Token::Kind::word) {
            throw Mistake{metric.span, "a metric should stand here"};
        }
        if (!lexer_.accept("along")) {
            throw Mistake{lexer_.now().span,
                          "`along` and the swept key that the curve follows should stand here"};
        }
        const Token axis = lexer_.take();
        if (axis.kind != Token::Kind::word) {
            throw Mistake{axis.span, "a swept key should stand here"};
        }
        return {metric.text, axis.text, metric.span, axis.span};
    }

    Condition condition() {
        Condition result;
        const Token axis = lexer_.take();
        if (axis.kind != Token::Kind::word) {
            throw Mistake{axis.span, "a swept key should stand here, as in `where size_ratio > 2`"};
        }
        result.axis = axis.text;
        result.axis_span = axis.span;
        result.relation = relation(true);
        const Token value = lexer_.take_raw_to_and();
        if (value.text.empty()) {
            throw Mistake{value.span, "a value should stand here"};
        }
        result.value = value.text;
        result.span = {axis.span.offset, value.span.offset + value.span.length - axis.span.offset};
        return result;
    }

    static constexpr int kDeepest = 64;
    // A long sum is as deep a tree as it has operands, and whoever walks it calls itself.
    static constexpr int kMostOperands = 1000;
    ClaimLexer lexer_;
    int operands_ = 0;
    int depth_ = 0;
};

}  // namespace

const char* relation_text(Relation relation) {
    switch (relation) {
        case Relation::less:
            return "<";
        case Relation::less_equal:
            return "<=";
        case Relation::greater:
            return ">";
        case Relation::greater_equal:
            return ">=";
        case Relation::equal:
            return "==";
        case Relation::not_equal:
            return "!=";
        case Relation::about:
            return "~";
    }
    return "";
}

Place Claim::part(Span span) const {
    return verbatim ? place.part(span.offset, std::max<size_t>(1, span.length)) : place;
}

std::optional<Claim> parse_claim(const std::string& text, const Place& place, bool verbatim,
                                 Problems& problems) {
    Claim claim;
    claim.text = text;
    claim.place = place;
    claim.verbatim = verbatim;
    try {
        Parser(text).parse(claim);
    } catch (const Mistake& mistake) {
        const bool at_end = mistake.span.offset >= text.size();
        problems.add(claim.part(mistake.span),
                     mistake.message + (at_end ? " (the claim ends too early)" : ""));
        return std::nullopt;
    }
    return claim;
}

}  // namespace lsm::experiment
