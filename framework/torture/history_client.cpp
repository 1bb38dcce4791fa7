#include "framework/torture/history_client.hpp"

#include <charconv>
#include <utility>

#include "framework/base/hash.hpp"

namespace lsm::torture {
namespace {

using Kind = HistoryEvent::Kind;

uint64_t stamp_of(std::string_view value) {
    uint64_t stamp = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), stamp);
    if (error != std::errc() || stamp == 0) throw HistoryError("a value that nobody wrote");
    return stamp;
}

/// Of a lookup's answer.
uint64_t stamp_or_none(const std::optional<std::string>& value) {
    return value ? stamp_of(*value) : 0;
}

}  // namespace

std::string history_key(uint32_t key) {
    return {'k', static_cast<char>('0' + key / 10), static_cast<char>('0' + key % 10)};
}

std::vector<HistoryRead> read_all(TreeCursor& cursor, uint32_t keys) {
    std::vector<HistoryRead> reads;
    cursor.seek_first();
    for (uint32_t key = 0; key < keys; ++key) {
        const bool there = cursor.valid() && cursor.key() == history_key(key);
        reads.push_back({key, there ? stamp_of(cursor.value()) : 0});
        if (there) cursor.next();
    }
    if (cursor.valid()) throw HistoryError("a key that nobody wrote");
    return reads;
}

void HistoryClient::step(uint64_t number) {
    random_ = Random(mix64(seed_ + number));
    const uint64_t dice = random_.below(100);
    if (dice < 28) return put();
    if (dice < 35) return remove();
    if (dice < 39) return remove_range();
    if (dice < 49) return write_batch();
    if (dice < 68) return get();
    if (dice < 75) return scan();
    if (dice < 83) return snapshot();
    if (dice < 94) return transact();
    if (dice < 96) return place_.tree.flush();
    if (dice < 97) return place_.tree.compact();
    if (dice < 98) return checkpoint();
    if (random_.below(2) == 0) return place_.tree.settle();
    const uint32_t first = key(), last = key();
    place_.tree.compact(history_key(std::min(first, last)), history_key(std::max(first, last)));
}

HistoryEvent& HistoryClient::begin(Kind kind) {
    HistoryEvent& event = events_.emplace_back();
    event.kind = kind;
    event.thread = thread_;
    event.begin = place_.clock.fetch_add(1);
    return event;
}

void HistoryClient::end(HistoryEvent& event) { event.end = place_.clock.fetch_add(1); }

uint32_t HistoryClient::key() { return static_cast<uint32_t>(random_.below(place_.keys)); }

std::string HistoryClient::value(uint64_t stamp) {
    return std::to_string(stamp) + std::string(random_.below(4) == 0 ? 40 : 1, ' ');
}

void HistoryClient::put() {
    const uint32_t k = key();
    const uint64_t stamp = (thread_ + 1) << 32 | ++stamps_;
    const std::string v = value(stamp);
    HistoryEvent& event = begin(Kind::write);
    event.writes = {{k, k + 1, stamp}};
    event.sequence = place_.tree.put(history_key(k), v);
    end(event);
}

void HistoryClient::remove() {
    const uint32_t k = key();
    HistoryEvent& event = begin(Kind::write);
    event.writes = {{k, k + 1, 0}};
    event.sequence = place_.tree.remove(history_key(k));
    end(event);
}

void HistoryClient::remove_range() {
    const uint32_t first = key();
    const auto last = static_cast<uint32_t>(first + 1 + random_.below(place_.keys - first));
    HistoryEvent& event = begin(Kind::write);
    event.writes = {{first, last, 0}};
    event.sequence = place_.tree.remove_range(history_key(first), history_key(last));
    end(event);
}

void HistoryClient::write_batch() {
    WriteBatch batch;
    std::vector<HistoryWrite> writes;
    for (uint64_t count = 2 + random_.below(3); count > 0; --count) {
        const uint32_t k = key();
        const uint64_t stamp = random_.below(4) == 0 ? 0 : ((thread_ + 1) << 32 | ++stamps_);
        if (stamp == 0) {
            batch.remove(history_key(k));
        } else {
            batch.put(history_key(k), value(stamp));
        }
        writes.push_back({k, k + 1, stamp});
    }
    HistoryEvent& event = begin(Kind::write);
    event.writes = std::move(writes);
    event.sequence = place_.tree.write(batch);
    end(event);
}

void HistoryClient::get() {
    const uint32_t k = key();
    HistoryEvent& event = begin(Kind::read);
    const auto value = place_.tree.get(history_key(k));
    end(event);
    event.reads = {{k, stamp_or_none(value)}};
}

void HistoryClient::scan() {
    HistoryEvent& event = begin(Kind::read_at);
    const auto cursor = place_.tree.cursor();
    end(event);
    event.sequence = cursor->sequence();
    event.reads = read_all(*cursor, place_.keys);
}

/// Reads the same twice, with whatever others do in between.
void HistoryClient::snapshot() {
    HistoryEvent& event = begin(Kind::read_at);
    const Snapshot snapshot = place_.tree.snapshot();
    end(event);
    event.sequence = snapshot.sequence();
    const uint64_t count = 2 + random_.below(3);
    std::vector<HistoryRead> reads;
    for (uint64_t i = 0; i < count; ++i) {
        const uint32_t k = key();
        std::string value;
        const bool found = place_.tree.get(history_key(k), value, snapshot);
        reads.push_back({k, found ? stamp_of(value) : 0});
    }
    HistoryEvent& again = begin(Kind::read_at);
    again.made_before = true;
    again.sequence = snapshot.sequence();
    again.reads = read_all(*place_.tree.cursor(snapshot), place_.keys);
    again.reads.insert(again.reads.end(), reads.begin(), reads.end());
    end(again);
}

void HistoryClient::transact() {
    HistoryEvent& start = begin(Kind::read_at);
    auto transaction = place_.tree.transaction();
    end(start);
    start.sequence = transaction.since();
    std::vector<HistoryRead> reads;
    std::vector<std::pair<uint32_t, uint64_t>> writes;
    for (uint64_t count = 1 + random_.below(2); count > 0; --count) {
        const uint32_t k = key();
        reads.push_back({k, stamp_or_none(transaction.get(history_key(k)))});
    }
    if (random_.below(3) == 0) {
        const uint32_t first = key(), last = static_cast<uint32_t>(key() + 1);
        const size_t before = reads.size();
        for (uint32_t k = first; k < last; ++k) reads.push_back({k, 0});
        transaction.scan(history_key(first), history_key(last),
                         [&](std::string_view k, std::string_view v) {
                             const auto number = std::stoul(std::string(k.substr(1)));
                             reads[before + number - first].stamp = stamp_of(v);
                             return true;
                         });
    }
    for (uint64_t count = random_.below(3); count > 0; --count) {
        const uint32_t k = key();
        const uint64_t stamp = (thread_ + 1) << 32 | ++stamps_;
        transaction.put(history_key(k), value(stamp));
        std::erase_if(writes, [&](const auto& one) { return one.first == k; });
        writes.push_back({k, stamp});
    }
    if (random_.below(8) == 0) return transaction.abandon();
    HistoryEvent& event = begin(Kind::transaction);
    event.since = transaction.since();
    const CommitResult result = transaction.commit();
    end(event);
    if (!result) {
        // Where a table was dropped since, as some strategies do with one of tombstones alone, a
        // transaction conflicts without being told of which key.
        if (place_.tree.counters().drops > 0) return events_.pop_back();
        event.kind = Kind::conflict;
        event.sequence = event.since;
        event.reads = {{static_cast<uint32_t>(std::stoul(result.key().substr(1))), 0}};
        return;
    }
    event.sequence = result.sequence();
    event.reads = std::move(reads);
    std::sort(writes.begin(), writes.end());  // the batch is in the order of keys
    for (const auto& [k, stamp] : writes) event.writes.push_back({k, k + 1, stamp});
    if (writes.empty()) {
        event.kind = Kind::read_at;
        event.made_before = true;
    }
}

void HistoryClient::checkpoint() {
    const std::string folder =
        "checkpoint-" + std::to_string(thread_) + "-" + std::to_string(++checkpoints_);
    HistoryEvent& event = begin(Kind::read);
    place_.tree.checkpoint(folder);
    end(event);
    const auto copy = place_.open(folder);
    event.reads = read_all(*copy->cursor(), place_.keys);
    copy->close();
}

}  // namespace lsm::torture
