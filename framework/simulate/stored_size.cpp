#include "framework/simulate/stored_size.hpp"

#include <algorithm>

#include "framework/base/hash.hpp"
#include "framework/table/codec.hpp"
#include "framework/table/footer.hpp"

namespace lsm::simulate {

namespace {

constexpr uint64_t kWhole = 512;         // entries
constexpr uint64_t kSample = 256;        // of a larger table
constexpr uint64_t kFilterStep = 16384;  // keys
constexpr size_t kKnownFilters = 10'000;

/// Counts what a format would write, up to the last data block that ended and in all.
class CountingSink final : public BlockSink {
  public:
    BlockHandle append(BlockKind kind, std::string_view bytes) override {
        const uint64_t size = bytes.size() + kBlockTrailerBytes;
        const uint64_t offset = data_bytes + other_bytes;
        if (kind == BlockKind::data) {
            data_bytes += size;
            data_blocks += 1;
        } else {
            other_bytes += size;
        }
        return {offset, size};
    }

    uint64_t data_bytes = 0;
    uint64_t data_blocks = 0;
    uint64_t other_bytes = 0;
};

uint64_t scaled(uint64_t part, uint64_t from, uint64_t to) {
    if (from == 0) return 0;
    return static_cast<uint64_t>(
        static_cast<double>(part) * static_cast<double>(to) / static_cast<double>(from) + 0.5);
}

}  // namespace

uint64_t StoredSize::filter_bits(uint64_t keys, double bits_per_key) {
    if (!(bits_per_key > 0) || keys == 0) return 0;
    if (keys <= kWhole + kFilterStep) return small_filter_bits(keys, bits_per_key);
    // Filters grow in steps (a line, a slot); so the remainder is built, and the rest is a slope.
    const uint64_t beyond = keys - kWhole;
    const uint64_t low = small_filter_bits(kWhole, bits_per_key);
    const uint64_t high = small_filter_bits(kWhole + kFilterStep, bits_per_key);
    return small_filter_bits(kWhole + beyond % kFilterStep, bits_per_key) +
           beyond / kFilterStep * (std::max(low, high) - low);
}

uint64_t StoredSize::small_filter_bits(uint64_t keys, double bits_per_key) {
    const auto [known, is_new] = filters_.try_emplace({bits_per_key, keys}, 0);
    if (!is_new) return known->second;
    for (uint64_t i = hashes_.size(); i < keys; ++i) hashes_.push_back(mix64(i));
    const uint64_t bits = 8 * filter_.build(std::span(hashes_).first(keys), bits_per_key).size();
    known->second = bits;
    if (filters_.size() > kKnownFilters) filters_.clear();
    return bits;
}

uint64_t StoredSize::sample_entries(uint64_t entries) {
    return entries <= kWhole ? entries : kSample;
}

auto StoredSize::weigh(const Sample& sample, bool whole) -> Weighed {
    CountingSink sink;
    const auto writer = format_.writer(sink, {settings_.block_size, codec_name(Codec::none)});
    Weighed weighed;
    uint64_t entries = 0;
    uint64_t logical = 0;
    for (const KeyEntry& entry : sample.entries) {
        sample.name(entry.number, key_bytes_);
        const bool timed = entry.expires() && whole;
        const size_t value_bytes = entry.bytes() - key_bytes_.size() + (timed ? kExpiryBytes : 0);
        if (zeros_.size() < value_bytes) zeros_.resize(value_bytes);
        const auto kind = entry.is_tombstone() ? Kind::tombstone
                          : timed              ? Kind::expiring
                                               : Kind::value;
        writer->add(Entry::make(key_bytes_, std::string_view(zeros_).substr(0, value_bytes),
                                entry.write, kind));
        entries += 1;
        logical += entry.bytes();
        // Up to where a data block ended on its own.
        if (sink.data_blocks > weighed.data_blocks)
            weighed = {entries, logical, sink.data_bytes, sink.data_blocks, 0};
    }
    writer->finish();
    if (whole || weighed.data_blocks == 0)
        weighed = {entries, logical, sink.data_bytes, sink.data_blocks, 0};
    weighed.other_bytes = scaled(sink.other_bytes, std::max<uint64_t>(sink.data_blocks, 1),
                                 std::max<uint64_t>(weighed.data_blocks, 1));
    return weighed;
}

auto StoredSize::of(const Sample& sample, const TableShape& shape) -> Sizes {
    const bool whole = sample.entries.size() == shape.entries;
    const Weighed one = weigh(sample, whole);
    const uint64_t entry_bytes = shape.logical_bytes - sample.ranges.logical_bytes();
    Sizes sizes{0, one.data_bytes, one.data_blocks};
    uint64_t other_bytes = one.other_bytes;
    if (!whole) {
        // What an entry costs beyond its bytes is about the same for all; blocks are cut by bytes.
        const double beyond =
            static_cast<double>(one.data_bytes) - static_cast<double>(one.logical_bytes);
        const double all = static_cast<double>(entry_bytes) +
                           beyond * static_cast<double>(shape.entries) /
                               static_cast<double>(std::max<uint64_t>(one.entries, 1));
        sizes.data_bytes =
            static_cast<uint64_t>(std::max(all, 0.0) + 0.5) + sample.expiring * kExpiryBytes;
        sizes.data_blocks =
            std::max<uint64_t>(scaled(one.data_blocks, one.logical_bytes, entry_bytes), 1);
        other_bytes =
            scaled(one.other_bytes, std::max<uint64_t>(one.data_blocks, 1), sizes.data_blocks);
    }
    sizes.stored_bytes = sizes.data_bytes + other_bytes;
    sizes.stored_bytes += frame_bytes(shape, sizes, sample.ranges);
    return sizes;
}

/// Filter, range tombstones, properties and footer; `sizes`: of what stands in front of them.
uint64_t StoredSize::frame_bytes(const TableShape& shape, const Sizes& sizes,
                                 const RangeTombstones& ranges) const {
    const uint64_t filter = shape.filter_bits > 0 ? shape.filter_bits / 8 + kBlockTrailerBytes : 0;
    const uint64_t range_block = ranges.empty() ? 0 : ranges.encode().size() + kBlockTrailerBytes;
    TableProperties properties;
    properties.format = settings_.format_name;
    properties.format_version = format_.version_number();
    properties.filter = settings_.filter_name;
    properties.codec = codec_name(Codec::none);
    properties.block_size = settings_.block_size;
    properties.data_blocks = sizes.data_blocks;
    properties.entries = shape.entries;
    properties.tombstones = shape.tombstones;
    properties.keys = shape.entries;
    properties.logical_bytes = shape.logical_bytes;
    properties.filter_bits = shape.filter_bits;
    properties.smallest = shape.smallest;
    properties.largest = shape.largest;
    properties.oldest_sequence = shape.oldest_sequence;
    properties.newest_sequence = shape.newest_sequence;
    properties.created_tick = shape.created_tick;
    properties.oldest_tombstone_tick = shape.oldest_tombstone_tick;
    properties.newest_write_tick = shape.newest_write_tick;
    properties.range_tombstones = shape.range_tombstones;
    properties.ranges_offset = ranges.empty() ? 0 : sizes.stored_bytes + filter;
    properties.ranges_size = range_block;
    properties.largest_open = shape.largest_open ? 1 : 0;
    properties.expires_tick = shape.expires_tick;
    return filter + range_block + properties.encode().size() + kBlockTrailerBytes + Footer::kBytes;
}

}  // namespace lsm::simulate
