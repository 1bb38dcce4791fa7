// A hash table of short sorted lists: insert and find touch one bucket and compare few keys; there
// is no order among buckets, so every cursor, a flush's too, sorts a copy of all entries. Source:
// the hash-linkedlist memtable of RocksDB, compared with others in "Mind the Buffer" (DBTest 2024).
//
// One writer; any number of readers beside it, without locks: a node is complete before the store
// (release) that links it, and no node is ever unlinked.
#pragma once

#include <atomic>
#include <new>
#include <vector>

#include "framework/base/arena.hpp"
#include "framework/base/hash.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/policy/memtable/sorted_copy.hpp"
#include "framework/policy/options.hpp"

namespace lsm::memtable {

class HashLinked {
  public:
    struct Options {
        uint64_t buckets = 4096;
        static OptionTable<Options> table() {
            return {option("buckets", &Options::buckets, {1, 1 << 24}, "",
                           "lists that the keys are hashed to; fixed, 8 bytes each")};
        }
    };

    static constexpr std::string_view about =
        "fixed hash buckets with short lists; fast point access, every cursor sorts a copy";
    static constexpr bool readers_beside_writer = true;

    explicit HashLinked(const Options& options) : buckets_(options.buckets) {}

    void insert(const Entry& entry) {
        Node* node = new (arena_.allocate(sizeof(Node), alignof(Node))) Node{entry, {nullptr}};
        node->entry.key = arena_.copy(entry.key);
        node->entry.value = arena_.copy(entry.value);
        Link* link = &buckets_[bucket_of(entry.key)];
        Node* after = link->load(std::memory_order_relaxed);
        while (after != nullptr && compare_entries(after->entry, entry) < 0) {
            link = &after->next;
            after = link->load(std::memory_order_relaxed);
        }
        node->next.store(after, std::memory_order_relaxed);
        link->store(node, std::memory_order_release);
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        const Entry target = Entry::make(key, {}, at, Kind::value);
        const Node* node = follow(buckets_[bucket_of(key)]);
        while (node != nullptr && compare_entries(node->entry, target) < 0) {
            node = follow(node->next);
        }
        if (node == nullptr || node->entry.key != key) return false;
        found = node->entry;
        return true;
    }

    SortedCopyCursor cursor() const {
        std::vector<Entry> entries;
        for (const Link& bucket : buckets_) {
            for (const Node* node = follow(bucket); node != nullptr; node = follow(node->next)) {
                entries.push_back(node->entry);
            }
        }
        return SortedCopyCursor(std::move(entries));
    }

    uint64_t bytes_used() const { return arena_.bytes_used() + buckets_.size() * sizeof(Link); }

  private:
    struct Node;
    using Link = std::atomic<Node*>;
    struct Node {
        Entry entry;
        Link next;
    };

    static const Node* follow(const Link& link) { return link.load(std::memory_order_acquire); }
    size_t bucket_of(std::string_view key) const {
        return static_cast<size_t>(hash_key(key) % buckets_.size());
    }

    Arena arena_;
    std::vector<Link> buckets_;
};

}  // namespace lsm::memtable
