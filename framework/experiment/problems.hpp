// Collects everything that is wrong with an experiment file, so that it is all reported at once.
// The same problem at the same place is kept once: a setting is looked at for every trial that has
// it.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/source_text.hpp"

namespace lsm::experiment {

class Problems {
  public:
    void add(const Place& place, std::string message);

    /// Whether something is wrong at this place already.
    bool any_at(const Place& place) const;
    bool empty() const { return problems_.empty(); }
    size_t count() const { return problems_.size(); }

    /// Every problem in the order of its place: "file:line:column: message", the line, a caret. Of
    /// those at one place that differ in their numbers only, as a range's values do, the first
    /// three and how many there are more.
    std::string text() const;

    /// Throws one Error (config) that holds them all; does nothing when there are none.
    void throw_if_any() const;

  private:
    struct Problem {
        Place place;
        std::string message;
    };
    std::vector<Problem> problems_;
    std::set<std::pair<std::string, std::string>> seen_;
};

}  // namespace lsm::experiment
