// The estimate: a tree that knows how many keys a table is expected to hold, and no key. The same
// strategies choose, over tables whose key ranges are shares of one even range; a merge gives the
// expected union of its inputs. Costs nothing per write and some microseconds per table written, so
// that trees of 10^12 entries take minutes.
//
// What is assumed: keys lie evenly in the key range in any order of insertion (order: hashed or
// shuffled), an insert brings a key that was never there, and an update draws one of the keys that
// are there, each as likely. Of D draws from K keys, K (1 - e^(-D/K)) distinct ones are expected; a
// run with A inserts and D updates, at whose end there were K keys, holds
//
//     A + (K - A) (1 - e^(-D/K))
//
// entries, and a merge adds up the A and the D of its inputs and takes the largest K. Within a
// table keys are taken to lie evenly. So sizes are expectations without their spread, every
// memtable gives a run over the whole key range, and what a strategy does with differences between
// tables (a least overlap, a coldest table) is not seen.
//
// Left out: deletes, reads, skew. One thread. Deterministic (framework/base/math.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "framework/simulate/shaped_tree.hpp"

namespace lsm::simulate {

class EstimatedTree final : public ShapedTree {
  public:
    explicit EstimatedTree(const SimulatorOptions& options) : ShapedTree(options) {}

    /// What the writes from here on look like; the mean size of values.
    void use_sizes(uint64_t key_bytes, double value_bytes);
    /// So many inserts and updates, evenly mixed. Error(config) for updates of nothing.
    void write(uint64_t inserts, uint64_t updates);
    void flush();
    /// Keys that are there.
    uint64_t keys() const { return keys_; }
    double live_bytes() const { return live_bytes_; }

  private:
    /// Evenly filled share of the key range.
    struct Part {
        double low = 0;  // of [0, 1)
        double high = 1;
        double inserts = 0;
        double updates = 0;
        double keys = 0;  // in the whole range, when the youngest of these was written
        double entry_bytes = 0;
        Sequence oldest = UINT64_MAX;
        Sequence newest = 0;

        double entries() const;
        Part share(double from, double to) const;
        void take(const Part& other);  // of the same share
    };

    void flush_memtable();
    Written merge_inputs(const Inputs& inputs, const Choice& choice, const Origin& origin) override;
    void let_go(const Inputs& inputs) override;
    std::vector<Part> union_of(const Inputs& inputs) const;
    /// Cuts ascending parts into tables, as run_cutter.hpp does entries.
    Written cut(const std::vector<Part>& parts, const std::vector<double>& cuts,
                const Origin& origin);
    void add_table(const Part& part, const Origin& origin, Written& written);
    std::string key_at(double place, bool last) const;

    uint64_t key_bytes_ = 16;
    double value_bytes_ = 0;
    uint64_t keys_ = 0;
    double live_bytes_ = 0;
    double user_bytes_ = 0;
    double memtable_size_ = 0;  // logical bytes in it
    Part memtable_;
    uint64_t memtable_first_tick_ = 0;
    uint64_t memtable_writes_ = 0;
    std::unordered_map<TableId, Part> tables_;
    std::unordered_map<TableId, StoredSize::Sizes> sizes_;
};

}  // namespace lsm::simulate
