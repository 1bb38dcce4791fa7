#include "framework/table/range_tombstones.hpp"
#include "framework/base/bug_museum.hpp"

#include <algorithm>
#include <utility>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/fragments.hpp"

namespace lsm {

namespace {

bool well_formed(const RangeFragment& fragment, const std::vector<RangeFragment>& before) {
    if (fragment.first >= fragment.last || fragment.last.size() > kMaxKeyBytes) return false;
    if (!before.empty() && fragment.first < before.back().last) return false;
    const auto& sequences = fragment.sequences;
    for (size_t i = 0; i < sequences.size(); ++i) {
        if (sequences[i] == 0 || sequences[i] > kMaxSequence) return false;
        if (i > 0 && sequences[i] >= sequences[i - 1]) return false;
    }
    return !sequences.empty();
}

}  // namespace

RangeTombstones::RangeTombstones(std::vector<RangeFragment> fragments)
    : fragments_(std::move(fragments)) {
    for (const RangeFragment& fragment : fragments_) count_ += fragment.sequences.size();
}

RangeTombstones RangeTombstones::fragment(const std::vector<RangeTombstone>& tombstones) {
    std::vector<NumberedRange<std::string_view>> numbered;
    numbered.reserve(tombstones.size());
    for (const RangeTombstone& one : tombstones)
        numbered.push_back({one.first, one.last, one.sequence});
    std::vector<RangeFragment> fragments;
    cut_into_fragments(std::move(numbered), [&](std::string_view first, std::string_view last,
                                                const std::vector<Sequence>& sequences) {
        fragments.push_back({std::string(first), std::string(last), sequences});
    });
    return RangeTombstones(std::move(fragments));
}

uint64_t RangeTombstones::logical_bytes() const {
    uint64_t bytes = 0;
    for (const RangeFragment& fragment : fragments_) bytes += fragment.logical_bytes();
    return bytes;
}

uint64_t RangeTombstones::memory_bytes() const {
    uint64_t bytes = fragments_.capacity() * sizeof(RangeFragment);
    for (const RangeFragment& fragment : fragments_) {
        bytes += fragment.first.capacity() + fragment.last.capacity() +
                 fragment.sequences.capacity() * sizeof(Sequence);
    }
    return bytes;
}

Sequence RangeTombstones::newest_covering(std::string_view key, Sequence at) const {
    const auto fragment = std::partition_point(
        fragments_.begin(), fragments_.end(),
        [&](const RangeFragment& one) { return std::string_view(one.last) <= key; });
    if (fragment == fragments_.end() || std::string_view(fragment->first) > key) return 0;
    const auto& sequences = fragment->sequences;
    if (bug(Bug::snapshot_sees_later_range_delete)) return sequences.front();
    const auto found = std::partition_point(sequences.begin(), sequences.end(),
                                            [&](Sequence sequence) { return sequence > at; });
    return found == sequences.end() ? 0 : *found;
}

void RangeTombstones::append_to(std::vector<RangeTombstone>& tombstones) const {
    for (const RangeFragment& fragment : fragments_) {
        for (const Sequence sequence : fragment.sequences)
            tombstones.push_back({fragment.first, fragment.last, sequence});
    }
}

std::string RangeTombstones::encode() const {
    std::string out;
    put_varint(out, fragments_.size());
    for (const RangeFragment& fragment : fragments_) {
        put_bytes(out, fragment.first);
        put_bytes(out, fragment.last);
        put_varint(out, fragment.sequences.size());
        for (const Sequence sequence : fragment.sequences) put_varint(out, sequence);
    }
    return out;
}

RangeTombstones RangeTombstones::decode(std::string_view bytes, const std::string& file,
                                        uint64_t offset) {
    Decoder decoder(bytes);
    std::vector<RangeFragment> fragments;
    const uint64_t count = decoder.varint();
    bool good = true;
    for (uint64_t i = 0; i < count && good; ++i) {
        RangeFragment fragment;
        fragment.first = decoder.bytes();
        fragment.last = decoder.bytes();
        const uint64_t sequences = decoder.varint();
        good = sequences <= decoder.remaining();  // each takes at least a byte
        for (uint64_t j = 0; j < sequences && good; ++j)
            fragment.sequences.push_back(decoder.varint());
        good = good && !decoder.failed() && well_formed(fragment, fragments);
        fragments.push_back(std::move(fragment));
    }
    if (!good || decoder.failed() || !decoder.at_end()) {
        throw Error(ErrorKind::corruption, "the table's range tombstones are damaged",
                    {file, offset, {}, {}});
    }
    return RangeTombstones(std::move(fragments));
}

}  // namespace lsm
