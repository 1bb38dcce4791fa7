#include "framework/experiment/claim_lexer.hpp"

#include <cctype>

#include "framework/base/text.hpp"

namespace lsm::experiment {
namespace {

bool is_word_start(char letter) {
    return std::isalpha(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}
bool is_digit(char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; }
bool is_word_part(char letter) {
    return is_word_start(letter) || is_digit(letter) || letter == '.';
}

}  // namespace

ClaimToken ClaimLexer::take_raw(std::string_view stops) {
    const size_t start = token_.kind == Token::Kind::end ? text_.size() : token_.span.offset;
    size_t end = text_.find_first_of(stops, start);
    return finish_raw(start, end == std::string_view::npos ? text_.size() : end);
}

ClaimToken ClaimLexer::take_raw_to_and() {
    const size_t start = token_.kind == Token::Kind::end ? text_.size() : token_.span.offset;
    const size_t end = text_.find(" and ", start);
    return finish_raw(start, end == std::string_view::npos ? text_.size() : end);
}

ClaimToken ClaimLexer::finish_raw(size_t start, size_t end) {
    const std::string_view raw = trim(text_.substr(start, end - start));
    Token token;
    token.kind = Token::Kind::word;
    token.text = std::string(raw);
    token.span = {start, raw.size()};
    next_ = end;
    advance();
    return token;
}

void ClaimLexer::advance() {
    while (next_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[next_])) != 0) {
        ++next_;
    }
    token_ = {};
    token_.span = {next_, 0};
    if (next_ == text_.size()) {
        return;
    }
    size_t end = next_ + 1;
    if (is_word_start(text_[next_])) {
        token_.kind = Token::Kind::word;
        while (end < text_.size() && is_word_part(text_[end])) {
            ++end;
        }
    } else if (is_digit(text_[next_]) || text_[next_] == '.') {
        token_.kind = Token::Kind::number;
        end = number_end();
    } else {
        token_.kind = Token::Kind::symbol;
        const std::string_view two = text_.substr(next_, 2);
        if (two == "<=" || two == ">=" || two == "==" || two == "!=") {
            ++end;
        }
    }
    token_.text = std::string(text_.substr(next_, end - next_));
    token_.span.length = end - next_;
    next_ = end;
}

size_t ClaimLexer::number_end() const {
    size_t end = next_;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) {
        ++end;
    }
    if (end + 1 < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
        size_t after = end + 1;
        after += text_[after] == '-' || text_[after] == '+' ? 1 : 0;
        if (after < text_.size() && is_digit(text_[after])) {
            end = after;
            while (end < text_.size() && is_digit(text_[end])) {
                ++end;
            }
        }
    }
    return end;
}

}  // namespace lsm::experiment
