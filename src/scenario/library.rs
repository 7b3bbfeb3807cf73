//! Scenarios and rules that are built into the program, so that it runs from anywhere.

/// A built-in file.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name: `quick`, `theory/null-alloc`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $folder, $name, ".toml")),
        },)*]
    };
}

/// Built-in scenarios.
pub const SCENARIOS: &[Shipped] = shipped!("":
    "england", "england-solo", "quick", "substance-misuse", "synthetic",
    "theory/fpsb-uniform", "theory/fpsb-power", "theory/fpsb-exp", "theory/fpsb-reserve", "theory/spsb",
    "theory/fpsb-degenerate", "theory/fpsb-mission", "theory/fpsb-zi", "theory/fpsb-learn", "theory/fpsb-grid",
    "theory/score-che", "theory/cv-uniform", "theory/softmax", "theory/entry-ls", "theory/entry-sam", "theory/equal-shares",
    "theory/null-alloc", "theory/null-unequal", "theory/lot-cap", "theory/grow-gibrat", "theory/grow-exit",
    "theory/simon", "theory/incumb-polya", "theory/incumb-power", "theory/retention", "theory/ruin",
    "theory/ruin-walk", "theory/ruin-diffusion", "theory/queue", "theory/queue-poisson", "theory/flat-concentration",
    "theory/zero-intelligence-market", "theory/neutral", "theory/ladder", "theory/ladder-elsewhere", "theory/phase",
    "theory/temptation", "theory/team-effort", "theory/multitask", "theory/stag-hunt",
    "theory/pbr-participation", "theory/volunteers", "theory/imitation", "theory/trust", "theory/matching",
    "theory/ranking-paradox",
);

/// Built-in rule files.
pub const RULES: &[Shipped] = shipped!("rules/":
    "lowest-price", "lowest-acceptable", "quality-60", "absolute-price", "mean-price", "fixed-price", "quality-80", "social-value-10",
    "social-value-20", "full-cost-floor", "local-reserved", "local-small-reserved", "one-lot", "direct-award",
    "grant-lottery", "need-weighted-grants", "payment-by-results", "joint-results", "long-contracts",
    "track-record", "extensions", "short-notice", "no-turnover-threshold", "roll-over", "mutual-reserved",
    "lead-provider", "open-book", "consortium", "alliance", "collaboration-criterion",
    "stretched-commissioner", "small-lots", "bundled-lots", "mega-contract", "regional-contract", "framework",
    "social-value-30", "turnover-twice", "work-programme", "core-grants", "psr-most-suitable", "psr-competitive",
    "full-cost-long", "place-based",
);

/// The built-in file of that name.
pub fn find(list: &[Shipped], name: &str) -> Option<Shipped> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    list.iter().find(|shipped| shipped.name == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(folder: &str, list: &[Shipped], prefix: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(path).expect("the folder of shipped files") {
            let path = entry.expect("a readable entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let name = format!("{prefix}{}", path.file_stem().expect("a name").to_string_lossy());
                assert!(find(list, &name).is_some(), "{name} is not built in");
            }
        }
    }

    #[test]
    fn every_file_in_the_folders_is_built_in() {
        listed("scenarios", SCENARIOS, "");
        listed("scenarios/theory", SCENARIOS, "theory/");
        listed("scenarios/rules", RULES, "");
    }

    #[test]
    fn every_built_in_file_is_valid_and_starts_with_a_comment() {
        for shipped in SCENARIOS {
            assert!(shipped.text.starts_with('#'), "{}", shipped.name);
            if let Err(errors) = crate::scenario::load(shipped.name, &[]) {
                panic!("{}: {errors}", shipped.name);
            }
        }
        for shipped in RULES {
            let rules = crate::scenario::load_rules(shipped.name).expect("valid rules");
            crate::scenario::load_under("quick", &rules, &[]).expect("a valid overlay");
        }
    }
}
