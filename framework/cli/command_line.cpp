#include "framework/cli/command_line.hpp"

#include <iostream>

#include "framework/base/error.hpp"
#include "framework/base/text.hpp"

namespace lsm::cli {
namespace {

void print_help(const std::string& verb, const options::options_description& shown) {
    for (const Verb& one : all_verbs()) {
        if (one.name == verb) {
            std::cout << "usage: ./lab " << verb << " " << one.arguments << "\n\n"
                      << one.about << "\n";
        }
    }
    if (!shown.options().empty()) {
        std::cout << "\n" << shown;
    }
}

std::string guess(const std::string& wrong, const options::options_description& known) {
    std::vector<std::string> names;
    for (const auto& option : known.options()) {
        names.push_back("--" + option->long_name());
    }
    const auto close = closest_match(wrong, names);
    return close ? "; did you mean " + *close + "?" : "";
}

}  // namespace

std::optional<options::variables_map> read_arguments(const std::string& verb,
                                                     const options::options_description& known,
                                                     const Arguments& arguments,
                                                     const std::string& rest) {
    options::options_description all;
    all.add(known).add_options()("help,h", "show this");
    options::positional_options_description positional;
    if (!rest.empty()) {
        all.add_options()(rest.c_str(), options::value<std::vector<std::string>>());
        positional.add(rest.c_str(), -1);
    }
    try {
        namespace style = options::command_line_style;
        options::variables_map values;
        options::store(options::command_line_parser(arguments)
                           .options(all)
                           .positional(positional)
                           .style(style::unix_style & ~style::allow_guessing)
                           .run(),
                       values);
        options::notify(values);
        if (values.contains("help")) {
            print_help(verb, known);
            return std::nullopt;
        }
        return values;
    } catch (const options::unknown_option& error) {
        throw Error(ErrorKind::usage,
                    verb + ": unknown option " + error.get_option_name() +
                        guess(error.get_option_name(), all),
                    {}, "./lab " + verb + " --help lists them");
    } catch (const options::too_many_positional_options_error&) {
        throw Error(ErrorKind::usage, verb + " takes no such argument", {},
                    "./lab " + verb + " --help tells more");
    } catch (const options::error& error) {
        throw Error(ErrorKind::usage, verb + ": " + error.what());
    }
}

}  // namespace lsm::cli
