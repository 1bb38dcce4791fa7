#include "framework/table/properties.hpp"

#include <type_traits>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"

namespace lsm {

namespace {

/// Calls visit(name, field) for every property: the one list that writing and reading share.
template <class Properties, class Visit>
void each_property(Properties& properties, const Visit& visit) {
    visit("format", properties.format);
    visit("format_version", properties.format_version);
    visit("filter", properties.filter);
    visit("codec", properties.codec);
    visit("block_size", properties.block_size);
    visit("data_blocks", properties.data_blocks);
    visit("entries", properties.entries);
    visit("tombstones", properties.tombstones);
    visit("keys", properties.keys);
    visit("logical_bytes", properties.logical_bytes);
    visit("filter_bits", properties.filter_bits);
    visit("smallest", properties.smallest);
    visit("largest", properties.largest);
    visit("oldest_sequence", properties.oldest_sequence);
    visit("newest_sequence", properties.newest_sequence);
    visit("created_tick", properties.created_tick);
    visit("oldest_tombstone_tick", properties.oldest_tombstone_tick);
    visit("newest_write_tick", properties.newest_write_tick);
}

/// The same for properties that are left out when they are 0.
template <class Properties, class Visit>
void each_rare_property(Properties& properties, const Visit& visit) {
    visit("range_tombstones", properties.range_tombstones);
    visit("ranges_offset", properties.ranges_offset);
    visit("ranges_size", properties.ranges_size);
    visit("largest_open", properties.largest_open);
    visit("expires_tick", properties.expires_tick);
}

std::string encode_value(const std::string& value) { return value; }

std::string encode_value(uint64_t value) {
    std::string out;
    put_varint(out, value);
    return out;
}

bool decode_value(std::string_view bytes, std::string& value) {
    value = bytes;
    return true;
}

bool decode_value(std::string_view bytes, uint64_t& value) {
    Decoder decoder(bytes);
    value = decoder.varint();
    return !decoder.failed() && decoder.at_end();
}

}  // namespace

std::string TableProperties::encode() const {
    std::string out;
    each_property(*this, [&out](std::string_view name, const auto& field) {
        put_bytes(out, name);
        put_bytes(out, encode_value(field));
    });
    each_rare_property(*this, [&out](std::string_view name, uint64_t field) {
        if (field == 0) return;
        put_bytes(out, name);
        put_bytes(out, encode_value(field));
    });
    return out;
}

TableProperties TableProperties::decode(std::string_view bytes, const std::string& file,
                                        uint64_t offset) {
    TableProperties properties;
    Decoder decoder(bytes);
    bool good = true;
    while (!decoder.at_end()) {
        const std::string_view name = decoder.bytes();
        const std::string_view value = decoder.bytes();
        if (decoder.failed()) break;
        const auto take = [&](std::string_view known, auto& field) {
            if (known == name) good = good && decode_value(value, field);
        };
        each_property(properties, take);
        each_rare_property(properties, take);
    }
    if (decoder.failed() || !good) {
        throw Error(ErrorKind::corruption, "the table's properties are damaged",
                    {file, offset, {}, {}});
    }
    return properties;
}

TableShape TableProperties::shape(TableId id, uint64_t stored_bytes) const {
    TableShape shape;
    shape.id = id;
    shape.smallest = smallest;
    shape.largest = largest;
    shape.entries = entries;
    shape.tombstones = tombstones;
    shape.logical_bytes = logical_bytes;
    shape.stored_bytes = stored_bytes;
    shape.filter_bits = filter_bits;
    shape.oldest_sequence = oldest_sequence;
    shape.newest_sequence = newest_sequence;
    shape.created_tick = created_tick;
    shape.oldest_tombstone_tick = oldest_tombstone_tick;
    shape.newest_write_tick = newest_write_tick;
    shape.range_tombstones = range_tombstones;
    shape.largest_open = largest_open != 0;
    shape.expires_tick = expires_tick;
    return shape;
}

}  // namespace lsm
