#include "workloads/replayer.hpp"

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"

namespace lsm::workloads {

namespace {

constexpr uint64_t kLongestTtl = 1'000'000'000'000'000'000;  // in ticks, as good as for ever

std::string shown(std::string_view key) { return "\"" + printable(key) + "\""; }

}  // namespace

LiveKeys::Held ByteKeys::held_since(uint64_t version) const {
    LiveKeys::Held held;
    for (const auto& [key, entry] : entries_) {
        if (entry.version < version) continue;
        ++held.entries;
        held.bytes += key.size() + entry.value_bytes;
    }
    return held;
}

const ByteKeys::Entry* ByteKeys::find(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

void ByteKeys::write(const std::string& key, uint64_t value_bytes,
                     const std::shared_ptr<const ValueMaker>& values, std::string& value) {
    const auto [place, is_new] = entries_.try_emplace(key);
    Entry& entry = place->second;
    if (is_new) {
        entry.identifier = identifiers_++;
        live_bytes_ += key.size();
    }
    live_bytes_ += value_bytes - entry.value_bytes;
    entry.version = ++writes_;
    entry.value_bytes = value_bytes;
    entry.values = values;
    values->fill_size(entry.identifier, entry.version, value_bytes, value);
}

void ByteKeys::forget(Map::iterator entry) {
    live_bytes_ -= entry->first.size() + entry->second.value_bytes;
    entries_.erase(entry);
}

void ByteKeys::expire() {
    expiring_.take_due(writes_, [this](const std::string& key, uint32_t version) {
        const auto found = entries_.find(key);
        if (found != entries_.end() && found->second.version == version) forget(found);
    });
}

void ByteKeys::remove(std::string_view key) {
    ++writes_;
    if (const auto found = entries_.find(key); found != entries_.end()) forget(found);
}

void ByteKeys::remove_range(std::string_view first, std::string_view end) {
    ++writes_;
    for (auto at = entries_.lower_bound(first); at != entries_.end() && at->first < end;)
        forget(at++);
}

std::optional<std::string> answer_problem(const ByteKeys::Entry* entry, bool found,
                                          std::string_view value) {
    const bool there = entry != nullptr;
    if (!there && !found) return std::nullopt;
    if (there && found &&
        entry->values->matches_size(entry->identifier, entry->version, entry->value_bytes, value)) {
        return std::nullopt;
    }
    std::string text = "expected ";
    text += there ? "version " + format_number(uint64_t{entry->version}) + " (" +
                        format_number(entry->value_bytes) + " bytes)"
                  : "no value";
    return text + ", got " +
           (found ? format_number(uint64_t{value.size()}) + " other bytes" : "no value");
}

void TraceScanCheck::take(std::string_view key, std::string_view value) {
    ++taken_;
    if (problem_) return;
    const auto end = keys_.entries().end();
    while (may_miss_ && next_ != end && next_->first < key) ++next_;
    if (next_ != end && next_->first < key) {
        problem_ = "key " + shown(next_->first) + " is left out";
    } else if (next_ == end || next_->first != key) {
        problem_ = "key " + shown(key) + " is not there, or is out of order";
    } else if (auto wrong = answer_problem(&next_->second, true, value)) {
        problem_ = "key " + shown(key) + ": " + *wrong;
    } else {
        ++next_;
    }
}

void TraceScanCheck::finish(uint64_t limit, uint64_t returned) {
    if (problem_) return;
    if (returned != taken_ || taken_ > limit) {
        problem_ = format_number(taken_) + " entries came, " + format_number(returned) +
                   " were announced, of " + format_number(limit) + " at most";
    } else if (taken_ < limit && next_ != keys_.entries().end() && !may_miss_) {
        problem_ = "key " + shown(next_->first) + " is left out";
    }
}

const TraceOperation& Replayer::next() {
    if (!trace_.next(operation_)) {
        throw Error(ErrorKind::config, "the trace has become shorter while it was replayed",
                    {{}, {}, trace_.line(), {}});
    }
    operation_.ttl =
        ticks_ > 0 && operation_.ttl > kLongestTtl / ticks_ ? kLongestTtl : operation_.ttl * ticks_;
    return operation_;
}

}  // namespace lsm::workloads
