// The oracle: which keys are alive at any moment and with which version, so that every answer of a
// store can be checked, and live bytes are exact.
//
// Keys are local identifiers 0, 1, 2, ... in the order of their first write, each with the number
// of its last write (its version), or 0 when it is not there. Writes and deletes are numbered alike
// from 1, so that with a single client versions are the store's sequence numbers. With several
// clients each has its own LiveKeys over its own share of the keys: client c of n owns the
// identifiers that are c modulo n, and no other client writes them.
//
// Costs: 4 bytes per key; 12 once something was deleted (a list of the live keys, to pick from
// evenly), 20 or so once ranges are checked. Every operation is O(1) but for the first that needs
// such an index. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/random.hpp"
#include "workloads/expiry_queue.hpp"
#include "workloads/key_codec.hpp"
#include "workloads/ordered_keys.hpp"
#include "workloads/value_maker.hpp"

namespace lsm::workloads {

class LiveKeys {
  public:
    /// `writes` counts the client's writes and deletes, over all of its sections.
    LiveKeys(const KeyCodec& codec, uint64_t client, uint64_t clients,
             std::shared_ptr<uint32_t> writes = std::make_shared<uint32_t>(0))
        : codec_(codec), client_(client), clients_(clients), writes_(std::move(writes)) {}

    /// Values of the writes from now on.
    void use_values(std::shared_ptr<const ValueMaker> values);

    /// Local identifiers that were handed out; not all are alive.
    uint64_t size() const { return versions_.size(); }
    uint64_t live_entries() const { return live_entries_; }
    /// Keys and values of the live entries.
    uint64_t live_bytes() const { return live_bytes_; }
    uint64_t writes() const { return *writes_; }

    /// Live entries whose last write has this number or a later one. Looks at every key.
    struct Held {
        uint64_t entries = 0;
        uint64_t bytes = 0;
    };
    Held held_since(uint64_t version) const;

    /// Number of the key's last write; 0 when it is not there.
    uint32_t version(uint64_t local) const {
        return local < versions_.size() ? versions_[local] : 0;
    }
    bool alive(uint64_t local) const { return version(local) != 0; }
    uint64_t clients() const { return clients_; }
    uint64_t identifier(uint64_t local) const { return local * clients_ + client_; }
    uint64_t number(uint64_t local) const { return codec_.number(identifier(local)); }
    bool owns(uint64_t identifier) const { return identifier % clients_ == client_; }
    uint64_t local(uint64_t identifier) const { return identifier / clients_; }

    /// A live key, each as likely as the others; there must be one.
    uint64_t random(Random& random);

    /// Notes a write of the key (new ones are appended) and makes the value to be written.
    void write(uint64_t local, std::string& value);
    /// The same without the value; returns its size.
    uint64_t write(uint64_t local);
    /// The last write of the key expires once `ttl` more writes have been numbered.
    void expire_after(uint64_t local, uint64_t ttl) {
        expiring_.add(*writes_ + ttl, *writes_, local);
    }
    /// Forgets what has expired by now.
    void expire() {
        expiring_.take_due(*writes_, [this](uint64_t local, uint32_t version) {
            if (versions_[local] == version) forget(local);
        });
    }
    /// Notes a delete, of a key that is there or not.
    void remove(uint64_t local);
    /// Notes a delete of a key that no client ever writes.
    void remove_missing() { ++*writes_; }
    /// Notes a delete, by one write, of the `count` live keys from `from` on in order, or of as
    /// many as there are, and returns where the range ends: a number that no key of it reaches.
    uint64_t remove_range(uint64_t from, uint64_t count);

    /// Says what is wrong with an answer for the key: nothing, or a sentence with what was expected
    /// and what came. `may_miss`: the store may have dropped the key on its own.
    std::optional<std::string> check(uint64_t local, bool found, std::string_view value,
                                     bool may_miss) const;

    /// The same for an answer that is the number of a write, 0 for none.
    std::optional<std::string> check_version(uint64_t local, uint64_t found, bool may_miss) const;

    /// Live keys by number from `from` on. Builds an index at the first call.
    OrderedKeys::Walk walk(uint64_t from, bool backward);

    const KeyCodec& codec() const { return codec_; }

  private:
    struct Era {
        uint32_t first_version;
        std::shared_ptr<const ValueMaker> values;
    };
    const ValueMaker& values_of(uint32_t version) const;
    uint64_t entry_bytes(uint64_t local, uint32_t version) const {
        if (same_size_) return codec_.key_bytes() + *same_size_;
        return codec_.key_bytes() + values_of(version).size(identifier(local), version);
    }
    void list_live_keys();
    void forget(uint64_t local);

    const KeyCodec& codec_;
    uint64_t client_;
    uint64_t clients_;
    std::shared_ptr<uint32_t> writes_;
    std::vector<uint32_t> versions_;  // by local identifier; 0: not there
    uint64_t live_entries_ = 0;
    uint64_t live_bytes_ = 0;
    std::vector<Era> eras_;
    // Of all values so far; then nothing depends on which write an old version was, and an update
    // need not wait for it to come from memory.
    std::optional<uint64_t> same_size_;
    // Only once keys below size() are not alive: the live ones in any order, and where in there
    // each one is.
    bool listed_ = false;
    std::vector<uint32_t> live_;
    std::vector<uint32_t> place_;
    std::optional<OrderedKeys> ordered_;
    ExpiryQueue<uint64_t> expiring_;
};

}  // namespace lsm::workloads
