// Damage that a checksum let through: every format must answer with Error(corruption) or with data,
// and read nothing out of bounds (run under AddressSanitizer to see that).
#include <gtest/gtest.h>

#include <map>

#include "framework/policy/registry.hpp"
#include "tests/table/table_support.hpp"

namespace lsm {
namespace {

using test::Entries;
using test::OwnedEntry;

/// Blocks in memory, without checksums, each copied to a buffer of exactly its size when it is
/// read.
class BareBlocks final : public BlockSink, public BlockSource {
  public:
    BlockHandle append(BlockKind, std::string_view bytes) override {
        const uint64_t offset = end_;
        end_ += bytes.size() + 1;
        blocks_[offset] = bytes;
        return {offset, bytes.size() + 1};
    }
    BlockPin read(BlockHandle handle, BlockKind, const ReadContext&) const override {
        const auto found = blocks_.find(handle.offset);
        if (found == blocks_.end()) throw Error(ErrorKind::corruption, "no such block");
        const std::string& bytes = found->second;
        auto copy = std::make_shared<char[]>(bytes.size());
        std::copy(bytes.begin(), bytes.end(), copy.get());
        const std::string_view view(copy.get(), bytes.size());
        return {std::move(copy), view};
    }
    const std::string& name() const override { return name_; }

    std::map<uint64_t, std::string>& blocks() { return blocks_; }

  private:
    std::map<uint64_t, std::string> blocks_;  // by offset
    uint64_t end_ = 0;
    const std::string name_ = "bare";
};

/// Uses the reader in every way; true when it found damage.
bool use_everything(const AnyFormat& format, const BareBlocks& blocks, BlockHandle root,
                    const Entries& entries) {
    bool damaged = false;
    const auto attempt = [&damaged](const auto& call) {
        try {
            call();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::corruption) << error.what();
            damaged = true;
        }
    };
    attempt([&] {
        const auto reader = format.reader(blocks, root);
        for (size_t i = 0; i < entries.size(); i += 5) {
            attempt([&] {
                PinnedEntry found;
                if (reader->find(entries[i].key, entries[i].sequence, {}, found)) {
                    test::owned(found.entry);
                }
            });
        }
        const auto cursor = reader->cursor({});
        attempt([&] { test::take_forward(*cursor); });
        cursor->seek_last();
        attempt([&] { test::take_backward(*cursor); });
        attempt([&] {
            cursor->seek(entries[entries.size() / 2].key);
            test::take_forward(*cursor);
        });
    });
    return damaged;
}

void damage(std::string& bytes, Random& random) {
    const uint64_t way = random.below(4);
    if (way == 0) {
        bytes.resize(random.below(bytes.size() + 1));
    } else if (way == 1) {
        bytes.append(test::random_bytes(random, 1 + random.below(8)));
    }
    const uint64_t flips = way == 0 ? 0 : 1 + random.below(3);
    for (uint64_t i = 0; i < flips && !bytes.empty(); ++i) {
        // The ends carry counts and lengths: most flips go there.
        const uint64_t size = bytes.size();
        const uint64_t near = std::min<uint64_t>(size, 12);
        const uint64_t side = random.below(3);
        const uint64_t at = side == 0   ? random.below(near)
                            : side == 1 ? size - 1 - random.below(near)
                                        : random.below(size);
        bytes[at] = static_cast<char>(random.below(2) == 0 ? random.next() : 0xff);
    }
}

TEST(FormatDamage, EndsInCorruptionOrData) {
    for (const auto& policy : all_policies().format().policies()) {
        std::vector<OptionProblem> problems;
        const AnyFormat format(policy.make({}, problems));
        const Entries entries = test::random_entries(11, 150);
        BareBlocks good;
        const auto writer = format.writer(good, {300, "none"});
        for (const OwnedEntry& entry : entries) writer->add(entry.view());
        const BlockHandle root = writer->finish();
        ASSERT_FALSE(use_everything(format, good, root, entries)) << policy.name;
        Random random(12);
        int found = 0;
        for (int round = 0; round < 4000; ++round) {
            BareBlocks blocks = good;
            auto victim = blocks.blocks().begin();
            std::advance(victim, random.below(blocks.blocks().size()));
            if (random.below(4) == 0) victim = blocks.blocks().find(root.offset);
            damage(victim->second, random);
            if (use_everything(format, blocks, root, entries)) ++found;
        }
        EXPECT_GT(found, 1000) << policy.name;
    }
}

}  // namespace
}  // namespace lsm
