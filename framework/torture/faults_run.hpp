// One run of the faults machine: a script on a tree whose n-th call fails, everything it answers
// held against a std::map, and then what is left, opened without faults.
//
// What must hold, whatever failed:
//   - An operation throws or does what it says; it throws only after a fault. A get is right or
//     throws, and so is a scan.
//   - A fault is told of: some call threw, or warnings() names it. (Not one that passes without a
//     trace: room or memory that the call had without it.)
//   - What was acknowledged is there afterwards (in mode none: what was before the last flush,
//     checkpoint or close that went through, and of the rest a prefix). What was refused is not,
//     if any write after it was acknowledged; else it is there as a whole or not at all.
//   - The folder opens, takes writes, and holds no file that nobody needs.
//   - In mode power all of that is so after a power loss too, and a sync that failed has lost the
//     bytes that it was for (crash_file_system.hpp), whatever a later one says.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/torture/faults_case.hpp"
#include "framework/torture/faulty_disk.hpp"

namespace lsm::torture {

/// The contract did not hold.
struct FaultsBreach : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class FaultsRun {
  public:
    /// `n` from 1.
    FaultsRun(const FaultsCase& of, const std::vector<FaultsStep>& steps, uint64_t n);
    ~FaultsRun();
    /// Throws FaultsBreach.
    void run();

    /// Whether the n-th call was met at all. Calls that a kind of fault can not hit pass.
    bool reached() const;
    bool failed() const;
    uint64_t refused() const { return thrown_; }
    bool told() const { return told_; }
    /// Of what was answered and what was left.
    uint64_t hash() const { return hash_; }

  private:
    template <class Action>
    bool attempt(Action action);
    AnyTree::Options options(FileSystem& files) const;
    bool is_full() const;
    bool open();
    void perform(const FaultsStep& step);
    void write(const FaultsStep& step);
    void get(const FaultsStep& step);
    void scan();
    void copy_to(const std::string& folder, bool backup);
    void close();
    void note_warnings();
    void finish();
    void note_durable();
    void check_copy(const std::string& folder, const FaultsContents& expected, bool acknowledged);
    void check_left(FileSystem& files);
    void check_kept();
    void check_against(const FaultsContents& content, const std::string& where);
    static FaultsContents contents_of(const AnyTree& tree);

    const FaultsCase case_;
    const std::vector<FaultsStep>& steps_;
    const uint64_t n_;
    FaultyDisk disk_;
    std::unique_ptr<FileSystem> unfailing_;  // of allocations: those of the file system
    std::unique_ptr<AnyTree> tree_;
    FaultsContents model_;
    std::vector<FaultsContents> earlier_;  // in mode none: states that a crash may fall back to
    std::vector<FaultsContents> maybe_;    // with one of the writes that were refused last
    uint64_t thrown_ = 0;
    bool told_ = false;
    uint64_t copies_ = 0;
    uint64_t hash_ = 0;
};

}  // namespace lsm::torture
