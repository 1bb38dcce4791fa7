// Transactions: optimistic, over a snapshot. Reads see the tree as it was when the transaction
// began, and its own writes on top; writes are kept in memory until commit(), which writes them as
// one batch, or finds that a key that was read has been written since and writes nothing.
//
// Promise: strict serializability over the keys and ranges read. A transaction that commits is as
// good as run alone at the moment of its commit, one without writes at the moment it began. So two
// transactions that write the same key without having read it do not conflict: the later one wins,
// as with two puts; whoever wants to be told reads the key first. What a clock does is no write: a
// value that expires between the read and the commit is no conflict. Where the strategy drops
// data on its own (fifo), or what has expired, any drop of newer data counts as a conflict.
//
// Cost: a copy of each key read and of each write; while it lives the cost of its snapshot; at its
// commit a lookup for each key that was read, and a walk over each range, in the memtables alone
// when nothing that was written since has reached a table. Nothing remains of one that is
// abandoned. Writes outside of transactions pay nothing, and make transactions conflict like any
// other.
//
// One thread at a time; any number of transactions side by side. Must be gone before the tree is.
// Left out: scans (a range that is read would have to stay as it was), range deletes, times to
// live. Kung and Robinson, "On Optimistic Methods for Concurrency Control", 1981, sections 3 and 4.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/entry.hpp"
#include "framework/base/error.hpp"
#include "framework/tree/snapshots.hpp"
#include "framework/tree/write_batch.hpp"

namespace lsm {

/// The keys that a transaction has read from the tree, as of a write.
struct ReadSet {
    struct Range {
        std::string first;
        std::string last;  // itself not in it
    };
    Sequence since = 0;
    std::set<std::string, std::less<>> keys;
    std::vector<Range> ranges;

    bool empty() const { return keys.empty() && ranges.empty(); }
    const std::string& any() const { return keys.empty() ? ranges.front().first : *keys.begin(); }
};

/// What became of a transaction. True: committed.
class [[nodiscard]] CommitResult {
  public:
    static CommitResult committed(Sequence sequence) { return {sequence, {}}; }
    static CommitResult conflict(std::string key) { return {0, std::move(key)}; }

    explicit operator bool() const { return !key_; }
    /// The place of its last write in commit order; that of its snapshot when it wrote nothing.
    Sequence sequence() const { return sequence_; }
    /// A key that it had read and that was written since. Conflicts only.
    const std::string& key() const { return *key_; }

  private:
    CommitResult(Sequence sequence, std::optional<std::string> key)
        : sequence_(sequence), key_(std::move(key)) {}
    Sequence sequence_;
    std::optional<std::string> key_;
};

template <class TreeType>
class Transaction {
  public:
    explicit Transaction(TreeType& tree) : tree_(&tree), snapshot_(tree.snapshot()) {
        reads_.since = snapshot_->sequence();
    }
    /// The one that was moved from is over.
    Transaction(Transaction&& other) noexcept
        : tree_(other.tree_),
          snapshot_(std::exchange(other.snapshot_, std::nullopt)),
          reads_(std::move(other.reads_)),
          writes_(std::move(other.writes_)) {}
    Transaction& operator=(Transaction&& other) noexcept {
        tree_ = other.tree_;
        snapshot_ = std::exchange(other.snapshot_, std::nullopt);
        reads_ = std::move(other.reads_);
        writes_ = std::move(other.writes_);
        return *this;
    }

    /// False when the key is not there; `value` is overwritten only when it is. Errors as for a get
    /// of the tree, and Error(usage) once it is over.
    bool get(std::string_view key, std::string& value) {
        throw_if_over();
        const auto own = writes_.find(key);
        if (own != writes_.end()) {
            if (own->second) value = *own->second;
            return own->second.has_value();
        }
        if (reads_.keys.find(key) == reads_.keys.end()) reads_.keys.emplace(key);
        return tree_->get(key, value, *snapshot_);
    }
    std::optional<std::string> get(std::string_view key) {
        std::string value;
        if (!get(key, value)) return std::nullopt;
        return value;
    }

    /// Calls take(key, value) for each live entry from `first` to below `last`, own writes
    /// included, ascending, until it says false. What it came past counts as read, keys that were
    /// not there too; keys that the transaction itself wrote as well.
    template <class Take>
    void scan(std::string_view first, std::string_view last, Take take) {
        throw_if_over();
        if (first >= last) return;
        const ReadSet::Range range{std::string(first), std::string(last)};
        const size_t place = reads_.ranges.size();
        reads_.ranges.push_back(range);
        const auto cursor = tree_->cursor(*snapshot_);
        cursor->seek(range.first);
        auto own = writes_.lower_bound(range.first);
        for (;;) {
            const bool stored = cursor->valid() && cursor->key() < range.last;
            const bool written = own != writes_.end() && own->first < range.last;
            if (!stored && !written) return;
            const int order = !stored ? -1 : !written ? 1 : own->first.compare(cursor->key());
            const std::string key(order <= 0 ? std::string_view(own->first) : cursor->key());
            bool goes_on = true;
            if (order > 0) {
                goes_on = take(std::string_view(key), cursor->value());
            } else if (own->second) {
                goes_on = take(std::string_view(key), std::string_view(*own->second));
            }
            if (!goes_on) {
                reads_.ranges[place].last = key + '\0';
                return;
            }
            if (order >= 0) cursor->next();
            if (order <= 0) ++own;
        }
    }

    /// Error(usage) above the limits of keys and values.
    void put(std::string_view key, std::string_view value) {
        throw_if_over();
        check_limits(key, value);
        writes_.insert_or_assign(std::string(key), std::string(value));
    }
    void remove(std::string_view key) {
        throw_if_over();
        check_limits(key, {});
        writes_.insert_or_assign(std::string(key), std::nullopt);
    }

    /// Ends the transaction, whatever comes of it. Acknowledged like a batch. Errors as for a
    /// write; nothing was written then, but for a power loss that decides otherwise.
    CommitResult commit() {
        throw_if_over();
        const Transaction ended(std::move(*this));
        if (ended.writes_.empty()) return CommitResult::committed(ended.reads_.since);
        WriteBatch batch;
        for (const auto& [key, value] : ended.writes_) {
            if (value) {
                batch.put(key, *value);
            } else {
                batch.remove(key);
            }
        }
        typename TreeType::Writer writer;
        writer.batch = &batch;
        writer.reads = &ended.reads_;
        ended.tree_->commit_in_turn(writer);
        if (writer.conflict) return CommitResult::conflict(std::move(*writer.conflict));
        return CommitResult::committed(writer.last);
    }
    /// Ends it without a trace; so does the destructor.
    void abandon() {
        throw_if_over();
        const Transaction ended(std::move(*this));
    }

    /// The last write that its reads see.
    Sequence since() const { return reads_.since; }

  private:
    void throw_if_over() const {
        if (snapshot_) return;
        throw Error(ErrorKind::usage, "the transaction is over", {}, "begin a new one");
    }

    TreeType* tree_;
    std::optional<Snapshot> snapshot_;  // nothing once it is over
    ReadSet reads_;
    std::map<std::string, std::optional<std::string>, std::less<>> writes_;  // nothing: removed
};

}  // namespace lsm
