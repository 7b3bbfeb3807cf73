//! Checks across keys: weights that sum to one, limits in order, dates inside the run.

use super::faults::{Errors, Source};
use super::parameters::AbilityLaw;
use super::parse::Stated;
use super::{Rules, Scenario};
use std::ops::Range;

/// Rounding that sums of weights may show.
const ROUNDING: f64 = 1e-9;

/// Where the values of a scenario were stated.
#[derive(Clone, Debug, Default)]
pub struct Places {
    stated: Vec<(&'static str, Source, Range<usize>)>,
    /// Blocks with keys that were not understood.
    pub doubtful: Vec<String>,
}

impl Places {
    /// Remembers where a value stands; the latest wins.
    pub fn remember(&mut self, stated: &Stated) {
        self.stated.push((stated.key, stated.source.clone(), stated.span.clone()));
    }

    fn of(&self, keys: &[&str]) -> Option<(Source, Range<usize>)> {
        let found = self.stated.iter().rev().find(|(key, _, _)| keys.contains(key));
        found.map(|(_, source, span)| (source.clone(), span.clone()))
    }
}

/// Checks a scenario across keys.
pub fn check(scenario: &Scenario, places: &Places, errors: &mut Errors) {
    let mut checker = Checker { places, errors };
    checker.rules(&scenario.regime.rules, "the scenario");
    for reform in &scenario.reforms {
        let rules = scenario.regime.with(&reform.changes).rules;
        checker.rules(&rules, "a reform");
        checker.require(
            reform.from_round < scenario.run.rounds,
            &["run.rounds"],
            format!("a reform starts in round {}, after the last round", reform.from_round),
            format!("run.rounds is {}; rounds count from 0", scenario.run.rounds),
        );
    }
    checker.world(scenario);
    checker.limits(scenario);
}

struct Checker<'a> {
    places: &'a Places,
    errors: &'a mut Errors,
}

impl Checker<'_> {
    fn require(&mut self, holds: bool, keys: &[&str], message: String, hint: String) {
        let doubtful = |key: &&str| {
            self.places.doubtful.iter().any(|block| key.split('.').next() == Some(block.as_str()))
        };
        if holds || keys.iter().any(doubtful) {
            return;
        }
        match self.places.of(keys) {
            Some((source, span)) => self.errors.at(&source, span, message, vec![hint]),
            None => self.errors.faults.push(super::faults::Fault { place: None, message, hints: vec![hint] }),
        }
    }

    fn rules(&mut self, rules: &Rules, whose: &str) {
        let sum = rules.weight_quality.value() + rules.weight_price.value();
        self.require(
            (sum - 1.0).abs() <= ROUNDING,
            &["rules.weight_quality", "rules.weight_price"],
            format!("the criteria weights of {whose} sum to {sum}, not to 1"),
            format!(
                "rules.weight_quality is {} and rules.weight_price is {}",
                rules.weight_quality, rules.weight_price
            ),
        );
    }

    fn world(&mut self, scenario: &Scenario) {
        let shares = &scenario.world.complexity_shares;
        let sum: f64 = shares.iter().sum();
        self.require(
            (1..=4).contains(&shares.len()) && (sum - 1.0).abs() <= ROUNDING,
            &["world.complexity_shares"],
            format!("complexity_shares has {} entries that sum to {sum}", shares.len()),
            "give shares of people with 1, 2, 3 and 4 needs that sum to 1".into(),
        );
        let listed = scenario.population.ability_law == AbilityLaw::Listed;
        self.require(
            !listed || !scenario.population.ability_values.is_empty(),
            &["population.ability_values"],
            "ability_law is \"listed\", but ability_values is empty".into(),
            "write ability_values = [0.6, 0.5]".into(),
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
            format!("one_year_share and five_year_share sum to {shares}"),
            "the rest, for contracts of three years, must not be negative".into(),
        );
    }
}
