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
    if (!in_order(number) || !keys_.owns(decoded->identifier)) return;
    take_own(number, keys_.local(decoded->identifier),
             [&](uint64_t local) { return keys_.check(local, true, value, false); });
}

void ScanCheck::take_number(uint64_t number, uint64_t version) {
    ++taken_;
    if (problem_) return;
    const auto decoded = keys_.codec().decode_number(number);
    if (decoded.missing) {
        problem_ = "key " + shown(number) + " was never written";
        return;
    }
    if (!in_order(number) || !keys_.owns(decoded.identifier)) return;
    take_own(number, keys_.local(decoded.identifier),
             [&](uint64_t local) { return keys_.check_version(local, version, false); });
}

bool ScanCheck::in_order(uint64_t number) {
    if (last_ ? !before(*last_, number) : before(number, from_)) {
        problem_ = "key " + shown(number) + " came after " + shown(last_ ? *last_ : from_) +
                   ", out of order";
        return false;
    }
    last_ = number;
    return true;
}

template <class Check>
void ScanCheck::take_own(uint64_t number, uint64_t local, Check check) {
    auto next = walk_.peek();
    while (may_miss_ && next && before(*next, number)) {
        walk_.take();
        next = walk_.peek();
    }
    if (next && before(*next, number)) {
        problem_ = "key " + shown(*next) + " is left out";
    } else if (!next || *next != number) {
        problem_ = "key " + shown(number) + ": expected no value, it was deleted or never written";
    } else if (auto wrong = check(local)) {
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
