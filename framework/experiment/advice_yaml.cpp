// A design of the adviser as an experiment file.
#include <algorithm>
#include <cmath>
#include <map>

#include "framework/base/number.hpp"
#include "framework/experiment/adviser.hpp"

namespace lsm::experiment {

std::string advice_yaml(const Advice& advice, const AdviceRequest& request, double shrink,
                        const std::string& engine) {
    const WorkloadMix& mix = request.mix;
    const auto whole = [](double value) {
        return format_number(static_cast<uint64_t>(std::max(1.0, std::round(value))));
    };
    const double entries = std::max(1.0, mix.entries / shrink);
    const double memtable = std::max(1024.0, advice.memtable_bytes / shrink);
    std::map<std::string, std::map<std::string, std::string>> sections;
    for (const auto& [path, value] : advice.settings) {
        const size_t dot = path.rfind('.');
        sections[path.substr(5, dot - 5)][path.substr(dot + 1)] = value;
    }
    sections["memtable"]["size"] = whole(memtable) + " B";
    sections["format"] = {{"block_size", whole(request.block_bytes) + " B"},
                          {"table_size", whole(std::min(memtable, 64e6)) + " B"}};
    std::string yaml =
        "experiment: advised\nabout: A design that `lab advise` found\nengine: " + engine +
        "\ntree:\n";
    for (const auto& [section, values] : sections) {
        yaml += "  " + section + ": {";
        bool first = true;
        for (const auto& [name, value] : values) {
            yaml += (first ? "" : ", ") + name + ": " + value;
            first = false;
        }
        yaml += "}\n";
    }
    const std::vector<double> shares = mix.shares();
    const auto parts = [&](size_t kind) {
        return format_number(std::round(shares[kind] * 1e6) / 1e6);
    };
    yaml += "device: {model: " + request.device.name + "}\nworkload:\n";
    yaml += "  - load: {records: " + whole(entries) + ", key: " + whole(mix.key_bytes) +
            " B, value: " + whole(mix.entry_bytes - mix.key_bytes) + " B}\n";
    yaml += "  - run: {operations: " + whole(entries) + ", read_missing: " + parts(0) +
            ", read: " + parts(1) + ", scan: " + parts(2) + ", update: " + parts(3) +
            ", scan_length: [" + whole(mix.range_length) + ", " + whole(mix.range_length) + "]}\n";
    return yaml + "measure: {every: " + whole(std::max(1000.0, entries / 50)) + " operations}\n";
}

}  // namespace lsm::experiment
