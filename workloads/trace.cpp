#include "workloads/trace.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "framework/base/entry.hpp"
#include "framework/base/error.hpp"
#include "framework/base/hash.hpp"
#include "framework/base/number.hpp"
#include "framework/base/printable.hpp"
#include "framework/base/size.hpp"
#include "framework/base/text.hpp"
#include "workloads/escapes.hpp"

namespace lsm::workloads {

namespace {

constexpr uint64_t kChunk = 1 << 20;
constexpr uint64_t kLongestLine = 1 << 20;
constexpr uint64_t kMaxNumber = 1'000'000'000'000;
constexpr uint64_t kMaxTraceValue = 64 << 20;

constexpr std::array<const char*, 8> kColumnNames{"op",     "key", "key_base64", "value_size",
                                                  "length", "end", "end_base64", "ttl"};

using Kind = TraceOperation::Kind;

struct OperationName {
    const char* name;
    Kind kind;
};
constexpr OperationName kCsvOperations[] = {{"get", Kind::get},
                                            {"put", Kind::put},
                                            {"delete", Kind::remove},
                                            {"scan", Kind::scan},
                                            {"delete_range", Kind::delete_range}};
constexpr OperationName kTwitterOperations[] = {{"get", Kind::get},
                                                {"gets", Kind::get},
                                                {"set", Kind::put},
                                                {"cas", Kind::put},
                                                {"delete", Kind::remove},
                                                {"add", Kind::put_if_absent},
                                                {"replace", Kind::put_if_there},
                                                {"append", Kind::put_if_there},
                                                {"prepend", Kind::put_if_there},
                                                {"incr", Kind::put_if_there},
                                                {"decr", Kind::put_if_there}};

template <size_t Count>
const Kind* find_kind(const OperationName (&names)[Count], std::string_view name) {
    for (const OperationName& one : names) {
        if (name == one.name) return &one.kind;
    }
    return nullptr;
}

template <size_t Count>
std::string names_of(const OperationName (&names)[Count]) {
    std::vector<std::string> all;
    for (const OperationName& one : names) all.emplace_back(one.name);
    return join(all);
}

void split(std::string_view text, std::vector<std::string_view>& fields) {
    fields.clear();
    for (;;) {
        const size_t comma = text.find(',');
        fields.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos) return;
        text.remove_prefix(comma + 1);
    }
}

bool writes(Kind kind) {
    return kind == Kind::put || kind == Kind::put_if_absent || kind == Kind::put_if_there;
}

}  // namespace

TraceReader::TraceReader(FileSystem& files, const std::string& path, const std::string& format,
                         Report report)
    : path_(path),
      twitter_(format == "twitter"),
      report_(std::move(report)),
      file_(files.open(path)),
      size_(file_->size()) {
    std::fill(std::begin(columns_), std::end(columns_), -1);
    if (!twitter_) ended_ = !read_names();
}

void TraceReader::fail(std::string_view at, const std::string& problem,
                       const std::string& remedy) const {
    const auto column = static_cast<uint64_t>(at.data() - text_.data()) + 1;
    const Error error(ErrorKind::config, problem, {path_, {}, line_, column}, remedy);
    if (!report_) throw error;
    report_(error);
}

bool TraceReader::next_line(std::string& line) {
    for (;;) {
        const size_t end = buffer_.find('\n', place_);
        if (end != std::string::npos || (read_ == size_ && place_ < buffer_.size())) {
            const size_t stop = std::min(end, buffer_.size());
            line.assign(buffer_, place_, stop - place_);
            place_ = end == std::string::npos ? buffer_.size() : end + 1;
            ++line_;
            fingerprint_ = hash_bytes(line, fingerprint_);
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (line.empty() || (!twitter_ && line.front() == '#')) continue;
            return true;
        }
        if (read_ == size_) return false;
        buffer_.erase(0, place_);
        place_ = 0;
        if (buffer_.size() > kLongestLine) {
            ++line_;
            text_.clear();
            fail(text_, "the line is longer than 1 MiB", "is this file a trace?");
            ended_ = true;
            return false;
        }
        const uint64_t more = std::min(kChunk, size_ - read_);
        const size_t old = buffer_.size();
        buffer_.resize(old + more);
        file_->read(read_, more, buffer_.data() + old, {});
        read_ += more;
    }
}

/// False where the columns are not clear, and so no line is.
bool TraceReader::read_names() {
    const std::string all = join({kColumnNames.begin(), kColumnNames.end()});
    if (!next_line(text_)) {
        if (ended_) return false;
        line_ = 1;
        fail(text_, "the trace is empty", "its first line names the columns: " + all);
        return false;
    }
    split(text_, fields_);
    bool clear = true;
    const auto wrong = [&](std::string_view at, const std::string& problem,
                           const std::string& remedy = {}) {
        fail(at, problem, remedy);
        clear = false;
    };
    for (size_t i = 0; i < fields_.size(); ++i) {
        const auto found = std::find(kColumnNames.begin(), kColumnNames.end(), fields_[i]);
        if (found == kColumnNames.end()) {
            wrong(fields_[i], "unknown column \"" + printable(fields_[i]) + "\"",
                  "the first line names the columns, which are " + all);
            continue;
        }
        int& column = columns_[found - kColumnNames.begin()];
        if (column >= 0) wrong(fields_[i], "the column " + std::string(*found) + " is there twice");
        column = static_cast<int>(i);
    }
    // What an unknown column was meant to be is not known either.
    if (!clear) return false;
    if (columns_[kOp] < 0) wrong(text_, "there is no column op", "name it in the first line");
    if ((columns_[kKey] < 0) == (columns_[kKeyBase64] < 0))
        wrong(text_, "there must be one column key or key_base64, and not both");
    return clear;
}

bool TraceReader::next(TraceOperation& operation) {
    if (ended_ || !next_line(text_)) return false;
    operation = TraceOperation{};
    twitter_ ? read_twitter(operation) : read_csv(operation);
    return true;
}

std::string_view TraceReader::field(Column column) const {
    const int at = columns_[column];
    return at < 0 ? std::string_view() : fields_[static_cast<size_t>(at)];
}

uint64_t TraceReader::number(std::string_view text, const char* what, uint64_t largest) const {
    const auto value = parse_count(text);
    if (value && *value <= largest) return *value;
    // A column that is not there stands nowhere in the line.
    fail(text.data() == nullptr ? line_end() : text,
         std::string(what) + " is a whole number up to " + format_number(largest) +
             ", and this is \"" + printable(text) + "\"");
    return 0;
}

std::string TraceReader::key_bytes(Column plain, Column base64, const char* what) const {
    const bool is_plain = columns_[plain] >= 0;
    std::string_view text = field(is_plain ? plain : base64);
    if (text.data() == nullptr) text = line_end();
    const auto bytes = is_plain ? decode_percent(text) : decode_base64(text);
    if (!bytes) {
        fail(text,
             std::string(what) + " \"" + printable(text) + "\" is not " +
                 (is_plain ? "percent-escaped" : "base64"),
             is_plain ? "write a % itself as %25" : "");
        return {};
    }
    check_key(text, *bytes, what);
    return *bytes;
}

void TraceReader::check_key(std::string_view text, const std::string& key, const char* what) const {
    if (key.empty()) fail(text, std::string(what) + " is empty");
    if (key.size() > kMaxKeyBytes) {
        fail(text, std::string(what) + " has " + format_number(uint64_t{key.size()}) +
                       " bytes, and " + format_number(uint64_t{kMaxKeyBytes}) + " are the most");
    }
}

void TraceReader::read_csv(TraceOperation& operation) {
    const size_t expected = static_cast<size_t>(
        std::count_if(std::begin(columns_), std::end(columns_), [](int at) { return at >= 0; }));
    split(text_, fields_);
    if (fields_.size() != expected) {
        fail(fields_.size() > expected ? fields_[expected] : line_end(),
             "the line has " + format_number(uint64_t{fields_.size()}) +
                 " fields, the first line " + format_number(uint64_t{expected}),
             "a comma in a key is written %2C");
        return;
    }
    operation.key = key_bytes(kKey, kKeyBase64, "the key");
    const Kind* kind = find_kind(kCsvOperations, field(kOp));
    if (kind == nullptr) {
        fail(field(kOp), "unknown operation \"" + printable(field(kOp)) + "\"",
             "there are " + names_of(kCsvOperations));
        return;
    }
    operation.kind = *kind;
    if (*kind == Kind::put) {
        operation.value_bytes = number(field(kValueSize), "value_size of a put", kMaxTraceValue);
        if (!field(kTtl).empty()) operation.ttl = number(field(kTtl), "ttl", kMaxNumber);
    } else if (*kind == Kind::scan) {
        const std::string_view length = field(kLength);
        operation.length = number(length, "length of a scan", kMaxNumber);
        if (parse_count(length) == uint64_t{0}) fail(length, "the length of a scan is 0");
    } else if (*kind == Kind::delete_range) {
        const std::string_view end = field(columns_[kEnd] >= 0 ? kEnd : kEndBase64);
        operation.end = key_bytes(kEnd, kEndBase64, "the end of the range");
        if (!operation.end.empty() && !operation.key.empty() && operation.end <= operation.key)
            fail(end, "the range ends before it begins");
    }
}

void TraceReader::read_twitter(TraceOperation& operation) {
    // The key alone may hold commas: one field is to its left, five to its right.
    split(text_, fields_);
    if (fields_.size() < 7) {
        fail(line_end(),
             "the line has " + format_number(uint64_t{fields_.size()}) +
                 " fields, and a line of a Twitter cache trace has 7",
             "timestamp, key, key size, value size, client, operation, TTL");
        return;
    }
    const size_t count = fields_.size();
    const std::string_view timestamp = fields_[0], key_size = fields_[count - 5];
    const auto time = parse_count(timestamp);
    number(timestamp, "the timestamp", kMaxNumber);
    if (time && *time < timestamp_) {
        fail(timestamp, "the timestamp goes back, from " + format_number(timestamp_) + " to " +
                            format_number(*time));
    }
    if (time && *time <= kMaxNumber) timestamp_ = *time;
    const auto key_from = static_cast<size_t>(fields_[1].data() - text_.data());
    const auto key_to = static_cast<size_t>(key_size.data() - text_.data()) - 1;
    operation.key = text_.substr(key_from, key_to - key_from);
    check_key(fields_[1], operation.key, "the key");
    const auto size = parse_count(key_size);
    number(key_size, "the key's size", kMaxNumber);
    if (size && *size <= kMaxNumber && *size != operation.key.size()) {
        fail(key_size, "the key's size is " + format_number(*size) + ", and the key has " +
                           format_number(uint64_t{operation.key.size()}) + " bytes");
    }
    operation.value_bytes = number(fields_[count - 4], "the value's size", kMaxTraceValue);
    const uint64_t ttl = number(fields_[count - 1], "the TTL", kMaxNumber);
    const Kind* kind = find_kind(kTwitterOperations, fields_[count - 2]);
    if (kind == nullptr) {
        fail(fields_[count - 2], "unknown operation \"" + printable(fields_[count - 2]) + "\"",
             "there are " + names_of(kTwitterOperations));
        return;
    }
    operation.kind = *kind;
    if (writes(*kind)) {
        operation.ttl = ttl;
    } else {
        operation.value_bytes = 0;
    }
}

}  // namespace lsm::workloads
