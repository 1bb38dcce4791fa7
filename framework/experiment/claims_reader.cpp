#include "framework/experiment/claims_reader.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "framework/experiment/claim_check.hpp"
#include "framework/experiment/known_names.hpp"
#include "framework/experiment/settings.hpp"

namespace lsm::experiment {
namespace {

const std::vector<std::string> kKeys{"claim", "says", "theirs", "because", "not_asked"};

class ClaimsReader {
  public:
    ClaimsReader(const Experiment& experiment, const std::vector<SweepAxis>* written,
                 const MetricNames& metrics, Problems& problems)
        : experiment_(experiment), written_(written), metrics_(metrics), problems_(problems) {}

    void read(const YamlNode& item) {
        if (item.is_map()) {
            read_map(item);
        } else if (!item.is_scalar()) {
            problems_.add(item.place, fmt::format("a claim is one line of text, and this is {}",
                                                  yaml_kind_name(item.kind)));
        } else if (auto claim = parse_claim(item.text, item.place, item.verbatim, problems_)) {
            take(std::move(*claim));
        }
    }

    std::vector<Claim> claims;

  private:
    void read_map(const YamlNode& item) {
        bool good = true;
        for (const YamlEntry& entry : item.entries) {
            good = check_key(entry) && good;
        }
        const YamlNode* text = item.find("claim");
        if (text == nullptr) {
            problems_.add(item.place,
                          "a claim is a line of text, or a map with the text under `claim`");
            return;
        }
        if (!good) return;
        auto claim = parse_claim(text->text, text->place, text->verbatim, problems_);
        if (!claim) return;
        claim->notes = {text_of(item, "says"), text_of(item, "theirs"), text_of(item, "because")};
        claim->not_asked = text_of(item, "not_asked");
        take(std::move(*claim));
    }

    bool check_key(const YamlEntry& entry) {
        for (const std::string& known : kKeys) {
            if (entry.key != known) continue;
            if (entry.value.is_scalar() && !entry.value.text.empty()) return true;
            problems_.add(entry.value.place, fmt::format("`{}` is one text", entry.key));
            return false;
        }
        problems_.add(entry.key_place,
                      fmt::format("unknown key `{}`; a claim has {}{}", entry.key, name_list(kKeys),
                                  did_you_mean(entry.key, kKeys)));
        return false;
    }

    static std::string text_of(const YamlNode& item, const char* key) {
        const YamlNode* node = item.find(key);
        return node == nullptr ? std::string() : node->text;
    }

    /// Claims speak of the sweep: where that is wrong, more would be said than is meant.
    void take(Claim claim) {
        const bool good = written_ != nullptr && claim.not_asked.empty()
                              ? bind_claim(claim, experiment_, *written_, metrics_, problems_)
                              : check_metrics(claim, experiment_, metrics_, problems_);
        if (good) claims.push_back(std::move(claim));
    }

    const Experiment& experiment_;
    const std::vector<SweepAxis>* written_;
    const MetricNames& metrics_;
    Problems& problems_;
};

}  // namespace

std::vector<Claim> read_claims(const YamlNode& list, const Experiment& experiment,
                               const std::vector<SweepAxis>* written, const MetricNames& metrics,
                               Problems& problems) {
    if (list.is_nothing()) return {};
    if (!list.is_list()) {
        problems.add(list.place, fmt::format("`expect` takes a list of claims, and this is {}",
                                             yaml_kind_name(list.kind)));
        return {};
    }
    ClaimsReader reader(experiment, written, metrics, problems);
    for (const YamlNode& item : list.items) reader.read(item);
    return std::move(reader.claims);
}

std::string claim_yaml(const Claim& claim) {
    if (!claim.notes.any() && claim.not_asked.empty()) return yaml_scalar(claim.text);
    std::string text = "claim: " + yaml_scalar(claim.text);
    const auto add = [&text](const char* key, const std::string& value) {
        if (!value.empty()) text += std::string("\n    ") + key + ": " + yaml_scalar(value);
    };
    add("says", claim.notes.says);
    add("theirs", claim.notes.theirs);
    add("because", claim.notes.because);
    add("not_asked", claim.not_asked);
    return text;
}

}  // namespace lsm::experiment
