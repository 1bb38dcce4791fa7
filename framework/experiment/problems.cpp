#include "framework/experiment/problems.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "framework/base/error.hpp"

namespace lsm::experiment {
namespace {

constexpr size_t kMostOfAKind = 3;

/// The message without its numbers.
std::string kind_of(const std::string& message) {
    std::string kind;
    for (const char letter : message) {
        if ((letter < '0' || letter > '9') && letter != '.') kind += letter;
    }
    return kind;
}

}  // namespace

void Problems::add(const Place& place, std::string message) {
    if (seen_.emplace(place_text(place), message).second) {
        problems_.push_back({place, std::move(message)});
    }
}

bool Problems::any_at(const Place& place) const {
    const auto found = seen_.lower_bound({place_text(place), ""});
    return found != seen_.end() && found->first == place_text(place);
}

std::string Problems::text() const {
    std::vector<Problem> ordered = problems_;
    std::stable_sort(ordered.begin(), ordered.end(), [](const Problem& left, const Problem& right) {
        return std::tie(left.place.source->name(), left.place.line, left.place.column) <
               std::tie(right.place.source->name(), right.place.line, right.place.column);
    });
    const auto key_of = [](const Problem& problem) {
        return std::pair(place_text(problem.place), kind_of(problem.message));
    };
    std::map<std::pair<std::string, std::string>, size_t> there, told;
    for (const Problem& problem : ordered) ++there[key_of(problem)];
    std::string text;
    for (const Problem& problem : ordered) {
        const auto key = key_of(problem);
        if (++told[key] > kMostOfAKind) continue;
        text += key.first + ": " + problem.message + "\n" + show_place(problem.place);
        if (told[key] == kMostOfAKind && there[key] > kMostOfAKind) {
            text +=
                fmt::format("{}: and {} more of this kind\n", key.first, there[key] - kMostOfAKind);
        }
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
