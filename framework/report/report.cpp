#include "framework/report/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/page/page.hpp"
#include "framework/report/report_data.hpp"
#include "framework/report/summary.hpp"
#include "framework/report/terminal_table.hpp"
#include "framework/report/theory_table.hpp"

namespace lsm::report {
namespace {

using page::escape_html;

std::string tagged(const std::string& tag, const std::string& text,
                   const std::string& attributes = {}) {
    return "<" + tag + (attributes.empty() ? "" : " " + attributes) + ">" + text + "</" + tag + ">";
}

std::string section(const std::string& id, const std::string& title, const std::string& content) {
    return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-title\">\n<h2 id=\"" + id +
           "-title\">" + title + "</h2>\n" + content + "</section>\n";
}

/// A table that scrolls inside itself; focusable, so that the keys can scroll it.
std::string scrolling_table(const std::string& label, const std::string& head,
                            const std::string& body) {
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + label +
           "\"><table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + body +
           "</tbody></table></div>\n";
}

std::string counted(size_t count, const std::string& thing) {
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string value_cell(const std::optional<double>& value) {
    return tagged("td", value ? readable_number(*value) : "–", "class=\"number\"");
}

std::string difference_cell(const std::optional<ClaimDifference>& difference) {
    std::string text = "–";
    if (difference) {
        text = readable_number(difference->low) + " to " + readable_number(difference->high) +
               (difference->inside_noise ? ": inside the noise" : "");
    }
    return tagged("td", text, "class=\"number\"");
}

std::string claim_item(const ClaimResult& claim) {
    const std::string verdict = verdict_name(claim.verdict);
    const std::string style =
        is_no_failure(claim.verdict) && claim.verdict != Verdict::holds ? "not-asked" : verdict;
    std::string item = "<li><span class=\"verdict " + style + "\">" + verdict + "</span> <code>" +
                       escape_html(claim.text) + "</code>\n";
    if (!claim.notes.says.empty()) {
        item += tagged("p", escape_html(claim.notes.says));
    }
    if (!claim.notes.theirs.empty()) {
        item += tagged("p", "The paper: " + escape_html(claim.notes.theirs), "class=\"note\"");
    }
    if (!claim.reason.empty()) {
        item += tagged("p", escape_html(claim.reason), "class=\"note\"");
    }
    if (!claim.points.empty()) {
        size_t held = 0;
        std::string rows;
        const bool repeats =
            std::any_of(claim.points.begin(), claim.points.end(),
                        [](const ClaimPoint& point) { return point.difference.has_value(); });
        for (const ClaimPoint& point : claim.points) {
            held += point.verdict == Verdict::holds ? 1 : 0;
            const std::string name = verdict_name(point.verdict);
            rows +=
                "<tr>" + tagged("th", escape_html(point.where), "scope=\"row\"") +
                value_cell(point.left) + value_cell(point.right) +
                (repeats ? difference_cell(point.difference) : "") +
                tagged("td", name + (point.reason.empty() ? "" : ": " + escape_html(point.reason)),
                       "class=\"verdict " + name + "\"") +
                "</tr>\n";
        }
        const std::string summary =
            "Held at " + std::to_string(held) + " of " + counted(claim.points.size(), "point") +
            (points_inside_noise(claim) > 0 ? ", " + noise_text(claim) : "");
        const char* open = claim.verdict == Verdict::holds ? "" : " open";
        item += "<details" + std::string(open) + "><summary>" + summary + "</summary>" +
                scrolling_table(
                    "Values of the claim",
                    "<th scope=\"col\">Where</th><th scope=\"col\" class=\"number\">Left</th>"
                    "<th scope=\"col\" class=\"number\">Right</th>" +
                        std::string(repeats ? "<th scope=\"col\" class=\"number\">Left - right, "
                                              "95 % interval</th>"
                                            : "") +
                        "<th scope=\"col\">Verdict</th>",
                    rows) +
                "</details>";
    }
    return item + "</li>\n";
}

std::string claims_section(const std::vector<ClaimResult>& claims) {
    if (claims.empty()) {
        return {};
    }
    std::string items;
    size_t held = 0;
    size_t unasked = 0;
    for (const ClaimResult& claim : claims) {
        items += claim_item(claim);
        held += claim.verdict == Verdict::holds ? 1 : 0;
        unasked += claim.verdict == Verdict::not_asked ? 1 : 0;
    }
    const std::string summary =
        std::to_string(held) + " of " + counted(claims.size() - unasked, "claim") +
        (held == 1 ? " holds" : " hold") +
        (unasked == 0 ? "." : "; " + std::to_string(unasked) + " not asked.");
    return section("claims", "Claims",
                   tagged("p", summary) + "\n<ul class=\"claims\">\n" + items + "</ul>\n");
}

std::string figure_element(const Figure& figure, size_t number) {
    const std::string file = "plots/" + escape_html(figure.name);
    std::string links;
    if (figure.drawn) {
        links += "<a href=\"" + file + ".svg\">SVG</a> <a href=\"" + file + ".pdf\">PDF</a> ";
    }
    links += "<a href=\"" + file + ".gp\">gnuplot</a> <a href=\"" + file + ".csv\">CSV</a>";
    std::string notes;
    if (figure.data.has_repeats) {
        notes += tagged(
            "p",
            "Lines, points and bars show the mean of the repeats; bands and strokes its 95 % "
            "interval, by Student's t.",
            "class=\"note\"");
    }
    if (figure.data.has_model) {
        notes += tagged("p", "Dotted lines are the cost model.", "class=\"note\"");
    }
    if (figure.data.has_model_band) {
        notes += tagged("p",
                        "Its bands lie between the papers' two conventions for a tree as deep as "
                        "the measured one, over its whole life: an incoming run bypasses a full "
                        "level, or is written before that level spills.",
                        "class=\"note\"");
    }
    const std::string id = "figure-" + std::to_string(number);
    return "<figure id=\"" + id + "\" aria-labelledby=\"" + id + "-title\"><figcaption><h3 id=\"" +
           id + "-title\">" + escape_html(figure.data.title) + "</h3><p class=\"links\">" + links +
           "</p></figcaption>" + notes + "</figure>\n";
}

std::string trials_section(const RunData& run, const std::vector<PlotSpec>& plots) {
    std::vector<std::string> plotted;
    for (const PlotSpec& plot : plots) {
        plotted.insert(plotted.end(), {plot.y, plot.x});
    }
    const std::vector<SummaryColumn> columns = summary_columns(run, plotted);
    std::string head = "<th scope=\"col\">Trial</th>";
    for (const SummaryColumn& column : columns) {
        head += "<th scope=\"col\" class=\"number\">" + escape_html(column.label.text) +
                tagged("span", escape_html(column.scale.name), "class=\"unit\"") + "</th>";
    }
    std::string body;
    for (const auto& repeats : run.repeat_groups()) {
        const Trial& first = run.trials[repeats.front()];
        body += "<tr><th scope=\"row\">" + escape_html(settings_name(run, first)) + "</th>";
        for (const SummaryColumn& column : columns) {
            const auto value = summary_value(run, repeats, column);
            body += tagged("td", value ? summary_text(*value) : "–", "class=\"number\"");
        }
        body += "</tr>\n";
    }
    const std::string note = interval_note(run);
    return section("trials", "Trials",
                   scrolling_table("Trials and their metrics", head, body) +
                       (note.empty() ? "" : tagged("p", "Each value: " + note, "class=\"note\"")));
}

std::string tree_section(const RunData& run) {
    const bool any = std::any_of(run.levels.begin(), run.levels.end(),
                                 [](const auto& levels) { return !levels.second.empty(); });
    if (!any) {
        return {};
    }
    return section("tree", "The tree over time",
                   "<div class=\"controls\">"
                   "<label>Trial <select id=\"tree-trial\"></select></label>"
                   "<label>A full bar is <select id=\"tree-scale\"><option value=\"all\">the "
                   "largest level of all</option>"
                   "<option value=\"level\">each level's own largest</option></select></label>"
                   "<label class=\"time\">Time <input id=\"tree-time\" type=\"range\" min=\"0\" "
                   "step=\"1\"></label>"
                   "<button id=\"tree-play\" type=\"button\">Play</button></div>\n"
                   "<p id=\"tree-summary\"></p>\n<div id=\"tree-bars\" role=\"list\"></div>\n"
                   "<p class=\"note\">Each bar is a level, each piece of it a sorted run, newest "
                   "first; the hatched part of a "
                   "run is its share of tombstones.</p>\n");
}

std::string events_section(const RunData& run) {
    std::set<std::string> kinds;
    for (const auto& [trial, counts] : run.events) {
        for (const auto& [kind, count] : counts) {
            kinds.insert(kind);
        }
    }
    // Every trial has one start and its phases: that is no finding.
    kinds.erase("start");
    kinds.erase("phase");
    if (kinds.empty()) {
        return {};
    }
    std::string head = "<th scope=\"col\">Trial</th>";
    for (const std::string& kind : kinds) {
        head += tagged("th", escape_html(kind), "scope=\"col\" class=\"number\"");
    }
    std::string body;
    for (const Trial& trial : run.trials) {
        body += "<tr><th scope=\"row\">" + escape_html(trial_name(run, trial)) + "</th>";
        const auto counts = run.events.find(trial.number);
        for (const std::string& kind : kinds) {
            const bool has = counts != run.events.end() && counts->second.contains(kind);
            body += tagged("td", has ? std::to_string(counts->second.at(kind)) : "0",
                           "class=\"number\"");
        }
        body += "</tr>\n";
    }
    return section("events", "Events",
                   "<details><summary>How often the tree changed its shape</summary>\n" +
                       scrolling_table("Events by trial", head, body) + "</details>\n");
}

/// Measured, simulated and predicted beside each other, where the model covers any trial.
std::string theory_section(const RunData& run) {
    const TheoryTable table = theory_table(run);
    if (table.rows.empty()) {
        return {};
    }
    std::string head = "<th scope=\"col\">Trial</th>";
    for (const TheoryMetric& metric : table.metrics) {
        std::vector<std::string> columns;
        for (const Source source : kSources) {
            if (metric.has_source(source)) columns.emplace_back(source_name(source));
        }
        if (metric.has_estimate_gap) columns.emplace_back("gap of the estimate");
        if (metric.has_predicted) columns.insert(columns.end(), {"predicted", "gap"});
        for (const std::string& column : columns) {
            head += "<th scope=\"col\" class=\"number\">" + escape_html(metric.label) +
                    tagged("span", column, "class=\"unit\"") + "</th>";
        }
    }
    std::string body;
    for (const TheoryRow& row : table.rows) {
        body += "<tr><th scope=\"row\">" + escape_html(row.name) + "</th>";
        for (size_t i = 0; i < table.metrics.size(); ++i) {
            const TheoryCell& cell = row.cells[i];
            const TheoryMetric& metric = table.metrics[i];
            const auto gap_cell = [](std::optional<double> gap) {
                return tagged("td", escape_html(gap_text(gap)), "class=\"number\"");
            };
            for (const Source source : kSources) {
                if (metric.has_source(source)) body += value_cell(cell.of(source));
            }
            if (metric.has_estimate_gap) body += gap_cell(cell.estimate_gap());
            if (metric.has_predicted) body += value_cell(cell.predicted) + gap_cell(cell.gap());
        }
        body += "</tr>\n";
    }
    return section("theory", "Theory beside measurement",
                   scrolling_table("Measured, simulated, estimated and predicted", head, body) +
                       "<p class=\"note\">Predicted: the level rule counted in logical bytes, for "
                       "as much as was written, looked up and alive. A gap is to what was "
                       "measured, else to what was simulated, else to what was estimated. Where "
                       "nothing is predicted, the strategy is outside the model.</p>\n");
}

/// A line about the run, of what the manifest has.
std::string facts(const RunData& run) {
    std::vector<std::string> parts = {counted(run.trials.size(), "trial")};
    const auto manifest = nlohmann::json::parse(run.manifest_json, nullptr, false);
    const auto add = [&](const char* key, const std::string& before,
                         const std::string& after = {}) {
        if (!manifest.is_object() || !manifest.contains(key)) {
            return;
        }
        const auto& value = manifest[key];
        const std::string text = value.is_string()   ? value.get<std::string>()
                                 : value.is_number() ? readable_number(value.get<double>())
                                                     : "";
        if (!text.empty()) {
            parts.push_back(before + text + after);
        }
    };
    add("mode", "", " mode");
    add("seed", "seed ");
    add("started", "");
    add("wall_seconds", "", " s");
    add("commit", "commit ");
    std::string line;
    for (const std::string& part : parts) {
        line += (line.empty() ? "" : " · ") + part;
    }
    return line;
}

}  // namespace

std::string report_html(const RunData& run, const ReportRequest& request, const Figures& figures) {
    std::string drawings;
    for (size_t i = 0; i < figures.figures.size(); ++i) {
        drawings += figure_element(figures.figures[i], i + 1);
    }
    if (figures.figures.empty()) {
        drawings = "<p class=\"note\">The experiment asks for no plots.</p>\n";
    }
    std::string warnings;
    for (const std::string& warning : figures.warnings) {
        warnings += tagged("p", escape_html(warning), "class=\"warning\"") + "\n";
    }
    const std::string style =
        std::string(page::file("uPlot.min.css")) + "\n" + std::string(page::file("report.css"));
    return page::fill_template(
        page::file("report.html"),
        {{"title", escape_html(request.experiment) + " · lsmlab"},
         {"style", style},
         {"experiment", escape_html(request.experiment)},
         {"about", escape_html(request.about)},
         {"facts", escape_html(facts(run))},
         {"warnings", warnings},
         {"claims", claims_section(request.claims)},
         {"figures", drawings},
         {"trials", theory_section(run) + trials_section(run, request.plots)},
         {"tree", tree_section(run)},
         {"events", events_section(run)},
         {"yaml", escape_html(run.experiment_yaml)},
         {"manifest", escape_html(run.manifest_json)},
         {"data", page::escape_script_json(report_json(run, figures.figures))},
         {"uplot", std::string(page::file("uPlot.iife.min.js"))},
         {"script", page::join_modules(
                        {"format.js", "chart.js", "figure.js", "tree_shape.js", "report.js"})}});
}

ReportResult write_report(FileSystem& files, const std::string& run_folder,
                          const ReportRequest& request, const std::string& gnuplot) {
    const RunData run = read_run(files, run_folder);
    Figures figures = write_figures(files, run_folder, run, request.plots, gnuplot);
    ReportResult result;
    result.path = run_folder + "/report.html";
    write_text_file(files, result.path, report_html(run, request, figures));
    result.figures = std::move(figures.figures);
    result.warnings = std::move(figures.warnings);
    return result;
}

}  // namespace lsm::report
