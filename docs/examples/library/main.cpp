// lsmlab as a library: a tree in a folder, everything that one does with it, and a second tree with
// a compaction policy of this program's own. Exits with 0 when every answer was the expected one.
//
//   library_example [FOLDER]      (default: library-example; made when it is missing)
#include <iostream>
#include <string>
#include <string_view>

#include "framework/tree/tree.hpp"

#include "policies/bloom/uniform.hpp"
#include "policies/compaction/lazy_leveling.hpp"
#include "policies/filter/blocked_bloom.hpp"
#include "policies/format/row_block.hpp"
#include "policies/memtable/skiplist.hpp"

namespace {

// A tree is made of one policy per axis. All of it is compiled into this program.
using Store = lsm::Tree<lsm::memtable::Skiplist, lsm::bloom::Uniform, lsm::format::RowBlock,
                        lsm::compaction::LazyLeveling, lsm::filter::BlockedBloom>;

// A compaction policy of our own: flushes collect on level 1 until there are `batch` of them; then
// they all merge, together with what is on level 2, into the one run there.
class MergeByBatch {
  public:
    struct Options {
        uint64_t batch = 4;
    };

    explicit MergeByBatch(const Options& options) : batch_(options.batch) {}

    // Called after each flush and each compaction, until it returns nothing. It sees table metadata
    // alone, decides, and changes nothing itself.
    lsm::Choice choose(const lsm::TreeShape& shape) const {
        const lsm::LevelShape& first = shape.level(1);
        const lsm::LevelShape& second = shape.level(2);
        if (first.runs.size() < batch_ || first.busy() || second.busy())
            return lsm::Choice::nothing();

        lsm::Choice choice;
        choice.action = lsm::Choice::Action::merge;
        choice.output_level = 2;
        for (const lsm::LevelShape* level : {&first, &second}) {
            for (const lsm::RunShape& run : level->runs) {
                for (const lsm::TableShape& table : run.tables) choice.inputs.push_back(table.id);
            }
        }
        choice.reason = std::to_string(first.runs.size()) + " runs on level 1";
        return choice;
    }

    uint64_t runs_allowed(const lsm::TreeShape&, int level) const {
        return level == 1 ? batch_ - 1 : 1;
    }

  private:
    uint64_t batch_;
};

using BatchStore = lsm::Tree<lsm::memtable::Skiplist, lsm::bloom::Uniform, lsm::format::RowBlock,
                             MergeByBatch, lsm::filter::BlockedBloom>;

int wrong_answers = 0;

void expect(bool holds, std::string_view what) {
    std::cout << (holds ? "ok     " : "WRONG  ") << what << "\n";
    if (!holds) ++wrong_answers;
}

void use_a_tree(const std::string& folder) {
    Store::Options options;
    options.folder = folder;
    options.sync = lsm::SyncMode::process;  // acknowledged writes survive kill -9
    const auto tree = Store::open(options);

    tree->put("apple", "red");
    tree->put("banana", "yellow");
    tree->put("cherry", "black");
    expect(tree->get("banana") == "yellow", "get returns what was put");
    expect(!tree->get("quince"), "a key that was never put is not there");

    const lsm::Snapshot before = tree->snapshot();

    lsm::WriteBatch batch;  // all of it or nothing, also after a crash
    batch.put("banana", "green");
    batch.remove("cherry");
    batch.put("damson", "blue");
    tree->write(batch);

    std::string colour;
    expect(tree->get("banana", colour) && colour == "green", "the batch is written");
    expect(tree->get("banana", colour, before) && colour == "yellow",
           "the snapshot still has the old value");

    std::string keys;
    const auto cursor = tree->cursor();
    for (cursor->seek("b"); cursor->valid(); cursor->next())
        keys += std::string(cursor->key()) + " ";
    expect(keys == "banana damson ", "a scan from \"b\" upwards: " + keys);

    keys.clear();
    const auto old = tree->cursor(before);
    for (old->seek_at_most("bz"); old->valid(); old->previous())
        keys += std::string(old->key()) + " ";
    expect(keys == "banana apple ", "a scan of the snapshot from \"bz\" downwards: " + keys);

    tree->close();  // durable in every sync mode
}

void open_it_again(const std::string& folder) {
    Store::Options options;
    options.folder = folder;
    const auto tree = Store::open(options);
    expect(tree->get("damson") == "blue" && !tree->get("cherry"), "a closed tree opens as it was");
    tree->close();
}

void use_our_own_policy(const std::string& folder) {
    BatchStore::Options options;
    options.folder = folder;
    options.memtable_size = 16 << 10;  // small, so that something happens
    options.table_size = 64 << 10;
    options.compaction.batch = 3;
    options.compaction_name = "merge_by_batch";
    const auto tree = BatchStore::open(options);

    for (int i = 0; i < 5000; ++i) {
        const std::string number = std::to_string(i * 7919 % 5000 + 10000);
        tree->put("key" + number, "value of key " + number);
    }
    const lsm::TreeShape shape = tree->shape();
    const lsm::EngineCounters counters = tree->counters();
    expect(shape.level(1).runs.size() < 3 && shape.level(2).runs.size() == 1,
           "level 2 has one run, level 1 fewer than 3");
    expect(tree->get("key12345") == "value of key 12345", "every key is found");
    std::cout << "       " << counters.flushes << " flushes, " << counters.compactions
              << " compactions, " << counters.flush_bytes + counters.compaction_bytes_written
              << " bytes written for " << counters.user_bytes << "\n";
    tree->close();
}

}  // namespace

int main(int count, char** arguments) {
    const std::string folder = count > 1 ? arguments[1] : "library-example";
    try {
        use_a_tree(folder + "/fruit");
        open_it_again(folder + "/fruit");
        use_our_own_policy(folder + "/numbers");
    } catch (const lsm::Error& error) {
        std::cerr << lsm::error_kind_name(error.kind()) << ": " << error.what() << "\n";
        return lsm::exit_status(error.kind());
    }
    std::cout << (wrong_answers == 0 ? "all as expected\n" : "something is wrong\n");
    return wrong_answers == 0 ? 0 : 1;
}
