#include "framework/experiment/device.hpp"

namespace lsm::experiment {

double Device::seconds(const EngineCounters& counters) const {
    return static_cast<double>(counters.device_reads) * read_seconds +
           static_cast<double>(counters.device_read_bytes) / read_bandwidth +
           static_cast<double>(counters.device_writes) * write_seconds +
           static_cast<double>(counters.device_written_bytes) / write_bandwidth;
}

const std::vector<Device>& all_devices() {
    static const std::vector<Device> devices{
        {"nvme", "a solid-state disk on PCI Express", 80e-6, 20e-6, 3e9, 2e9},
        {"sata_ssd", "a solid-state disk on SATA", 150e-6, 60e-6, 500e6, 400e6},
        {"hdd", "a disk of 7200 turns a minute", 8e-3, 8e-3, 200e6, 200e6},
        {"object_store", "objects over a network", 30e-3, 60e-3, 100e6, 100e6},
    };
    return devices;
}

std::vector<std::string> device_names() {
    std::vector<std::string> names;
    for (const Device& device : all_devices()) names.push_back(device.name);
    return names;
}

std::optional<Device> find_device(std::string_view name) {
    for (const Device& device : all_devices()) {
        if (device.name == name) return device;
    }
    return std::nullopt;
}

}  // namespace lsm::experiment
