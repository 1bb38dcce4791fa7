// docs/formats.md, tried: a reader of tables that is written from that page and shares no decoding
// with the framework. When this test needs a change, so does the page, and so does a version
// number.
#include <gtest/gtest.h>

#include <xxhash.h>
#include <array>

#include <map>

#include "framework/policy/registry.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;
using test::OwnedEntry;

uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ x >> 31;
}

uint64_t high(uint64_t a, uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<uint64_t>(static_cast<Wide>(a) * b >> 64);
}

/// A position in bytes; reading beyond the end throws std::out_of_range.
struct Bytes {
    std::string bytes;
    size_t at = 0;

    bool ended() const { return at == bytes.size(); }
    uint64_t fixed(int size) {
        uint64_t value = 0;
        for (int i = 0; i < size; ++i) {
            value |= uint64_t{static_cast<unsigned char>(bytes.at(at++))} << 8 * i;
        }
        return value;
    }
    uint64_t varint() {
        uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes.at(at++));
            value |= uint64_t{byte & 127U} << shift;
            if (byte < 128) return value;
        }
    }
    std::string raw(uint64_t size) {
        if (size > bytes.size() - at) throw std::out_of_range("raw");
        at += size;
        return bytes.substr(at - size, size);
    }
    std::string counted() { return raw(varint()); }
};

struct DocumentedTable {
    std::string file;
    uint64_t number = 0;
    std::map<std::string, std::string> properties;
    std::string filter;
    std::vector<std::string> data_blocks;

    /// A stored block with codec none.
    std::string block(uint64_t offset, uint64_t size) const {
        const std::string checked = file.substr(offset, size - 4);
        Bytes trailer{file.substr(offset + size - 4, 4)};
        EXPECT_EQ(trailer.fixed(4),
                  XXH3_64bits_withSeed(checked.data(), checked.size(), mix(number) ^ offset) &
                      0xffffffff);
        EXPECT_EQ(checked.back(), 0);
        return checked.substr(0, checked.size() - 1);
    }

    explicit DocumentedTable(std::string bytes) : file(std::move(bytes)) {
        Bytes footer{file.substr(file.size() - 72)};
        uint64_t handles[6];
        for (uint64_t& handle : handles) handle = footer.fixed(8);
        number = footer.fixed(8);
        EXPECT_EQ(footer.fixed(4), 2U);
        EXPECT_EQ(footer.fixed(4), XXH3_64bits(footer.bytes.data(), 60) & 0xffffffff);
        EXPECT_EQ(footer.raw(8), "lsmtable");
        if (handles[3] > 0) filter = block(handles[2], handles[3]);
        Bytes pairs{block(handles[4], handles[5])};
        while (!pairs.ended()) {
            const std::string name = pairs.counted();
            properties[name] = pairs.counted();
        }
        Bytes index{block(handles[0], handles[1])};
        uint64_t end = 0;
        std::string key;
        for (uint64_t left = index.varint(); left > 0; --left) {
            const uint64_t offset = end + index.varint();
            const uint64_t size = index.varint();
            for (int i = 0; i < 2; ++i) {
                const uint64_t shared = index.varint();
                key = key.substr(0, shared) + index.counted();
            }
            index.varint();
            data_blocks.push_back(block(offset, size));
            end = offset + size;
        }
        EXPECT_TRUE(index.ended());
    }
};

Entries read_plain(const std::string& block) {
    Entries entries;
    const uint64_t count = Bytes{block, block.size() - 4}.fixed(4);
    for (uint64_t i = 0; i < count; ++i) {
        const uint64_t offset = Bytes{block, block.size() - 4 - 4 * (count - i)}.fixed(4);
        Bytes entry{block, offset};
        const uint64_t key_size = entry.fixed(4);
        const uint64_t value_size = entry.fixed(4);
        const uint64_t trailer = entry.fixed(8);
        const std::string key = entry.raw(key_size);
        entries.push_back(
            {key, entry.raw(value_size), trailer / 256,
             std::array{Kind::tombstone, Kind::value, Kind::expiring}.at(trailer % 256)});
    }
    return entries;
}

Entries read_row_block(const std::string& block) {
    Entries entries;
    const uint64_t restarts = Bytes{block, block.size() - 4}.fixed(4);
    Bytes rows{block.substr(0, block.size() - 4 - 4 * restarts)};
    std::string key;
    while (!rows.ended()) {
        const uint64_t shared = rows.varint();
        const uint64_t rest = rows.varint();
        const uint64_t value_size = rows.varint();
        key = key.substr(0, shared) + rows.raw(rest);
        const uint64_t trailer = rows.varint();
        entries.push_back({key, rows.raw(value_size), trailer / 2,
                           trailer % 2 == 1  ? Kind::value
                           : value_size == 0 ? Kind::tombstone
                                             : Kind::expiring});
    }
    for (uint64_t i = 0; i < restarts; ++i) {
        const uint64_t offset = Bytes{block, block.size() - 4 - 4 * (restarts - i)}.fixed(4);
        EXPECT_EQ(block.at(offset), 0) << "a restart shares nothing";
    }
    return entries;
}

bool bit_of(const std::string& bytes, uint64_t bit) { return bytes.at(bit / 8) >> bit % 8 & 1; }

bool bloom_has(const std::string& filter, uint64_t hash) {
    uint64_t at = hash;
    for (int i = 0; i < filter.back(); ++i) {
        if (!bit_of(filter, high(at, 8 * (filter.size() - 1)))) return false;
        at += mix(hash);
    }
    return true;
}

bool blocked_bloom_has(const std::string& filter, uint64_t hash) {
    const uint64_t line = high(hash, filter.size() / 64);
    uint64_t word = mix(hash);
    uint64_t seed = word;
    for (int i = 0; i < filter.back(); ++i) {
        if (i > 0 && i % 7 == 0) seed = word = mix(seed + 0x9e3779b97f4a7c15ULL);
        if (!bit_of(filter, line * 512 + word % 512)) return false;
        word >>= 9;
    }
    return true;
}

template <class Reads, class Has>
void check_documented(const std::string& format, const std::string& filter, const Reads& reads,
                      const Has& has) {
    std::vector<OptionProblem> problems;
    test::TableMaker<AnyFormat, AnyFilter> maker(
        AnyFormat(all_policies().format().find(format)->make({}, problems)),
        AnyFilter(all_policies().filter().find(filter)->make({}, problems)));
    maker.names = {format, filter};
    maker.settings.block_size = 500;
    maker.bits_per_key = 16;
    const Entries entries = test::random_entries(4, 1000);
    maker.write(entries, 77);
    DocumentedTable table(test::file_bytes(maker.files, maker.path(77)));
    EXPECT_EQ(table.number, 77U);
    EXPECT_EQ(table.properties["format"], format);
    EXPECT_EQ(table.properties["filter"], filter);
    EXPECT_EQ(Bytes{table.properties["entries"]}.varint(), 1000U);
    EXPECT_EQ(table.properties["largest"], entries.back().key);
    Entries read;
    for (const std::string& block : table.data_blocks) {
        const Entries more = reads(block);
        read.insert(read.end(), more.begin(), more.end());
    }
    EXPECT_EQ(read, entries);
    const auto hash_of = [](const std::string& key) { return XXH3_64bits(key.data(), key.size()); };
    int maybe = 0;
    for (const OwnedEntry& entry : entries) {
        EXPECT_TRUE(has(table.filter, hash_of(entry.key)));
        if (has(table.filter, hash_of(entry.key + "!"))) ++maybe;
    }
    EXPECT_LT(maybe, 30);
}

TEST(DocumentedBytes, PlainAndBloom) { check_documented("plain", "bloom", read_plain, bloom_has); }

TEST(DocumentedBytes, RowBlockAndBlockedBloom) {
    check_documented("row_block", "blocked_bloom", read_row_block, blocked_bloom_has);
}

}  // namespace
}  // namespace lsm
