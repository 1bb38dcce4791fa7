// A tree and a std::map beside it, driven by the operations of a seed: writes of every kind,
// batches, transactions, lookups, walks, snapshots, flushes, compactions, reopening. Each answer of
// the tree is held against the map.
//
// Every operation has a generator of its own, so that leaving some out does not change the others.
// Mostly cheap checks; the whole tree is walked about as often as the map has few keys. One thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/clock.hpp"
#include "framework/torture/model_case.hpp"
#include "framework/torture/model_contents.hpp"

namespace lsm::torture {

/// The tree's answer was not the map's, or the tree failed.
struct Mismatch : std::runtime_error {
    Mismatch(uint64_t at, const std::string& what)
        : std::runtime_error("operation " + std::to_string(at) + ": " + what), operation(at) {}
    uint64_t operation;  // the number of the operation that found it; that of the last at the end
};

class ModelRun {
  public:
    explicit ModelRun(const ModelCase& from);
    /// Carries the operations out, then checks everything and closes. Throws Mismatch.
    void run(const std::vector<uint64_t>& operations);
    /// Of every answer so far.
    uint64_t hash() const { return hash_; }

  private:
    /// Shows the model's ticks as milliseconds.
    class HandClock final : public Clock {
      public:
        explicit HandClock(const ModelContents& model) : model_(model) {}
        uint64_t nanoseconds() override { return model_.now() * 1'000'000; }
        void sleep(uint64_t) override {}
        std::string utc_time() override { return {}; }

      private:
        const ModelContents& model_;
    };
    struct Kept {
        Snapshot snapshot;
        ModelContents model;
    };
    struct Open {
        Transaction<AnyTree> transaction;
        ModelContents model;  // as it was when it began
        uint64_t drops = 0;   // of tables, until then
        std::map<std::string, std::optional<std::string>> own;
        std::vector<std::string> read;  // from the tree
        std::vector<std::pair<std::string, std::string>> scanned;
        ModelWrites since;  // of others
    };

    void open();
    void step(uint64_t number);
    std::string key();
    std::string value();
    std::pair<std::string, std::string> range();

    void put();
    void put_for_a_time();
    void remove();
    void remove_range();
    void batch();
    void look_up();
    void walk();
    void position(TreeCursor& cursor, ModelContents::Values::const_iterator& at);
    void keep_or_check_snapshot();
    void transact();
    void read_in_transaction();
    void scan_in_transaction();
    void commit();
    void compact();
    void reopen();

    void note(uint64_t answer) { hash_ = mix64(hash_ ^ answer); }
    void expect(bool holds, const char* what, std::string_view key = {}) const;
    void expect_get(const std::optional<std::string>& got, const ModelContents& model,
                    const std::string& key);
    void check_forward(TreeCursor& cursor, const ModelContents& model);
    void check_all();

    const ModelCase case_;
    Random random_;
    const std::unique_ptr<FileSystem> files_;
    ModelContents model_;
    HandClock clock_{model_};
    std::unique_ptr<AnyTree> tree_;
    std::vector<Kept> snapshots_;
    std::optional<Open> open_;
    uint64_t number_ = 0;  // of the operation
    uint64_t stamp_ = 0;
    uint64_t hash_ = 0;
};

}  // namespace lsm::torture
