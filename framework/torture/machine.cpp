#include "framework/torture/machine.hpp"

namespace lsm::torture {

const std::vector<Machine>& all_machines() {
    static const std::vector<Machine> kMachines{};
    return kMachines;
}

}  // namespace lsm::torture
