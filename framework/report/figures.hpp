// The figures of a run: plots/NN-name.csv and .gp for each entry of `plots:`, and .svg and .pdf
// where gnuplot is on the machine. What cannot be drawn (a metric that the run does not have, no
// gnuplot) becomes a warning: a run is worth its numbers even so.
#pragma once

#include <string>
#include <vector>

#include "framework/experiment/plot_spec.hpp"
#include "framework/os/file_system.hpp"
#include "framework/report/figure_data.hpp"
#include "framework/report/run_data.hpp"

namespace lsm::report {

struct Figure {
    std::string name;  ///< "01-write_amplification-by-user_bytes": the files' name in plots/
    FigureData data;
    bool drawn = false;  ///< .svg and .pdf are there
};

struct Figures {
    std::vector<Figure> figures;        ///< in the order of the specs, without those that failed
    std::vector<std::string> warnings;  ///< one line each
};

/// Writes into `run_folder`/plots, replacing files of the same names. gnuplot works in that folder
/// of the real disk: with a FileSystem that is not the real disk, pass an empty `gnuplot`, and it
/// is not run and not missed. Throws Error (io) where files cannot be written.
Figures write_figures(FileSystem& files, const std::string& run_folder, const RunData& run,
                      const std::vector<PlotSpec>& specs, const std::string& gnuplot = "gnuplot");

/// The same, reading the run's folder first. Throws Error (io, corruption) where that fails.
Figures write_figures(FileSystem& files, const std::string& run_folder,
                      const std::vector<PlotSpec>& specs, const std::string& gnuplot = "gnuplot");

}  // namespace lsm::report
