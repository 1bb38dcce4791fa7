// The device of a trial: a named model, a model with some figures changed, or figures alone.
#include <algorithm>

#include <fmt/format.h>

#include "framework/base/number.hpp"
#include "framework/base/size.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/trial_builder.hpp"

namespace lsm::experiment {
namespace {

constexpr double kLongestSeek = 1000;  // seconds

std::string text_of(const Assignment& assignment) {
    return assignment.value.is_list || assignment.value.items.empty()
               ? ""
               : assignment.value.items.front();
}

/// What stands for a figure: its own key, or the one for reads and writes alike.
const Assignment* find_figure(const DeviceFigure& figure, const Assignments& settings) {
    for (const std::string& key : {figure.name, figure.both}) {
        const auto found = settings.find("device." + key);
        if (found != settings.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

}  // namespace

void TrialBuilder::read_device(const Assignments& settings, Built& built) {
    std::optional<Device> device = device_model(settings, built);
    const bool has_figures = std::any_of(
        device_figures().begin(), device_figures().end(),
        [&](const DeviceFigure& figure) { return find_figure(figure, settings) != nullptr; });
    const bool wrong_model = !device && settings.contains("device.model");
    if (!has_figures || wrong_model) {
        built.trial.device = device;
        return;
    }
    built.trial.device = device ? device : Device{"own", "figures of the experiment", -1, -1, 0, 0};
    read_device_figures(settings, built);
}

std::optional<Device> TrialBuilder::device_model(const Assignments& settings, Built& built) {
    const auto found = settings.find("device.model");
    if (found == settings.end()) {
        return std::nullopt;
    }
    const std::string name = text_of(found->second);
    const auto& known = context_.devices;
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        problems_.add(found->second.place,
                      fmt::format("unknown device model `{}`; known are {}{}", name,
                                  name_list(known), did_you_mean(name, known)));
        return std::nullopt;
    }
    built.settings.push_back({"device.model", name, name});
    return find_device(name);
}

std::optional<double> TrialBuilder::read_figure(const DeviceFigure& figure,
                                                const Assignment& given) {
    const std::string text = text_of(given);
    const auto read = figure.is_time ? parse_seconds(text) : parse_bandwidth(text);
    if (!read || (figure.is_time && *read > kLongestSeek)) {
        problems_.add(given.place,
                      fmt::format("`{}`: expected {}, got {}", last_component(given.path),
                                  figure.is_time ? "a time up to 1000 s, as in 80 us or 8 ms"
                                                 : "bytes per second above 0, as in 2 GiB",
                                  text.empty() ? "a list" : text));
    }
    return read;
}

void TrialBuilder::read_device_figures(const Assignments& settings, Built& built) {
    Device& device = *built.trial.device;
    std::vector<std::string> missing;
    Place place = draft_.start;
    for (const DeviceFigure& figure : device_figures()) {
        double& value = device.*figure.member;
        if (const Assignment* given = find_figure(figure, settings)) {
            place = given->key_place;
            value = read_figure(figure, *given).value_or(1);
        } else if (value < 0 || (!figure.is_time && value <= 0)) {
            missing.push_back(figure.name);
            continue;
        }
        const std::string column = format_number(value);
        built.settings.push_back(
            {"device." + figure.name,
             figure.is_time ? column + " s" : format_size_exactly(static_cast<uint64_t>(value)),
             column});
    }
    if (!missing.empty()) {
        problems_.add(place, fmt::format("`device` has no {}; give it, or a `model` to start from",
                                         name_list(missing)));
    }
}

}  // namespace lsm::experiment
