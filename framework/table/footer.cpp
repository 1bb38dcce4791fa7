#include "framework/table/footer.hpp"

#include <cassert>

#include "framework/base/coding.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"

namespace lsm {

namespace {

constexpr std::string_view kMagic("lsmtable", 8);
constexpr uint64_t kCheckedBytes = Footer::kBytes - 4 - kMagic.size();

void put_handle(std::string& out, BlockHandle handle) {
    put_fixed64(out, handle.offset);
    put_fixed64(out, handle.size);
}

BlockHandle get_handle(Decoder& decoder) {
    BlockHandle handle;
    handle.offset = decoder.fixed64();
    handle.size = decoder.fixed64();
    return handle;
}

}  // namespace

std::string Footer::encode() const {
    std::string out;
    out.reserve(kBytes);
    put_handle(out, root);
    put_handle(out, filter);
    put_handle(out, properties);
    put_fixed64(out, table);
    put_fixed32(out, kTableLayoutVersion);
    put_fixed32(out, checksum32(out));
    out.append(kMagic);
    assert(out.size() == kBytes);
    return out;
}

Footer Footer::decode(std::string_view bytes, const std::string& file, uint64_t file_size,
                      TableId expected) {
    const uint64_t offset = file_size - bytes.size();
    const auto damaged = [&](const std::string& what) {
        return Error(ErrorKind::corruption, what, {file, offset, {}, {}});
    };
    if (bytes.size() < kBytes) throw damaged("the file is too short to be a table");
    if (bytes.substr(kBytes - kMagic.size()) != kMagic) {
        throw damaged("the file does not end as a table does: it is cut off or no table");
    }
    if (checksum32(bytes.substr(0, kCheckedBytes)) != get_fixed32(bytes.data() + kCheckedBytes)) {
        throw damaged("the footer's checksum does not match");
    }
    Decoder decoder(bytes);
    Footer footer;
    footer.root = get_handle(decoder);
    footer.filter = get_handle(decoder);
    footer.properties = get_handle(decoder);
    footer.table = decoder.fixed64();
    const uint32_t version = decoder.fixed32();
    if (version > kTableLayoutVersion) {
        throw Error(ErrorKind::version,
                    "the table has layout version " + std::to_string(version) +
                        ", this program reads up to " + std::to_string(kTableLayoutVersion),
                    {file, offset, {}, {}}, "use a newer lsmlab");
    }
    if (footer.table != expected) {
        throw damaged("the file is table " + std::to_string(footer.table) + ", not table " +
                      std::to_string(expected));
    }
    return footer;
}

}  // namespace lsm
