// Device models: what the reads and writes of a trial would cost on a device, a named one or one
// with figures of its own, so that strategies compare in seconds that are the same on every
// machine.
//
//     seconds = reads * read_seconds + read bytes / read bandwidth + writes * write_seconds +
//     written bytes / write bandwidth
//
// One request at a time: no queue, no parallelism, no cache but the engine's own. Reads and writes
// are those of table files; the log is left out, as it is from write amplification. The figures are
// typical ones in round numbers, for telling orders of magnitude apart; they describe no product.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/metrics/engine_counters.hpp"

namespace lsm::experiment {

struct Device {
    std::string name;
    std::string about;
    double read_seconds;  // per request, before the first byte
    double write_seconds;
    double read_bandwidth;  // bytes per second
    double write_bandwidth;

    double seconds(const EngineCounters& counters) const;
};

/// nvme, sata_ssd, hdd, object_store.
const std::vector<Device>& all_devices();
std::vector<std::string> device_names();
/// Nothing when there is no model of that name.
std::optional<Device> find_device(std::string_view name);

/// A figure of a device that an experiment may give, `device: {read_seek: 80 us}`.
struct DeviceFigure {
    std::string name;  ///< "read_seek"
    std::string both;  ///< "seek": the key that gives it for reads and writes alike
    std::string about;
    bool is_time = false;  ///< else bytes per second
    double Device::* member = nullptr;
};
const std::vector<DeviceFigure>& device_figures();
/// Every key of `device:` but `model`, the more general ones first.
std::vector<std::string> device_keys();

/// Seconds of "80 us", "8 ms", "0.5 s"; nothing when it is no such text, or negative.
std::optional<double> parse_seconds(std::string_view text);
/// Bytes per second of "2 GiB" or "2 GiB/s"; nothing when it is none, or 0.
std::optional<double> parse_bandwidth(std::string_view text);

}  // namespace lsm::experiment
