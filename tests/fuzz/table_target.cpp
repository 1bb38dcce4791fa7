// Tables. First byte: which format; second: the way in.
//   0: the rest is the whole file
//   1: pieces root, range tombstones, filter, properties, then data blocks: a format's reader over
//      them, without checksums and codecs; every handle but the root's means one of the data blocks
//   2: a byte for the codec, then the same pieces: a file of stored blocks with right checksums and
//      a footer, looked at as `lab verify` and `lab dump` do
#include <optional>

#include "framework/base/coding.hpp"
#include "framework/base/hash.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/table/codec.hpp"
#include "framework/table/fence_index.hpp"
#include "framework/table/footer.hpp"
#include "framework/table/range_tombstones.hpp"
#include "framework/table/table_check.hpp"
#include "framework/tree/dump.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {

namespace {

constexpr TableId kTable = 9;
constexpr uint64_t kMostBlocks = 8;
constexpr uint64_t kMostEntries = 100'000;  // a small file that says it has more is cut short

struct Parts {
    std::string_view root, ranges, filter, properties;
    std::vector<std::string_view> data;

    explicit Parts(FuzzInput& input)
        : root(input.piece()),
          ranges(input.piece()),
          filter(input.piece()),
          properties(input.piece()) {
        while (!input.empty() && data.size() < kMostBlocks) data.push_back(input.piece());
    }
};

class PartsSource final : public BlockSource {
  public:
    explicit PartsSource(const Parts& parts) : parts_(parts) {}
    BlockPin read(BlockHandle handle, BlockKind kind, const ReadContext&) const override {
        if (kind == BlockKind::index) return own(parts_.root);
        if (parts_.data.empty()) return own({});
        return own(parts_.data[handle.offset % parts_.data.size()]);
    }
    const std::string& name() const override { return name_; }

  private:
    /// Of its own, so that a read behind it is seen.
    static BlockPin own(std::string_view bytes) {
        return BlockPin(std::make_shared<const std::string>(bytes));
    }
    const Parts& parts_;
    const std::string name_ = "parts";
};

uint64_t walk(Cursor& cursor, bool forward) {
    uint64_t entries = 0;
    for (EntryBatch batch; entries < kMostEntries;) {
        if (!(forward ? cursor.next(batch) : cursor.previous(batch))) break;
        for (const Entry& entry : batch) {
            entries += entry.key.size() <= kMaxKeyBytes ? 1 : kMostEntries;
            // Every byte, for the sanitizer.
            require(hash_bytes(entry.key, 1) + hash_bytes(entry.value, 1) != 1);
        }
    }
    return entries;
}

void read_parts(const AnyFormat& format, const Parts& parts) {
    const PartsSource source(parts);
    decodes([&] {
        RangeTombstones::decode(parts.ranges, "parts", 0);
        TableProperties::decode(parts.properties, "parts", 0);
    });
    decodes([&] {
        const auto reader = format.reader(source, {});
        const auto cursor = reader->cursor({});
        decodes([&] {
            cursor->seek_first();
            walk(*cursor, true);
        });
        decodes([&] {
            cursor->seek_last();
            walk(*cursor, false);
        });
        for (const std::string_view key :
             {parts.filter, std::string_view("key1"), std::string_view()}) {
            PinnedEntry found;
            decodes([&] { reader->find(key, kMaxSequence, {}, found); });
            decodes([&] {
                cursor->seek(key, 5);
                EntryBatch batch;
                cursor->next(batch);
            });
        }
    });
    for (const std::string_view block : parts.data) {
        std::vector<std::string> lines;
        try {
            format.show(block, lines);
        } catch (const DamagedBlock&) {
            // As it should.
        }
    }
}

BlockHandle append(std::string& file, std::string_view payload, uint8_t codec) {
    const BlockHandle handle{file.size(), payload.size() + kBlockTrailerBytes};
    std::string block(payload);
    block.push_back(static_cast<char>(codec));
    put_fixed32(block, checksum32(block, block_seed(kTable, handle.offset)));
    file += block;
    return handle;
}

std::string make_file(const Parts& parts, uint8_t codec) {
    std::string file;
    for (const std::string_view block : parts.data) append(file, block, codec);
    Footer footer;
    footer.table = kTable;
    footer.root = append(file, parts.root, codec);
    if (!parts.filter.empty()) footer.filter = append(file, parts.filter, 0);
    if (!parts.ranges.empty()) append(file, parts.ranges, 0);
    footer.properties = append(file, parts.properties, 0);
    return file + footer.encode();
}

void read_file(const std::string& file) {
    const auto files = make_memory_file_system();
    const std::string path = "9.table";
    test::write_file(*files, path, file);
    decodes([&] {
        check_table(*files, path, kTable, all_policies(), {}, [](const Error& error) {
            require(error.kind() == ErrorKind::corruption && !error.place().file.empty());
        });
    });
    decodes([&] { dump_file(*files, path, all_policies(), [](const std::string&) {}); });
}

}  // namespace

void table_target(std::string_view bytes) {
    FuzzInput input(bytes);
    const auto& policies = all_policies().format().policies();
    std::vector<OptionProblem> none;
    const AnyFormat format(policies[input.byte() % policies.size()].make({}, none));
    const uint8_t way = input.byte() % 3;
    if (way == 0) return read_file(std::string(input.rest()));
    const uint8_t codec = way == 2 ? input.byte() % 4 : uint8_t{0};
    const Parts parts(input);
    if (way == 1) return read_parts(format, parts);
    read_file(make_file(parts, codec));
}

}  // namespace lsm::fuzz
