// A workload of the crash machine: a few letters, an operation each, over the keys a and b; what
// the tree is to hold after each of them, and how much of that is acknowledged durably at any
// moment.
//
//   p q  put a short value for a, for b          w  a batch: put a, delete b, put c
//   P Q  put a long one (three fill a memtable)  f  flush        c  compact everything
//   d e  delete a, b                             o  close and open again
//   r    delete the range of both
//
// Values say which operation wrote them. With a ~ in front, flushes and compactions do not follow
// writes at once but wait until two are due or something needs them, so that several logs are
// needed at the same time; else they run inline.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/engines/lsmlab_engine.hpp"
#include "framework/os/gated_executor.hpp"
#include "framework/torture/model_case.hpp"

namespace lsm::torture {

inline constexpr const char* kCrashLetters = "pqPQderwfco";
inline constexpr const char* kCrashFolder = "disk/tree";

/// A tree of the machine, so small that three long puts fill its memtable. Error(config) for a
/// combination that is none.
AnyTree::Options crash_options(FileSystem& files, const Combination& combination);

/// All keys and values, in order; lookups of single keys agree, else Error(corruption).
std::string contents_of(const AnyTree& tree);

/// The same for a message: "nothing", and the middle of long values left out.
std::string shown(const std::string& contents);

class CrashWorkload {
  public:
    CrashWorkload(Combination combination, const std::string& letters);

    /// Performs all of it on a new tree. progress() is up to date at every call of the file system.
    void perform(FileSystem& files);

    struct Progress {
        size_t begun = 0;    // operations whose effects may be there
        size_t durable = 0;  // of those, how many must be
    };
    const Progress& progress() const { return progress_; }
    /// What the tree holds after so many operations, as contents_of() says it.
    const std::string& contents(size_t operations) const { return contents_[operations]; }
    /// Whether this is what a crash now may leave.
    bool allows(const std::string& contents) const;

  private:
    AnyTree::Options options(FileSystem& files);
    void perform_one(std::unique_ptr<AnyTree>& tree, FileSystem& files, size_t number);
    void perform_letter(std::unique_ptr<AnyTree>& tree, FileSystem& files, size_t number);

    const Combination combination_;
    const bool waits_;  // background work does
    const std::string letters_;
    GatedExecutor background_;
    std::vector<std::string> contents_;
    Progress progress_;
};

}  // namespace lsm::torture
