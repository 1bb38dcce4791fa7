#include "framework/torture/machine.hpp"

#include "framework/torture/model_machine.hpp"

namespace lsm::torture {

const std::vector<Machine>& all_machines() {
    static const std::vector<Machine> kMachines{
        {"model", "random operations on random combinations of policies, against a std::map",
         run_model_machine},
    };
    return kMachines;
}

}  // namespace lsm::torture
