#include "workloads/value_maker.hpp"

#include <algorithm>
#include <cstring>

#include "framework/base/coding.hpp"
#include "framework/base/random.hpp"

namespace lsm::workloads {

namespace {

constexpr uint64_t kStampBytes = 8;
constexpr uint64_t kRepeat = 100;  // db_bench's piece

/// [0, bound) from a word, as Random::below has it.
uint64_t scaled(uint64_t word, uint64_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>((static_cast<Wide>(word) * bound) >> 64);
}

/// Pieces of 100 bytes that begin with random bytes and repeat those, so that the share
/// `compressibility` of them is redundant.
std::string random_buffer(uint64_t size, double compressibility, uint64_t seed) {
    Random random = Random::stream(seed, "values");
    const auto fresh =
        std::max<uint64_t>(1, static_cast<uint64_t>((1 - compressibility) * kRepeat + 0.5));
    std::string buffer;
    buffer.reserve(size + kRepeat);
    while (buffer.size() < size) {
        const uint64_t start = buffer.size();
        for (uint64_t i = 0; i < fresh; ++i)
            buffer.push_back(static_cast<char>(random.next() >> 56));
        for (uint64_t i = fresh; i < kRepeat; ++i) buffer.push_back(buffer[start + i - fresh]);
    }
    return buffer;
}

}  // namespace

ValueMaker::ValueMaker(const Phase& phase, uint64_t seed) : seed_(hash_bytes("value", seed)) {
    if (!phase.value_pareto.empty()) {
        counts_.emplace(phase.value_pareto[0], phase.value_pareto[1], phase.value_limit);
        largest_ = phase.value_limit;
        fixed_ = false;
    } else if (phase.value_sizes.empty()) {
        smallest_ = phase.value.front();
        largest_ = phase.value.back();
        fixed_ = smallest_ == largest_;
    } else {
        sizes_ = phase.value_sizes;
        largest_ = *std::max_element(sizes_.begin(), sizes_.end());
        fixed_ = false;
        uint64_t sum = 0;
        for (size_t i = 0; i < sizes_.size(); ++i) {
            sum += phase.value_weights.empty() ? 1 : phase.value_weights[i];
            weights_.push_back(sum);
        }
    }
    buffer_ = random_buffer(kOffsetMask + 1 + largest_, phase.compressibility, seed);
}

uint64_t ValueMaker::drawn_size(uint64_t mixed_word) const {
    // The word also decides where the value is cut; mixed once more, the two are independent.
    const uint64_t word = mix64(mixed_word);
    if (counts_) return counts_->at(word);
    if (sizes_.empty()) return smallest_ + scaled(word, largest_ - smallest_ + 1);
    const uint64_t at = scaled(word, weights_.back());
    const auto found = std::upper_bound(weights_.begin(), weights_.end(), at);
    return sizes_[static_cast<size_t>(found - weights_.begin())];
}

void ValueMaker::fill_size(uint64_t identifier, uint32_t version, uint64_t bytes,
                           std::string& value) const {
    const uint64_t word = mixed(identifier, version);
    const uint64_t stamp = (identifier << 32) | version;
    char stamp_bytes[kStampBytes];
    for (unsigned i = 0; i < kStampBytes; ++i) stamp_bytes[i] = static_cast<char>(stamp >> (8 * i));
    const uint64_t head = std::min(bytes, kStampBytes);
    value.assign(stamp_bytes, head);
    value.append(piece(word), bytes - head);
}

bool ValueMaker::matches_size(uint64_t identifier, uint32_t version, uint64_t bytes,
                              std::string_view value) const {
    const uint64_t word = mixed(identifier, version);
    if (value.size() != bytes) return false;
    const uint64_t head = std::min(bytes, kStampBytes);
    const uint64_t stamp = (identifier << 32) | version;
    for (uint64_t i = 0; i < head; ++i) {
        if (value[i] != static_cast<char>(stamp >> (8 * i))) return false;
    }
    return std::memcmp(value.data() + head, piece(word), bytes - head) == 0;
}

std::optional<ValueMaker::Stamp> ValueMaker::stamp_of(std::string_view value) {
    if (value.size() < kStampBytes) return std::nullopt;
    return Stamp{get_fixed32(value.data() + 4), get_fixed32(value.data())};
}

}  // namespace lsm::workloads
