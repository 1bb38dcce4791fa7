// The row format of most LSM-trees (LevelDB's table format made it common): entries in key order,
// each key without the bytes that it shares with the key before it.
//
// A block is
//
//     entry*     shared, rest, value size (varints), the key's last `rest` bytes,
//                sequence * 2 + 1 or, for tombstones and expiring values, + 0 (varint), value
//     restart*   where an entry with shared = 0 begins (fixed32)
//     count      of restarts, fixed32
//
// An expiring value is told from a tombstone by having a value at all: its time is in it.
//
// Every restart_interval-th entry is a restart point: it carries its whole key. A lookup searches
// the restart points by halving and then walks at most one interval. More entries between restarts:
// smaller blocks, longer walks. Without prefix_compression every key is whole.
//
// The walk never puts a key together. It keeps how many bytes of the wanted key the current one
// matches: an entry that shares more than that with a smaller key is smaller as well, and of any
// other only the bytes from `shared` on need a look.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/bug_museum.hpp"
#include "framework/base/coding.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/options.hpp"
#include "framework/table/block_format.hpp"

namespace lsm::format {

inline size_t common_bytes(std::string_view left, std::string_view right) {
    const auto [at, unused] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    return static_cast<size_t>(at - left.begin());
}

class RowBlockBuilder {
  public:
    RowBlockBuilder(uint64_t restart_interval, bool prefix_compression)
        : restart_interval_(restart_interval), prefix_compression_(prefix_compression) {}

    void add(const Entry& entry) {
        size_t shared = 0;
        if (entries_ % restart_interval_ == 0) {
            restarts_.push_back(static_cast<uint32_t>(bytes_.size()));
        } else if (prefix_compression_) {
            shared = common_bytes(last_key_, entry.key);
        }
        const std::string_view rest = entry.key.substr(shared);
        put_varint(bytes_, shared);
        put_varint(bytes_, rest.size());
        put_varint(bytes_, entry.value.size());
        bytes_.append(rest);
        put_varint(bytes_, entry.sequence << 1 | (entry.kind == Kind::value ? 1 : 0));
        bytes_.append(entry.value);
        last_key_.assign(entry.key);
        ++entries_;
    }

    std::string_view finish() {
        block_.swap(bytes_);
        bytes_.clear();
        for (const uint32_t restart : restarts_) put_fixed32(block_, restart);
        put_fixed32(block_, static_cast<uint32_t>(restarts_.size()));
        restarts_.clear();
        entries_ = 0;
        return block_;
    }

  private:
    uint64_t restart_interval_;
    bool prefix_compression_;
    uint64_t entries_ = 0;
    std::string last_key_;
    std::string bytes_;
    std::string block_;
    std::vector<uint32_t> restarts_;
};

class RowBlockView {
  public:
    explicit RowBlockView(std::string_view bytes) {
        if (bytes.size() < 4) throw DamagedBlock{"a row block is too short"};
        count_ = get_fixed32(bytes.data() + bytes.size() - 4);
        if (count_ > (bytes.size() - 4) / 4) throw DamagedBlock{"a row block has a damaged count"};
        const size_t rows_size = bytes.size() - 4 - 4 * size_t{count_};
        rows_ = bytes.substr(0, rows_size);
        restarts_ = bytes.data() + rows_size;
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        Decoder rows(rows_.substr(last_restart_before(key, at)));
        size_t matched = 0;   // bytes that the current key has in common with `key`
        size_t key_size = 0;  // of the current key
        while (!rows.at_end()) {
            const Row row = take_row(rows, key_size);
            key_size = row.shared + row.rest.size();
            if (row.shared > matched && !bug(Bug::shared_prefix_taken_on_trust)) continue;
            const std::string_view wanted = key.substr(row.shared);
            const size_t common = common_bytes(row.rest, wanted);
            matched = row.shared + common;
            if (common < row.rest.size()) {
                // Beyond the common bytes this key goes on: larger than one that ends there.
                if (common == wanted.size()) return false;
                const auto mine = static_cast<unsigned char>(row.rest[common]);
                if (mine > static_cast<unsigned char>(wanted[common])) return false;
            } else if (common == wanted.size() && row.sequence <= at) {
                found = Entry::make(key, row.value, row.sequence, row.kind);
                return true;
            }
        }
        return false;
    }

    void decode(std::vector<Entry>& entries, KeyBuffer& keys) const {
        Decoder rows(rows_);
        std::string_view key;
        while (!rows.at_end()) {
            const Row row = take_row(rows, key.size());
            if (row.shared == 0) {
                key = row.rest;
            } else {
                char* whole = keys.allocate(row.shared + row.rest.size());
                std::memcpy(whole, key.data(), row.shared);
                std::copy(row.rest.begin(), row.rest.end(), whole + row.shared);
                key = {whole, row.shared + row.rest.size()};
            }
            entries.push_back(Entry::make(key, row.value, row.sequence, row.kind));
        }
    }

    void show(std::vector<std::string>& lines) const {
        Decoder rows(rows_);
        std::string key;
        while (!rows.at_end()) {
            const uint64_t at = rows_.size() - rows.remaining();
            const Row row = take_row(rows, key.size());
            key.resize(row.shared);
            key += row.rest;
            lines.push_back("at " + std::to_string(at) + ": shares " + std::to_string(row.shared) +
                            ", " +
                            shown_entry(Entry::make(key, row.value, row.sequence, row.kind)));
        }
        std::string restarts;
        for (uint32_t i = 0; i < count_; ++i)
            restarts += (i > 0 ? ", " : "") + std::to_string(restart(i));
        lines.push_back("at " + std::to_string(rows_.size()) + ": " + std::to_string(count_) +
                        " restarts (" + restarts + ") and their count");
    }

  private:
    struct Row {
        size_t shared = 0;
        std::string_view rest;
        std::string_view value;
        Sequence sequence = 0;
        Kind kind = Kind::value;
    };

    static Row take_row(Decoder& rows, size_t previous_key_size) {
        Row row;
        row.shared = rows.varint();
        const uint64_t rest_size = rows.varint();
        const uint64_t value_size = rows.varint();
        row.rest = rows.raw(rest_size);
        const uint64_t trailer = rows.varint();
        row.value = rows.raw(value_size);
        if (rows.failed()) throw DamagedBlock{"an entry of a row block is cut off"};
        if (row.shared > previous_key_size || row.shared + rest_size > kMaxKeyBytes) {
            throw DamagedBlock{"an entry of a row block has a damaged key"};
        }
        row.sequence = trailer >> 1;
        row.kind = kind_of(trailer, value_size);
        return row;
    }

    static Kind kind_of(uint64_t trailer, uint64_t value_size) {
        if ((trailer & 1) != 0) return Kind::value;
        if (value_size == 0) return Kind::tombstone;
        if (value_size < kExpiryBytes) throw DamagedBlock{"a row block's value has a damaged time"};
        return Kind::expiring;
    }

    uint32_t restart(uint32_t index) const {
        const uint32_t offset = get_fixed32(restarts_ + 4 * size_t{index});
        if (offset > rows_.size()) throw DamagedBlock{"a row block has a damaged restart"};
        return offset;
    }

    /// Where to begin the walk to (key, at): the last restart in front of it, or the first.
    uint32_t last_restart_before(std::string_view key, Sequence at) const {
        const Entry target = Entry::make(key, {}, at, Kind::value);
        uint32_t low = 0;
        uint32_t high = count_;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            Decoder rows(rows_.substr(restart(middle)));
            const Row row = take_row(rows, 0);
            const Entry entry = Entry::make(row.rest, {}, row.sequence, row.kind);
            if (compare_entries(entry, target) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : restart(low - 1);
    }

    std::string_view rows_;
    const char* restarts_ = nullptr;
    uint32_t count_ = 0;
};

class RowBlock {
  public:
    struct Options {
        uint64_t restart_interval = 16;
        bool prefix_compression = true;
        static OptionTable<Options> table() {
            return {option("restart_interval", &Options::restart_interval, {1, 65536}, "entries",
                           "a whole key every so many entries"),
                    option("prefix_compression", &Options::prefix_compression,
                           "leave out what a key shares with the one before")};
        }
    };
    static constexpr std::string_view about =
        "entries in key order, keys without what they share with the one before, restart points";
    static constexpr uint32_t version = 2;  // 2: with expiring values

    explicit RowBlock(const Options& options) : options_(options) {}

    std::unique_ptr<BlockTableWriter<RowBlockBuilder>> writer(BlockSink& sink,
                                                              const TableSettings& settings) const {
        return std::make_unique<BlockTableWriter<RowBlockBuilder>>(
            sink, settings,
            RowBlockBuilder(options_.restart_interval, options_.prefix_compression));
    }
    std::unique_ptr<BlockTableReader<RowBlockView>> reader(const BlockSource& source,
                                                           BlockHandle root) const {
        return std::make_unique<BlockTableReader<RowBlockView>>(source, root);
    }
    static void show(std::string_view block, std::vector<std::string>& lines) {
        RowBlockView(block).show(lines);
    }

  private:
    Options options_;
};

}  // namespace lsm::format
