// A face of an engine that takes counts of operations in the place of operations: the estimate. One
// thread. Errors are lsm::Error.
#pragma once

#include <cstdint>

namespace lsm {

class BulkEngine {
  public:
    virtual ~BulkEngine() = default;
    /// Of the writes from here on; of values the mean.
    virtual void use_sizes(uint64_t key_bytes, double value_bytes) = 0;
    /// Inserts of new keys and updates of keys that are there, each as likely, evenly mixed.
    virtual void write(uint64_t inserts, uint64_t updates) = 0;
    virtual uint64_t live_entries() const = 0;
    virtual double live_bytes() const = 0;
};

}  // namespace lsm
