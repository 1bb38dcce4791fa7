#include "framework/experiment/problems.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "framework/base/error.hpp"

namespace lsm::experiment {

void Problems::add(const Place& place, std::string message) {
    if (seen_.emplace(place_text(place), message).second) {
        problems_.push_back({place, std::move(message)});
    }
}

std::string Problems::text() const {
    std::vector<Problem> ordered = problems_;
    std::stable_sort(ordered.begin(), ordered.end(), [](const Problem& left, const Problem& right) {
        return std::tie(left.place.source->name(), left.place.line, left.place.column) <
               std::tie(right.place.source->name(), right.place.line, right.place.column);
    });
    std::string text;
    for (const Problem& problem : ordered) {
        text +=
            place_text(problem.place) + ": " + problem.message + "\n" + show_place(problem.place);
    }
    return text;
}

void Problems::throw_if_any() const {
    if (problems_.empty()) {
        return;
    }
    std::string text = this->text();
    text.pop_back();
    const std::string count =
        problems_.size() == 1 ? "a problem" : fmt::format("{} problems", problems_.size());
    throw Error(ErrorKind::config, fmt::format("{} in the configuration\n{}", count, text));
}

}  // namespace lsm::experiment
