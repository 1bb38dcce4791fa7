#include "framework/experiment/plots_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "framework/experiment/entry_names.hpp"
#include "framework/experiment/known_names.hpp"

namespace lsm::experiment {
namespace {

const std::vector<std::string>& plot_keys() {
    static const std::vector<std::string> keys{"y",     "x",    "colour", "panels", "rows",
                                               "model", "kind", "title",  "log_x",  "log_y"};
    return keys;
}

const std::vector<std::string>& kind_names() {
    static const std::vector<std::string> names{"automatic", "line", "points", "bars"};
    return names;
}

bool is_series_axis(const std::string& name) {
    return name == "operations" || name == "user_bytes";
}

class PlotReader {
  public:
    PlotReader(const PlotSettings& known, const MetricNames& metrics, const MetricSource& source,
               Problems& problems)
        : known_(known), metrics_(metrics), source_(source), problems_(problems) {}

    PlotSpec read(const YamlNode& node) {
        PlotSpec plot;
        for (const YamlEntry& entry : node.entries) {
            read_key(entry, plot);
        }
        if (plot.y.empty()) {
            problems_.add(node.place, "a plot needs `y`, a metric");
        }
        if (plot.x.empty()) {
            problems_.add(node.place,
                          "a plot needs `x`: operations, user_bytes, a setting or a metric");
        }
        return plot;
    }

  private:
    void read_key(const YamlEntry& entry, PlotSpec& plot) {
        const std::string& key = entry.key;
        if (std::find(plot_keys().begin(), plot_keys().end(), key) == plot_keys().end()) {
            problems_.add(entry.key_place,
                          fmt::format("unknown key `{}`; accepted are {}{}", key,
                                      name_list(plot_keys()), did_you_mean(key, plot_keys())));
            return;
        }
        if (!entry.value.is_scalar()) {
            problems_.add(entry.value.place,
                          fmt::format("`{}` of a plot takes a single value, and this "
                                      "is {}",
                                      key, yaml_kind_name(entry.value.kind)));
            return;
        }
        const std::string& text = entry.value.text;
        const Place& place = entry.value.place;
        if (key == "y") {
            plot.y = text;
            check_metric(text, place);
        } else if (key == "x") {
            const auto found = known_.find(text);
            plot.x = found.value_or(text);
            if (!is_series_axis(text) && !found) {
                check_metric(text, place);
            }
        } else if (key == "title") {
            plot.title = text;
        } else if (key == "kind") {
            plot.kind = kind(text, place);
        } else if (key == "model" || key == "log_x" || key == "log_y") {
            bool& flag = key == "model" ? plot.model : key == "log_x" ? plot.log_x : plot.log_y;
            flag = text == "true";
            if (text != "true" && text != "false") {
                problems_.add(place, fmt::format("`{}` is true or false, not {}", key, text));
            }
        } else {
            std::string& setting = key == "colour"   ? plot.colour
                                   : key == "panels" ? plot.panels
                                                     : plot.rows;
            const auto found = known_.find(text);
            setting = found.value_or(text);
            if (!found && text != "repeat") {
                problems_.add(place, known_.paths.unknown_path(text));
            }
        }
    }

    void check_metric(const std::string& name, const Place& place) {
        if (auto wrong = metrics_.problem(name, source_)) {
            problems_.add(place, *wrong);
        }
    }

    PlotKind kind(const std::string& text, const Place& place) {
        const auto& names = kind_names();
        const auto found = std::find(names.begin(), names.end(), text);
        if (found == names.end()) {
            problems_.add(place, fmt::format("`kind` is {}, not {}{}", name_list(names), text,
                                             did_you_mean(text, names)));
            return PlotKind::automatic;
        }
        return static_cast<PlotKind>(found - names.begin());
    }

    const PlotSettings& known_;
    const MetricNames& metrics_;
    const MetricSource& source_;
    Problems& problems_;
};

}  // namespace

std::optional<std::string> PlotSettings::find(const std::string& text) const {
    for (const SweepAxis& axis : written) {
        if (axis.has_names() && (text == axis.name || text == names_path(axis.name))) {
            return names_path(axis.name);
        }
    }
    return paths.is_setting(text) ? std::optional(text) : std::nullopt;
}

bool PlotSettings::is_lost(const std::string& path) const {
    return is_names_path(path) &&
           std::none_of(swept.begin(), swept.end(), [&](const SweepAxis& axis) {
               return axis.has_names() && names_path(axis.name) == path;
           });
}

std::vector<PlotSpec> read_plots(const YamlNode& node, const PlotSettings& known,
                                 const MetricNames& metrics, const MetricSource& source,
                                 Problems& problems) {
    std::vector<PlotSpec> plots;
    if (node.is_nothing()) {
        return plots;
    }
    if (!node.is_list()) {
        problems.add(node.place, fmt::format("`plots` takes a list, and this is {}",
                                             yaml_kind_name(node.kind)));
        return plots;
    }
    PlotReader reader(known, metrics, source, problems);
    for (const YamlNode& item : node.items) {
        if (item.is_map()) {
            PlotSpec plot = reader.read(item);
            for (std::string* setting : {&plot.colour, &plot.panels, &plot.rows}) {
                if (known.is_lost(*setting)) setting->clear();
            }
            if (!known.is_lost(plot.x)) plots.push_back(std::move(plot));
        } else {
            problems.add(item.place, fmt::format("a plot is a map with `y` and `x`, and this is {}",
                                                 yaml_kind_name(item.kind)));
        }
    }
    return plots;
}

std::string plot_text(const PlotSpec& plot) {
    std::string text = "{y: " + plot.y + ", x: " + plot.x;
    const auto add = [&](const char* key, const std::string& value) {
        if (!value.empty()) {
            text += fmt::format(", {}: {}", key, yaml_scalar(value));
        }
    };
    add("colour", plot.colour);
    add("panels", plot.panels);
    add("rows", plot.rows);
    add("model", plot.model ? "true" : "");
    add("kind",
        plot.kind == PlotKind::automatic ? "" : kind_names()[static_cast<size_t>(plot.kind)]);
    add("title", plot.title);
    add("log_x", plot.log_x ? "true" : "");
    add("log_y", plot.log_y ? "true" : "");
    return text + "}";
}

}  // namespace lsm::experiment
