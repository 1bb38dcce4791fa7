#include "framework/simulate/key_rule.hpp"

namespace lsm::simulate {

OlderData::OlderData(std::vector<Span> spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& left, const Span& right) {
        return left.first != right.first ? left.first < right.first : left.last < right.last;
    });
    for (const Span& span : spans) {
        if (!spans_.empty() && span.first <= spans_.back().last) {
            spans_.back().last = std::max(spans_.back().last, span.last);
        } else {
            spans_.push_back(span);
        }
    }
}

bool OlderData::may_touch(const KeyRange& range) const {
    const auto span = std::partition_point(spans_.begin(), spans_.end(),
                                           [&](const Span& one) { return one.last < range.first; });
    return span != spans_.end() && span->first < range.end;
}

KeyRule::KeyRule(OlderData older, const std::vector<KeyRange>& ranges, const Lifetimes& lifetimes,
                 uint64_t key_bytes, uint64_t now)
    : older_(std::move(older)), lifetimes_(lifetimes), key_bytes_(key_bytes), now_(now) {
    if (ranges.empty()) return;
    covering_ = cut_ranges(ranges);
    kept_ = cut_ranges(ranges, [&](const KeyRange& piece) {
        const bool goes = !older_.may_touch(piece);
        if (goes) dropped_.add(piece.write);
        return goes;
    });
}

size_t KeyRule::keep(KeyEntry* entries, size_t count, uint64_t& expired) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        KeyEntry entry = entries[i];
        if (is_covered(entry)) continue;
        const bool has_expired = entry.expires() && lifetimes_.expires_at(entry.write) <= now_;
        if ((entry.is_tombstone() || has_expired) && !older_.may_hold(entry.number)) {
            if (!has_expired) dropped_.add(entry.write);
            continue;
        }
        if (has_expired) {
            entry = KeyEntry::tombstone(entry.number, entry.write, key_bytes_);
            expired += 1;
        }
        entries[kept++] = entry;
    }
    return kept;
}

}  // namespace lsm::simulate
