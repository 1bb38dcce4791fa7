// The plain format: full entries one after another, and an array of where each begins.
//
// The format to read first, and to copy from. A block is
//
//     entry*     key size (fixed32), value size (fixed32),
//                sequence * 256 + kind (fixed64), key, value
//     offset*    where each entry begins (fixed32)
//     count      fixed32
//
// so the n-th entry is found without looking at the others, and a lookup is a binary search over
// the offsets. It costs 20 bytes an entry; row_block shows what can be saved. Cutting entries into
// blocks, the index and cursors are framework/table/block_format.hpp's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/coding.hpp"
#include "framework/policy/format.hpp"
#include "framework/policy/options.hpp"
#include "framework/table/block_format.hpp"

namespace lsm::format {

class PlainBlockBuilder {
  public:
    void add(const Entry& entry) {
        offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
        put_fixed32(bytes_, static_cast<uint32_t>(entry.key.size()));
        put_fixed32(bytes_, static_cast<uint32_t>(entry.value.size()));
        put_fixed64(bytes_, entry.sequence << 8 | static_cast<uint64_t>(entry.kind));
        bytes_.append(entry.key).append(entry.value);
    }

    std::string_view finish() {
        block_.swap(bytes_);
        bytes_.clear();
        for (const uint32_t offset : offsets_) put_fixed32(block_, offset);
        put_fixed32(block_, static_cast<uint32_t>(offsets_.size()));
        offsets_.clear();
        return block_;
    }

  private:
    std::string bytes_;
    std::string block_;
    std::vector<uint32_t> offsets_;
};

class PlainBlockView {
  public:
    explicit PlainBlockView(std::string_view bytes) {
        if (bytes.size() < 4) throw DamagedBlock{"a plain block is too short"};
        count_ = get_fixed32(bytes.data() + bytes.size() - 4);
        if (count_ > (bytes.size() - 4) / 4)
            throw DamagedBlock{"a plain block has a damaged count"};
        const size_t entries_size = bytes.size() - 4 - 4 * size_t{count_};
        entries_ = bytes.substr(0, entries_size);
        offsets_ = bytes.data() + entries_size;
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        const Entry target = Entry::make(key, {}, at, Kind::value);
        uint32_t low = 0;
        uint32_t high = count_;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (compare_entries(entry(middle), target) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low == count_) return false;
        found = entry(low);
        if (found.key != key) return false;
        found.key = key;
        return true;
    }

    void decode(std::vector<Entry>& entries, KeyBuffer&) const {
        for (uint32_t i = 0; i < count_; ++i) entries.push_back(entry(i));
    }

    void show(std::vector<std::string>& lines) const {
        for (uint32_t i = 0; i < count_; ++i) {
            lines.push_back("at " + std::to_string(get_fixed32(offsets_ + 4 * size_t{i})) + ": " +
                            shown_entry(entry(i)));
        }
        lines.push_back("at " + std::to_string(entries_.size()) + ": " + std::to_string(count_) +
                        " offsets and their count");
    }

  private:
    Entry entry(uint32_t index) const {
        const uint32_t offset = get_fixed32(offsets_ + 4 * size_t{index});
        if (offset > entries_.size()) throw DamagedBlock{"a plain block has a damaged offset"};
        Decoder decoder(entries_.substr(offset));
        const uint32_t key_size = decoder.fixed32();
        const uint32_t value_size = decoder.fixed32();
        const uint64_t trailer = decoder.fixed64();
        const std::string_view key = decoder.raw(key_size);
        const std::string_view value = decoder.raw(value_size);
        if (decoder.failed()) throw DamagedBlock{"an entry of a plain block is cut off"};
        const auto kind = static_cast<Kind>(trailer & 0xff);
        if (kind > Kind::expiring || (kind == Kind::expiring && value_size < kExpiryBytes))
            throw DamagedBlock{"an entry of a plain block has a damaged kind"};
        return Entry::make(key, value, trailer >> 8, kind);
    }

    std::string_view entries_;
    const char* offsets_ = nullptr;
    uint32_t count_ = 0;
};

class Plain {
  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };
    static constexpr std::string_view about =
        "full entries one after another with an offset array: simple, not small";
    static constexpr uint32_t version = 2;  // 2: with expiring values

    explicit Plain(const Options&) {}

    std::unique_ptr<BlockTableWriter<PlainBlockBuilder>> writer(
        BlockSink& sink, const TableSettings& settings) const {
        return std::make_unique<BlockTableWriter<PlainBlockBuilder>>(sink, settings,
                                                                     PlainBlockBuilder());
    }
    std::unique_ptr<BlockTableReader<PlainBlockView>> reader(const BlockSource& source,
                                                             BlockHandle root) const {
        return std::make_unique<BlockTableReader<PlainBlockView>>(source, root);
    }
    static void show(std::string_view block, std::vector<std::string>& lines) {
        PlainBlockView(block).show(lines);
    }
};

}  // namespace lsm::format
