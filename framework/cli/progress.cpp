#include "framework/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "framework/base/size.hpp"
#include "framework/os/terminal.hpp"
#include "framework/report/terminal_table.hpp"

namespace lsm::cli {
namespace {

using experiment::Experiment;
using experiment::TrialProgress;
using State = TrialProgress::State;
using Trials = std::vector<TrialProgress>;

constexpr uint64_t kBarEvery = 100'000'000;
constexpr uint64_t kLineEvery = 10'000'000'000;
constexpr size_t kLongestBar = 30;

double seconds(uint64_t from, uint64_t to) {
    return to > from ? static_cast<double>(to - from) / 1e9 : 0;
}

bool is_done(State state) {
    return state == State::finished || state == State::kept || state == State::reused;
}

uint64_t done_of(const TrialProgress& one) {
    const State state = one.state;
    return is_done(state) ? one.total.load() : one.done.load();
}

/// Three significant digits are enough to see how fast it goes.
std::string rate_text(double per_second) {
    if (per_second >= 999'500) {
        return fmt::format("{:.2f}M/s", per_second / 1e6);
    }
    return per_second >= 1000 ? fmt::format("{:.0f}k/s", per_second / 1e3)
                              : fmt::format("{:.0f}/s", per_second);
}

std::string bar(double share, size_t width) {
    const auto full = static_cast<size_t>(share * static_cast<double>(width));
    return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

std::string cut(const std::string& text, size_t columns) {
    if (report::terminal_width(text) <= columns || columns < 4) {
        return text;
    }
    std::string shorter = text;
    while (report::terminal_width(shorter) > columns - 3) {
        shorter.pop_back();
    }
    return shorter + "...";
}

std::string name_of(const Experiment& experiment, size_t index) {
    const std::string label = trial_label(experiment, experiment.trials[index]);
    return label.empty() ? experiment.name : label;
}

}  // namespace

std::string duration_text(double seconds) {
    if (seconds < 10) {
        return fmt::format("{:.1f} s", seconds);
    }
    const auto whole = static_cast<uint64_t>(std::llround(seconds));
    if (whole < 100) {
        return fmt::format("{} s", whole);
    }
    if (whole < 6000) {
        return fmt::format("{} min {} s", whole / 60, whole % 60);
    }
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

ProgressDisplay::Style ProgressDisplay::style_here() {
    return is_terminal(Stream::error) ? Style::bars : Style::lines;
}

void ProgressDisplay::progress(const Experiment& experiment, const Trials& trials,
                               uint64_t nanoseconds) {
    if (style_ == Style::silent) {
        return;
    }
    if (!begun_) {
        note_start(trials, nanoseconds);
    }
    const bool over = std::all_of(trials.begin(), trials.end(), [](const TrialProgress& one) {
        return one.state != State::waiting && one.state != State::running;
    });
    const bool any_news = [&] {
        for (size_t i = 0; i < trials.size(); ++i) {
            if (!told_[i] && trials[i].state == State::finished) {
                return true;
            }
        }
        return false;
    }();
    if (style_ == Style::bars) {
        if (any_news || over || nanoseconds - drawn_ >= kBarEvery) {
            erase_bars();
            print_finished(experiment, trials);
            if (!over) {
                draw_bars(experiment, trials, nanoseconds);
            }
            drawn_ = nanoseconds;
        }
    } else {
        print_finished(experiment, trials);
        if (!over && nanoseconds - drawn_ >= kLineEvery) {
            fmt::print(stderr, "{}\n", whole_line(trials, nanoseconds));
            drawn_ = nanoseconds;
        }
    }
    std::fflush(stderr);
}

void ProgressDisplay::note_start(const Trials& trials, uint64_t now) {
    begun_ = true;
    began_ = now;
    drawn_ = now;
    told_.resize(trials.size());
    for (size_t i = 0; i < trials.size(); ++i) {
        if (trials[i].state == State::kept) {
            done_before_ += trials[i].total;
            told_[i] = true;
        }
    }
}

void ProgressDisplay::print_finished(const Experiment& experiment, const Trials& trials) {
    for (size_t i = 0; i < trials.size(); ++i) {
        const TrialProgress& one = trials[i];
        if (!told_[i] && one.state == State::reused) {
            told_[i] = true;  // that it took no time is told at the end, for all together
            done_before_ += one.total;
        }
        if (told_[i] || one.state != State::finished) {
            continue;
        }
        told_[i] = true;
        const auto count = std::count(told_.begin(), told_.end(), true);
        const double took = seconds(one.started, one.ended);
        fmt::print(stderr, "[{:>{}}/{}] {}: {} operations in {}\n", count,
                   fmt::formatted_size("{}", trials.size()), trials.size(), name_of(experiment, i),
                   format_count(one.total), duration_text(took));
    }
}

std::string ProgressDisplay::whole_line(const Trials& trials, uint64_t now) const {
    uint64_t done = 0, total = 0;
    size_t finished = 0;
    for (const TrialProgress& one : trials) {
        done += done_of(one);
        total += one.total;
        finished += is_done(one.state) ? 1 : 0;
    }
    const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1;
    std::string line =
        fmt::format("{} of {} trials, {:.0f}%", finished, trials.size(), share * 100);
    const double elapsed = seconds(began_, now);
    if (done > done_before_ && elapsed > 1) {
        const double rate = static_cast<double>(done - done_before_) / elapsed;
        line += fmt::format(", {}, {} left", rate_text(rate),
                            duration_text(static_cast<double>(total - done) / rate));
    }
    return line;
}

void ProgressDisplay::draw_bars(const Experiment& experiment, const Trials& trials, uint64_t now) {
    const size_t columns = terminal_columns(Stream::error);
    const size_t bar_width = std::min(kLongestBar, std::max<size_t>(columns / 4, 5));
    size_t name_width = 0;
    for (size_t i = 0; i < trials.size(); ++i) {
        if (trials[i].state == State::running) {
            name_width = std::max(name_width, report::terminal_width(name_of(experiment, i)));
        }
    }
    constexpr size_t kFigures = 32;
    name_width =
        std::min(name_width, columns > bar_width + kFigures ? columns - bar_width - kFigures : 8);
    for (size_t i = 0; i < trials.size(); ++i) {
        const TrialProgress& one = trials[i];
        if (one.state != State::running) {
            continue;
        }
        const uint64_t done = one.done, total = std::max<uint64_t>(one.total, 1);
        const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
        const double elapsed = seconds(one.started, now);
        std::string figures = fmt::format(" {:>3.0f}%", share * 100);
        if (done > 0 && elapsed > 0.2) {
            const double rate = static_cast<double>(done) / elapsed;
            figures += fmt::format(" {:>8}, {} left", rate_text(rate),
                                   duration_text(static_cast<double>(total - done) / rate));
        }
        std::string name = cut(name_of(experiment, i), name_width);
        name.append(name_width - std::min(name_width, report::terminal_width(name)), ' ');
        fmt::print(stderr, "{}\n", cut(name + " " + bar(share, bar_width) + figures, columns - 1));
        ++bar_lines_;
    }
    fmt::print(stderr, "{}\n", cut(whole_line(trials, now), columns - 1));
    ++bar_lines_;
}

void ProgressDisplay::erase_bars() {
    if (bar_lines_ > 0) {
        fmt::print(stderr, "\x1b[{}A\x1b[J", bar_lines_);
    }
    bar_lines_ = 0;
}

}  // namespace lsm::cli
