#include "framework/torture/machine.hpp"

#include "framework/torture/concurrency_machine.hpp"
#include "framework/torture/crash_machine.hpp"
#include "framework/torture/faults_machine.hpp"
#include "framework/torture/kill_machine.hpp"
#include "framework/torture/model_machine.hpp"
#include "framework/torture/museum.hpp"
#include "framework/torture/rot_machine.hpp"

namespace lsm::torture {

const std::vector<Machine>& all_machines() {
    static const std::vector<Machine> kMachines{
        {"crash", "power losses at every moment: which disks could be left, and what they hold",
         run_crash_machine},
        {"faults", "every call to the disk and every allocation fails in turn, once and for good",
         run_faults_machine},
        {"model", "random operations on random combinations of policies, against a std::map",
         run_model_machine},
        {"kill", "kill -9 of a process that writes, at any write and at every n-th system call",
         run_kill_machine},
        {"concurrency",
         "everything at the same time, on threads and under a seeded scheduler; histories checked",
         run_concurrency_machine},
        {"rot", "every bit, truncation, zeroed sector, missing or wrong file of small databases",
         run_rot_machine},
        {"museum",
         "historic bugs of real engines, switched on one by one: which machine catches them",
         run_museum},
    };
    return kMachines;
}

}  // namespace lsm::torture
