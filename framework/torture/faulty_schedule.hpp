// Writers side by side on one tree, of whose calls to the file system one fails: who is told what?
//
// Each client writes keys of its own, so it knows what they hold whatever the others do, and stops
// at its first error. What must hold:
//   - Nobody gets an error before the fault, and nobody waits for ever (the scheduler sees to
//   that).
//   - A read of one's own keys is right, or throws.
//   - After the tree was closed, and when the process was killed before that (without background
//     threads, which a copy of the folder would not wait for), each client's acknowledged writes
//     are there; the batch that it was refused is there whole or not at all.
//   - In mode power the same holds when the power goes at any moment, with nothing kept that no
//   sync
//     has covered. Some moments are drawn.
// Run under a scheduler (scheduler.hpp) the same numbers give the same run.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/random.hpp"
#include "framework/engines/lsmlab_engine.hpp"
#include "framework/torture/faulty_disk.hpp"
#include "framework/torture/model_case.hpp"

namespace lsm::torture {

class FaultySchedule {
  public:
    static constexpr uint64_t kMostOperations = 32;
    /// Everything is drawn from the two; of the operations of all clients, one after the other,
    /// those are left out that are not kept.
    FaultySchedule(uint64_t seed, uint64_t number, std::optional<Operations> kept = {});
    /// Throws HistoryError when anything is not as it should be.
    void run();

    Random& random() { return random_; }
    uint64_t writes() const { return writes_; }
    uint64_t refused() const { return refused_; }
    uint64_t failed_calls() const { return failed_calls_; }
    uint64_t hash() const { return hash_; }

  private:
    using Contents = std::map<std::string, std::string>;
    struct Client {
        uint64_t number = 0;
        uint64_t seed = 0;
        Random random{0};                  // of this operation
        std::vector<Contents> states{{}};  // of its keys: after each write, refused or not
        size_t acknowledged = 0;           // the state that is sure
        bool stopped = false;
    };
    /// The disk at one moment, and what was acknowledged a moment before.
    struct PowerLoss {
        CrashPoint disk;
        std::vector<size_t> acknowledged;  // by client
    };

    void run_client(AnyTree& tree, Client& client);
    void write(AnyTree& tree, Client& client);
    void get(AnyTree& tree, Client& client);
    void lose_power();
    void check_power_losses();
    std::vector<size_t> acknowledged() const;
    void check_left(FileSystem& files, const std::vector<size_t>& acknowledged,
                    const std::string& where);

    const std::optional<Operations> kept_;
    Random random_;
    AnyTree::Options options_;
    std::unique_ptr<FaultyDisk> disk_;
    std::vector<Client> clients_;
    std::vector<PowerLoss> losses_;
    uint64_t operations_ = 0;  // of each
    int background_ = 0;       // threads; 0: everything inline
    uint64_t failing_ = 0;     // the call that does
    Fault fault_ = Fault::error;
    bool for_good_ = false;
    uint64_t writes_ = 0;
    uint64_t refused_ = 0;
    uint64_t failed_calls_ = 0;
    uint64_t hash_ = 0;
};

}  // namespace lsm::torture
