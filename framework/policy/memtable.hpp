// The memtable axis: the sorted buffer that takes writes until it is flushed.
//
// A memtable policy is a type with
//   - `Options` (options.hpp) and a constructor from it; `about`, one line for listings;
//   - `static constexpr bool readers_beside_writer`: true when find and cursors may run while one
//   insert runs. When it is
//     false the tree supplies the lock, so that a std::map is a legal memtable;
//   - `insert(entry)`: one writer at a time; copies key and value (an Arena is the usual place). No
//   two entries have the same
//     key and sequence;
//   - `find(key, at, entry&)`: the newest version of key with a sequence number of at most `at`;
//   - `cursor()`: a StepCursor over all entries in the tree's order. After an insert a cursor is
//   positioned anew with
//     seek() before it is used, and must then work, though it need not show later inserts;
//   - `bytes_used()`: memory taken, for statistics. When a memtable is full is decided by logical
//   bytes, not by this.
// Bytes that entries point at stay in place until the memtable is destroyed.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <string_view>

#include "framework/base/entry.hpp"
#include "framework/policy/cursor.hpp"
#include "framework/policy/policy_name.hpp"

namespace lsm {

template <class M>
concept Memtable = requires(M memtable, const M& constant, const Entry& entry, Entry& found,
                            std::string_view key, Sequence at) {
    typename M::Options;
    requires std::constructible_from<M, const typename M::Options&>;
    { constant.readers_beside_writer } -> std::convertible_to<bool>;
    { memtable.insert(entry) };
    { constant.find(key, at, found) } -> std::same_as<bool>;
    { constant.cursor() };
    { constant.bytes_used() } -> std::convertible_to<uint64_t>;
};

/// What a policy header has to provide on top: a simple cursor and a line about itself.
template <class M>
concept MemtablePolicy = Memtable<M> && requires(const M& constant) {
    { M::about } -> std::convertible_to<std::string_view>;
    { constant.cursor() } -> StepCursor;
};

/// Any memtable behind one virtual call; itself a memtable.
class AnyMemtable {
  public:
    /// The virtual face of a memtable policy.
    class Face {
      public:
        virtual ~Face() = default;
        virtual void insert(const Entry& entry) = 0;
        virtual bool find(std::string_view key, Sequence at, Entry& found) const = 0;
        virtual std::unique_ptr<Cursor> cursor() const = 0;
        virtual uint64_t bytes_used() const = 0;
        virtual bool readers_beside_writer() const = 0;
    };

    struct Options {
        std::function<std::unique_ptr<Face>()> make;
    };

    explicit AnyMemtable(const Options& options)
        : face_(options.make()), readers_beside_writer(face_->readers_beside_writer()) {}

    /// The options of an AnyMemtable that behaves as M with these options.
    template <MemtablePolicy M>
    static Options of(const typename M::Options& options) {
        return {[options] {
            require_valid_options<M>(options);
            return std::make_unique<Holder<M>>(options);
        }};
    }

    void insert(const Entry& entry) { face_->insert(entry); }
    bool find(std::string_view key, Sequence at, Entry& found) const {
        return face_->find(key, at, found);
    }
    std::unique_ptr<Cursor> cursor() const { return face_->cursor(); }
    uint64_t bytes_used() const { return face_->bytes_used(); }

  private:
    template <MemtablePolicy M>
    class Holder final : public Face {
      public:
        explicit Holder(const typename M::Options& options) : memtable_(options) {}
        void insert(const Entry& entry) override { memtable_.insert(entry); }
        bool find(std::string_view key, Sequence at, Entry& found) const override {
            return memtable_.find(key, at, found);
        }
        std::unique_ptr<Cursor> cursor() const override {
            using Step = decltype(memtable_.cursor());
            return std::make_unique<BatchedCursor<Step>>(memtable_.cursor());
        }
        uint64_t bytes_used() const override { return memtable_.bytes_used(); }
        bool readers_beside_writer() const override { return M::readers_beside_writer; }

      private:
        M memtable_;
    };

    std::unique_ptr<Face> face_;

  public:
    const bool readers_beside_writer;
};

/// The erased cursor of any memtable.
template <Memtable M>
std::unique_ptr<Cursor> memtable_cursor(const M& memtable) {
    using Made = decltype(memtable.cursor());
    if constexpr (std::convertible_to<Made, std::unique_ptr<Cursor>>) {
        return memtable.cursor();
    } else {
        return std::make_unique<BatchedCursor<Made>>(memtable.cursor());
    }
}

}  // namespace lsm
