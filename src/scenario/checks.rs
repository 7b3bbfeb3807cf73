//! Checks across keys: weights that sum to one, limits in order, dates inside the run.

use super::document::Stated;
use super::faults::{Errors, Place};
use super::parameters::{AbilityLaw, Learning, Packaging, ReservesLaw, Rules};
use super::registry::{Setting, Value};
use super::values::short;
use super::{Reform, Regime, Scenario};
use crate::units::Share;
use std::collections::{BTreeMap, BTreeSet};

/// Rounding that sums of weights may show.
const ROUNDING: f64 = 1e-9;
/// The weights of the award criteria.
const WEIGHTS: [&str; 4] =
    ["rules.weight_quality", "rules.weight_price", "rules.weight_social", "rules.weight_collaboration"];

/// Where the values of a scenario were stated.
#[derive(Clone, Debug)]
pub struct Places {
    /// Keys or blocks that were not understood.
    pub doubtful: Vec<String>,
    /// Where each reform is, and which of its keys were not understood.
    pub reforms: Vec<(Place, Vec<String>)>,
    /// Where each option of the menu is, and which of its keys were not understood.
    pub menu: Vec<(Place, Vec<String>)>,
    stated: BTreeMap<&'static str, (usize, Place)>,
    start: Place,
}

impl Places {
    /// Nothing is stated; errors about defaults point to the start of the scenario.
    pub fn new(start: Place) -> Self {
        Self { doubtful: Vec::new(), reforms: Vec::new(), menu: Vec::new(), stated: BTreeMap::new(), start }
    }

    /// Remembers where a value stands; the latest wins.
    pub fn remember(&mut self, stated: &Stated) {
        let order = self.stated.values().map(|(order, _)| order + 1).max().unwrap_or(0);
        self.stated.insert(stated.key, (order, stated.place.clone()));
        self.doubtful.retain(|key| key != stated.key);
    }

    fn of(&self, keys: &[&str]) -> Place {
        let found = keys.iter().filter_map(|key| self.stated.get(key)).max_by_key(|(order, _)| *order);
        found.map_or_else(|| self.start.clone(), |(_, place)| place.clone())
    }
}

fn any_doubtful(doubtful: &[String], keys: &[&str]) -> bool {
    keys.iter().any(|key| doubtful.iter().any(|entry| entry == key || key.split('.').next() == Some(entry)))
}

/// Checks a scenario across keys.
pub fn check(scenario: &Scenario, places: &Places, errors: &mut Errors) {
    let mut checker = Checker { places, errors };
    checker.weights(scenario);
    for row in 0..scenario.reforms.len() {
        checker.reform(scenario, row);
    }
    checker.menu(scenario);
    checker.world(scenario);
    checker.limits(scenario);
}

/// The weights that are in force in the areas of a reform, from its first round on.
fn weights_under(regime: &Regime, reforms: &[Reform]) -> [f64; 4] {
    let rules = &regime.rules;
    let mut weights =
        [rules.weight_quality, rules.weight_price, rules.weight_social, rules.weight_collaboration]
            .map(Share::value);
    let Some(last) = reforms.last() else { return weights };
    let overlaps = |reform: &&Reform| {
        let is_named = |area: &String| last.areas.contains(area);
        reform.areas.is_empty() || last.areas.is_empty() || reform.areas.iter().any(is_named)
    };
    for reform in reforms.iter().filter(overlaps) {
        change_weights(&mut weights, &reform.changes);
    }
    weights
}

fn change_weights(weights: &mut [f64; 4], changes: &[(&'static str, Value)]) {
    for (key, value) in changes {
        let row = WEIGHTS.iter().position(|weight| weight == key);
        if let (Some(row), Value::Number(number)) = (row, value) {
            weights[row] = *number;
        }
    }
}

struct Checker<'a> {
    places: &'a Places,
    errors: &'a mut Errors,
}

impl Checker<'_> {
    fn require(&mut self, holds: bool, keys: &[&str], message: String, hint: String) {
        if !holds && !any_doubtful(&self.places.doubtful, keys) {
            self.errors.add(self.places.of(keys), message, || vec![hint]);
        }
    }

    fn weights(&mut self, scenario: &Scenario) {
        let weights = weights_under(&scenario.regime, &[]);
        self.require(
            sum_to_one(&weights),
            &WEIGHTS,
            format!("the weights of the award criteria sum to {}, not to 1", sum_of(&weights)),
            stated_weights(weights, "is"),
        );
    }

    fn reform(&mut self, scenario: &Scenario, row: usize) {
        let reform = &scenario.reforms[row];
        let Some((place, doubtful)) = self.places.reforms.get(row) else { return };
        let rounds = scenario.run.rounds;
        if reform.from_round >= rounds && !any_doubtful(&self.places.doubtful, &["run.rounds"]) {
            let message = format!("this reform starts in round {}, after the last round", reform.from_round);
            let hint = || vec![format!("run.rounds is {rounds}, and rounds count from 0")];
            self.errors.add(place.clone(), message, hint);
        }
        let changes_weights = reform.changes.iter().any(|(key, _)| WEIGHTS.contains(key));
        let weights = weights_under(&scenario.regime, &scenario.reforms[..=row]);
        let unsure = any_doubtful(doubtful, &WEIGHTS) || any_doubtful(&self.places.doubtful, &WEIGHTS);
        if changes_weights && !unsure && !sum_to_one(&weights) {
            let sum = sum_of(&weights);
            let message =
                format!("from this reform on, the weights of the award criteria sum to {sum}, not to 1");
            let hint = || vec![stated_weights(weights, "is then")];
            self.errors.add(place.clone(), message, hint);
        }
    }

    /// Each option keeps the weights in order, under the rules of the scenario and under every reform.
    fn menu(&mut self, scenario: &Scenario) {
        let learns = |rules: &Rules| rules.learning == Learning::Bandit;
        self.require(
            !learns(&scenario.regime.rules) || !scenario.menu.is_empty(),
            &["rules.learning", "menu"],
            "commissioners learn, but have no menu to choose from".into(),
            "add [[menu]] blocks, each with a name and the rules.* that it changes".into(),
        );
        let mut names = BTreeSet::new();
        for (choice, (place, doubtful)) in scenario.menu.iter().zip(&self.places.menu) {
            if let Some((key, _)) = choice.changes.iter().find(|(key, _)| key.starts_with("rules.learning")) {
                let message = format!("the option \"{}\" changes how its commissioner learns", choice.name);
                self.errors.add(place.clone(), message, || vec![format!("state {key} for the scenario")]);
            }
            let cuts = |(key, value): &&(&str, Value)| {
                *key == "rules.packaging" && *value == Packaging::CutLots.to_value()
            };
            if choice.changes.iter().any(|change| cuts(&change)) {
                let message = format!("the option \"{}\" cuts lots, and what is cut stays cut", choice.name);
                self.errors.add(place.clone(), message, || {
                    vec!["compare scenarios with and without it; a menu holds what can be taken back".into()]
                });
            }
            if !names.insert(&choice.name) {
                let message = format!("there are two options \"{}\"", choice.name);
                self.errors.add(place.clone(), message, || vec!["give each a name of its own".into()]);
            }
            let unsure = any_doubtful(doubtful, &WEIGHTS) || any_doubtful(&self.places.doubtful, &WEIGHTS);
            let changes = choice.changes.iter().any(|(key, _)| WEIGHTS.contains(key));
            let wrong = (0..=scenario.reforms.len())
                .map(|reforms| {
                    let mut weights = weights_under(&scenario.regime, &scenario.reforms[..reforms]);
                    change_weights(&mut weights, &choice.changes);
                    weights
                })
                .find(|weights| !sum_to_one(weights));
            if let Some(weights) = wrong.filter(|_| changes && !unsure) {
                let (name, sum) = (&choice.name, sum_of(&weights));
                let message = format!(
                    "under the option \"{name}\", the weights of the award criteria sum to {sum}, not to 1"
                );
                self.errors.add(place.clone(), message, || vec![stated_weights(weights, "is then")]);
            }
        }
    }

    fn world(&mut self, scenario: &Scenario) {
        let shares = &scenario.world.complexity_shares;
        self.require(
            (1..=4).contains(&shares.len()) && sum_to_one(shares),
            &["world.complexity_shares"],
            format!("complexity_shares has {} entries that sum to {}", shares.len(), sum_of(shares)),
            "give shares of people with 1, 2, 3 and 4 needs that sum to 1".into(),
        );
        let weights = &scenario.world.skill_weights;
        self.require(
            (1..=4).contains(&weights.len()) && sum_to_one(weights),
            &["world.skill_weights"],
            format!("skill_weights has {} entries that sum to {}", weights.len(), sum_of(weights)),
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
            format!("burn_in is {}, but there are only {} rounds", run.burn_in, run.rounds),
            "summaries need rounds after the burn-in".into(),
        );
    }

    fn limits(&mut self, scenario: &Scenario) {
        let payoffs = scenario.regime.behaviour.payoff_matrix.len();
        self.require(
            payoffs == 0 || payoffs == 4,
            &["behaviour.payoff_matrix"],
            format!("payoff_matrix has {payoffs} entries"),
            "give four payoffs: both seek, seeking unmet, alone while others seek, all alone; or none".into(),
        );
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
        let rules = &scenario.regime.rules;
        self.require(
            rules.price_floor <= rules.ceiling_ratio,
            &["rules.price_floor", "rules.ceiling_ratio"],
            format!("price_floor is {}, above ceiling_ratio {}", rules.price_floor, rules.ceiling_ratio),
            "no price could be bid: both are shares of the reference full cost".into(),
        );
        let shares = market.one_year_share.value() + market.five_year_share.value();
        self.require(
            shares <= 1.0 + ROUNDING,
            &["market.one_year_share", "market.five_year_share"],
            format!("one_year_share and five_year_share sum to {}, more than 1", short(shares)),
            "the rest, for contracts of three years, must not be negative".into(),
        );
    }
}

/// "rules.weight_quality is 0.6 and rules.weight_price is 0.5": criteria without weight go unnamed, unless
/// all have none.
fn stated_weights(weights: [f64; 4], is: &str) -> String {
    let used =
        WEIGHTS.iter().zip(weights).enumerate().filter(|(row, (_, weight))| *row < 2 || *weight != 0.0);
    let words: Vec<String> = used.map(|(_, (key, weight))| format!("{key} {is} {weight}")).collect();
    words.join(" and ")
}

fn sum_to_one(shares: &[f64]) -> bool {
    (shares.iter().sum::<f64>() - 1.0).abs() <= ROUNDING
}

/// The sum, without the last digits in which sums of decimals always err.
fn sum_of(shares: &[f64]) -> f64 {
    (shares.iter().sum::<f64>() * 1e12).round() / 1e12
}
