//! Keys that do nothing in a scenario, where its parameters alone can tell.

mod leaders;
#[cfg(test)]
mod rare;
mod rules;
mod teams;
#[cfg(test)]
mod tests;
mod when;
mod world;

use super::parameters::Learning;
use super::registry::Value;
use super::{Regime, Scenario};

/// Keys that count only where others have certain values.
pub(super) struct Need {
    /// Keys that do nothing where the need is not met.
    pub keys: &'static [&'static str],
    /// Keys on which that depends.
    pub on: &'static [&'static str],
    /// Whether it is met in a scenario, under a regime.
    pub met: fn(&Scenario, &Regime) -> bool,
    /// Where they count, as the end of "it counts only ...".
    pub place: &'static str,
}

fn needs() -> impl Iterator<Item = &'static Need> {
    world::OF_WORLD.iter().chain(rules::OF_RULES).chain(teams::OF_TEAMS).chain(leaders::OF_LEADERS)
}

/// Keys and blocks that do nothing in a scenario, in words, among those to which it gives a value of its own and those
/// that are typed on the command line. Of the latter, some may be varied. In a file, a key that is set to its default goes
/// unnoticed.
pub fn warnings(scenario: &Scenario, typed: &[&'static str], varied: &[&'static str]) -> Vec<String> {
    let regimes = regimes(scenario);
    let learns = regimes.iter().any(|regime| regime.rules.learning == Learning::Bandit);
    let menu = (!learns && !scenario.menu.is_empty() && !varied.contains(&"rules.learning")).then(|| {
        "the [[menu]] does nothing here: commissioners choose from it only where rules.learning is \"bandit\"".into()
    });
    let own = [own_keys(scenario, &regimes), typed.to_vec(), varied.to_vec()].concat();
    let mut warned: Vec<&str> = Vec::new();
    let mut warnings: Vec<String> = menu.into_iter().collect();
    for need in needs().filter(|need| !may_be_met(need, scenario, &regimes, varied)) {
        for key in need.keys.iter().filter(|key| own.contains(*key)) {
            if !warned.contains(key) {
                warned.push(key);
                warnings.push(format!("{key} does nothing here: it counts only {}", need.place));
            }
        }
    }
    warnings
}

/// Where alone a key counts, if that is nowhere in the scenario.
pub fn idle(key: &str, scenario: &Scenario) -> Option<&'static str> {
    let regimes = regimes(scenario);
    let needs = needs().filter(|need| need.keys.contains(&key));
    needs.filter(|need| !may_be_met(need, scenario, &regimes, &[])).map(|need| need.place).next()
}

/// All regimes that may come to be in force: before and after each reform, under every option of the menu.
fn regimes(scenario: &Scenario) -> Vec<Regime> {
    let mut stated = vec![scenario.regime.clone()];
    for reform in &scenario.reforms {
        // Reforms of other areas may or may not have gone before.
        let after: Vec<Regime> =
            [scenario.regime.with(&reform.changes), stated[stated.len() - 1].with(&reform.changes)].into();
        stated.extend(after);
    }
    let options = stated.iter().flat_map(|regime| {
        let with = |choice: &super::Choice| regime.with(&choice.changes);
        scenario.menu.iter().map(with)
    });
    let options: Vec<Regime> = options.collect();
    stated.extend(options);
    stated
}

/// Keys with another value than their default, in some regime or in some world.
fn own_keys(scenario: &Scenario, regimes: &[Regime]) -> Vec<&'static str> {
    let of_regime = |regime: &Regime| [regime.rules.values(), regime.behaviour.values()].concat();
    let differing = |values: Vec<(&'static str, Value)>, defaults: &[(&'static str, Value)]| {
        let own = values.into_iter().zip(defaults).filter(|(value, other)| value != *other);
        own.map(|((key, _), _)| key).collect::<Vec<_>>()
    };
    let defaults = of_regime(&Regime::default());
    let mut own = differing(scenario.values(), &Scenario::default().values());
    own.extend(regimes.iter().flat_map(|regime| differing(of_regime(regime), &defaults)));
    own.extend(uncertain_keys(scenario));
    own
}

/// Keys that differ between worlds.
fn uncertain_keys(scenario: &Scenario) -> impl Iterator<Item = &'static str> {
    let keys = scenario.uncertainty.iter().flat_map(|uncertainty| &uncertainty.keys);
    keys.filter(|uncertain| !uncertain.fixed).map(|uncertain| uncertain.key)
}

/// Whether a need is met in some regime, or may be in some world or at some point.
fn may_be_met(need: &Need, scenario: &Scenario, regimes: &[Regime], varied: &[&'static str]) -> bool {
    regimes.iter().any(|regime| (need.met)(scenario, regime))
        || uncertain_keys(scenario).chain(varied.iter().copied()).any(|key| need.on.contains(&key))
}
