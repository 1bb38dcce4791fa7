#include "framework/base/error.hpp"

namespace lsm {

namespace {

std::string full_text(const std::string& message, const ErrorPlace& place,
                      const std::string& remedy) {
    std::string text;
    if (!place.file.empty()) {
        text += place.file;
        if (place.line) text += ":" + std::to_string(*place.line);
        if (place.column) text += ":" + std::to_string(*place.column);
        if (place.offset) text += " at byte " + std::to_string(*place.offset);
        text += ": ";
    }
    text += message;
    if (!remedy.empty()) text += "; " + remedy;
    return text;
}

}  // namespace

Error::Error(ErrorKind kind, std::string what, ErrorPlace place, std::string remedy)
    : std::runtime_error(full_text(what, place, remedy)),
      kind_(kind),
      message_(std::move(what)),
      place_(std::move(place)),
      remedy_(std::move(remedy)) {}

const char* error_kind_name(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::config:
            return "configuration";
        case ErrorKind::io:
            return "input/output";
        case ErrorKind::corruption:
            return "corruption";
        case ErrorKind::locked:
            return "locked";
        case ErrorKind::version:
            return "version";
        case ErrorKind::read_only:
            return "read-only";
        case ErrorKind::usage:
            return "usage";
    }
    return "unknown";
}

int exit_status(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::config:
        case ErrorKind::usage:
            return 2;
        case ErrorKind::corruption:
            return 3;
        case ErrorKind::locked:
            return 4;
        case ErrorKind::io:
        case ErrorKind::read_only:
            return 5;
        case ErrorKind::version:
            return 6;
    }
    return 5;
}

}  // namespace lsm
