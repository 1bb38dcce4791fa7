// A store that is a std::map, for tests of what drives stores: right by construction, and able to
// lie in each of the ways that the oracle must notice. It counts what was asked for, and "flushes"
// a made-up table every few writes, so that there are events. Several threads may use it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/engines/engine.hpp"

namespace lsm::testing {

enum class Lie {
    none,
    wrong_byte,   // the last byte of a value is changed
    stale,        // the version before the last one
    lost,         // nothing, though the key is there
    resurrected,  // a deleted key's old value
    invented,     // a value for a key that was never written
    scan_unordered,
    scan_gap,    // leaves out the second entry
    scan_short,  // stops after one entry
    scan_miscounted,
    immortal,  // what has expired is there
};

class MapEngine : public Engine {
  public:
    explicit MapEngine(Lie lie = Lie::none, bool drops = false) : lie_(lie), drops_(drops) {}

    void put(std::string_view key, std::string_view value) override {
        const std::lock_guard lock(mutex_);
        note("put " + std::string(key) + " " + std::to_string(value.size()));
        ++counters_.puts;
        counters_.user_bytes += key.size() + value.size();
        if (!expires_.empty()) expires_.erase(std::string(key));
        const auto found = map_.find(key);
        if (found == map_.end()) {
            map_.emplace(key, value);
        } else {
            if (keeps_old()) old_[found->first] = found->second;
            found->second = value;
        }
        after_write(key.size() + value.size());
    }

    void put_for(std::string_view key, std::string_view value, uint64_t ttl) override {
        put(key, value);
        const std::lock_guard lock(mutex_);
        expires_[std::string(key)] = counters_.puts + counters_.deletes + ttl;
    }

    void remove(std::string_view key) override {
        const std::lock_guard lock(mutex_);
        note("delete " + std::string(key));
        ++counters_.deletes;
        counters_.user_bytes += key.size();
        const auto found = map_.find(key);
        if (found != map_.end()) {
            if (keeps_old()) old_[found->first] = found->second;
            map_.erase(found);
        }
        after_write(key.size());
    }

    void remove_range(std::string_view first, std::string_view last) override {
        const std::lock_guard lock(mutex_);
        note("delete_range " + std::string(first) + " " + std::string(last));
        ++counters_.deletes;
        counters_.user_bytes += first.size() + last.size();
        for (auto at = map_.lower_bound(first); at != map_.end() && at->first < last;) {
            if (keeps_old()) old_[at->first] = at->second;
            at = map_.erase(at);
        }
        after_write(first.size() + last.size());
    }

    bool get(std::string_view key, std::string& value) override {
        const std::lock_guard lock(mutex_);
        note("get " + std::string(key));
        ++counters_.gets;
        const auto found = map_.find(key);
        if (found == map_.end()) {
            const auto old = old_.find(key);
            if (lie_ == Lie::resurrected && old != old_.end()) {
                value = old->second;
                return true;
            }
            if (lie_ == Lie::invented && old == old_.end()) {
                value = "made up";
                return true;
            }
            ++counters_.empty_gets;
            return false;
        }
        if (lie_ == Lie::lost && ++asked_ > 10) return false;
        value = found->second;
        if (lie_ == Lie::wrong_byte && ++asked_ > 10)
            value.back() = static_cast<char>(value.back() + 1);
        const auto old = old_.find(key);
        if (lie_ == Lie::stale && old != old_.end()) value = old->second;
        return true;
    }

    uint64_t scan(std::string_view from, uint64_t limit, bool backward,
                  const std::function<void(std::string_view, std::string_view)>& take) override {
        const std::lock_guard lock(mutex_);
        note("scan " + std::string(from) + " " + std::to_string(limit) +
             (backward ? " backward" : ""));
        ++counters_.scans;
        std::vector<std::pair<std::string, std::string>> range;
        if (backward) {
            auto at = map_.upper_bound(from);
            while (at != map_.begin() && range.size() < limit) range.emplace_back(*--at);
        } else {
            for (auto at = map_.lower_bound(from); at != map_.end() && range.size() < limit; ++at)
                range.emplace_back(*at);
        }
        if (range.size() > 2) {
            if (lie_ == Lie::scan_unordered) std::swap(range[1], range[2]);
            if (lie_ == Lie::scan_gap) range.erase(range.begin() + 1);
            if (lie_ == Lie::scan_short) range.resize(1);
        }
        if (lie_ == Lie::resurrected && range.size() > 2) {
            const auto dead = old_.upper_bound(range[0].first);
            if (dead != old_.end() && dead->first < range[1].first)
                range.insert(range.begin() + 1, *dead);
        }
        for (const auto& [key, value] : range) take(key, value);
        return range.size() + (lie_ == Lie::scan_miscounted ? 1 : 0);
    }

    void flush() override {}
    void settle() override { ++settled_; }
    EngineCounters counters() override {
        const std::lock_guard lock(mutex_);
        return counters_;
    }
    TreeShape shape() override {
        const std::lock_guard lock(mutex_);
        TreeShape shape;
        shape.levels.resize(1);
        for (const TableNote& note : tables_) {
            TableShape table;
            table.id = note.id;
            table.entries = note.entries;
            table.logical_bytes = note.logical_bytes;
            table.stored_bytes = note.stored_bytes;
            table.oldest_sequence = (note.id - 1) * flush_every + 1;
            table.newest_sequence = note.id * flush_every;
            shape.levels[0].runs.insert(shape.levels[0].runs.begin(),
                                        RunShape{note.run, {table}, false});
        }
        return shape;
    }
    bool may_drop() const override { return drops_; }
    void on_event(std::function<void(const EngineEvent&)> listener) override {
        listener_ = std::move(listener);
    }
    void close() override { ++closed_; }

    /// Forgets everything, as a strategy that drops may.
    void drop_all() {
        map_.clear();
        tables_.clear();
    }
    void record() { recording_ = true; }
    const std::vector<std::string>& calls() const { return calls_; }
    const std::map<std::string, std::string, std::less<>>& content() const { return map_; }
    int settled() const { return settled_; }
    int closed() const { return closed_; }
    uint64_t flush_every = 1000;

  private:
    bool keeps_old() const { return lie_ == Lie::stale || lie_ == Lie::resurrected; }
    void note(std::string call) {
        if (recording_) calls_.push_back(std::move(call));
    }
    void expire() {
        for (auto at = expires_.begin(); at != expires_.end();) {
            const bool due = at->second <= counters_.puts + counters_.deletes;
            if (due && lie_ != Lie::immortal) map_.erase(at->first);
            at = due ? expires_.erase(at) : std::next(at);
        }
    }
    void after_write(uint64_t bytes) {
        expire();
        unflushed_ += bytes;
        const uint64_t writes = counters_.puts + counters_.deletes;
        if (writes % flush_every != 0) return;
        TableNote table;
        table.id = ++counters_.flushes;
        table.level = 1;
        table.run = table.id;
        table.smallest = std::string("\x01k\\", 3);
        table.largest = "z\"";
        table.logical_bytes = unflushed_;
        table.stored_bytes = unflushed_ + 10;
        table.entries = flush_every;
        counters_.flush_bytes += table.stored_bytes;
        counters_.logical_bytes += table.logical_bytes;
        counters_.stored_bytes += table.stored_bytes;
        counters_.stored_bytes_peak = counters_.stored_bytes;
        counters_.level_bytes_written = {counters_.flush_bytes};
        tables_.push_back(table);
        unflushed_ = 0;
        if (!listener_) return;
        EngineEvent event;
        event.operations = writes;
        event.outputs = {table};
        event.bytes_written = table.stored_bytes;
        event.reason = "memtable full";
        listener_(event);
    }

    Lie lie_;
    bool drops_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> map_;
    std::map<std::string, std::string, std::less<>> old_;
    std::map<std::string, uint64_t> expires_;  // in writes
    EngineCounters counters_;
    std::vector<TableNote> tables_;
    uint64_t unflushed_ = 0;
    uint64_t asked_ = 0;
    std::function<void(const EngineEvent&)> listener_;
    bool recording_ = false;
    std::vector<std::string> calls_;
    int settled_ = 0;
    int closed_ = 0;
};

}  // namespace lsm::testing
