// A second face of an engine that takes numbers in the place of keys and sizes in the place of
// values: the simulator. Who drives it need format neither, which is most of a simulated
// operation's cost.
//
// Numbers order as the keys that they stand for. Answers say which write was found, by its sequence
// number: the writes of one client are numbered from 1 in their order, deletes among them. One
// thread. Errors are lsm::Error.
#pragma once

#include <cstdint>
#include <functional>

#include "framework/base/entry.hpp"
#include "framework/simulate/simulated_tree.hpp"

namespace lsm {

using KeyNumbers = simulate::KeyNumbers;

class NumberedEngine {
  public:
    virtual ~NumberedEngine() = default;
    /// What the numbers stand for; before the first operation.
    virtual void use_keys(KeyNumbers keys) = 0;
    virtual void put(uint64_t number, uint64_t value_bytes) = 0;
    /// A put for `ttl` ticks, which are writes.
    virtual void put_for(uint64_t number, uint64_t value_bytes, uint64_t ttl) = 0;
    virtual void remove(uint64_t number) = 0;
    /// Removes all keys from `first` to below `end`; first < end.
    virtual void remove_range(uint64_t first, uint64_t end) = 0;
    /// The sequence number of the key's last write; 0 when the key is not there.
    virtual Sequence get(uint64_t number) = 0;
    /// As Engine::scan.
    virtual uint64_t scan(uint64_t from, uint64_t limit, bool backward,
                          const std::function<void(uint64_t number, Sequence sequence)>& take) = 0;
};

}  // namespace lsm
