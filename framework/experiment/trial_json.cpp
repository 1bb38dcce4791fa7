#include "framework/experiment/trial_json.hpp"

#include <limits>

#include <nlohmann/json.hpp>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"

namespace lsm::experiment {
namespace {

using Json = nlohmann::json;
using Values = std::vector<std::pair<std::string, double>>;

// Numbers are texts: a reader of JSON may round, and not-a-number is none in JSON.
Json numbers(const Values& values) {
    Json array = Json::array();
    for (const auto& [name, value] : values) {
        array.push_back(format_number(value));
    }
    return array;
}

Json names(const Values& values) {
    Json array = Json::array();
    for (const auto& [name, value] : values) {
        array.push_back(name);
    }
    return array;
}

Values read_values(const Json& names_json, const Json& numbers_json) {
    if (names_json.size() != numbers_json.size()) {
        throw Error(ErrorKind::corruption, "names and numbers differ in number");
    }
    Values values;
    for (size_t i = 0; i < names_json.size(); ++i) {
        const auto text = numbers_json[i].get<std::string>();
        const auto number = parse_real(text);
        if (!number && !text.empty()) {
            throw Error(ErrorKind::corruption, "a number is expected, not " + text);
        }
        values.emplace_back(names_json[i].get<std::string>(),
                            number.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return values;
}

Json level_json(const LevelRow& row) {
    return {row.operations, row.level,         row.run,          row.tables,     row.entries,
            row.tombstones, row.logical_bytes, row.stored_bytes, row.filter_bits};
}

LevelRow read_level(const Json& json) {
    LevelRow row;
    row.operations = json.at(0);
    row.level = json.at(1);
    row.run = json.at(2);
    row.tables = json.at(3);
    row.entries = json.at(4);
    row.tombstones = json.at(5);
    row.logical_bytes = json.at(6);
    row.stored_bytes = json.at(7);
    row.filter_bits = json.at(8);
    return row;
}

TrialResult read_json(const Json& json) {
    TrialResult result;
    // Levels come and go, so the metrics of one sample are not those of the next.
    for (const Json& sample : json.at("samples")) {
        Sample read;
        read.operations = sample.at("operations");
        read.user_bytes = sample.at("user_bytes");
        read.metrics =
            read_values(json.at("names").at(sample.at("names").get<size_t>()), sample.at("values"));
        result.samples.push_back(std::move(read));
    }
    for (const Json& row : json.at("levels")) {
        result.levels.push_back(read_level(row));
    }
    result.events = json.at("events").get<std::vector<std::string>>();
    result.metrics = read_values(json.at("metric_names"), json.at("metrics"));
    result.checked_reads = json.at("checked_reads");
    result.wall_seconds = json.at("wall_seconds");
    return result;
}

}  // namespace

std::string trial_json(const TrialResult& result) {
    Json json;
    json["names"] = Json::array();
    json["samples"] = Json::array();
    for (const Sample& sample : result.samples) {
        Json sample_names = names(sample.metrics);
        if (json["names"].empty() || json["names"].back() != sample_names) {
            json["names"].push_back(std::move(sample_names));
        }
        json["samples"].push_back({{"operations", sample.operations},
                                   {"user_bytes", sample.user_bytes},
                                   {"names", json["names"].size() - 1},
                                   {"values", numbers(sample.metrics)}});
    }
    json["levels"] = Json::array();
    for (const LevelRow& row : result.levels) {
        json["levels"].push_back(level_json(row));
    }
    json["events"] = result.events;
    json["metric_names"] = names(result.metrics);
    json["metrics"] = numbers(result.metrics);
    json["checked_reads"] = result.checked_reads;
    json["wall_seconds"] = result.wall_seconds;
    return json.dump() + "\n";
}

TrialResult read_trial_json(std::string_view text, const std::string& file) {
    try {
        return read_json(Json::parse(text));
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::corruption,
                    "this is not a trial's result: " + std::string(error.what()),
                    {file, {}, {}, {}}, "remove the file, and the trial is run again");
    } catch (const Error& error) {
        throw Error(ErrorKind::corruption, error.message(), {file, {}, {}, {}},
                    "remove the file, and the trial is run again");
    }
}

}  // namespace lsm::experiment
