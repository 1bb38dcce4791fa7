// The format axis: how entries lie in a table.
//
// A table file is the format's blocks, then a filter block, a properties block and a footer; the
// framework (framework/table) writes those three, and checksums and compresses every block. A
// format sees no file: its writer hands blocks to a BlockSink, its reader asks a BlockSource for
// them, by way of the cache.
//
// A format policy is a type with `Options`, a constructor from it, `about`, `static constexpr
// uint32_t version`, and
//   - `writer(sink, settings)`: a unique_ptr to an object with `add(entry)`, called in the tree's
//   order, and `finish() ->
//     BlockHandle`, the root (the index, usually), after which it is done;
//   - `reader(source, root)`: a unique_ptr to an object with `find(key, at, context, found)`, the
//   newest version of key that is
//     not newer than `at`, `cursor(context) -> std::unique_ptr<Cursor>` and `memory_bytes()`. Many
//     threads use one reader at once. It keeps its root in memory; the source outlives it.
// Two more members are asked for where they are there, by those who look into files:
//   - of the reader, `blocks() -> std::vector<BlockHandle>`, its data blocks in order: a check then
//     names every damaged block of a table, else the first;
//   - of the format, `static void show(block, lines)`, which appends a line for each thing that
//   lies
//     in a data block, and throws DamagedBlock (fence_index.hpp) where it stops making sense.
// Its options are of writing: whatever they are, a reader reads all tables of the format. A cursor
// that walks from end to end reads every block (one that only a lookup reads may lie between two
// others): so a file can be checked by who knows nothing but the format (table_check.hpp).
// Bytes come from a disk: damage that a checksum let through must end in Error(corruption), never
// in a read out of bounds.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/entry.hpp"
#include "framework/os/ledger.hpp"
#include "framework/policy/cursor.hpp"
#include "framework/policy/policy_name.hpp"

namespace lsm {

/// Settings that every format honours; they stand beside the format's own options in YAML.
struct TableSettings {
    uint64_t block_size = 4096;  // logical bytes at which a data block is closed
    std::string codec = "none";  // none, lz4, zstd
};

/// Where a block lies in its file: offset and stored length, checksum and codec byte included.
struct BlockHandle {
    uint64_t offset = 0;
    uint64_t size = 0;
};

/// A block's decoded bytes, kept in memory while a copy of the pin lives. `owner` is whatever holds
/// them, so that a block is read into one allocation and cut down to its payload without a copy.
class BlockPin {
  public:
    BlockPin() = default;
    BlockPin(std::shared_ptr<const void> owner, std::string_view bytes)
        : owner_(std::move(owner)), bytes_(bytes) {}
    explicit BlockPin(const std::shared_ptr<const std::string>& bytes)
        : owner_(bytes), bytes_(*bytes) {}
    std::string_view bytes() const { return bytes_; }
    explicit operator bool() const { return owner_ != nullptr; }

  private:
    std::shared_ptr<const void> owner_;
    std::string_view bytes_;
};

/// What one lookup or cursor cost: kept by the reader's thread, so that counting writes no shared
/// line.
struct ReadCounts {
    uint64_t data_blocks = 0;  // data blocks asked for, from cache or file
    uint64_t other_blocks = 0;
    uint64_t cache_hits = 0;  // of all blocks asked for
    uint64_t cache_misses = 0;
};

/// Why a block is read, for the ledger, whether it should stay in the cache, and where the block
/// source counts it.
struct ReadContext {
    Cause cause = Cause::get;
    uint8_t level = 0;
    bool fill_cache = true;
    ReadCounts* counts = nullptr;  // may be null; must outlive a cursor that was made with it
};

class BlockSink {
  public:
    virtual ~BlockSink() = default;
    /// Compresses, checksums and appends a block.
    virtual BlockHandle append(BlockKind kind, std::string_view bytes) = 0;
};

class BlockSource {
  public:
    virtual ~BlockSource() = default;
    /// From the cache or the file; Error(corruption) with file and offset when the checksum does
    /// not match.
    virtual BlockPin read(BlockHandle handle, BlockKind kind, const ReadContext& context) const = 0;
    /// For messages: the file's path.
    virtual const std::string& name() const = 0;
};

/// An entry with what keeps its value in place. Its key is the key that was asked for: the caller's
/// bytes, not the block's (where it may be compressed away).
struct PinnedEntry {
    Entry entry;
    BlockPin pin;
};

template <class F>
concept Format =
    requires(const F& format, BlockSink& sink, const BlockSource& source, BlockHandle root,
             const TableSettings& settings, const Entry& entry, std::string_view key, Sequence at,
             const ReadContext& context, PinnedEntry& found) {
        typename F::Options;
        requires std::constructible_from<F, const typename F::Options&>;
        { format.writer(sink, settings)->add(entry) };
        { format.writer(sink, settings)->finish() } -> std::same_as<BlockHandle>;
        { format.reader(source, root)->find(key, at, context, found) } -> std::same_as<bool>;
        { format.reader(source, root)->cursor(context) } -> std::same_as<std::unique_ptr<Cursor>>;
        { format.reader(source, root)->memory_bytes() } -> std::convertible_to<uint64_t>;
    };

template <class F>
concept FormatPolicy = Format<F> && requires {
    { F::about } -> std::convertible_to<std::string_view>;
    { F::version } -> std::convertible_to<uint32_t>;
};

class AnyFormat {
  public:
    class Writer {
      public:
        virtual ~Writer() = default;
        virtual void add(const Entry& entry) = 0;
        virtual BlockHandle finish() = 0;
    };
    class Reader {
      public:
        virtual ~Reader() = default;
        virtual bool find(std::string_view key, Sequence at, const ReadContext& context,
                          PinnedEntry& found) const = 0;
        virtual std::unique_ptr<Cursor> cursor(const ReadContext& context) const = 0;
        virtual uint64_t memory_bytes() const = 0;
        /// Empty when the format does not say.
        virtual std::vector<BlockHandle> blocks() const = 0;
    };
    class Face {
      public:
        virtual ~Face() = default;
        virtual std::unique_ptr<Writer> writer(BlockSink& sink,
                                               const TableSettings& settings) const = 0;
        virtual std::unique_ptr<Reader> reader(const BlockSource& source,
                                               BlockHandle root) const = 0;
        virtual uint32_t version() const = 0;
        virtual bool show(std::string_view block, std::vector<std::string>& lines) const = 0;
    };
    struct Options {
        std::function<std::shared_ptr<const Face>()> make;
        std::string name;  // kept in each table, so that a table is not read by another format
    };

    explicit AnyFormat(const Options& options) : face_(options.make()) {}

    template <FormatPolicy F>
    static Options of(const typename F::Options& options, std::string name = policy_name<F>()) {
        return {[options] {
                    require_valid_options<F>(options);
                    return std::make_shared<const Holder<F>>(options);
                },
                std::move(name)};
    }

    std::unique_ptr<Writer> writer(BlockSink& sink, const TableSettings& settings) const {
        return face_->writer(sink, settings);
    }
    std::unique_ptr<Reader> reader(const BlockSource& source, BlockHandle root) const {
        return face_->reader(source, root);
    }
    uint32_t version_number() const { return face_->version(); }
    /// What lies in a data block, a line each; false when the format does not say.
    bool show(std::string_view block, std::vector<std::string>& lines) const {
        return face_->show(block, lines);
    }

  private:
    template <FormatPolicy F>
    class Holder final : public Face {
      public:
        explicit Holder(const typename F::Options& options) : format_(options) {}
        std::unique_ptr<Writer> writer(BlockSink& sink,
                                       const TableSettings& settings) const override {
            auto made = format_.writer(sink, settings);
            using Inner = typename decltype(made)::element_type;
            class Made final : public Writer {
              public:
                explicit Made(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
                void add(const Entry& entry) override { inner_->add(entry); }
                BlockHandle finish() override { return inner_->finish(); }

              private:
                std::unique_ptr<Inner> inner_;
            };
            return std::make_unique<Made>(std::move(made));
        }
        std::unique_ptr<Reader> reader(const BlockSource& source, BlockHandle root) const override {
            auto made = format_.reader(source, root);
            using Inner = typename decltype(made)::element_type;
            class Made final : public Reader {
              public:
                explicit Made(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
                bool find(std::string_view key, Sequence at, const ReadContext& context,
                          PinnedEntry& found) const override {
                    return inner_->find(key, at, context, found);
                }
                std::unique_ptr<Cursor> cursor(const ReadContext& context) const override {
                    return inner_->cursor(context);
                }
                uint64_t memory_bytes() const override { return inner_->memory_bytes(); }
                std::vector<BlockHandle> blocks() const override {
                    if constexpr (requires { inner_->blocks(); }) {
                        return inner_->blocks();
                    } else {
                        return {};
                    }
                }

              private:
                std::unique_ptr<Inner> inner_;
            };
            return std::make_unique<Made>(std::move(made));
        }
        uint32_t version() const override { return F::version; }
        bool show(std::string_view block, std::vector<std::string>& lines) const override {
            if constexpr (requires { F::show(block, lines); }) {
                F::show(block, lines);
                return true;
            } else {
                return false;
            }
        }

      private:
        F format_;
    };

    std::shared_ptr<const Face> face_;
};

}  // namespace lsm
