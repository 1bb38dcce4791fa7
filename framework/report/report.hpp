// report.html: a run as one page that works offline, from a file, without any other file: the
// question, the claims and their verdicts, the figures with zoom and values under the cursor, the
// trials, the shape of the tree over time, the resolved experiment and the manifest.
//
// Everything that people wrote (names, claims, the YAML) is escaped. Series longer than kMostPoints
// and trees longer than the page can hold are thinned, always the same way; the CSV files keep
// every sample. A typical report stays under 1 MB.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/claim_result.hpp"
#include "framework/experiment/plot_spec.hpp"
#include "framework/os/file_system.hpp"
#include "framework/report/figures.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

/// What the experiment layer knows and the run's folder does not say.
struct ReportRequest {
    std::string experiment;  ///< its name
    std::string about;       ///< the question, in a line
    std::vector<PlotSpec> plots;
    std::vector<ClaimResult> claims;
};

struct ReportResult {
    std::string path;  ///< of report.html
    std::vector<Figure> figures;
    std::vector<std::string> warnings;  ///< as of write_figures
};

/// Reads the run, writes its figures (as write_figures does) and report.html. Throws Error (io,
/// corruption).
ReportResult write_report(FileSystem& files, const std::string& run_folder,
                          const ReportRequest& request, const std::string& gnuplot = "gnuplot");

/// The page alone. Pure.
std::string report_html(const RunData& run, const ReportRequest& request, const Figures& figures);

}  // namespace lsm::report
