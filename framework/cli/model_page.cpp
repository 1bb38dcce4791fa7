#include "framework/cli/model_page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "framework/base/error.hpp"
#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/os/process.hpp"
#include "framework/report/gnuplot.hpp"
#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;
using report::readable_number;

std::string in_words(model::SpillRule rule) {
    switch (rule) {
        case model::SpillRule::bypass:
            return "what arrives at a full level goes on to the next one with it (bypass)";
        case model::SpillRule::write_then_spill:
            return "what arrives at a full level is merged there, then the level goes down";
        case model::SpillRule::by_tables:
            return "a level that is too large sends single tables down; the pick is taken to be "
                   "blind";
    }
    return "";
}

std::string bytes_text(double bytes) {
    return bytes < 0x1p62 ? format_size(static_cast<uint64_t>(bytes)) : readable_number(bytes);
}

std::string count_text(double count) { return format_count(static_cast<uint64_t>(count)); }

std::string levels_table(const ModelledTrial& design, bool colour) {
    Rows rows;
    for (size_t i = 0; i < design.costs.levels.size(); ++i) {
        const model::LevelCosts& level = design.costs.levels[i];
        rows.push_back({std::to_string(i + 1), bytes_text(level.capacity),
                        count_text(level.entries), readable_number(level.runs),
                        readable_number(level.filter.bits_per_key),
                        readable_number(level.filter.rate), readable_number(level.merges)});
    }
    return report::terminal_table({"level", "holds up to", "entries", "runs", "filter bits/key",
                                   "false positives", "writes per entry"},
                                  rows, colour);
}

/// A cost as one value with its name for programs, its unit and where it comes from.
struct CostLine {
    const char* name;
    double value;
    std::string unit;
    std::string source;
};

std::vector<CostLine> cost_lines(const ModelledTrial& design) {
    const model::DesignCosts& costs = design.costs;
    const std::string range = count_text(design.range);
    return {
        {"write", costs.write, "writes of an entry",
         "the flush and all merges, by the engine's level rule (adr/0004, adr/0006)"},
        {"write_bypass", costs.band.bypass, "merges of an entry",
         "a full level is bypassed (Monkey eq. 10; Dostoevsky eq. 12 for K = 1 and T - 1, between "
         "them by K as Endure's); no flush"},
        {"write_endure", costs.band.endure, "merges of an entry",
         "Endure's W and Lethe's, L levels counted whole"},
        {"write_then_spill", costs.band.write_then_spill, "merges of an entry",
         "a full level is written, then spills: (T+1)/2 leveled"},
        {"empty_lookup", costs.empty_lookup, "blocks",
         "runs whose filter errs, with the bits above (Dostoevsky eq. 9, run by run)"},
        {"empty_lookup_uniform", costs.empty_lookup_uniform, "blocks",
         "as much filter memory spread evenly: runs * e^(-bits ln^2 2), Monkey eq. 26"},
        {"empty_lookup_optimal", costs.empty_lookup_optimal, "blocks",
         "as much filter memory spread best: Monkey 4.2 for any runs"},
        {"found_lookup", costs.found_lookup, "blocks", "of any key, each as likely (Endure's Z1)"},
        {"found_lookup_last", costs.found_lookup_last, "blocks",
         "of a key on the last level (Dostoevsky eq. 10)"},
        {"short_range", costs.short_range, "blocks", "one of each run (Dostoevsky eq. 11)"},
        {"long_range", range_lookup(costs, design.data, design.range), "blocks",
         "of " + range +
             " entries, each as often as `space` says (after Dostoevsky eq. 11, mu = 1)"},
        {"space", costs.space, "bytes by live byte",
         "at worst: only the largest run is alive; less 1, with full levels, about Z - 1 + 1/T "
         "(Dostoevsky eq. 13)"},
        {"peak_space", costs.peak_space, "bytes by live byte",
         "at worst, while the last level is merged whole"},
    };
}

Json cost_json(const ModelledTrial& design) {
    Json levels = Json::array();
    for (const model::LevelCosts& level : design.costs.levels) {
        levels.push_back({{"capacity_bytes", level.capacity},
                          {"entries", level.entries},
                          {"runs", level.runs},
                          {"filter_bits_per_key", level.filter.bits_per_key},
                          {"false_positive_rate", level.filter.rate},
                          {"writes_per_entry", level.merges}});
    }
    Json costs = Json::object();
    for (const CostLine& line : cost_lines(design)) {
        costs[line.name] = {{"value", line.value}, {"unit", line.unit}, {"source", line.source}};
    }
    return {{"entries", design.data.entries},
            {"entry_bytes", design.data.entry_bytes},
            {"memtable_bytes", design.data.memtable_bytes},
            {"block_bytes", design.data.block_bytes},
            {"size_ratio", design.costs.size_ratio},
            {"spill", model::spill_rule_name(design.costs.rule)},
            {"filter_bits_per_key", design.costs.bits_per_key},
            {"levels", levels},
            {"costs", costs}};
}

double predicted_value(const ModelledTrial& design, const std::string& name) {
    for (const auto& [key, value] : design.predicted) {
        if (key == "model_" + name) return value;
    }
    return std::nan("");
}

std::string number_cell(double value) { return std::isnan(value) ? "" : readable_number(value); }

/// The swept setting to draw over, and its values of the designs.
std::string numeric_axis(const experiment::Experiment& experiment) {
    for (const experiment::SweepAxis& axis : experiment.axes) {
        if (axis.is_label) continue;
        bool numeric = axis.entries.size() > 1;
        for (const experiment::Trial& trial : experiment.trials) {
            for (const auto& [path, text] : trial.columns) {
                numeric = numeric && (path != axis.name || parse_real(text).has_value());
            }
        }
        if (numeric) return axis.name;
    }
    throw Error(ErrorKind::usage, "--plot draws costs over a setting, and no number is swept", {},
                "sweep one, as with --sweep size_ratio=2..20");
}

report::RunData run_to_draw(const std::vector<ModelledTrial>& designs) {
    static const std::vector<std::pair<const char*, const char*>> kDrawn{
        {"write", "of a write (writes of an entry)"},
        {"empty_lookup", "of an empty lookup (blocks)"},
        {"found_lookup", "of a found lookup (blocks)"},
        {"short_range", "of a short range (blocks)"},
        {"space", "in space (bytes by live byte)"}};
    report::RunData run;
    run.metric_names = {"cost"};
    for (const auto& [name, words] : kDrawn) {
        for (const ModelledTrial& design : designs) {
            if (!design.outside.empty()) continue;
            report::Trial trial;
            trial.number = run.trials.size() + 1;
            trial.settings["tree.cost"] = words;
            for (const auto& [path, text] : design.trial->columns) trial.settings[path] = text;
            for (const CostLine& line : cost_lines(design)) {
                if (std::string_view(line.name) == name) trial.metrics["cost"] = line.value;
            }
            for (const auto& [path, text] : trial.settings) {
                if (std::count(run.setting_names.begin(), run.setting_names.end(), path) == 0) {
                    run.setting_names.push_back(path);
                }
            }
            run.trials.push_back(std::move(trial));
        }
    }
    for (report::Trial& trial : run.trials) {
        for (const std::string& name : run.setting_names) trial.settings.try_emplace(name, "");
    }
    return run;
}

}  // namespace

std::string design_page(const ModelledTrial& design, bool colour) {
    if (!design.outside.empty()) {
        return design.name + " is outside the model: " + design.outside + "\n";
    }
    const model::DesignCosts& costs = design.costs;
    std::string page =
        fmt::format("{}: {} entries of {}, {} in all, memtable {}, blocks {}\n", design.name,
                    count_text(design.data.entries), bytes_text(design.data.entry_bytes),
                    bytes_text(design.data.bytes()), bytes_text(design.data.memtable_bytes),
                    bytes_text(design.data.block_bytes));
    page += costs.size_ratio > 0 ? "levels grow by " + readable_number(costs.size_ratio)
                                 : std::string("levels grow by different factors");
    page += "; " + in_words(costs.rule) + "\n\n" + levels_table(design, colour) + "\n";
    Rows rows;
    for (const CostLine& line : cost_lines(design)) {
        rows.push_back({line.name, readable_number(line.value), line.unit, line.source});
    }
    page += report::terminal_table({"cost", "value", "unit", "from"}, rows, colour);
    if (!design.predicted.empty()) {
        rows.clear();
        for (const auto& [name, value] : design.predicted) {
            if (!std::isnan(value)) rows.push_back({name, readable_number(value)});
        }
        page += "\nat the end of its phases, counted from an empty tree:\n" +
                report::terminal_table({"metric", "value"}, rows, colour);
    }
    return page;
}

std::string designs_table(const std::vector<ModelledTrial>& designs, bool colour) {
    const bool runs = std::any_of(designs.begin(), designs.end(),
                                  [](const auto& design) { return !design.predicted.empty(); });
    std::vector<std::string> header{"design",       "levels",      "write",      "empty lookup",
                                    "found lookup", "short range", "long range", "space"};
    if (runs) {
        header.insert(header.end(), {"run: write", "run: empty", "run: found", "run: space"});
    }
    Rows rows;
    std::string outside;
    for (const ModelledTrial& design : designs) {
        if (!design.outside.empty()) {
            outside += design.name + " is outside the model: " + design.outside + "\n";
            continue;
        }
        const model::DesignCosts& costs = design.costs;
        std::vector<std::string> row{
            design.name,
            std::to_string(costs.levels.size()),
            readable_number(costs.write),
            readable_number(costs.empty_lookup),
            readable_number(costs.found_lookup),
            readable_number(costs.short_range),
            readable_number(range_lookup(costs, design.data, design.range)),
            readable_number(costs.space)};
        if (runs) {
            for (const char* name : {"write_amplification", "read_amplification_empty",
                                     "read_amplification_found", "space_amplification"}) {
                row.push_back(number_cell(predicted_value(design, name)));
            }
        }
        rows.push_back(std::move(row));
    }
    std::string table = rows.empty() ? "" : report::terminal_table(header, rows, colour);
    if (runs && !rows.empty()) {
        table +=
            "\nrun: what the trial's phases come to, counted from an empty tree; the other "
            "columns are the tree's life as a whole, space at worst\n";
    }
    return table + (outside.empty() ? "" : "\n" + outside);
}

Json model_json(const std::vector<ModelledTrial>& designs) {
    Json all = Json::array();
    for (const ModelledTrial& design : designs) {
        Json one = {{"design", design.name}};
        Json settings = Json::object();
        for (const auto& [path, text] : design.trial->columns) {
            if (path.starts_with("tree.")) settings[path] = text;
        }
        one["settings"] = settings;
        if (!design.outside.empty()) {
            one["outside"] = design.outside;
        } else {
            one.update(cost_json(design));
            Json predicted = Json::object();
            for (const auto& [name, value] : design.predicted) {
                if (!std::isnan(value)) predicted[name] = value;
            }
            if (!predicted.empty()) one["predicted"] = predicted;
        }
        all.push_back(one);
    }
    return all;
}

void draw_designs(const std::vector<ModelledTrial>& designs,
                  const experiment::Experiment& experiment, const std::string& file) {
    const std::string ending = ".svg";
    if (!file.ends_with(ending) || file.size() == ending.size()) {
        throw Error(ErrorKind::usage, "--plot writes a file that ends in .svg, not " + file);
    }
    PlotSpec spec;
    spec.y = "cost";
    spec.x = numeric_axis(experiment);
    spec.panels = "tree.cost";
    spec.log_y = true;
    spec.title = "Costs by the model";
    for (const experiment::SweepAxis& axis : experiment.axes) {
        if (!axis.is_label && axis.name != spec.x && axis.entries.size() > 1) {
            spec.colour = axis.name;
        }
    }
    const report::FigureData figure = report::make_figure(run_to_draw(designs), spec);
    const std::string stem = file.substr(0, file.size() - ending.size());
    const size_t slash = stem.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : stem.substr(0, slash);
    const std::string name = slash == std::string::npos ? stem : stem.substr(slash + 1);
    FileSystem& files = posix_file_system();
    write_text_file(files, stem + ".csv", report::gnuplot_csv(figure));
    write_text_file(files, stem + ".gp", report::gnuplot_script(figure, name));
    const ProcessResult drawn = run_process({"gnuplot", name + ".gp"}, folder);
    if (drawn.exit_status != 0) {
        throw Error(ErrorKind::io, "gnuplot failed on " + stem + ".gp: " + drawn.output);
    }
}

}  // namespace lsm::cli
