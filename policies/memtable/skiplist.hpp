// A skip list: a sorted linked list in which some nodes carry further links that skip ahead. A node
// is linked on level l with probability branching^-l, so a search starts on the highest level and
// halves its way down. Source: W. Pugh, "Skip Lists: A Probabilistic Alternative to Balanced
// Trees", CACM 33(6), 1990.
//
// One writer; any number of readers beside it, without locks: a node is complete before the store
// (release) that links it, a reader follows links by loads (acquire), and no node is ever unlinked.
// Find and insert cost O(log n) comparisons, most of them of the eight-byte key prefix that a node
// carries. Heights come from a generator of the list's own, so equal inserts make equal lists.
#pragma once

#include <array>
#include <atomic>
#include <cstring>
#include <new>

#include "framework/base/arena.hpp"
#include "framework/base/random.hpp"
#include "framework/policy/memtable.hpp"
#include "framework/policy/options.hpp"

namespace lsm::memtable {

class Skiplist {
    struct Node;

  public:
    struct Options {
        uint64_t branching = 4;
        static OptionTable<Options> table() {
            return {option("branching", &Options::branching, {2, 64}, "",
                           "one node in so many is also linked on the next level up")};
        }
    };

    static constexpr std::string_view about =
        "linked list with express lanes; readers take no lock (Pugh 1990)";
    static constexpr bool readers_beside_writer = true;

    explicit Skiplist(const Options& options)
        : branching_(options.branching), head_(new_node(Entry{}, kMaxHeight)) {}

    void insert(const Entry& entry) {
        std::array<Node*, kMaxHeight> before;
        find_not_before(entry, &before);
        const int height = random_height();
        for (int level = height_.load(std::memory_order_relaxed); level < height; ++level) {
            before[level] = head_;
        }
        if (height > height_.load(std::memory_order_relaxed)) {
            height_.store(height, std::memory_order_relaxed);
        }
        Node* node = new_node(entry, height);
        for (int level = 0; level < height; ++level) {
            node->next[level].store(before[level]->follow(level), std::memory_order_relaxed);
            before[level]->next[level].store(node, std::memory_order_release);
        }
    }

    bool find(std::string_view key, Sequence at, Entry& found) const {
        const Node* node = find_not_before(Entry::make(key, {}, at, Kind::value), nullptr);
        if (node == nullptr || node->entry.key != key) return false;
        found = node->entry;
        return true;
    }

    class Cursor {
      public:
        explicit Cursor(const Skiplist& list) : list_(&list) {}
        void seek(std::string_view key, Sequence sequence) {
            node_ = list_->find_not_before(Entry::make(key, {}, sequence, Kind::value), nullptr);
        }
        void seek_first() { node_ = list_->head_->follow(0); }
        void seek_last() { node_ = list_->find_last_before(nullptr); }
        bool valid() const { return node_ != nullptr; }
        Entry entry() const { return node_->entry; }
        void next() { node_ = node_->follow(0); }
        void previous() { node_ = list_->find_last_before(&node_->entry); }

      private:
        const Skiplist* list_;
        const Node* node_ = nullptr;
    };

    Cursor cursor() const { return Cursor(*this); }
    uint64_t bytes_used() const { return arena_.bytes_used(); }

  private:
    static constexpr int kMaxHeight = 16;

    // Allocated with as many links as the node is high; key and value bytes follow in the arena.
    struct Node {
        Entry entry;
        std::atomic<Node*> next[1];

        Node* follow(int level) const { return next[level].load(std::memory_order_acquire); }
    };

    Node* new_node(const Entry& entry, int height) {
        const size_t links = sizeof(Node) + (height - 1) * sizeof(std::atomic<Node*>);
        void* place = arena_.allocate(links + entry.key.size() + entry.value.size());
        Node* node = new (place) Node{entry, {nullptr}};
        for (int level = 1; level < height; ++level) {
            new (&node->next[level]) std::atomic<Node*>(nullptr);
        }
        char* bytes = static_cast<char*>(place) + links;
        node->entry.key = append(bytes, entry.key);
        node->entry.value = append(bytes, entry.value);
        return node;
    }

    static std::string_view append(char*& bytes, std::string_view piece) {
        char* start = bytes;
        if (!piece.empty()) std::memcpy(start, piece.data(), piece.size());
        bytes += piece.size();
        return {start, piece.size()};
    }

    int random_height() {
        int height = 1;
        while (height < kMaxHeight && random_.below(branching_) == 0) ++height;
        return height;
    }

    /// The first node that is not before `target`; and on each level the last node that is.
    Node* find_not_before(const Entry& target, std::array<Node*, kMaxHeight>* before) const {
        Node* node = head_;
        for (int level = height_.load(std::memory_order_relaxed) - 1;; --level) {
            Node* next = node->follow(level);
            while (next != nullptr && compare_entries(next->entry, target) < 0) {
                node = next;
                next = node->follow(level);
            }
            if (before != nullptr) (*before)[level] = node;
            if (level == 0) return next;
        }
    }

    /// The last node before `target`, or of all; null when there is none.
    const Node* find_last_before(const Entry* target) const {
        const Node* node = head_;
        for (int level = height_.load(std::memory_order_relaxed) - 1; level >= 0; --level) {
            const Node* next = node->follow(level);
            while (next != nullptr &&
                   (target == nullptr || compare_entries(next->entry, *target) < 0)) {
                node = next;
                next = node->follow(level);
            }
        }
        return node == head_ ? nullptr : node;
    }

    uint64_t branching_;
    Arena arena_;
    Random random_{0x5eed};
    std::atomic<int> height_{1};
    Node* head_;
};

}  // namespace lsm::memtable
