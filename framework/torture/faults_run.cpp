#include "framework/torture/faults_run.hpp"

#include <algorithm>
#include <new>
#include <set>

#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/torture/failing_allocation.hpp"
#include "framework/torture/folder_copy.hpp"
#include "framework/torture/uncounted_file_system.hpp"
#include "framework/tree/backup.hpp"

namespace lsm::torture {

namespace {

constexpr const char* kFolder = "t";

std::string difference(const FaultsContents& is, const FaultsContents& should_be) {
    for (const auto& [key, value] : should_be) {
        const auto found = is.find(key);
        if (found == is.end()) return key + " is missing, should be " + value;
        if (found->second != value) return key + " is " + found->second + ", should be " + value;
    }
    for (const auto& [key, value] : is) {
        if (!should_be.contains(key)) return key + " is " + value + ", should not be there";
    }
    return "none";
}

}  // namespace

FaultsRun::FaultsRun(const FaultsCase& of, const std::vector<FaultsStep>& steps, uint64_t n)
    : case_(of),
      steps_(steps),
      n_(n),
      disk_(of.sync),
      unfailing_(std::make_unique<UncountedFileSystem>(disk_.base())) {
    if (case_.fault == Fault::none) {
        plan_failing_allocation(n, case_.for_good);
    } else {
        disk_.faulty().fail_at(n, case_.fault, case_.for_good);
    }
}

FaultsRun::~FaultsRun() { plan_failing_allocation(0, false); }

bool FaultsRun::reached() const {
    return (case_.fault == Fault::none ? counted_allocations() : disk_.faulty().calls()) >= n_;
}

bool FaultsRun::is_full() const {
    return case_.fault == Fault::full || case_.fault == Fault::torn_full;
}

bool FaultsRun::failed() const {
    return (case_.fault == Fault::none ? failed_allocations() : disk_.faulty().failed()) > 0;
}

AnyTree::Options FaultsRun::options(FileSystem& files) const {
    EngineSettings settings = combination_case(case_.combination(), case_.script).settings;
    settings.memtable_size = 900;
    settings.table_size = 700;
    settings.block_size = 256;
    AnyTree::Options options = tree_options(all_policies(), settings);
    options.files = &files;
    options.folder = kFolder;
    options.sync = case_.sync;
    options.log_reserve = 4096;
    options.manifest_growth = 0;
    return options;
}

/// Whether the action went through. What it may throw, and when, is part of the contract.
template <class Action>
bool FaultsRun::attempt(Action action) {
    std::string what;
    try {
        const CountedAllocations counted(case_.fault == Fault::none);
        action();
        return true;
    } catch (const Error& error) {
        what = error.what();
    } catch (const std::bad_alloc&) {
        what = "out of memory";
    }
    if (!failed()) throw FaultsBreach("an error without a fault: " + what);
    hash_ = mix64(hash_ ^ hash_bytes(what, 0));
    thrown_ += 1;
    told_ = true;
    return false;
}

bool FaultsRun::open() {
    if (tree_) return true;
    const uint64_t before = disk_.faulty().failed() + failed_allocations();
    AnyTree::Options settings = options(
        case_.fault == Fault::none ? *unfailing_ : static_cast<FileSystem&>(disk_.faulty()));
    if (!attempt([&] { tree_ = AnyTree::open(std::move(settings)); })) {
        if (disk_.faulty().failed() + failed_allocations() == before)
            throw FaultsBreach("does not open, though nothing fails any more");
        return false;
    }
    // Reads of the tree itself may fail still; later ones are held against this.
    const auto copy = folder_copy(disk_.base(), kFolder);
    const FaultsContents content = contents_of(*AnyTree::open(options(*copy)));
    check_against(content, "opened again");
    model_ = content;
    earlier_.clear();
    maybe_.clear();
    return true;
}

FaultsContents FaultsRun::contents_of(const AnyTree& tree) {
    FaultsContents content;
    const auto cursor = tree.cursor();
    for (cursor->seek_first(); cursor->valid(); cursor->next())
        content.emplace(cursor->key(), cursor->value());
    return content;
}

void FaultsRun::check_against(const FaultsContents& content, const std::string& where) {
    const auto among = [&](const std::vector<FaultsContents>& states) {
        return std::find(states.begin(), states.end(), content) != states.end();
    };
    if (content == model_ || among(maybe_)) return;
    if (case_.sync == SyncMode::none && among(earlier_)) return;
    throw FaultsBreach(where + ": " + difference(content, model_));
}

void FaultsRun::note_durable() {
    earlier_.clear();
    maybe_.clear();
}

void FaultsRun::note_warnings() {
    if (tree_ == nullptr) return;
    told_ = told_ || !tree_->warnings().empty() || !tree_->recovery().notes.empty();
}

void FaultsRun::write(const FaultsStep& step) {
    WriteBatch batch;
    for (const FaultsWrite& one : step.batch) {
        switch (one.kind) {
            case FaultsWrite::Kind::put:
                batch.put(one.key, one.value);
                break;
            case FaultsWrite::Kind::remove:
                batch.remove(one.key);
                break;
            case FaultsWrite::Kind::remove_range:
                batch.remove_range(one.key, one.value);
                break;
        }
    }
    FaultsContents after = model_;
    apply(step.batch, after);
    const uint64_t before = disk_.faulty().failed();
    if (attempt([&] { tree_->write(batch); })) {
        if (case_.sync == SyncMode::none) earlier_.push_back(model_);
        model_ = std::move(after);
        maybe_.clear();
        return;
    }
    maybe_.push_back(std::move(after));
    if (is_full() && disk_.faulty().failed() == before)
        throw FaultsBreach("a write is refused though there is room again");
}

void FaultsRun::get(const FaultsStep& step) {
    std::string value;
    bool any = false;
    const uint64_t before = disk_.faulty().failed() + failed_allocations();
    if (!attempt([&] { any = tree_->get(step.key, value); })) {
        if (disk_.faulty().failed() + failed_allocations() == before)
            throw FaultsBreach("a get throws though its reads went through");
        return;
    }
    const auto found = model_.find(step.key);
    if (any != (found != model_.end()) || (any && value != found->second)) {
        throw FaultsBreach("get of " + step.key + (any ? " is " + value : " finds nothing") +
                           ", should be " + (found == model_.end() ? "nothing" : found->second));
    }
}

void FaultsRun::scan() {
    FaultsContents content;
    const uint64_t before = disk_.faulty().failed() + failed_allocations();
    if (!attempt([&] { content = contents_of(*tree_); })) {
        if (disk_.faulty().failed() + failed_allocations() == before)
            throw FaultsBreach("a scan throws though its reads went through");
        return;
    }
    if (content != model_) throw FaultsBreach("scan: " + difference(content, model_));
}

/// `acknowledged`: in mode power it must be there after a power loss, too.
void FaultsRun::check_copy(const std::string& folder, const FaultsContents& expected,
                           bool acknowledged) {
    const bool lose_power = acknowledged && disk_.can_lose_power();
    const auto left = lose_power ? disk_.after_power_loss(false) : nullptr;
    const auto copy = folder_copy(left ? *left : disk_.base(), folder);
    AnyTree::Options settings = options(*copy);
    settings.folder = folder;
    const FaultsContents content = contents_of(*AnyTree::open(std::move(settings)));
    if (content != expected) throw FaultsBreach(folder + ": " + difference(content, expected));
}

/// A checkpoint of the open tree, or a backup of the closed one.
void FaultsRun::copy_to(const std::string& folder, bool backup) {
    FileSystem& files =
        case_.fault == Fault::none ? *unfailing_ : static_cast<FileSystem&>(disk_.faulty());
    if (backup) {
        close();
        const auto copy = folder_copy(disk_.base(), kFolder);
        const FaultsContents closed = contents_of(*AnyTree::open(options(*copy)));
        check_against(closed, "closed for a backup");
        const bool done = attempt([&] { backup_folder(files, kFolder, folder, all_policies()); });
        if (disk_.base().exists(folder + "/BACKUP")) check_copy(folder, closed, done);
        if (!done) return;
        const std::string target = folder + "-restored";
        const bool restored = attempt([&] { restore_backup(files, folder, target); });
        if (restored) check_copy(target, closed, true);
        return;
    }
    const bool done = attempt([&] { tree_->checkpoint(folder); });
    if (done) note_durable();
    if (disk_.base().exists(folder + "/CURRENT")) check_copy(folder, model_, done);
}

void FaultsRun::close() {
    note_warnings();
    if (attempt([&] { tree_->close(); })) note_durable();
    note_warnings();
    const CountedAllocations counted(case_.fault == Fault::none);
    tree_.reset();
}

void FaultsRun::perform(const FaultsStep& step) {
    using Kind = FaultsStep::Kind;
    if (!open()) return;
    switch (step.kind) {
        case Kind::write:
            return write(step);
        case Kind::get:
            return get(step);
        case Kind::scan:
            return scan();
        case Kind::flush:
            if (attempt([&] { tree_->flush(); })) note_durable();
            return;
        case Kind::compact:
            if (attempt([&] { tree_->compact(); })) note_durable();
            return;
        case Kind::settle:
            attempt([&] { tree_->settle(); });
            return;
        case Kind::checkpoint:
            return copy_to("c" + std::to_string(++copies_), false);
        case Kind::backup:
            return copy_to("b" + std::to_string(++copies_), true);
        case Kind::reopen:
            return close();
    }
}

/// The folder opens without faults, takes writes, and opens again.
void FaultsRun::check_left(FileSystem& files) {
    const auto tree = AnyTree::open(options(files));
    const FaultsContents content = contents_of(*tree);
    check_against(content, "left");
    hash_ = mix64(hash_ ^ content.size());
    tree->put("new", "1");
    tree->close();
    const auto again = AnyTree::open(options(files));
    FaultsContents after = content;
    after["new"] = "1";
    if (const FaultsContents found = contents_of(*again); found != after)
        throw FaultsBreach("opened twice: " + difference(found, after));
    std::set<std::string> needed{"CURRENT", "LOCK"};
    for (const LevelShape& level : again->shape().levels) {
        for (const RunShape& run : level.runs) {
            for (const TableShape& table : run.tables)
                needed.insert(std::to_string(table.id) + ".table");
        }
    }
    uint64_t others = case_.sync == SyncMode::none ? 1 : 2;  // a manifest and a log
    for (const std::string& name : files.list(kFolder)) {
        if (needed.contains(name)) continue;
        if (others == 0) throw FaultsBreach("nobody needs " + name);
        others -= 1;
    }
}

/// What can be read after the restart is there after a power loss as well.
void FaultsRun::check_kept() {
    const auto now = folder_copy(disk_.base(), kFolder);
    const auto later = disk_.after_power_loss(false);
    const FaultsContents read = contents_of(*AnyTree::open(options(*now)));
    const FaultsContents kept = contents_of(*AnyTree::open(options(*later)));
    if (kept != read) throw FaultsBreach("after a power loss: " + difference(kept, read));
}

void FaultsRun::finish() {
    note_warnings();
    if (tree_) scan();
    if (disk_.can_lose_power()) {
        for (const bool pending_kept : {false, true})
            check_left(*disk_.after_power_loss(pending_kept));
    }
    if (disk_.base().exists(kFolder)) check_left(*folder_copy(disk_.base(), kFolder));
    if (tree_) close();
    disk_.faulty().heal();
    plan_failing_allocation(0, false);
    check_left(disk_.base());
    if (disk_.can_lose_power()) check_kept();
    // What passed without a trace needs no words: a full disk that a call waited out by itself,
    // memory that it did without.
    if (failed() && !told_ && !is_full() && case_.fault != Fault::none)
        throw FaultsBreach("nobody was told of: " + disk_.faulty().first_failed());
}

void FaultsRun::run() {
    for (const FaultsStep& step : steps_) {
        perform(step);
        note_warnings();  // a full disk is told of as long as it lasts
    }
    finish();
}

}  // namespace lsm::torture
