// One thread's share of what is done to a tree at the same time: it draws operations of every kind
// and writes down what it did and saw (history.hpp).
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "framework/base/random.hpp"
#include "framework/torture/history.hpp"
#include "framework/tree/any_tree.hpp"

namespace lsm::torture {

/// What all clients of a tree have in common.
struct HistoryPlace {
    AnyTree& tree;
    uint32_t keys;
    /// Opens a tree that was checkpointed into that folder.
    std::function<std::unique_ptr<AnyTree>(const std::string& folder)> open;
    std::atomic<uint64_t> clock{1};
};

std::string history_key(uint32_t key);
/// All that the cursor sees, by key.
std::vector<HistoryRead> read_all(TreeCursor& cursor, uint32_t keys);

class HistoryClient {
  public:
    HistoryClient(HistoryPlace& place, uint64_t thread, uint64_t seed)
        : place_(place), thread_(thread), seed_(seed) {}

    /// One operation, or a few that belong together: what the number says, whatever came before.
    void step(uint64_t number);
    std::vector<HistoryEvent> take_events() { return std::move(events_); }

  private:
    HistoryEvent& begin(HistoryEvent::Kind kind);
    void end(HistoryEvent& event);
    uint32_t key();
    std::string value(uint64_t stamp);

    void put();
    void remove();
    void remove_range();
    void write_batch();
    void get();
    void scan();
    void snapshot();
    void transact();
    void checkpoint();

    HistoryPlace& place_;
    const uint64_t thread_;
    const uint64_t seed_;
    Random random_{0};  // of this step
    uint64_t stamps_ = 0;
    uint64_t checkpoints_ = 0;
    std::vector<HistoryEvent> events_;
};

}  // namespace lsm::torture
