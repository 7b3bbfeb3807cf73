//! Commissioners that learn: which option of a menu of rules serves them best, by what they measure.
//!
//! Option 0 is the rules of the scenario, reforms included; the others are those rules with the changes of a `[[menu]]`.
//! A commissioner judges an option by the contracts that it let under it, however long they run, and by the tenders that
//! came to nothing. Once a year it takes an option that it has not tried, if there is one; else, now and then, one by
//! lot; else the best (a bandit: Sutton and Barto 2018, ch. 2).

use super::Setting;
use super::award::Awards;
use super::commission::Tenders;
use super::deliver::Delivery;
use super::state::State;
use crate::ids::{AreaId, Id, LotId};
use crate::random::Purpose;
use crate::scenario::parameters::{Learning, LearningGoal, Rules};

/// Most options that a commissioner can choose from, the rules of the scenario included.
pub const MOST_OPTIONS: usize = 5;

/// A year of the contracts let under one option.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Places asked for, taken up or not \[people\].
    pub places: f64,
    /// Outcomes.
    pub outcomes: f64,
    /// Money set aside: prices, and the ceiling where a tender came to nothing \[GBP\].
    pub money: f64,
}

/// What a commissioner knows of the options.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Experience {
    /// This year's results.
    pub tallies: [Tally; MOST_OPTIONS],
    /// What it thinks of an option; none before it has been tried.
    pub worth: [Option<f64>; MOST_OPTIONS],
}

impl Tally {
    fn add(&mut self, places: f64, outcomes: f64, money: f64) {
        self.places += places;
        self.outcomes += outcomes;
        self.money += money;
    }

    /// The result of a year, the higher the better; none where nothing was asked for.
    pub fn result(&self, goal: LearningGoal) -> Option<f64> {
        let whole = if goal == LearningGoal::OutcomesPerGbp { self.money } else { self.places };
        let part = if goal == LearningGoal::Cost { -self.money } else { self.outcomes };
        (whole > 0.0).then(|| part / whole)
    }
}

impl Experience {
    /// Moves what is thought of each option toward the year's result, and starts a new year.
    pub fn close_year(&mut self, rules: &Rules) {
        for (worth, tally) in self.worth.iter_mut().zip(&mut self.tallies) {
            if let Some(result) = tally.result(rules.learning_goal) {
                *worth = Some(worth.map_or(result, |worth| worth + rules.learning_step * (result - worth)));
            }
            *tally = Tally::default();
        }
    }

    /// The option for the next year, of so many; `u` are two uniform numbers.
    pub fn choice(&self, options: usize, exploration: f64, u: [f64; 2]) -> usize {
        let by_lot = |number: usize| (u[1] * number as f64) as usize;
        let untried = || (0..options).filter(|&option| self.worth[option].is_none());
        if untried().count() > 0 {
            return untried().nth(by_lot(untried().count())).unwrap_or(0);
        }
        if u[0] < exploration {
            return by_lot(options);
        }
        let worth = |option: usize| self.worth[option].unwrap_or(f64::NEG_INFINITY);
        (1..options).fold(0, |best, option| if worth(option) > worth(best) { option } else { best })
    }
}

fn learns(setting: &Setting, area: AreaId) -> bool {
    setting.in_force.options() > 1 && setting.regime(area).rules.learning == Learning::Bandit
}

/// Counts the round's results to the options under which contracts were let.
pub fn keep_score(
    setting: &Setting,
    state: &mut State,
    tenders: &Tenders,
    awards: &Awards,
    delivery: &Delivery,
) {
    if setting.in_force.options() == 1 {
        return;
    }
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let Some(contract) = &state.lots[lot].contract else { continue };
        let area = setting.world.markets[state.portfolio.lots[contract.bundle].market].area;
        if !learns(setting, area) {
            continue;
        }
        let tally = &mut state.experience[area].tallies[usize::from(contract.option)];
        let outcomes = delivery.by_lot[lot].outcomes;
        tally.add(contract.volume.value(), outcomes, contract.price.value());
    }
    for (id, tender) in tenders.calls.enumerate() {
        if awards.awards[id].is_none() && learns(setting, tender.area) {
            let option = setting.in_force.option(tender.area);
            let tally = &mut state.experience[tender.area].tallies[usize::from(option)];
            tally.add(tender.volume.value(), 0.0, tender.ceiling.value());
        }
    }
}

/// Once a year, commissioners that learn choose the option for the next.
pub fn choose(setting: &Setting, state: &mut State) {
    let mut luck = setting.luck.stream::<2>(Purpose::CommissionerYear, setting.round);
    for area in setting.world.areas.ids() {
        if !learns(setting, area) {
            state.options[area] = 0;
            continue;
        }
        let rules = &setting.regime(area).rules;
        let experience = &mut state.experience[area];
        experience.close_year(rules);
        let exploration = rules.learning_exploration.value();
        let u = luck.uniforms(area.row() as u64);
        state.options[area] = experience.choice(setting.in_force.options(), exploration, u) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Luck;

    fn tally(places: f64, outcomes: f64, money: f64) -> Tally {
        Tally { places, outcomes, money }
    }

    #[test]
    fn results_are_what_the_commissioner_goes_by() {
        let year = tally(20.0, 8.0, 400.0);
        assert_eq!(year.result(LearningGoal::Outcomes), Some(0.4));
        assert_eq!(year.result(LearningGoal::Cost), Some(-20.0));
        assert_eq!(year.result(LearningGoal::OutcomesPerGbp), Some(0.02));
        assert_eq!(Tally::default().result(LearningGoal::Outcomes), None);
    }

    #[test]
    fn an_opinion_moves_by_the_step_toward_each_result() {
        let rules = Rules { learning_step: 0.25, ..Rules::default() };
        let mut experience = Experience::default();
        for outcomes in [4.0, 8.0] {
            experience.tallies[1] = tally(10.0, outcomes, 1.0);
            experience.close_year(&rules);
        }
        assert_eq!(experience.worth[..3], [None, Some(0.4 + 0.25 * (0.8 - 0.4)), None]);
        assert_eq!(experience.tallies[1], Tally::default());
    }

    #[test]
    fn what_was_never_tried_comes_first_then_the_best() {
        let mut experience = Experience::default();
        experience.worth[0] = Some(0.3);
        assert_eq!(experience.choice(3, 0.0, [0.9, 0.4]), 1);
        assert_eq!(experience.choice(3, 0.0, [0.9, 0.6]), 2);
        experience.worth[1] = Some(0.5);
        experience.worth[2] = Some(0.5);
        assert_eq!(experience.choice(3, 0.0, [0.0, 0.99]), 1, "the first of equals");
        assert_eq!(experience.choice(3, 0.1, [0.05, 0.99]), 2, "by lot");
    }

    /// With constant results the best of K options is taken in a share 1 - e(K - 1)/K of years (Sutton and Barto 2018).
    #[test]
    fn the_best_option_is_taken_as_often_as_exploration_allows() {
        let (exploration, options, years) = (0.2, 4, 40_000_u32);
        let mut experience = Experience::default();
        for (option, worth) in [0.1, 0.4, 0.2, 0.3].into_iter().enumerate() {
            experience.worth[option] = Some(worth);
        }
        let mut luck = Luck::new(3, 0).stream::<2>(Purpose::CommissionerYear, 0);
        let best = (0..years)
            .filter(|&year| experience.choice(options, exploration, luck.uniforms(u64::from(year))) == 1);
        let (found, theory) = (best.count() as f64 / f64::from(years), 1.0 - exploration * 3.0 / 4.0);
        let error = libm::sqrt(theory * (1.0 - theory) / f64::from(years));
        assert!((found - theory).abs() < 4.0 * error, "{found} {theory}");
    }
}
