// The words of a claim: splits its text into tokens on demand, for what counts as a token differs
// inside of a selector, where values stand as people write them.
//
// Holds the text's view, copies nothing but tokens; cost linear in the text.
#pragma once

#include <string>
#include <string_view>

#include "framework/experiment/claim.hpp"

namespace lsm::experiment {

struct ClaimToken {
    enum class Kind { end, word, number, symbol };
    Kind kind = Kind::end;
    std::string text;
    Span span;

    bool is(std::string_view expected) const { return kind != Kind::end && text == expected; }
};

class ClaimLexer {
  public:
    using Token = ClaimToken;

    explicit ClaimLexer(std::string_view text) : text_(text) { advance(); }

    const Token& now() const { return token_; }

    Token take() {
        Token taken = token_;
        advance();
        return taken;
    }

    bool accept(std::string_view symbol) {
        if (!token_.is(symbol)) {
            return false;
        }
        advance();
        return true;
    }

    /// Everything from the current token to one of `stops` (or the end), without spaces around it:
    /// a value as people write it, "1 MiB" or "ycsb/a".
    Token take_raw(std::string_view stops);

    /// The same up to the word `and`.
    Token take_raw_to_and();

  private:
    Token finish_raw(size_t start, size_t end);
    void advance();
    size_t number_end() const;

    std::string_view text_;
    size_t next_ = 0;
    Token token_;
};

}  // namespace lsm::experiment
