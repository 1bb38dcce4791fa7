// Shows on standard error how a run comes along: on a terminal a bar per running trial and one line
// for the whole, redrawn in place; elsewhere a plain line for each finished trial, and one now and
// then.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/run.hpp"

namespace lsm::cli {

class ProgressDisplay final : public experiment::RunObserver {
  public:
    enum class Style { silent, lines, bars };
    explicit ProgressDisplay(Style style) : style_(style) {}

    /// Bars on a terminal, lines elsewhere.
    static Style style_here();

    void progress(const experiment::Experiment& experiment,
                  const std::vector<experiment::TrialProgress>& trials,
                  uint64_t nanoseconds) override;

  private:
    void note_start(const std::vector<experiment::TrialProgress>& trials, uint64_t now);
    void print_finished(const experiment::Experiment& experiment,
                        const std::vector<experiment::TrialProgress>& trials);
    void draw_bars(const experiment::Experiment& experiment,
                   const std::vector<experiment::TrialProgress>& trials, uint64_t now);
    std::string whole_line(const std::vector<experiment::TrialProgress>& trials,
                           uint64_t now) const;
    void erase_bars();

    Style style_;
    bool begun_ = false;
    uint64_t began_ = 0;
    uint64_t done_before_ = 0;  // operations of trials from before a resume
    uint64_t drawn_ = 0;        // when bars or a line were last drawn
    int bar_lines_ = 0;
    std::vector<bool> told_;  // trials whose end was printed
};

/// "8 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace lsm::cli
