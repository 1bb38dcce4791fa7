// A tree against a std::map. The first bytes pick the policies; each further operation is a byte
// and what it needs, over 32 keys. After each reopening, and at the end, all must be equal.
#include <map>

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/memory_file_system.hpp"
#include "framework/torture/model_case.hpp"
#include "tests/fuzz/fuzz_input.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/whole_files.hpp"

namespace lsm::fuzz {

namespace {

using Map = std::map<std::string, std::string>;

constexpr size_t kMostOperations = 400;

AnyTree::Options drawn_options(FuzzInput& input, FileSystem& files) {
    torture::Combination combination;
    for (const auto& [member, values] : torture::combination_axes())
        combination.*member = values[input.byte() % values.size()];
    EngineSettings settings = torture::combination_case(combination, input.byte()).settings;
    settings.memtable_size = 200;
    settings.table_size = 150;
    settings.block_size = 60;
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = &files;
    options.folder = "t";
    options.log_reserve = 0;
    return options;
}

class Run {
  public:
    explicit Run(FuzzInput& input)
        : input_(input), options_(drawn_options(input, *files_)), tree_(AnyTree::open(options_)) {}

    void run() {
        for (size_t i = 0; i < kMostOperations && !input_.empty(); ++i) step();
        check();
        reopen();
        check();
    }

  private:
    std::string key() { return "key" + std::to_string(input_.byte() % 32); }
    std::string value() { return std::string(input_.byte() % 50, 'v') + std::to_string(++count_); }

    void step() {
        switch (input_.byte() % 12) {
            case 0:
                return remove();
            case 1:
                return remove_range();
            case 2:
                return batch();
            case 3:
                return tree_->flush();
            case 4:
                return tree_->compact();
            case 5:
                return reopen();
            case 6:
                return get();
            case 7:
                return seek();
            case 8:
                return put(uint64_t{1} << 40);
            case 9:
                snapshot_.emplace(tree_->snapshot());
                then_ = now_;
                return;
            case 10:
                return check_snapshot();
            default:
                return put(0);
        }
    }

    void put(uint64_t ttl) {
        const std::string at = key(), what = value();
        ttl == 0 ? tree_->put(at, what) : tree_->put(at, what, ttl);
        now_[at] = what;
    }
    void remove() {
        const std::string at = key();
        tree_->remove(at);
        now_.erase(at);
    }
    void remove_range() {
        std::string first = key(), last = key();
        if (first == last) return;
        if (last < first) std::swap(first, last);
        tree_->remove_range(first, last);
        now_.erase(now_.lower_bound(first), now_.lower_bound(last));
    }
    void batch() {
        WriteBatch batch;
        for (size_t i = input_.byte() % 6; i > 0; --i) {
            const std::string at = key(), what = value();
            if (what.size() % 3 == 0) {
                batch.remove(at);
                now_.erase(at);
            } else {
                batch.put(at, what);
                now_[at] = what;
            }
        }
        tree_->write(batch);
    }
    void get() {
        const std::string at = key();
        const auto found = tree_->get(at);
        const auto expected = now_.find(at);
        require(found.has_value() == (expected != now_.end()));
        require(!found || *found == expected->second);
    }
    void seek() {
        const std::string at = key();
        const auto cursor = tree_->cursor();
        cursor->seek(at);
        const auto expected = now_.lower_bound(at);
        require(cursor->valid() == (expected != now_.end()));
        require(!cursor->valid() || (cursor->key() == expected->first));
    }
    static void compare(TreeCursor& cursor, const Map& expected) {
        auto next = expected.begin();
        for (cursor.seek_first(); cursor.valid(); cursor.next(), ++next) {
            require(next != expected.end());
            require(cursor.key() == next->first && cursor.value() == next->second);
        }
        require(next == expected.end());
    }
    void check() { compare(*tree_->cursor(), now_); }
    void check_snapshot() {
        if (snapshot_) compare(*tree_->cursor(*snapshot_), then_);
    }
    /// Closed, or as a power loss leaves it when every byte is on the disk.
    void reopen() {
        snapshot_.reset();
        if (input_.byte() % 2 == 0 || options_.sync == SyncMode::none) {
            tree_->close();
            tree_.reset();
        } else {
            auto copy = make_memory_file_system();
            copy->create_folder("t");
            for (const std::string& name : files_->list("t")) {
                if (name != "LOCK")
                    test::write_file(*copy, "t/" + name, test::file_bytes(*files_, "t/" + name));
            }
            tree_.reset();
            files_ = std::move(copy);
            options_.files = files_.get();
        }
        tree_ = AnyTree::open(options_);
        check();
    }

    FuzzInput& input_;
    std::unique_ptr<FileSystem> files_ = make_memory_file_system();
    AnyTree::Options options_;
    std::unique_ptr<AnyTree> tree_;
    std::optional<Snapshot> snapshot_;
    Map now_, then_;
    uint64_t count_ = 0;
};

}  // namespace

void operations_target(std::string_view bytes) {
    FuzzInput input(bytes);
    Run(input).run();
}

}  // namespace lsm::fuzz
