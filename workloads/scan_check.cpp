#include "workloads/scan_check.hpp"

#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"

namespace lsm::workloads {

std::string ScanCheck::shown(uint64_t number) const {
    std::string key;
    keys_.codec().encode(number, key);
    return "\"" + key + "\"";
}

void ScanCheck::take(std::string_view key, std::string_view value) {
    ++taken_;
    if (problem_) return;
    const auto decoded = keys_.codec().decode(key);
    if (!decoded || decoded->missing) {
        problem_ = "key \"" + printable(key) + "\" was never written";
        return;
    }
    const uint64_t number = keys_.codec().number(decoded->identifier);
    if (last_ ? !before(*last_, number) : before(number, from_)) {
        problem_ = "key " + shown(number) + " came after " + shown(last_ ? *last_ : from_) +
                   ", out of order";
        return;
    }
    last_ = number;
    if (keys_.owns(decoded->identifier)) take_own(number, keys_.local(decoded->identifier), value);
}

void ScanCheck::take_own(uint64_t number, uint64_t local, std::string_view value) {
    auto next = walk_.peek();
    while (may_miss_ && next && before(*next, number)) {
        walk_.take();
        next = walk_.peek();
    }
    if (next && before(*next, number)) {
        problem_ = "key " + shown(*next) + " is left out";
    } else if (!next || *next != number) {
        problem_ = "key " + shown(number) + ": expected no value, it was deleted or never written";
    } else if (auto wrong = keys_.check(local, true, value, false)) {
        problem_ = "key " + shown(number) + ": " + *wrong;
    } else {
        walk_.take();
    }
}

void ScanCheck::finish(uint64_t limit, uint64_t returned) {
    if (problem_) return;
    if (returned != taken_ || taken_ > limit) {
        problem_ = format_number(taken_) + " entries came, " + format_number(returned) +
                   " were announced, of " + format_number(limit) + " at most";
        return;
    }
    const auto next = walk_.peek();
    if (may_miss_ || !next) return;
    if (taken_ < limit || (last_ && before(*next, *last_)))
        problem_ = "key " + shown(*next) + " is left out";
}

}  // namespace lsm::workloads
