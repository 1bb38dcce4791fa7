// What the faults machine runs: a workload, and the kind of fault that one of its calls meets.
//
// As text, for --case: SYNC/SCRIPT/FAULT/once or SYNC/SCRIPT/FAULT/for_good, as
// power/3/torn/once: every n; with /N behind it the n-th call alone, and with a colon and numbers
// of steps, as power/3/torn/once/17:0-5,9, those alone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/log/write_ahead_log.hpp"
#include "framework/os/faulty_file_system.hpp"
#include "framework/torture/model_case.hpp"

namespace lsm::torture {

struct FaultsCase {
    SyncMode sync = SyncMode::process;
    uint64_t script = 0;
    Fault fault = Fault::error;  // of a call to the file system; none: of an allocation
    bool for_good = false;
    uint64_t only = 0;                    // the n-th call alone; 0: every n
    std::optional<Operations> kept = {};  // of the script's steps; none: all

    /// The policies of the script: drawn from all that are there.
    Combination combination() const;
    std::string text() const;
    /// Error(usage) when the text names no case.
    static FaultsCase parse(const std::string& text);
};

/// Every way for a call to fail, in every mode, on scripts 0 .. scripts - 1.
std::vector<FaultsCase> faults_cases(uint64_t scripts);

/// One operation of a batch.
struct FaultsWrite {
    enum class Kind { put, remove, remove_range };
    Kind kind = Kind::put;
    std::string key;
    std::string value;  // or the end of the range
};

struct FaultsStep {
    enum class Kind { write, get, scan, flush, compact, settle, checkpoint, backup, reopen };
    Kind kind = Kind::write;
    std::vector<FaultsWrite> batch;
    std::string key;  // of a get
};

using FaultsContents = std::map<std::string, std::string>;
void apply(const std::vector<FaultsWrite>& batch, FaultsContents& contents);

/// Writes over a few keys, with everything else between them.
std::vector<FaultsStep> faults_script(uint64_t seed, uint64_t script);
/// Of those the ones that the case keeps.
std::vector<FaultsStep> faults_script(uint64_t seed, const FaultsCase& of);

}  // namespace lsm::torture
