#include "framework/report/terminal_table.hpp"

#include <algorithm>

#include "framework/report/summary.hpp"

namespace lsm::report {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kPlain = "\x1b[0m";

/// Cells come from files and people: nothing in them may steer the terminal.
std::string harmless(std::string_view text) {
    std::string safe(text);
    for (char& c : safe) {
        const auto byte = static_cast<unsigned char>(c);
        c = byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    // C1 controls in UTF-8 are C2 80 to C2 9F; some terminals obey them.
    for (size_t i = 0; i + 1 < safe.size(); ++i) {
        if (static_cast<unsigned char>(safe[i]) == 0xC2 &&
            static_cast<unsigned char>(safe[i + 1]) < 0xA0) {
            safe.replace(i, 2, "  ");
        }
    }
    return safe;
}

std::string_view verdict_colour(Verdict verdict) {
    return verdict == Verdict::holds ? kGreen : is_no_failure(verdict) ? kPlain : kRed;
}

std::string painted(std::string_view text, std::string_view code, bool colour) {
    return colour ? std::string(code) + std::string(text) + std::string(kPlain) : std::string(text);
}

bool looks_numeric(std::string_view cell) {
    if (cell == "-" || cell == "–") {
        return true;
    }
    const bool has_sign = cell.starts_with('-') || cell.starts_with('+');
    const std::string_view digits = has_sign ? cell.substr(1) : cell;
    return !digits.empty() && digits[0] >= '0' && digits[0] <= '9';
}

struct Column {
    size_t width = 0;
    bool right = false;
};

std::string padded(const std::string& cell, const Column& column, bool last) {
    const std::string space(column.width - terminal_width(cell), ' ');
    if (column.right) {
        return space + cell;
    }
    return last ? cell : cell + space;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<Column>& columns) {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) {
        const std::string cell = i < cells.size() ? cells[i] : "";
        line += (i == 0 ? "" : "  ") + padded(cell, columns[i], i + 1 == columns.size());
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace

size_t terminal_width(std::string_view text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string terminal_table(const std::vector<std::string>& header,
                           const std::vector<std::vector<std::string>>& rows, bool colour) {
    std::vector<std::vector<std::string>> lines = {header};
    lines.insert(lines.end(), rows.begin(), rows.end());
    std::vector<Column> columns(header.size());
    for (auto& cells : lines) {
        cells.resize(header.size());
        for (size_t i = 0; i < cells.size(); ++i) {
            cells[i] = harmless(cells[i]);
            columns[i].width = std::max(columns[i].width, terminal_width(cells[i]));
        }
    }
    for (size_t i = 0; i < columns.size(); ++i) {
        bool any = false;
        bool all = true;
        for (size_t row = 1; row < lines.size(); ++row) {
            any = any || !lines[row][i].empty();
            all = all && (lines[row][i].empty() || looks_numeric(lines[row][i]));
        }
        columns[i].right = any && all;
    }
    std::string text = painted(line_of(lines[0], columns), kBold, colour) + "\n";
    for (size_t row = 1; row < lines.size(); ++row) {
        text += line_of(lines[row], columns) + "\n";
    }
    return text;
}

std::string trials_summary(const RunData& run, const std::vector<std::string>& more, bool colour) {
    const std::vector<SummaryColumn> columns = summary_columns(run, more);
    std::vector<std::string> header = {"trial"};
    for (const SummaryColumn& column : columns) {
        const bool scaled = column.scale.divisor != 1;
        header.push_back(column.metric + (scaled ? " (" + column.scale.name + ")" : ""));
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& repeats : run.repeat_groups()) {
        rows.push_back({settings_name(run, run.trials[repeats.front()])});
        for (const SummaryColumn& column : columns) {
            const auto value = summary_value(run, repeats, column);
            rows.back().push_back(value ? summary_text(*value) : "-");
        }
    }
    const std::string note = interval_note(run);
    return terminal_table(header, rows, colour) + (note.empty() ? "" : note + "\n");
}

std::string noise_text(const ClaimResult& claim) {
    const size_t unsure = points_inside_noise(claim);
    return "inside the noise" + (claim.points.size() == 1
                                     ? std::string()
                                     : " at " + std::to_string(unsure) + " of " +
                                           std::to_string(claim.points.size()) + " points");
}

std::string difference_text(const ClaimDifference& difference) {
    return "difference " + readable_number(difference.mean) + ", 95 % " +
           readable_number(difference.low) + " to " + readable_number(difference.high) +
           (difference.inside_noise ? ", inside the noise" : "");
}

std::string claims_summary(const std::vector<ClaimResult>& claims, bool colour) {
    std::string text;
    for (const ClaimResult& claim : claims) {
        const bool some_unsure = points_inside_noise(claim) > 0;
        text += painted(verdict_name(claim.verdict), verdict_colour(claim.verdict), colour) + "  " +
                harmless(claim.text) + (some_unsure ? "  (" + noise_text(claim) + ")" : "") + "\n";
        if (!claim.reason.empty()) {
            text += "       " + harmless(claim.reason) + "\n";
        }
        for (const ClaimPoint& point : claim.points) {
            const bool unsure = point.difference && point.difference->inside_noise;
            if ((point.verdict == Verdict::holds && !unsure) || claim.verdict == Verdict::differs) {
                continue;
            }
            const auto side = [](const std::optional<double>& value) {
                return value ? readable_number(*value) : std::string("no value");
            };
            text += "       " + (point.where.empty() ? "" : "at " + harmless(point.where) + ": ") +
                    "left " + side(point.left) + ", right " + side(point.right) +
                    (point.reason.empty() ? "" : " (" + harmless(point.reason) + ")") +
                    (point.difference ? "; " + difference_text(*point.difference) : "") + "\n";
        }
    }
    return text;
}

}  // namespace lsm::report
