#include "framework/report/figures.hpp"

#include "framework/base/error.hpp"
#include "framework/os/process.hpp"
#include "framework/report/gnuplot.hpp"

namespace lsm::report {
namespace {

/// Letters, digits, '_' and '.' stay; a run of anything else becomes one '-'.
std::string file_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '.';
        if (plain) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    return name.substr(0, 80);
}

std::string figure_name(size_t number, const PlotSpec& spec) {
    return (number < 10 ? "0" : "") + std::to_string(number) + "-" + file_name(spec.y) + "-by-" +
           file_name(spec.x);
}

/// True once drawn. gnuplot missing is reported once, for all figures.
bool draw(const std::string& gnuplot, const std::string& folder, const std::string& name,
          std::vector<std::string>& warnings) {
    const ProcessResult result = run_process({gnuplot, name + ".gp"}, folder);
    if (result.exit_status == 0) {
        return true;
    }
    std::string said = result.output.substr(0, 400);
    for (char& c : said) {
        c = c == '\n' ? ' ' : c;
    }
    warnings.push_back("gnuplot failed on plots/" + name + ".gp with status " +
                       std::to_string(result.exit_status) + ": " + said);
    return false;
}

}  // namespace

Figures write_figures(FileSystem& files, const std::string& run_folder, const RunData& run,
                      const std::vector<PlotSpec>& specs, const std::string& gnuplot) {
    Figures written;
    const std::string folder = run_folder + "/plots";
    files.create_folder(folder);
    bool can_draw = !gnuplot.empty();
    for (size_t i = 0; i < specs.size(); ++i) {
        Figure figure;
        figure.name = figure_name(i + 1, specs[i]);
        try {
            figure.data = make_figure(run, specs[i]);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::config) {
                throw;
            }
            written.warnings.push_back("plot " + std::to_string(i + 1) + ": " + error.message());
            continue;
        }
        write_text_file(files, folder + "/" + figure.name + ".csv", gnuplot_csv(figure.data));
        write_text_file(files, folder + "/" + figure.name + ".gp",
                        gnuplot_script(figure.data, figure.name));
        if (can_draw) {
            try {
                figure.drawn = draw(gnuplot, folder, figure.name, written.warnings);
            } catch (const ProgramMissing&) {
                can_draw = false;
                written.warnings.push_back(
                    "gnuplot is not on this machine: plots/ has the scripts (.gp) and their data "
                    "(.csv) "
                    "but no .svg and .pdf; install gnuplot-nox and run gnuplot on the scripts "
                    "there");
            } catch (const Error& error) {
                can_draw = false;
                written.warnings.push_back(error.message() +
                                           ": plots/ has the scripts (.gp) and their data (.csv) "
                                           "but no .svg and .pdf");
            }
        }
        written.figures.push_back(std::move(figure));
    }
    return written;
}

Figures write_figures(FileSystem& files, const std::string& run_folder,
                      const std::vector<PlotSpec>& specs, const std::string& gnuplot) {
    return write_figures(files, run_folder, read_run(files, run_folder), specs, gnuplot);
}

}  // namespace lsm::report
