#include "framework/table/fence_index.hpp"
#include "framework/base/bug_museum.hpp"

#include <algorithm>

#include "framework/base/coding.hpp"

namespace lsm {

namespace {

size_t shared_bytes(std::string_view left, std::string_view right) {
    const size_t most = std::min(left.size(), right.size());
    size_t shared = 0;
    while (shared < most && left[shared] == right[shared]) ++shared;
    return shared;
}

}  // namespace

void FenceIndexBuilder::add(std::string_view first_key, std::string_view last_key,
                            Sequence last_sequence, BlockHandle handle) {
    ++count_;
    put_varint(encoded_, handle.offset - end_);
    put_varint(encoded_, handle.size);
    end_ = handle.offset + handle.size;
    put_key(first_key);
    put_key(bug(Bug::separator_too_short)
                ? last_key.substr(0, shared_bytes(first_key, last_key) + 1)
                : last_key);
    put_varint(encoded_, last_sequence);
}

void FenceIndexBuilder::put_key(std::string_view key) {
    const size_t shared = shared_bytes(previous_, key);
    put_varint(encoded_, shared);
    put_bytes(encoded_, key.substr(shared));
    previous_ = key;
}

std::string FenceIndexBuilder::finish() const {
    std::string out;
    put_varint(out, count_);
    return out + encoded_;
}

FenceIndex::FenceIndex(std::string_view bytes) {
    Decoder decoder(bytes);
    const uint64_t count = decoder.varint();
    // Every fence takes at least seven bytes, so a damaged count can not ask for much memory.
    if (count > decoder.remaining() / 7) throw DamagedBlock{"the index has a damaged count"};
    fences_.reserve(count);
    Slice previous;
    const auto take_key = [&] {
        const uint64_t shared = decoder.varint();
        const std::string_view rest = decoder.bytes();
        if (shared > previous.size || shared + rest.size() > kMaxKeyBytes) {
            throw DamagedBlock{"the index has a damaged key"};
        }
        const Slice key{keys_.size(), shared + rest.size()};
        keys_.append(keys_, previous.offset, shared).append(rest);
        return previous = key;
    };
    uint64_t end = 0;
    for (uint64_t i = 0; i < count; ++i) {
        Fence fence;
        fence.handle.offset = end + decoder.varint();
        fence.handle.size = decoder.varint();
        end = fence.handle.offset + fence.handle.size;
        const Slice before = previous;
        fence.first = take_key();
        if (i > 0 && fence.first.in(keys_) < before.in(keys_)) {
            throw DamagedBlock{"the index is out of order"};
        }
        fence.last = take_key();
        fence.last_sequence = decoder.varint();
        if (fence.last.in(keys_) < fence.first.in(keys_) || fence.last_sequence > kMaxSequence) {
            throw DamagedBlock{"the index is out of order"};
        }
        fences_.push_back(fence);
    }
    if (decoder.failed() || !decoder.at_end()) throw DamagedBlock{"the index is cut off"};
    keys_.shrink_to_fit();
    set_prefixes();
}

void FenceIndex::set_prefixes() {
    if (fences_.empty()) return;
    const std::string_view first = first_key(0);
    shared_ = first.substr(0, shared_bytes(first, last_key(size() - 1)));
    prefixes_.reserve(size());
    for (size_t i = 0; i < size(); ++i) {
        prefixes_.push_back(key_prefix(last_key(i).substr(shared_.size())));
    }
}

bool FenceIndex::is_before(const Fence& fence, std::string_view key, Sequence sequence) const {
    const int by_key = fence.last.in(keys_).compare(key);
    if (bug(Bug::fence_ignores_sequence)) return by_key < 0;
    return by_key != 0 ? by_key < 0 : fence.last_sequence > sequence;
}

size_t FenceIndex::find(std::string_view key, Sequence sequence) const {
    if (!key.starts_with(shared_)) return key < shared_ ? 0 : size();
    const uint64_t prefix = key_prefix(key.substr(shared_.size()));
    const auto [first, behind] = std::equal_range(prefixes_.begin(), prefixes_.end(), prefix);
    const auto found =
        std::partition_point(fences_.begin() + (first - prefixes_.begin()),
                             fences_.begin() + (behind - prefixes_.begin()),
                             [&](const Fence& fence) { return is_before(fence, key, sequence); });
    return static_cast<size_t>(found - fences_.begin());
}

uint64_t FenceIndex::memory_bytes() const {
    return keys_.capacity() + fences_.capacity() * sizeof(Fence) +
           prefixes_.capacity() * sizeof(uint64_t);
}

}  // namespace lsm
