#include "framework/experiment/device.hpp"

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"

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

const std::vector<DeviceFigure>& device_figures() {
    static const std::vector<DeviceFigure> figures{
        {"read_seek", "seek", "time of a read before its first byte", true, &Device::read_seconds},
        {"write_seek", "seek", "time of a write before its first byte", true,
         &Device::write_seconds},
        {"read_bandwidth", "bandwidth", "bytes read in a second", false, &Device::read_bandwidth},
        {"write_bandwidth", "bandwidth", "bytes written in a second", false,
         &Device::write_bandwidth},
    };
    return figures;
}

std::vector<std::string> device_keys() {
    std::vector<std::string> keys{"seek", "bandwidth"};
    for (const DeviceFigure& figure : device_figures()) keys.push_back(figure.name);
    return keys;
}

std::optional<double> parse_seconds(std::string_view text) {
    const std::string_view all = trim(text);
    const size_t end = all.find_last_of("0123456789.") + 1;
    const auto number = parse_real(all.substr(0, end));
    const std::string_view unit = trim(all.substr(end));
    if (!number || *number < 0) return std::nullopt;
    // Divided, not multiplied: the nearest number to what is written.
    if (unit == "s") return *number;
    if (unit == "ms") return *number / 1e3;
    if (unit == "us" || unit == "µs") return *number / 1e6;
    if (unit == "ns") return *number / 1e9;
    return std::nullopt;
}

std::optional<double> parse_bandwidth(std::string_view text) {
    std::string_view size = trim(text);
    if (size.ends_with("/s")) size.remove_suffix(2);
    const auto bytes = parse_size(size);
    return bytes && *bytes > 0 ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
}

std::optional<Device> find_device(std::string_view name) {
    for (const Device& device : all_devices()) {
        if (device.name == name) return device;
    }
    return std::nullopt;
}

}  // namespace lsm::experiment
