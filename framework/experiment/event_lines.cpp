#include "framework/experiment/event_lines.hpp"

#include <nlohmann/json.hpp>

#include "framework/base/printable.hpp"
#include "framework/experiment/entry_names.hpp"

namespace lsm::experiment {

namespace {

using Json = nlohmann::ordered_json;

/// One line of ASCII, whatever the strings hold.
std::string line_of(const Json& object) {
    return object.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json tables(const std::vector<TableNote>& notes) {
    Json list = Json::array();
    for (const TableNote& note : notes) {
        Json table;
        table["id"] = note.id;
        table["level"] = note.level;
        table["run"] = note.run;
        table["smallest"] = printable(note.smallest);
        table["largest"] = printable(note.largest);
        table["bytes"] = note.logical_bytes;
        table["stored_bytes"] = note.stored_bytes;
        table["entries"] = note.entries;
        table["tombstones"] = note.tombstones;
        list.push_back(std::move(table));
    }
    return list;
}

/// A whole number without a fraction, so that 1 does not print as 1.0.
Json number(double value) {
    if (value >= 0 && value < 0x1p53 &&
        value == static_cast<double>(static_cast<uint64_t>(value))) {
        return static_cast<uint64_t>(value);
    }
    return value;
}

}  // namespace

std::string start_line(const Trial& trial) {
    Json line;
    line["event"] = "start";
    line["operations"] = 0;
    Json settings = Json::object();
    for (const auto& [path, text] : trial.columns) {
        if (!is_names_path(path)) settings[path] = text;
    }
    line["settings"] = std::move(settings);
    return line_of(line);
}

std::string phase_line(uint64_t operations, uint64_t phase_number, const workloads::Phase& phase) {
    Json line;
    line["event"] = "phase";
    line["operations"] = operations;
    line["phase"] = phase_number;
    line["kind"] = workloads::phase_kind_name(phase.kind);
    line["name"] = phase.name;
    Json options = Json::object();
    for (const auto& [name, text] : workloads::print_phase(phase)) options[name] = text;
    line["options"] = std::move(options);
    return line_of(line);
}

std::string event_line(uint64_t operations, const EngineEvent& event, bool realtime) {
    Json line;
    line["event"] = event_type_name(event.type);
    line["operations"] = operations;
    line["writes"] = event.operations;
    line["reason"] = event.reason;
    line["score"] = number(event.score);
    line["bytes_read"] = event.bytes_read;
    line["bytes_written"] = event.bytes_written;
    line["entries_dropped"] = event.entries_dropped;
    if (realtime) line["seconds"] = number(static_cast<double>(event.nanoseconds) / 1e9);
    line["inputs"] = tables(event.inputs);
    line["outputs"] = tables(event.outputs);
    return line_of(line);
}

}  // namespace lsm::experiment
