// A memtable over one of Boost.Container's balanced trees; the kind of tree is the parameter, so
// that a policy is a name for one (policies/memtable/avl.hpp). Nodes and bytes live in an arena: an
// insert never goes to the system's allocator, and nothing is freed before the memtable is.
//
// Not for readers beside a writer: rotations move links that a reader may be following. The tree
// around it takes the lock. Insert, find and seek cost O(log n) comparisons, a cursor's step O(1)
// amortised.
#pragma once

#include <boost/container/set.hpp>
#include <string_view>

#include "framework/base/arena.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/policy/options.hpp"

namespace lsm {

/// The standard allocator's interface over an arena: memory comes back when the arena goes.
template <class T>
class ArenaAllocator {
  public:
    using value_type = T;

    explicit ArenaAllocator(Arena& arena) : arena_(&arena) {}
    template <class U>
    ArenaAllocator(const ArenaAllocator<U>& other) : arena_(&other.arena()) {}

    T* allocate(size_t count) {
        return static_cast<T*>(arena_->allocate(count * sizeof(T), alignof(T)));
    }
    void deallocate(T*, size_t) {}
    Arena& arena() const { return *arena_; }

    template <class U>
    bool operator==(const ArenaAllocator<U>& other) const {
        return arena_ == &other.arena();
    }

  private:
    Arena* arena_;
};

template <boost::container::tree_type_enum kind>
class BalancedTree {
    struct InTreeOrder {
        bool operator()(const Entry& left, const Entry& right) const {
            return compare_entries(left, right) < 0;
        }
    };
    using Set = boost::container::set<
        Entry, InTreeOrder, ArenaAllocator<Entry>,
        typename boost::container::tree_assoc_options<boost::container::tree_type<kind>>::type>;

  public:
    struct Options {
        static OptionTable<Options> table() { return {}; }
    };

    static constexpr bool readers_beside_writer = false;

    explicit BalancedTree(const Options&) : set_(ArenaAllocator<Entry>(arena_)) {}

    void insert(const Entry& entry) {
        Entry kept = entry;
        kept.key = arena_.copy(entry.key);
        kept.value = arena_.copy(entry.value);
        set_.insert(kept);
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        const auto place = set_.lower_bound(Entry::make(key, {}, at, Kind::value));
        if (place == set_.end() || place->key != key) return false;
        found = *place;
        return true;
    }

    class Cursor {
      public:
        explicit Cursor(const Set& set) : set_(&set), place_(set.end()) {}
        void seek(std::string_view key, Sequence sequence) {
            place_ = set_->lower_bound(Entry::make(key, {}, sequence, Kind::value));
        }
        void seek_first() { place_ = set_->begin(); }
        void seek_last() {
            place_ = set_->end();
            previous();
        }
        bool valid() const { return place_ != set_->end(); }
        Entry entry() const { return *place_; }
        void next() { ++place_; }
        void previous() {
            if (place_ == set_->begin()) {
                place_ = set_->end();
            } else {
                --place_;
            }
        }

      private:
        const Set* set_;
        typename Set::const_iterator place_;
    };

    Cursor cursor() const { return Cursor(set_); }
    uint64_t bytes_used() const { return arena_.bytes_used(); }

  private:
    Arena arena_;
    Set set_;
};

}  // namespace lsm
