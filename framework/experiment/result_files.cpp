#include "framework/experiment/result_files.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "framework/base/csv.hpp"
#include "framework/base/number.hpp"
#include "framework/experiment/statistics.hpp"

namespace lsm::experiment {
namespace {

/// A text file that is written in pieces and put into place at the end.
class Output {
  public:
    Output(FileSystem& files, std::string path)
        : files_(files), path_(std::move(path)), file_(files.create(path_ + ".new")) {}

    std::string& text() { return text_; }

    void flush_when_long() {
        if (text_.size() > kLong) {
            flush();
        }
    }

    void finish() {
        flush();
        file_->sync();
        file_->close();
        files_.rename(path_ + ".new", path_);
    }

  private:
    static constexpr size_t kLong = 1 << 20;

    void flush() {
        file_->append(text_, IoTag{});
        text_.clear();
    }

    FileSystem& files_;
    std::string path_;
    std::unique_ptr<WritableFile> file_;
    std::string text_;
};

using Values = std::vector<std::pair<std::string, double>>;

/// The row of one trial in trials.csv, before all columns are known.
struct TrialRow {
    Values metrics;
};

std::vector<std::string> metric_union(const std::vector<TrialRow>& rows) {
    std::vector<std::string> names;
    for (const TrialRow& row : rows) {
        size_t behind = 0;
        for (const auto& [name, value] : row.metrics) {
            const auto found = std::find(names.begin(), names.end(), name);
            if (found == names.end()) {
                names.insert(names.begin() + static_cast<std::ptrdiff_t>(behind), name);
                ++behind;
            } else {
                behind = static_cast<size_t>(found - names.begin()) + 1;
            }
        }
    }
    return names;
}

template <class Value>
const Value* find(const std::vector<std::pair<std::string, Value>>& values,
                  const std::string& name) {
    for (const auto& [key, value] : values) {
        if (key == name) {
            return &value;
        }
    }
    return nullptr;
}

void write_trials(Output& output, const Experiment& experiment, const std::vector<TrialRow>& rows) {
    const std::vector<std::string> settings = column_union(experiment.trials);
    const std::vector<std::string> metrics = metric_union(rows);
    std::vector<std::string> fields{"trial", "repeat", "seed"};
    fields.insert(fields.end(), settings.begin(), settings.end());
    fields.insert(fields.end(), metrics.begin(), metrics.end());
    append_csv_row(output.text(), fields);
    for (size_t i = 0; i < rows.size(); ++i) {
        const Trial& trial = experiment.trials[i];
        fields = {format_number(trial.number), format_number(trial.repeat),
                  format_number(trial.seed)};
        for (const std::string& path : settings) {
            const std::string* text = find(trial.columns, path);
            fields.push_back(text != nullptr ? *text : "");
        }
        for (const std::string& name : metrics) {
            const double* value = find(rows[i].metrics, name);
            fields.push_back(value != nullptr ? format_number(*value) : "");
        }
        append_csv_row(output.text(), fields);
        output.flush_when_long();
    }
}

void write_series(Output& output, const std::string& trial, const TrialResult& result) {
    for (const Sample& sample : result.samples) {
        const std::string start = trial + "," + format_number(sample.operations) + "," +
                                  format_number(sample.user_bytes) + ",";
        for (const auto& [name, value] : sample.metrics) {
            if (!std::isnan(value)) {  // undefined so far: no row
                output.text() += start + name + "," + format_number(value) + "\n";
            }
        }
        output.flush_when_long();
    }
}

void write_levels(Output& output, const std::string& trial, const TrialResult& result) {
    for (const LevelRow& row : result.levels) {
        const uint64_t numbers[] = {row.operations,    static_cast<uint64_t>(row.level),
                                    row.run,           row.tables,
                                    row.entries,       row.tombstones,
                                    row.logical_bytes, row.stored_bytes,
                                    row.filter_bits};
        output.text() += trial;
        for (const uint64_t number : numbers) {
            output.text() += "," + format_number(number);
        }
        output.text() += "\n";
        output.flush_when_long();
    }
}

void write_events(Output& output, const std::string& trial, const TrialResult& result) {
    for (const std::string& event : result.events) {
        output.text() += "{\"trial\":" + trial + "," + event.substr(1) + "\n";
        output.flush_when_long();
    }
}

/// A row per trial of the first repeat and metric: what all its repeats say together.
void write_summary(Output& output, const Experiment& experiment,
                   const std::vector<TrialRow>& rows) {
    append_csv_row(output.text(), {"trial", "metric", "n", "mean", "low", "high"});
    for (size_t first = 0; first < experiment.trials_per_repeat; ++first) {
        for (const std::string& name : metric_union(rows)) {
            std::vector<double> values;
            for (size_t i = first; i < rows.size(); i += experiment.trials_per_repeat) {
                const double* value = find(rows[i].metrics, name);
                if (value != nullptr && std::isfinite(*value)) {
                    values.push_back(*value);
                }
            }
            if (values.empty()) {
                continue;
            }
            const Estimate known = estimate(values);
            const bool has = known.has_interval();
            append_csv_row(output.text(), {format_number(experiment.trials[first].number), name,
                                           format_number(known.count), format_number(known.mean),
                                           has ? format_number(known.low) : "",
                                           has ? format_number(known.high) : ""});
        }
        output.flush_when_long();
    }
}

}  // namespace

void write_result_files(FileSystem& files, const std::string& folder, const Experiment& experiment,
                        const ResultOf& result_of) {
    Output trials(files, folder + "/trials.csv");
    Output series(files, folder + "/series.csv");
    Output levels(files, folder + "/levels.csv");
    Output events(files, folder + "/events.jsonl");
    append_csv_row(series.text(), {"trial", "operations", "user_bytes", "metric", "value"});
    append_csv_row(levels.text(), {"trial", "operations", "level", "run", "tables", "entries",
                                   "tombstones", "logical_bytes", "stored_bytes", "filter_bits"});
    std::vector<TrialRow> rows;
    for (size_t i = 0; i < experiment.trials.size(); ++i) {
        const TrialResult result = result_of(i);
        const std::string number = format_number(experiment.trials[i].number);
        write_series(series, number, result);
        write_levels(levels, number, result);
        write_events(events, number, result);
        rows.push_back({result.metrics});
    }
    write_trials(trials, experiment, rows);
    if (experiment.repeat > 1) {
        Output summary(files, folder + "/summary.csv");
        write_summary(summary, experiment, rows);
        summary.finish();
    }
    for (Output* output : {&series, &levels, &events, &trials}) {
        output->finish();
    }
    files.sync_folder(folder);
}

}  // namespace lsm::experiment
