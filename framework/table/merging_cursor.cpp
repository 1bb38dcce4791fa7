#include "framework/table/merging_cursor.hpp"
#include "framework/base/bug_museum.hpp"

#include <cassert>
#include <string>
#include <utility>

namespace lsm {

MergingCursor::MergingCursor(std::vector<std::unique_ptr<Cursor>> inputs) {
    inputs_.reserve(inputs.size());
    for (auto& cursor : inputs) inputs_.emplace_back().cursor = std::move(cursor);
    heap_.reserve(inputs_.size());
}

void MergingCursor::forget() {
    direction_ = Direction::none;
    if (!bug(Bug::stale_iterator)) heap_.clear();
    used_up_ = kNone;
    at_end_ = false;
    error_ = nullptr;
}

void MergingCursor::seek_first() {
    forget();
    for (Input& input : inputs_) input.cursor->seek_first();
}

void MergingCursor::seek_last() {
    forget();
    for (Input& input : inputs_) input.cursor->seek_last();
}

void MergingCursor::seek(std::string_view key, Sequence sequence) {
    forget();
    for (Input& input : inputs_) input.cursor->seek(key, sequence);
}

bool MergingCursor::next(EntryBatch& batch) {
    if (inputs_.size() == 1) return inputs_.front().cursor->next(batch);
    return step<Direction::forward>(batch);
}

bool MergingCursor::previous(EntryBatch& batch) {
    if (inputs_.size() == 1) return inputs_.front().cursor->previous(batch);
    return step<Direction::backward>(batch);
}

/// Seeks every input to the position, which is behind the last batch in the direction so far.
void MergingCursor::turn() {
    const bool was_forward = direction_ == Direction::forward;
    if (at_end_) {
        was_forward ? seek_last() : seek_first();
        return;
    }
    // The seek ends the life of last_'s views.
    const std::string key(last_.key);
    assert(last_.sequence > 0);
    seek(key, was_forward ? last_.sequence - 1 : last_.sequence);
}

template <MergingCursor::Direction kDirection>
bool MergingCursor::step(EntryBatch& batch) {
    batch.clear();
    if (error_) std::rethrow_exception(error_);
    try {
        if (direction_ != kDirection) {
            if (direction_ != Direction::none) turn();
            direction_ = kDirection;
            for (uint32_t input = 0; input < inputs_.size(); ++input) refill<kDirection>(input);
        } else if (used_up_ != kNone) {
            refill<kDirection>(std::exchange(used_up_, kNone));
        }
    } catch (...) {
        error_ = std::current_exception();
        throw;
    }
    merge<kDirection>(batch);
    at_end_ = batch.empty();
    if (!at_end_) last_ = batch[batch.count - 1];
    return !at_end_;
}

/// Fills the batch until it is full or an input's batch is used up.
template <MergingCursor::Direction kDirection>
void MergingCursor::merge(EntryBatch& batch) {
    while (!heap_.empty() && !batch.full()) {
        Leader& leader = heap_.front();
        Input& input = inputs_[leader.input];
        const Leader* runner_up = heap_.size() > 1 ? &heap_[1] : nullptr;
        if (heap_.size() > 2 && precedes<kDirection>(heap_[2], heap_[1])) runner_up = &heap_[2];
        do {
            batch.push(input.front());
            if (++input.at == input.batch.count) {
                used_up_ = leader.input;
                leader = heap_.back();
                heap_.pop_back();
                if (!heap_.empty()) sift_down<kDirection>(0);
                return;
            }
            leader.prefix = input.front().prefix;
        } while (!batch.full() &&
                 (runner_up == nullptr || precedes<kDirection>(leader, *runner_up)));
        sift_down<kDirection>(0);
    }
}

/// The input's next batch; at its end it leaves the merge.
template <MergingCursor::Direction kDirection>
void MergingCursor::refill(uint32_t index) {
    Input& input = inputs_[index];
    input.at = 0;
    bool more = false;
    swallowing(Bug::read_error_ends_scan, [&] {
        more = kDirection == Direction::forward ? input.cursor->next(input.batch)
                                                : input.cursor->previous(input.batch);
    });
    if (!more) return;
    heap_.push_back({input.front().prefix, index});
    sift_up<kDirection>(heap_.size() - 1);
}

template <MergingCursor::Direction kDirection>
bool MergingCursor::precedes(const Leader& left, const Leader& right) const {
    constexpr bool kForward = kDirection == Direction::forward;
    if (left.prefix != right.prefix) return (left.prefix < right.prefix) == kForward;
    const int order = compare_entries(inputs_[left.input].front(), inputs_[right.input].front());
    if (order != 0) return (order < 0) == kForward;
    return (left.input < right.input) == kForward;
}

template <MergingCursor::Direction kDirection>
void MergingCursor::sift_down(size_t place) {
    const Leader moving = heap_[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && precedes<kDirection>(heap_[child + 1], heap_[child])) {
            ++child;
        }
        if (precedes<kDirection>(moving, heap_[child])) break;
        heap_[place] = heap_[child];
        place = child;
    }
    heap_[place] = moving;
}

template <MergingCursor::Direction kDirection>
void MergingCursor::sift_up(size_t place) {
    const Leader moving = heap_[place];
    while (place > 0 && precedes<kDirection>(moving, heap_[(place - 1) / 2])) {
        heap_[place] = heap_[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    heap_[place] = moving;
}

}  // namespace lsm
