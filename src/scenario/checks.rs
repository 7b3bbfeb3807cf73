//! Checks across keys: weights that sum to one, limits in order, dates inside the run.

use super::Scenario;
use super::faults::Errors;
use super::parameters::{AbilityLaw, Beliefs, CostLaw, CostStructure, Packaging, ReservesLaw};
use super::places::Places;
use super::registry::Setting;
use super::values::short;
use super::weights::{sum_of, sum_to_one};
use crate::words::counted;
use std::collections::BTreeSet;

/// Rounding that sums of shares may show.
const ROUNDING: f64 = 1e-9;

/// Checks a scenario across keys, but for what only its world can tell: where reforms apply and what is in force there.
pub fn check(scenario: &Scenario, places: &Places, errors: &mut Errors) {
    let mut checker = Checker { places, errors };
    for fault in scenario.regime.faults(!scenario.menu.is_empty()) {
        checker.require(false, &fault.keys, fault.message, fault.hint);
    }
    checker.reforms(scenario);
    checker.menu(scenario);
    checker.world(scenario);
    checker.limits(scenario);
    checker.laws(scenario);
}

struct Checker<'a> {
    places: &'a Places,
    errors: &'a mut Errors,
}

impl Checker<'_> {
    fn require(&mut self, holds: bool, keys: &[&str], message: String, hint: String) {
        if !holds && !self.places.is_doubtful(keys) {
            self.errors.add(self.places.of(keys), message, || vec![hint]);
        }
    }

    fn reforms(&mut self, scenario: &Scenario) {
        let rounds = scenario.run.rounds;
        for (row, reform) in scenario.reforms.iter().enumerate() {
            if reform.from_round >= rounds && !self.places.is_doubtful(&["run.rounds"]) {
                let message =
                    format!("this reform starts in round {}, after the last round", reform.from_round);
                let hint = || vec![format!("run.rounds is {rounds}, and rounds count from 0")];
                self.errors.add(self.places.of_reform(row), message, hint);
            }
        }
    }

    /// Options have names of their own and change what can be taken back.
    fn menu(&mut self, scenario: &Scenario) {
        let mut names = BTreeSet::new();
        for (row, choice) in scenario.menu.iter().enumerate() {
            let place = || self.places.of_option(row);
            if let Some((key, _)) = choice.changes.iter().find(|(key, _)| key.starts_with("rules.learning")) {
                let message = format!("the option \"{}\" changes how its commissioner learns", choice.name);
                self.errors.add(place(), message, || vec![format!("state {key} for the scenario")]);
            }
            let cut = Packaging::CutLots.to_value();
            if choice.changes.iter().any(|(key, value)| *key == "rules.packaging" && *value == cut) {
                let message = format!("the option \"{}\" cuts lots, and what is cut stays cut", choice.name);
                self.errors.add(place(), message, || {
                    vec!["compare scenarios with and without it; a menu holds what can be taken back".into()]
                });
            }
            if !names.insert(&choice.name) {
                let message = format!("there are two options \"{}\"", choice.name);
                self.errors.add(place(), message, || vec!["give each a name of its own".into()]);
            }
        }
    }

    fn world(&mut self, scenario: &Scenario) {
        let shares = &scenario.world.complexity_shares;
        self.require(
            (1..=4).contains(&shares.len()) && sum_to_one(shares),
            &["world.complexity_shares"],
            format!("complexity_shares has {}", summed(shares)),
            "give shares of people with 1, 2, 3 and 4 needs that sum to 1".into(),
        );
        let weights = &scenario.world.skill_weights;
        self.require(
            (1..=4).contains(&weights.len()) && sum_to_one(weights),
            &["world.skill_weights"],
            format!("skill_weights has {}", summed(weights)),
            "give weights of one to four skills that sum to 1".into(),
        );
        let law = scenario.population.ability_law;
        self.require(
            law != AbilityLaw::Specialists || scenario.population.ability_values.len() == 2,
            &["population.ability_values", "population.ability_law"],
            "ability_law is \"specialists\", which needs two ability_values".into(),
            "write ability_values = [0.8, 0.4]: in the skill of one's own, and in the others".into(),
        );
        let listed = law == AbilityLaw::Listed;
        self.require(
            !listed || !scenario.population.ability_values.is_empty(),
            &["population.ability_values"],
            "ability_law is \"listed\", but ability_values is empty".into(),
            "write ability_values = [0.6, 0.5]".into(),
        );
        self.require(
            !scenario.market.lot_value_weights.is_empty(),
            &["market.lot_value_weights"],
            "lot_value_weights is empty".into(),
            "write lot_value_weights = [1.0] for equal lots".into(),
        );
        let listed = scenario.population.reserves_law == ReservesLaw::Listed;
        self.require(
            !listed || !scenario.population.reserves_values_gbp.is_empty(),
            &["population.reserves_values_gbp"],
            "reserves_law is \"listed\", but reserves_values_gbp is empty".into(),
            "write reserves_values_gbp = [5.0, 15.0]".into(),
        );
        let run = &scenario.run;
        self.require(
            run.burn_in < run.rounds,
            &["run.burn_in", "run.rounds"],
            format!(
                "burn_in is {}, but there {} only {}",
                run.burn_in,
                if run.rounds == 1 { "is" } else { "are" },
                counted(run.rounds, "round")
            ),
            "summaries need rounds after the burn-in".into(),
        );
    }

    /// Bidders who know the law of rivals' costs need one that they can reckon with.
    fn laws(&mut self, scenario: &Scenario) {
        let behaviour = &scenario.regime.behaviour;
        let reckons =
            behaviour.beliefs == Beliefs::Rational && behaviour.cost_structure != CostStructure::Common;
        self.require(
            !reckons || scenario.population.cost_law != CostLaw::Lognormal,
            &["behaviour.beliefs", "population.cost_law"],
            "beliefs is \"rational\", but cost_law is \"lognormal\", for which there is no equilibrium price"
                .into(),
            "choose cost_law \"uniform\", \"power\" or \"exponential\", or beliefs \"market\"".into(),
        );
    }

    fn limits(&mut self, scenario: &Scenario) {
        let (population, market) = (&scenario.population, &scenario.market);
        let pairs = [
            (
                "market.contract_min_gbp",
                market.contract_min_gbp,
                "market.contract_max_gbp",
                market.contract_max_gbp,
            ),
            (
                "population.cost_low_gbp",
                population.cost_low_gbp,
                "population.cost_high_gbp",
                population.cost_high_gbp,
            ),
            (
                "population.reserves_low_gbp",
                population.reserves_low_gbp,
                "population.reserves_high_gbp",
                population.reserves_high_gbp,
            ),
            (
                "population.tail_start_gbp",
                population.tail_start_gbp,
                "population.income_max_gbp",
                population.income_max_gbp,
            ),
        ];
        for (low_key, low, high_key, high) in pairs {
            self.require(
                low <= high,
                &[low_key, high_key],
                format!("{low_key} is above {high_key}"),
                format!("{low} GBP is more than {high} GBP"),
            );
        }
        let shares = market.one_year_share.value() + market.five_year_share.value();
        self.require(
            shares <= 1.0 + ROUNDING,
            &["market.one_year_share", "market.five_year_share"],
            format!("one_year_share and five_year_share sum to {}, more than 1", short(shares)),
            "the rest, for contracts of three years, must not be negative".into(),
        );
    }
}

/// "2 entries that sum to 0.9".
fn summed(entries: &[f64]) -> String {
    let sum = if entries.len() == 1 { "sums" } else { "sum" };
    format!("{} that {sum} to {}", counted(entries.len(), "entry"), sum_of(entries))
}
