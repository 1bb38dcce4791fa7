#include "framework/torture/history.hpp"

#include <algorithm>
#include <iterator>

#include "framework/base/hash.hpp"

namespace lsm::torture {
namespace {

using Kind = HistoryEvent::Kind;

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::write:
            return "a write";
        case Kind::read:
            return "a read";
        case Kind::read_at:
            return "a read of a snapshot or cursor";
        case Kind::transaction:
            return "a transaction";
        case Kind::conflict:
            return "a conflict";
    }
    return "";
}

std::string text_of(const HistoryEvent& event) {
    std::string text = std::string(name_of(event.kind)) + " of thread " +
                       std::to_string(event.thread) + " (time " + std::to_string(event.begin) +
                       " to " + std::to_string(event.end);
    if (event.sequence != 0) text += ", at " + std::to_string(event.sequence);
    for (const HistoryWrite& one : event.writes)
        text += ", key " + std::to_string(one.first) + " = " + std::to_string(one.stamp);
    for (const HistoryRead& one : event.reads)
        text += ", saw key " + std::to_string(one.key) + " = " + std::to_string(one.stamp);
    return text + ")";
}

[[noreturn]] void wrong(const HistoryEvent& event, const std::string& what) {
    throw HistoryError(text_of(event) + ": " + what);
}

uint64_t first_place(const HistoryEvent& event) { return event.sequence - event.writes.size() + 1; }

}  // namespace

void History::add(std::vector<HistoryEvent> events) {
    events_.insert(events_.end(), std::make_move_iterator(events.begin()),
                   std::make_move_iterator(events.end()));
}

void History::check() {
    order_writes();
    check_order_of_writes();
    check_reads();
}

void History::order_writes() {
    writes_.clear();
    for (const HistoryEvent& event : events_) {
        if (!event.writes.empty()) writes_.push_back(&event);
    }
    std::sort(writes_.begin(), writes_.end(),
              [](const auto* one, const auto* two) { return one->sequence < two->sequence; });
    versions_.assign(keys_, {{0, 0}});
    last_ = 0;
    for (const HistoryEvent* event : writes_) {
        if (first_place(*event) != last_ + 1) {
            wrong(*event, "its place in the order of commits does not follow the one before it, " +
                              std::to_string(last_));
        }
        for (const HistoryWrite& write : event->writes) {
            ++last_;
            for (uint32_t key = write.first; key < write.last; ++key)
                versions_[key].push_back({last_, write.stamp});
        }
    }
}

void History::check_order_of_writes() const {
    uint64_t first_end = UINT64_MAX;
    for (auto at = writes_.rbegin(); at != writes_.rend(); ++at) {
        if (first_end < (*at)->begin)
            wrong(**at, "it began after the end of a write that has a later place");
        first_end = std::min(first_end, (*at)->end);
    }
}

void History::check_reads() const {
    std::vector<const HistoryEvent*> by_begin, by_end;
    for (const HistoryEvent& event : events_) by_begin.push_back(&event);
    by_end = by_begin;
    std::sort(by_begin.begin(), by_begin.end(),
              [](const auto* one, const auto* two) { return one->begin < two->begin; });
    std::sort(by_end.begin(), by_end.end(),
              [](const auto* one, const auto* two) { return one->end < two->end; });
    std::vector<uint64_t> seen(events_.size(), 0);  // at the least, by place in events_
    const auto index = [&](const HistoryEvent* event) {
        return static_cast<size_t>(event - events_.data());
    };
    std::vector<std::pair<uint64_t, uint64_t>> begun;  // beginnings, the newest write until then
    for (const HistoryEvent* event : by_begin) {
        if (event->writes.empty()) continue;
        const uint64_t before = begun.empty() ? 0 : begun.back().second;
        begun.push_back({event->begin, std::max(before, event->sequence)});
    }
    uint64_t low = 0;  // what had been seen, or acknowledged, before the event began
    size_t ended = 0;
    for (const HistoryEvent* event : by_begin) {
        for (; by_end[ended]->end < event->begin; ++ended)
            low = std::max(low, seen[index(by_end[ended])]);
        const auto place =
            std::lower_bound(begun.begin(), begun.end(), std::pair(event->end, uint64_t{0}));
        const uint64_t high = place == begun.begin() ? 0 : std::prev(place)->second;
        switch (event->kind) {
            case Kind::write:
                seen[index(event)] = event->sequence;
                break;
            case Kind::transaction:
                check_transaction(*event);
                seen[index(event)] = event->sequence;
                break;
            case Kind::conflict:
                check_conflict(*event, high);
                break;
            default:
                seen[index(event)] = check_read(*event, low, high);
        }
    }
}

/// Returns the oldest state that it can have seen.
uint64_t History::check_read(const HistoryEvent& event, uint64_t low, uint64_t high) const {
    if (event.kind == Kind::read_at) {
        if (event.sequence > high) wrong(event, "it sees a write that had not begun");
        check_state(event, event.sequence);
        if (event.made_before) return 0;
        if (event.sequence < low)
            wrong(event,
                  "it does not see " + std::to_string(low) + ", acknowledged or seen before");
        return event.sequence;
    }
    for (uint64_t at = low; at <= high; ++at) {
        if (is_whole(at) && holds_at(event, at)) return at;
    }
    wrong(event,
          "no state from " + std::to_string(low) + " to " + std::to_string(high) + " is like that");
}

void History::check_state(const HistoryEvent& event, uint64_t at) const {
    if (!is_whole(at)) wrong(event, "it sees half a batch");
    for (const HistoryRead& read : event.reads) {
        const uint64_t stamp = versions_[read.key][version_at(read.key, at)].stamp;
        if (stamp != read.stamp)
            wrong(event, "at " + std::to_string(at) + " key " + std::to_string(read.key) + " was " +
                             std::to_string(stamp));
    }
}

void History::check_transaction(const HistoryEvent& event) const {
    check_state(event, event.since);
    const uint64_t before = first_place(event) - 1;
    if (event.writes.empty()) return;
    for (const HistoryRead& read : event.reads) {
        if (version_at(read.key, before) != version_at(read.key, event.since))
            wrong(event, "key " + std::to_string(read.key) + " was written between its read at " +
                             std::to_string(event.since) + " and its commit");
    }
}

void History::check_conflict(const HistoryEvent& event, uint64_t high) const {
    for (const HistoryRead& read : event.reads) {
        if (version_at(read.key, high) == version_at(read.key, event.sequence))
            wrong(event, "nobody had written key " + std::to_string(read.key) + " since");
    }
}

bool History::holds_at(const HistoryEvent& event, uint64_t at) const {
    return std::all_of(event.reads.begin(), event.reads.end(), [&](const HistoryRead& read) {
        return versions_[read.key][version_at(read.key, at)].stamp == read.stamp;
    });
}

/// The place of the version that is the newest at that number.
size_t History::version_at(uint32_t key, uint64_t at) const {
    const auto& versions = versions_[key];
    const auto place =
        std::partition_point(versions.begin(), versions.end(),
                             [&](const Version& version) { return version.sequence <= at; });
    return static_cast<size_t>(place - versions.begin()) - 1;
}

/// Whether it is the end of a batch.
bool History::is_whole(uint64_t sequence) const {
    if (sequence == 0) return true;
    const auto place = std::partition_point(writes_.begin(), writes_.end(), [&](const auto* event) {
        return event->sequence < sequence;
    });
    return place != writes_.end() && (*place)->sequence == sequence;
}

std::vector<uint64_t> History::state_at(uint64_t sequence) const {
    std::vector<uint64_t> state;
    for (uint32_t key = 0; key < keys_; ++key)
        state.push_back(versions_[key][version_at(key, sequence)].stamp);
    return state;
}

uint64_t History::hash() const {
    uint64_t hash = 0;
    const auto mix = [&](uint64_t word) { hash = mix64(hash ^ word); };
    for (const HistoryEvent& event : events_) {
        mix(event.sequence);
        for (const HistoryWrite& write : event.writes) mix(write.stamp);
        for (const HistoryRead& read : event.reads) mix(read.stamp);
    }
    return hash;
}

}  // namespace lsm::torture
