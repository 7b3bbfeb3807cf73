//! The key that a user probably meant.

use super::registry::Parameter;
use super::values::{allowed, clip};

/// Likeness from which a key is worth suggesting.
const ENOUGH: f64 = 0.78;
/// How much likelier a key of the same block is than one of another.
const AT_HOME: f64 = 0.03;

/// The parameter nearest to what was typed, in words of any order, inside or outside its block.
pub(super) fn closest<'a>(typed: &str, all: &'a [Parameter], block: Option<&str>) -> Option<&'a Parameter> {
    let typed = clip(typed).to_lowercase();
    let name = typed.rsplit('.').next().unwrap_or(&typed);
    let sorted = sorted_words(name);
    let likeness = |parameter: &Parameter| {
        let direct = strsim::jaro_winkler(name, parameter.name());
        let reordered = strsim::jaro_winkler(&sorted, &sorted_words(parameter.name()));
        let whole = if typed.contains('.') { strsim::jaro_winkler(&typed, parameter.key) } else { 0.0 };
        let at_home = if block == Some(parameter.block()) { AT_HOME } else { 0.0 };
        direct.max(reordered).max(whole) + at_home
    };
    let scored = all.iter().map(|parameter| (likeness(parameter), parameter));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > ENOUGH).then_some(best.1)
}

/// The words of a key in alphabetical order, so that `price_weight` is like `weight_price`.
fn sorted_words(name: &str) -> String {
    let mut words: Vec<&str> = name.split(['_', '.', '-']).collect();
    words.sort_unstable();
    words.join("_")
}

/// Hints for a key that does not exist.
pub(super) fn closest_keys(typed: &str, all: &[Parameter], block: Option<&str>) -> Vec<String> {
    match closest(typed, all, block) {
        Some(parameter) => {
            vec![format!("did you mean \"{}\"? {}", parameter.key, parameter.meaning), allowed(parameter)]
        }
        None => vec![
            "`rebalance explain BLOCK` lists the keys of a block; `rebalance new NAME` writes all".into(),
        ],
    }
}

/// The nearest of some names, if it is near enough to suggest.
pub fn nearest_name<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = clip(typed);
    let scored = names.into_iter().map(|name| (strsim::jaro_winkler(&typed, name), name));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > ENOUGH).then_some(best.1)
}

/// The name that was certainly meant: other letters are large or small, "&" stands for "and", or one or two are wrong.
pub fn misspelt<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| {
        let words = name.to_lowercase().replace('&', "and");
        words.split(|sign: char| !sign.is_alphanumeric()).collect::<Vec<&str>>().join(" ")
    };
    let typed = plain(&clip(typed));
    let scored = names.into_iter().map(|name| (strsim::osa_distance(&typed, &plain(name)), name));
    scored
        .filter(|(wrong, name)| *wrong <= 2 && name.len() > 4)
        .min_by_key(|(wrong, _)| *wrong)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_told_from_another_name() {
        let names = ["North West", "South West", "London", "Yorkshire and The Humber"];
        let meant = |typed| misspelt(typed, names);
        assert_eq!(meant("london"), Some("London"));
        assert_eq!(meant("Nroth West"), Some("North West"));
        assert_eq!(meant("Yorkshire & the Humber"), Some("Yorkshire and The Humber"));
        for other in ["North Wales", "Wales", "Greater London", "West"] {
            assert_eq!(meant(other), None, "{other}");
        }
    }
}
