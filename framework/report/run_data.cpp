#include "framework/report/run_data.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/entry_names.hpp"

namespace lsm::report {
namespace {

std::string read_if_there(FileSystem& files, const std::string& path) {
    return files.exists(path) ? read_text_file(files, path) : std::string();
}

/// Every file of a run ends in a line feed: one that does not was cut off.
CsvTable read_table(const std::string& text, const std::string& folder, const std::string& path) {
    if (!text.empty() && text.back() != '\n') {
        const auto line = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
        throw Error(ErrorKind::corruption, "the file is cut off: its last line has no end",
                    {path, {}, line, {}}, run_again_remedy(folder));
    }
    try {
        return read_csv(text, path);
    } catch (const Error& error) {
        throw Error(error.kind(), error.message(), error.place(), run_again_remedy(folder));
    }
}

CsvTable read_table_if_there(FileSystem& files, const std::string& folder,
                             const std::string& name) {
    const std::string path = folder + "/" + name;
    const std::string text = read_if_there(files, path);
    return text.empty() ? CsvTable{} : read_table(text, folder, path);
}

uint64_t whole_number(const std::string& text, const std::string& file, const std::string& column,
                      std::optional<uint64_t> line = {}) {
    const auto value = parse_real(text);
    if (!value || *value < 0 || *value > 1e18 || *value != std::floor(*value)) {
        throw Error(ErrorKind::corruption,
                    "'" + text + "' in column " + column + " is no whole number",
                    {file, {}, line, {}});
    }
    return static_cast<uint64_t>(*value);
}

void read_trials(const CsvTable& table, const std::string& file, RunData& run) {
    const size_t number = table.required_column("trial");
    for (size_t i = 0; i < table.header.size(); ++i) {
        if (i != number) {
            (is_setting(table.header[i]) ? run.setting_names : run.metric_names)
                .push_back(table.header[i]);
        }
    }
    for (const auto& row : table.rows) {
        Trial trial;
        trial.number = whole_number(row[number], file, "trial", run.trials.size() + 2);
        for (size_t i = 0; i < row.size(); ++i) {
            if (i == number) {
                continue;
            }
            if (is_setting(table.header[i])) {
                trial.settings[table.header[i]] = row[i];
            } else if (const auto value = parse_real(row[i])) {
                trial.metrics[table.header[i]] = *value;
            }
        }
        run.trials.push_back(std::move(trial));
    }
}

void read_series(const CsvTable& table, const std::string& file, RunData& run) {
    if (table.header.empty()) {
        return;
    }
    const size_t trial = table.required_column("trial");
    const size_t operations = table.required_column("operations");
    const size_t user_bytes = table.required_column("user_bytes");
    const size_t metric = table.required_column("metric");
    const size_t value = table.required_column("value");
    for (const auto& row : table.rows) {
        const auto at = parse_real(row[operations]);
        const auto bytes = parse_real(row[user_bytes]);
        const auto read = parse_real(row[value]);
        if (at && read) {
            std::vector<Sample>& samples =
                run.series[whole_number(row[trial], file, "trial")][row[metric]];
            // A second sample at one moment is the tree after it has settled: that one counts.
            if (!samples.empty() && samples.back().operations == *at) {
                samples.pop_back();
            }
            samples.push_back({*at, bytes.value_or(kNoValue), *read});
        }
    }
}

void read_levels(const CsvTable& table, const std::string& file, RunData& run) {
    if (table.header.empty()) {
        return;
    }
    const std::vector<std::string> names = {"trial",  "operations", "level",      "run",
                                            "tables", "entries",    "tombstones", "logical_bytes"};
    std::vector<size_t> columns;
    for (const std::string& name : names) {
        columns.push_back(table.required_column(name));
    }
    for (const auto& row : table.rows) {
        std::vector<uint64_t> values;
        for (size_t i = 0; i < names.size(); ++i) {
            values.push_back(whole_number(row[columns[i]], file, names[i]));
        }
        run.levels[values[0]].push_back(
            {values[1], values[2], values[3], values[4], values[5], values[6], values[7]});
    }
}

/// Reads of an event its trial and its kind, and stops there: the tables that it lists can be long.
class EventHead : public nlohmann::json::json_sax_t {
  public:
    std::optional<uint64_t> trial;
    std::optional<std::string> kind;

    bool key(string_t& name) override {
        key_ = depth_ == 1 ? name : "";
        return true;
    }
    bool number_unsigned(number_unsigned_t value) override {
        if (key_ == "trial") trial = value;
        return is_open();
    }
    bool string(string_t& value) override {
        if (key_ == "event") kind = value;
        return is_open();
    }
    bool start_object(size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool start_array(size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

  private:
    bool is_open() const { return !trial || !kind; }
    bool enter() {
        ++depth_;
        key_.clear();
        return true;
    }
    bool leave() {
        --depth_;
        return true;
    }

    std::string key_;
    int depth_ = 0;
};

void count_events(const std::string& text, RunData& run) {
    size_t begin = 0;
    while (begin < text.size()) {
        const size_t end = std::min(text.find('\n', begin), text.size());
        EventHead head;
        nlohmann::json::sax_parse(text.data() + begin, text.data() + end, &head);
        // A run that was interrupted may end in half a line: that event is not counted.
        if (head.trial && head.kind && end < text.size()) {
            ++run.events[*head.trial][*head.kind];
        }
        begin = end + 1;
    }
}

}  // namespace

bool is_setting(std::string_view column) {
    static constexpr std::string_view kPlain[] = {"repeat",  "seed",   "engine",   "mode",
                                                  "storage", "device", "workload", "threads"};
    return column.find('.') != std::string_view::npos ||
           std::find(std::begin(kPlain), std::end(kPlain), column) != std::end(kPlain);
}

void RunData::require_setting(const std::string& name) const {
    if (std::find(setting_names.begin(), setting_names.end(), name) == setting_names.end()) {
        throw Error(ErrorKind::config, "'" + name + "' is no setting of this run");
    }
}

std::vector<std::string> RunData::varying_settings() const {
    std::vector<std::string> varying;
    for (const std::string& name : setting_names) {
        if (name == "repeat" || name == "seed") {
            continue;
        }
        std::set<std::string> values;
        for (const Trial& trial : trials) {
            values.insert(trial.settings.at(name));
        }
        if (values.size() > 1) {
            varying.push_back(name);
        }
    }
    return varying;
}

std::vector<std::string> values_of(const Trial& trial, const std::vector<std::string>& settings) {
    std::vector<std::string> values;
    for (const std::string& setting : settings) {
        const auto found = trial.settings.find(setting);
        values.push_back(found == trial.settings.end() ? "" : found->second);
    }
    return values;
}

bool RunData::determined(const std::vector<std::string>& settings, const std::string& other) const {
    std::map<std::vector<std::string>, std::string> seen;
    for (const Trial& trial : trials) {
        const std::string& value = trial.settings.at(other);
        if (seen.try_emplace(values_of(trial, settings), value).first->second != value) {
            return false;
        }
    }
    return true;
}

std::vector<std::vector<size_t>> RunData::repeat_groups() const {
    std::vector<std::string> settings;
    for (const std::string& name : setting_names) {
        if (name != "repeat" && name != "seed") {
            settings.push_back(name);
        }
    }
    std::map<std::vector<std::string>, size_t> known;
    std::vector<std::vector<size_t>> groups;
    for (size_t i = 0; i < trials.size(); ++i) {
        const auto [place, is_new] =
            known.try_emplace(values_of(trials[i], settings), groups.size());
        if (is_new) {
            groups.emplace_back();
        }
        groups[place->second].push_back(i);
    }
    return groups;
}

std::vector<std::string> RunData::telling_settings() const {
    std::vector<std::string> telling;
    const auto rank = [](const std::string& name) {
        return experiment::is_names_path(name) ? 0 : name.ends_with(".policy") ? 1 : 2;
    };
    for (const int wanted : {0, 1, 2}) {
        for (const std::string& name : varying_settings()) {
            if (rank(name) == wanted && !determined(telling, name)) {
                telling.push_back(name);
            }
        }
    }
    return telling;
}

std::string run_again_remedy(const std::string& folder) {
    return "run it again: ./lab run " + folder + "/experiment.yaml";
}

RunData read_run_trials(FileSystem& files, const std::string& folder) {
    RunData run;
    run.folder = folder;
    const std::string trials = folder + "/trials.csv";
    read_trials(read_table(read_text_file(files, trials), folder, trials), trials, run);
    return run;
}

RunData read_run(FileSystem& files, const std::string& folder) {
    RunData run = read_run_trials(files, folder);
    const std::string series = folder + "/series.csv";
    const std::string levels = folder + "/levels.csv";
    read_series(read_table_if_there(files, folder, "series.csv"), series, run);
    read_levels(read_table_if_there(files, folder, "levels.csv"), levels, run);
    count_events(read_if_there(files, folder + "/events.jsonl"), run);
    run.experiment_yaml = read_if_there(files, folder + "/experiment.yaml");
    run.manifest_json = read_if_there(files, folder + "/manifest.json");
    return run;
}

}  // namespace lsm::report
