#include "framework/torture/tally.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "framework/base/hash.hpp"

namespace lsm::torture {

void Tally::highest(const std::string& name, uint64_t value) {
    highest_[name] = std::max(highest_[name], value);
}

void Tally::explored(uint64_t hash) { digest_ += mix64(hash); }

void Tally::fail(const std::string& only, const std::string& what) {
    ++failed_;
    const auto rank = [](const Failure& one) {
        return std::tuple(one.only.size(), std::string_view(one.only), std::string_view(one.what));
    };
    const Failure failure{only, what};
    const auto place = std::upper_bound(
        failures_.begin(), failures_.end(), failure,
        [&](const Failure& one, const Failure& two) { return rank(one) < rank(two); });
    failures_.insert(place, failure);
    if (failures_.size() > kKeptFailures) failures_.pop_back();
}

void Tally::add(const Tally& other) {
    for (const auto& [name, value] : other.counts_) count(name, value);
    for (const auto& [name, value] : other.highest_) highest(name, value);
    digest_ += other.digest_;
    const uint64_t failed = failed_ + other.failed_;
    for (const Failure& one : other.failures_) fail(one.only, one.what);
    failed_ = failed;
}

void Tally::rewrite_failures(size_t most, const std::function<Failure(const Failure&)>& rewrite) {
    std::vector<Failure> rewritten;
    for (size_t i = 0; i < failures_.size(); ++i) {
        Failure one = i < most ? rewrite(failures_[i]) : failures_[i];
        const auto same = [&](const Failure& other) { return other.only == one.only; };
        if (std::none_of(rewritten.begin(), rewritten.end(), same))
            rewritten.push_back(std::move(one));
    }
    failures_ = std::move(rewritten);
}

std::vector<std::pair<std::string, uint64_t>> Tally::figures() const {
    std::map<std::string, uint64_t> all = counts_;
    for (const auto& [name, value] : highest_) all[name] = value;
    return {all.begin(), all.end()};
}

uint64_t Tally::counted(const std::string& name) const {
    const auto found = counts_.find(name);
    return found == counts_.end() ? 0 : found->second;
}

}  // namespace lsm::torture
