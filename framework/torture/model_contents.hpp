// What a tree should hold, as std::maps, with the time of values that have one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace lsm::torture {

/// Keys and ranges that were written.
struct ModelWrites {
    std::set<std::string> keys;
    std::vector<std::pair<std::string, std::string>> ranges;

    bool touch(const std::string& key) const {
        return keys.count(key) != 0 ||
               std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
                   return range.first <= key && key < range.second;
               });
    }
    bool touch(const std::string& first, const std::string& last) const {
        const auto key = keys.lower_bound(first);
        return (key != keys.end() && *key < last) ||
               std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
                   return range.first < last && first < range.second;
               });
    }
};

/// Each write is a tick, or ticks come by pass() alone. Writes are also noted in `writes`, where
/// one listens.
class ModelContents {
  public:
    using Values = std::map<std::string, std::string>;
    explicit ModelContents(bool writes_tick = true) : writes_tick_(writes_tick) {}

    const Values& values() const { return values_; }
    void listen(ModelWrites* writes) { writes_ = writes; }

    void put(const std::string& key, const std::string& value) {
        note(key);
        values_[key] = value;
        expiries_.erase(key);
    }
    /// Is there while fewer ticks than `ttl` follow.
    void put(const std::string& key, const std::string& value, uint64_t ttl) {
        put(key, value);
        const uint64_t end = now_ + std::min(ttl, UINT64_MAX - now_);
        expiries_[key] = end;
        earliest_ = std::min(earliest_, end);
    }
    void remove(const std::string& key) {
        note(key);
        values_.erase(key);
        expiries_.erase(key);
    }
    void remove_range(const std::string& first, const std::string& last) {
        tick();
        if (writes_ != nullptr) writes_->ranges.push_back({first, last});
        values_.erase(values_.lower_bound(first), values_.lower_bound(last));
        expiries_.erase(expiries_.lower_bound(first), expiries_.lower_bound(last));
    }

    uint64_t now() const { return now_; }
    void pass(uint64_t ticks) { now_ += ticks; }
    /// Takes out what has expired by then.
    void expire(uint64_t now) {
        now_ = now;
        if (now < earliest_) return;
        earliest_ = UINT64_MAX;
        for (auto at = expiries_.begin(); at != expiries_.end();) {
            if (at->second <= now) {
                values_.erase(at->first);
                at = expiries_.erase(at);
            } else {
                earliest_ = std::min(earliest_, at->second);
                ++at;
            }
        }
    }

  private:
    void tick() { now_ += writes_tick_ ? 1 : 0; }
    void note(const std::string& key) {
        tick();
        if (writes_ != nullptr) writes_->keys.insert(key);
    }

    Values values_;
    std::map<std::string, uint64_t> expiries_;  // of values that have one: the tick
    uint64_t earliest_ = UINT64_MAX;            // of them
    uint64_t now_ = 0;                          // ticks so far
    bool writes_tick_;
    ModelWrites* writes_ = nullptr;
};

}  // namespace lsm::torture
