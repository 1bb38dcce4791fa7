// What a client asks the engine for, one call at a time, and how it checks the answers.
#include <algorithm>

#include "workloads/client.hpp"
#include "workloads/scan_check.hpp"

namespace lsm::workloads {

void Client::put(uint64_t local) {
    const uint64_t ttl = phase_->ttl;
    if (numbered_ != nullptr) {
        const uint64_t bytes = keys_->write(local);
        const uint64_t number = codec_->whole(keys_->number(local));
        if (ttl > 0) keys_->expire_after(local, ttl);
        timed(Timed::put, [&] {
            ttl > 0 ? numbered_->put_for(number, bytes, ttl) : numbered_->put(number, bytes);
        });
        return;
    }
    keys_->write(local, value_);
    codec_->encode(keys_->number(local), key_);
    if (ttl > 0) keys_->expire_after(local, ttl);
    put_for(ttl);
}

void Client::put_for(uint64_t ttl) {
    timed(Timed::put,
          [&] { ttl > 0 ? engine_.put_for(key_, value_, ttl) : engine_.put(key_, value_); });
}

void Client::remove(uint64_t local) {
    keys_->remove(local);
    remove_number(keys_->number(local));
}

void Client::remove_missing() {
    keys_->remove_missing();
    remove_number(codec_->missing_number(keys_->identifier(deleters_->missing())));
}

void Client::remove_number(uint64_t number) {
    if (numbered_ != nullptr) {
        timed(Timed::remove, [&] { numbered_->remove(codec_->whole(number)); });
        return;
    }
    codec_->encode(number, key_);
    timed(Timed::remove, [&] { engine_.remove(key_); });
}

void Client::remove_range() {
    const bool oldest = phase_->delete_start == "oldest";
    const uint64_t series = std::max<uint64_t>(codec_->series(), 1);
    const uint64_t first = oldest ? codec_->first_of_series(range_series_++ % series)
                                  : keys_->number(deleters_->live());
    const double share = phase_->delete_selectivity / static_cast<double>(oldest ? series : 1);
    const auto count =
        static_cast<uint64_t>(share * static_cast<double>(keys_->live_entries()) + 0.5);
    const uint64_t last = keys_->remove_range(first, std::max<uint64_t>(count, 1));
    if (numbered_ != nullptr) {
        timed(Timed::remove,
              [&] { numbered_->remove_range(codec_->whole(first), codec_->whole(last)); });
        return;
    }
    codec_->encode(first, key_);
    codec_->encode(last, range_end_);
    timed(Timed::remove, [&] { engine_.remove_range(key_, range_end_); });
}

void Client::get(uint64_t local) {
    bool found = false;
    Sequence version = 0;
    if (numbered_ != nullptr) {
        timed(Timed::get, [&] { version = numbered_->get(codec_->whole(keys_->number(local))); });
        found = version != 0;
    } else {
        codec_->encode(keys_->number(local), key_);
        timed(Timed::get, [&] { found = engine_.get(key_, value_); });
    }
    if (!sampled()) return;
    const bool may_miss =
        !found && may_drop_ && keys_->alive(local) && dropped(keys_->version(local));
    const auto problem = numbered_ != nullptr ? keys_->check_version(local, version, may_miss)
                                              : keys_->check(local, found, value_, may_miss);
    if (!problem) return;
    codec_->encode(keys_->number(local), key_);
    fail("get", *problem);
}

bool Client::dropped(uint64_t version) {
    if (workload_.clients() > 1 || version < oldest_held_) return true;
    if (engine_.counters().compactions > 0)
        return true;  // ranges of sequence numbers have holes then
    const TreeShape shape = engine_.shape();
    uint64_t oldest = UINT64_MAX;
    uint64_t newest = 0;
    bool held = false;
    for (const LevelShape& level : shape.levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables) {
                oldest = std::min(oldest, table.oldest_sequence);
                newest = std::max(newest, table.newest_sequence);
                held =
                    held || (table.oldest_sequence <= version && version <= table.newest_sequence);
            }
        }
    }
    if (newest == 0) return true;
    oldest_held_ = oldest;
    return !held && version <= newest;  // a later write is in the memtable
}

void Client::get_missing() {
    const uint64_t identifier = keys_->identifier(readers_->missing());
    const uint64_t number = codec_->missing_number(identifier);
    bool found = false;
    if (numbered_ != nullptr) {
        timed(Timed::get, [&] { found = numbered_->get(codec_->whole(number)) != 0; });
    } else {
        codec_->encode(number, key_);
        timed(Timed::get, [&] { found = engine_.get(key_, value_); });
    }
    if (!sampled() || !found) return;
    codec_->encode(number, key_);
    fail("get", "expected no value, the key was never written, got one");
}

uint64_t Client::scan_limit() {
    if (phase_->scan_selectivity > 0) {
        const auto live = static_cast<double>(keys_->live_entries());
        return std::max<uint64_t>(static_cast<uint64_t>(phase_->scan_selectivity * live + 0.5), 1);
    }
    if (scan_lengths_) return scan_lengths_->at(scan_random_.next());
    const uint64_t fewest = phase_->scan_length.front();
    return fewest + scan_random_.below(phase_->scan_length.back() - fewest + 1);
}

uint64_t Client::scan_from() {
    if (phase_->scan_start == "chosen") return keys_->number(scanners_->live());
    if (next_scan_) return *next_scan_;
    return phase_->scan_direction == "backward" ? codec_->largest_number() : 0;
}

void Client::scan() {
    const bool backward = phase_->scan_direction == "backward";
    const uint64_t limit = scan_limit();
    const uint64_t from = scan_from();
    if (numbered_ != nullptr) {
        checked_scan(from, limit, backward, [&](ScanCheck* check) {
            return numbered_->scan(codec_->whole(from), limit, backward,
                                   [check](uint64_t number, Sequence version) {
                                       if (check != nullptr) check->take_number(number, version);
                                   });
        });
    } else {
        codec_->encode(from, key_);
        checked_scan(from, limit, backward, [&](ScanCheck* check) {
            return engine_.scan(key_, limit, backward,
                                [check](std::string_view key, std::string_view value) {
                                    if (check != nullptr) check->take(key, value);
                                });
        });
    }
    if (phase_->scan_start == "chosen") return;
    auto walk = keys_->walk(from, backward);
    for (uint64_t i = 0; i < limit && walk.peek(); ++i) walk.take();
    next_scan_ = walk.peek();
}

template <class Scan>
void Client::checked_scan(uint64_t from, uint64_t limit, bool backward, Scan scan) {
    uint64_t returned = 0;
    if (!sampled()) {
        timed(Timed::scan, [&] { returned = scan(nullptr); });
        return;
    }
    ScanCheck check(sections_, section_, from, backward, may_drop_);
    timed(Timed::scan, [&] { returned = scan(&check); });
    check.finish(limit, returned);
    if (!check.problem()) return;
    codec_->encode(from, key_);
    fail("scan from", *check.problem());
}

}  // namespace lsm::workloads
