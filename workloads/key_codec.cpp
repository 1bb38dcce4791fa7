#include "workloads/key_codec.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace lsm::workloads {

namespace {

constexpr int kRounds = 4;
constexpr unsigned kSeriesDigits = 4;
constexpr unsigned kTurnDigits = 8;
constexpr uint64_t kFirstFactor = 0xbf58476d1ce4e5b9ULL;
constexpr uint64_t kSecondFactor = 0x94d049bb133111ebULL;

/// The inverse of an odd number modulo 2^64, by Newton's iteration: each step doubles the bits that
/// are right.
constexpr uint64_t inverse(uint64_t odd) {
    uint64_t guess = odd;
    for (int i = 0; i < 6; ++i) guess *= 2 - odd * guess;
    return guess;
}
static_assert(inverse(kFirstFactor) * kFirstFactor == 1);

constexpr char kDigits[] = "0123456789abcdef";

struct DigitPairs {
    char pairs[256][2];
    constexpr DigitPairs() : pairs() {
        for (int i = 0; i < 256; ++i) {
            pairs[i][0] = kDigits[i >> 4];
            pairs[i][1] = kDigits[i & 15];
        }
    }
};
constexpr DigitPairs kPairs;

int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

}  // namespace

Permutation::Permutation(uint64_t count, uint64_t seed) : count_(count), seed_(mix64(seed)) {
    const auto bits = static_cast<unsigned>(std::bit_width(count > 1 ? count - 1 : 1));
    half_bits_ = (bits + 1) / 2;
    half_mask_ = (uint64_t{1} << half_bits_) - 1;
}

// A Feistel network permutes the next even power of two; walking along its cycle stays below count
// (fewer than four steps on average).
uint64_t Permutation::forward(uint64_t index) const {
    do {
        index = once(index);
    } while (index >= count_);
    return index;
}

uint64_t Permutation::backward(uint64_t index) const {
    do {
        index = once_back(index);
    } while (index >= count_);
    return index;
}

uint64_t Permutation::once(uint64_t index) const {
    uint64_t left = index >> half_bits_;
    uint64_t right = index & half_mask_;
    for (int i = 0; i < kRounds; ++i) {
        const uint64_t next = left ^ round(right, i);
        left = right;
        right = next;
    }
    return (left << half_bits_) | right;
}

uint64_t Permutation::once_back(uint64_t index) const {
    uint64_t left = index >> half_bits_;
    uint64_t right = index & half_mask_;
    for (int i = kRounds - 1; i >= 0; --i) {
        const uint64_t previous = right ^ round(left, i);
        right = left;
        left = previous;
    }
    return (left << half_bits_) | right;
}

KeyCodec::KeyCodec(uint64_t key_bytes, bool hashed, uint64_t seed)
    : key_bytes_(key_bytes), hashed_(hashed), seed_(seed) {
    use_digits(hashed ? static_cast<unsigned>(key_bytes < 16 ? key_bytes : 16) : 8);
}

void KeyCodec::use_digits(unsigned digits) {
    digits_ = digits;
    bits_ = 4 * digits_;
    mask_ = bits_ == 64 ? ~uint64_t{0} : (uint64_t{1} << bits_) - 1;
    salt_ = hash_bytes("keys", seed_) & mask_;
}

void KeyCodec::use_section(uint64_t section) {
    section_ = section;
    section_digits_ = 2;
    if (hashed_ && key_bytes_ >= 10)
        use_digits(static_cast<unsigned>(key_bytes_ < 16 ? key_bytes_ - 2 : kWholeBits / 4));
}

void KeyCodec::use_series(uint64_t series, uint64_t most_keys) {
    series_ = series;
    turn_bits_ = static_cast<unsigned>(std::bit_width(2 * most_keys + 1));
    digits_ = kSeriesDigits + kTurnDigits;
    mask_ = (uint64_t{1} << (4 * kSeriesDigits + turn_bits_)) - 1;
}

void KeyCodec::add_shuffled_segment(uint64_t first, uint64_t count) {
    add_segment(first, count, {});
}

void KeyCodec::add_displaced_segment(uint64_t first, std::vector<uint32_t> places) {
    const uint64_t count = places.size();
    add_segment(first, count, std::move(places));
}

// A phase's inserts are estimated, so that a segment may begin before the end of the last one.
void KeyCodec::add_segment(uint64_t first, uint64_t count, std::vector<uint32_t> places) {
    if (!segments_.empty()) {
        const uint64_t end = segments_.back().first + segments_.back().count;
        if (first < end) {
            count = first + count > end ? first + count - end : 0;
            first = end;
        }
    }
    if (count == 0 || (!places.empty() && places.size() != count)) return;
    segments_.push_back(
        {first, count, Permutation(count, seed_ + segments_.size()), std::move(places)});
}

const KeyCodec::Segment* KeyCodec::segment_of(uint64_t identifier) const {
    for (const Segment& segment : segments_) {
        if (identifier >= segment.first && identifier - segment.first < segment.count)
            return &segment;
    }
    return nullptr;
}

// Each step is one-to-one on words of bits_ bits: a shift by half the bits or more is its own
// inverse under xor, an odd factor has one modulo 2^bits.
uint64_t KeyCodec::mix(uint64_t word) const {
    const unsigned shift = (bits_ + 1) / 2;
    word = (word ^ salt_) & mask_;
    word ^= word >> shift;
    word = (word * kFirstFactor) & mask_;
    word ^= word >> shift;
    word = (word * kSecondFactor) & mask_;
    return word ^ (word >> shift);
}

uint64_t KeyCodec::unmix(uint64_t word) const {
    const unsigned shift = (bits_ + 1) / 2;
    word ^= word >> shift;
    word = (word * inverse(kSecondFactor)) & mask_;
    word ^= word >> shift;
    word = (word * inverse(kFirstFactor)) & mask_;
    word ^= word >> shift;
    return word ^ salt_;
}

uint64_t KeyCodec::number(uint64_t identifier) const {
    if (hashed_) return mix(identifier);
    if (series_ > 0) return first_of_series(identifier % series_) + 2 * (identifier / series_);
    if (const Segment* segment = segment_of(identifier)) {
        return 2 * (segment->first + segment->forward(identifier - segment->first));
    }
    return 2 * identifier;
}

uint64_t KeyCodec::missing_number(uint64_t identifier) const {
    if (hashed_) return mix(identifier + kMaxIdentifier + 1);
    if (series_ > 0) return this->number(identifier) + 1;
    return 2 * identifier + 1;
}

void KeyCodec::encode(uint64_t number, std::string& key) const {
    key.resize(key_bytes_);
    char* at = key.data();
    if (section_digits_ > 0) {
        std::memcpy(at, kPairs.pairs[section_], 2);
        at += 2;
    }
    if (series_ > 0) {
        const uint64_t turn = number & ((uint64_t{1} << turn_bits_) - 1);
        number = ((number >> turn_bits_) << (4 * kTurnDigits)) | turn;
    }
    unsigned left = digits_;
    if (left & 1U) {
        *at++ = kDigits[(number >> (4 * --left)) & 15];
    }
    while (left > 0) {
        left -= 2;
        std::memcpy(at, kPairs.pairs[(number >> (4 * left)) & 255], 2);
        at += 2;
    }
    std::memset(at, '0', key_bytes_ - digits_ - section_digits_);
}

std::optional<KeyCodec::Decoded> KeyCodec::decode(std::string_view key) const {
    if (key.size() != key_bytes_) return std::nullopt;
    const unsigned digits = section_digits_ + digits_;
    uint64_t section = 0;
    uint64_t number = 0;
    for (unsigned i = 0; i < digits; ++i) {
        const int digit = digit_value(key[i]);
        if (digit < 0) return std::nullopt;
        uint64_t& word = i < section_digits_ ? section : number;
        word = (word << 4) | static_cast<uint64_t>(digit);
    }
    if (section != section_) return std::nullopt;
    for (const char rest : key.substr(digits)) {
        if (rest != '0') return std::nullopt;
    }
    if (series_ > 0) {
        const uint64_t turn = number & ((uint64_t{1} << (4 * kTurnDigits)) - 1);
        const uint64_t series = number >> (4 * kTurnDigits);
        if (turn >> turn_bits_ != 0 || series >= series_) return std::nullopt;
        number = first_of_series(series) + turn;
    }
    const Decoded decoded = decode_number(number);
    if (decoded.identifier > kMaxIdentifier) return std::nullopt;
    return decoded;
}

KeyCodec::Decoded KeyCodec::decode_number(uint64_t number) const {
    if (hashed_) {
        const uint64_t word = unmix(number);
        const bool missing = word > kMaxIdentifier;
        return {missing ? word - kMaxIdentifier - 1 : word, missing};
    }
    if (series_ > 0) {
        const uint64_t turn = number & ((uint64_t{1} << turn_bits_) - 1);
        return {(turn / 2) * series_ + (number >> turn_bits_), (turn & 1U) != 0};
    }
    const uint64_t half = number / 2;
    if (number & 1U) return {half, true};
    if (const Segment* segment = segment_of(half)) {
        return {segment->first + segment->backward(half - segment->first), false};
    }
    return {half, false};
}

}  // namespace lsm::workloads
