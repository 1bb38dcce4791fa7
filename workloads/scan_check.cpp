#include "workloads/scan_check.hpp"

#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"

namespace lsm::workloads {

std::string ScanCheck::shown(uint64_t number) const {
    std::string key;
    keys().codec().encode(number, key);
    return "\"" + key + "\"";
}

bool ScanCheck::next_section() {
    if (backward_ ? section_ == 0 : section_ + 1 == sections_.size()) return false;
    section_ = backward_ ? section_ - 1 : section_ + 1;
    from_ = backward_ ? UINT64_MAX : 0;
    last_.reset();
    walk_.emplace(sections_[section_]->walk(from_, backward_));
    return true;
}

template <class Holds>
void ScanCheck::enter_section(Holds holds) {
    if (holds(keys().codec())) return;
    for (size_t section = section_; !holds(sections_[section]->codec());) {
        if (backward_ ? section == 0 : section + 1 == sections_.size()) return;
        section = backward_ ? section - 1 : section + 1;
    }
    while (!holds(keys().codec())) {
        if (const auto left_out = walk_->peek(); left_out && !may_miss_) {
            problem_ = "key " + shown(*left_out) + " is left out";
            return;
        }
        next_section();
    }
}

void ScanCheck::take(std::string_view key, std::string_view value) {
    ++taken_;
    if (problem_) return;
    enter_section([&](const KeyCodec& codec) { return codec.decode(key).has_value(); });
    if (problem_) return;
    const auto decoded = keys().codec().decode(key);
    if (!decoded || decoded->missing) {
        problem_ = "key \"" + printable(key) + "\" was never written";
        return;
    }
    const uint64_t number = keys().codec().number(decoded->identifier);
    if (!in_order(number) || !keys().owns(decoded->identifier)) return;
    take_own(number, keys().local(decoded->identifier),
             [&](uint64_t local) { return keys().check(local, true, value, false); });
}

void ScanCheck::take_number(uint64_t whole, uint64_t version) {
    ++taken_;
    if (problem_) return;
    enter_section([&](const KeyCodec& codec) { return codec.has_whole(whole); });
    if (problem_) return;
    const uint64_t number = keys().codec().number_of_whole(whole);
    const auto decoded = keys().codec().decode_number(number);
    if (!keys().codec().has_whole(whole) || decoded.missing) {
        problem_ = "key " + shown(number) + " was never written";
        return;
    }
    if (!in_order(number) || !keys().owns(decoded.identifier)) return;
    take_own(number, keys().local(decoded.identifier),
             [&](uint64_t local) { return keys().check_version(local, version, false); });
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
    auto next = walk_->peek();
    while (may_miss_ && next && before(*next, number)) {
        walk_->take();
        next = walk_->peek();
    }
    if (next && before(*next, number)) {
        problem_ = "key " + shown(*next) + " is left out";
    } else if (!next || *next != number) {
        problem_ = "key " + shown(number) + ": expected no value, it was deleted or never written";
    } else if (auto wrong = check(local)) {
        problem_ = "key " + shown(number) + ": " + *wrong;
    } else {
        walk_->take();
    }
}

void ScanCheck::finish(uint64_t limit, uint64_t returned) {
    if (problem_) return;
    if (returned != taken_ || taken_ > limit) {
        problem_ = format_number(taken_) + " entries came, " + format_number(returned) +
                   " were announced, of " + format_number(limit) + " at most";
        return;
    }
    if (may_miss_) return;
    const auto next = walk_->peek();
    if (taken_ < limit) {
        while (!walk_->peek()) {
            if (!next_section()) return;
        }
        problem_ = "key " + shown(*walk_->peek()) + " is left out";
    } else if (next && last_ && before(*next, *last_)) {
        problem_ = "key " + shown(*next) + " is left out";
    }
}

}  // namespace lsm::workloads
