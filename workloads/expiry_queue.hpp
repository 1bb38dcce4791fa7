// Which writes expire when: a heap by tick, for the oracles. What was overwritten or deleted in the
// meantime stays in until its time has come; who asks knows by the version. Some 24 bytes a write.
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace lsm::workloads {

template <class Key>
class ExpiryQueue {
  public:
    void add(uint64_t tick, uint32_t version, Key key) {
        items_.push({tick, version, std::move(key)});
    }

    /// Calls `expire(key, version)` for each write whose tick is `now` or before, and forgets it.
    template <class Expire>
    void take_due(uint64_t now, Expire expire) {
        while (!items_.empty() && items_.top().tick <= now) {
            const Item due = items_.top();
            items_.pop();
            expire(due.key, due.version);
        }
    }

  private:
    struct Item {
        uint64_t tick;
        uint32_t version;
        Key key;
        bool operator<(const Item& other) const {
            return tick != other.tick ? tick > other.tick : version > other.version;
        }
    };
    std::priority_queue<Item> items_;
};

}  // namespace lsm::workloads
