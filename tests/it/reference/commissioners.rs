//! Commissioners that learn which option of a menu serves them.

use super::market::{Decision, Reference, Tender};
use rebalance::random::Purpose;
use rebalance::scenario::parameters::{Learning, LearningGoal};

impl Reference {
    /// Adds a round to the year of the options under which contracts were let, and of those that found no bid.
    pub fn count_results(
        &mut self,
        tenders: &[Tender],
        decisions: &[Decision],
        outcomes: &[f64],
        round: u32,
    ) {
        let learns: Vec<bool> = (0..self.towns.len())
            .map(|area| self.regime(area, round).rules.learning == Learning::Bandit)
            .collect();
        for (row, lot) in self.lots.iter().enumerate() {
            if let Some(contract) = &lot.contract {
                let area = self.markets[self.lots[contract.bundle].market].area;
                if !learns[area] {
                    continue;
                }
                let sums = &mut self.of_options[area][contract.option].0;
                sums[0] += contract.volume;
                sums[1] += outcomes[row];
                sums[2] += contract.price;
            }
        }
        for (tender, (_, winner)) in tenders.iter().zip(decisions) {
            if winner.is_none() && learns[tender.area] {
                let sums = &mut self.of_options[tender.area][self.options[tender.area]].0;
                sums[0] += tender.volume;
                sums[2] += tender.ceiling;
            }
        }
    }

    /// What commissioners do from the next round on.
    pub fn choose_options(&mut self, round: u32) {
        let options = self.scenario.menu.len() + 1;
        for area in 0..self.towns.len() {
            let rules = self.regime(area, round).rules;
            if options == 1 || rules.learning == Learning::Static {
                self.next_options[area] = 0;
                continue;
            }
            for (sums, opinion) in &mut self.of_options[area] {
                let [places, outcomes, money] = std::mem::take(sums);
                let result = match rules.learning_goal {
                    LearningGoal::Outcomes if places > 0.0 => outcomes / places,
                    LearningGoal::Cost if places > 0.0 => -money / places,
                    LearningGoal::OutcomesPerGbp if money > 0.0 => outcomes / money,
                    _ => continue,
                };
                *opinion = Some(match *opinion {
                    None => result,
                    Some(before) => before + rules.learning_step * (result - before),
                });
            }
            let [chance, lot] = self.luck.stream::<2>(Purpose::CommissionerYear, round).uniforms(area as u64);
            let opinions: Vec<Option<f64>> = self.of_options[area].iter().map(|option| option.1).collect();
            let untried: Vec<usize> = (0..options).filter(|&option| opinions[option].is_none()).collect();
            let one_of = |number: usize| (lot * number as f64) as usize;
            self.next_options[area] = if !untried.is_empty() {
                untried[one_of(untried.len())]
            } else if chance < rules.learning_exploration.value() {
                one_of(options)
            } else {
                let best = opinions.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max);
                opinions.iter().position(|&opinion| opinion == Some(best)).expect("the best is one of them")
            };
        }
    }
}
