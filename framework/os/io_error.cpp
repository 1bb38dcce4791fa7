#include "framework/os/io_error.hpp"

#include <cerrno>
#include <system_error>

namespace lsm {

namespace {

struct Words {
    std::string reason, remedy;
};

Words words_for(int code) {
    std::string reason = std::generic_category().message(code);
    std::string remedy;
    switch (code) {
        case ENOSPC:
        case EDQUOT:
            reason = code == ENOSPC ? "no space left on the device" : "no space left in the quota";
            remedy = "free some space or choose another folder";
            break;
        case EFBIG:
            remedy = "the file would pass the largest size that is allowed here (see ulimit -f)";
            break;
        case EACCES:
        case EPERM:
            remedy = "check the permissions and the owner of the file and of its folders";
            break;
        case EROFS:
            remedy = "choose a folder that can be written";
            break;
        case EMFILE:
        case ENFILE:
            remedy = "raise the limit of open files (see ulimit -n)";
            break;
        default:
            break;
    }
    return {reason, remedy};
}

}  // namespace

void throw_io_error(const std::string& path, const std::string& call, int code,
                    std::optional<uint64_t> offset) {
    const Words words = words_for(code);
    const std::string what = call + ": " + words.reason;
    if (code == ENOSPC || code == EDQUOT)
        throw DiskFullError(ErrorKind::io, what, {path, offset, {}, {}}, words.remedy);
    if (code == EROFS)
        throw ReadOnlyMountError(ErrorKind::io, what, {path, offset, {}, {}}, words.remedy);
    throw Error(ErrorKind::io, what, {path, offset, {}, {}}, words.remedy);
}

void throw_sync_error(const std::string& path, const std::string& call, int code) {
    const Words words = words_for(code);
    throw Error(ErrorKind::io, call + ": " + words.reason, {path, {}, {}, {}}, words.remedy);
}

void throw_short_read(const std::string& path, uint64_t offset, uint64_t wanted, uint64_t got) {
    throw Error(ErrorKind::io,
                "read: the file ends after " + std::to_string(got) + " of the " +
                    std::to_string(wanted) + " bytes that were asked for",
                {path, offset, {}, {}});
}

void throw_closed(const std::string& path, const std::string& call) {
    throw Error(ErrorKind::usage, call + ": the file is closed", {path, {}, {}, {}});
}

}  // namespace lsm
