// Several cursors as one, in the tree's order: what compactions and scans read.
//
// A binary heap holds the front entry of each input, with its key's prefix inline; while the
// leading input stays ahead of the runner-up its entries are copied without touching the heap.
// Entries are views into the inputs' batches, and refilling an input ends the life of its earlier
// batch: so an output batch ends with the first input batch that is used up, and only that input is
// refilled, by the next call. Every version of every key comes out; who reads them drops what is
// hidden.
//
// Entries with equal key and sequence come in the order of their inputs. Turning round seeks all
// inputs again, at the place behind the last batch. After an error every call throws it again,
// until a seek.
//
// Thread-safety: one thread. Cost: O(log inputs) comparisons an entry, fewer where inputs do not
// interleave; one input costs nothing.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "framework/policy/cursor.hpp"

namespace lsm {

class MergingCursor final : public Cursor {
  public:
    explicit MergingCursor(std::vector<std::unique_ptr<Cursor>> inputs);

    void seek_first() override;
    void seek_last() override;
    void seek(std::string_view key, Sequence sequence = kMaxSequence) override;
    bool next(EntryBatch& batch) override;
    bool previous(EntryBatch& batch) override;

  private:
    enum class Direction : uint8_t { none, forward, backward };

    struct Input {
        std::unique_ptr<Cursor> cursor;
        EntryBatch batch;
        uint32_t at = 0;

        const Entry& front() const { return batch[at]; }
    };
    struct Leader {
        uint64_t prefix;  // of the input's front entry
        uint32_t input;
    };
    static constexpr uint32_t kNone = UINT32_MAX;

    void forget();
    void turn();
    template <Direction kDirection>
    bool step(EntryBatch& batch);
    template <Direction kDirection>
    void merge(EntryBatch& batch);
    template <Direction kDirection>
    void refill(uint32_t input);
    template <Direction kDirection>
    bool precedes(const Leader& left, const Leader& right) const;
    template <Direction kDirection>
    void sift_down(size_t place);
    template <Direction kDirection>
    void sift_up(size_t place);

    std::vector<Input> inputs_;
    std::vector<Leader> heap_;
    Direction direction_ = Direction::none;  // none: the inputs stand at the position themselves
    uint32_t used_up_ = kNone;               // the input that has to be refilled first
    bool at_end_ = false;                    // in the current direction
    Entry last_;  // of the last batch; its views live until it is refilled
    std::exception_ptr error_;
};

}  // namespace lsm
