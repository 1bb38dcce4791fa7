#include "framework/experiment/yaml_node.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace lsm::experiment {
namespace {

// Builds nodes from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
  public:
    TreeBuilder(std::shared_ptr<const SourceText> source, Problems& problems)
        : source_(std::move(source)), problems_(problems) {}

    YamlNode take() { return std::move(root_); }

    int documents() const { return documents_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 2) {
            problems_.add(place_at(mark), "a second document starts here; one file holds one");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        YamlNode node;
        node.place = place_at(mark);
        add(std::move(node));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        YamlNode node;
        node.place = place_at(mark);
        problems_.add(node.place,
                      "anchors and references (&name, *name) are not supported; "
                      "write the value out");
        node.kind = YamlNode::Kind::scalar;
        add(std::move(node));
    }

    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  const std::string& value) override {
        YamlNode node;
        node.kind = YamlNode::Kind::scalar;
        node.text = value;
        node.place = place_at(mark);
        const std::string_view line = source_->line(node.place.line);
        const std::string_view rest =
            line.substr(std::min<size_t>(node.place.column - 1, line.size()));
        if (!rest.empty() && (rest.front() == '"' || rest.front() == '\'')) {
            if (!value.empty() && rest.substr(1, value.size()) == value) {
                node.place.column += 1;
            }
        }
        const std::string_view from =
            line.substr(std::min<size_t>(node.place.column - 1, line.size()));
        node.verbatim = from.substr(0, value.size()) == value;
        node.place.length = node.verbatim ? std::max<size_t>(1, value.size()) : 1;
        add(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        start(mark, YamlNode::Kind::list);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        start(mark, YamlNode::Kind::map);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Open {
        YamlNode node;
        bool has_key = false;
        std::string key;
        Place key_place;
    };

    Place place_at(const YAML::Mark& mark) const {
        Place place;
        place.source = source_;
        place.line = mark.line < 0 ? 1 : static_cast<uint64_t>(mark.line) + 1;
        place.column = mark.column < 0 ? 1 : static_cast<uint64_t>(mark.column) + 1;
        return place;
    }

    void start(const YAML::Mark& mark, YamlNode::Kind kind) {
        Open open;
        open.node.kind = kind;
        open.node.place = place_at(mark);
        open_.push_back(std::move(open));
    }

    void close() {
        Open open = std::move(open_.back());
        open_.pop_back();
        add(std::move(open.node));
    }

    void add(YamlNode node) {
        if (open_.empty()) {
            if (documents_ <= 1) {
                root_ = std::move(node);
            }
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_list()) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.has_key) {
            parent.has_key = true;
            parent.key = node.text;
            parent.key_place = node.place;
            if (!node.is_scalar()) {
                problems_.add(node.place, "a key must be a word");
            }
        } else {
            parent.has_key = false;
            add_entry(parent, std::move(node));
        }
    }

    void add_entry(Open& parent, YamlNode node) {
        // A missing value carries the place of whatever comes next.
        if (node.is_nothing()) {
            node.place = parent.key_place;
        }
        for (const YamlEntry& earlier : parent.node.entries) {
            if (earlier.key == parent.key) {
                problems_.add(parent.key_place,
                              fmt::format("`{}` is here a second time; the first is in line {}",
                                          parent.key, earlier.key_place.line));
                return;
            }
        }
        parent.node.entries.push_back({parent.key, parent.key_place, std::move(node)});
    }

    std::shared_ptr<const SourceText> source_;
    Problems& problems_;
    std::vector<Open> open_;
    YamlNode root_;
    int documents_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
    for (const YamlEntry& entry : entries) {
        if (entry.key == key) {
            return &entry.value;
        }
    }
    return nullptr;
}

const char* yaml_kind_name(YamlNode::Kind kind) {
    switch (kind) {
        case YamlNode::Kind::nothing:
            return "nothing";
        case YamlNode::Kind::scalar:
            return "a single value";
        case YamlNode::Kind::list:
            return "a list";
        case YamlNode::Kind::map:
            return "a map";
    }
    return "";
}

YamlNode read_yaml(const std::shared_ptr<const SourceText>& source, Problems& problems) {
    TreeBuilder builder(source, problems);
    std::istringstream input(source->text());
    try {
        YAML::Parser parser(input);
        // A second one is an error already; and where a value begins with a comma the parser comes
        // no further, and would give documents without end.
        while (builder.documents() <= 1 && parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        Place place;
        place.source = source;
        if (!error.mark.is_null()) {
            place.line = static_cast<uint64_t>(error.mark.line) + 1;
            place.column = static_cast<uint64_t>(error.mark.column) + 1;
        }
        problems.add(place, "this is not YAML: " + error.msg);
        problems.throw_if_any();  // what follows the error cannot be told apart from it
    }
    YamlNode root = builder.take();
    if (!root.place.source) {
        root.place.source = source;
    }
    return root;
}

}  // namespace lsm::experiment
