//! Pushing back as a dilemma of volunteers (Diekmann 1985; with a threshold, Palfrey and Rosenthal 1984).
//!
//! All gain if enough leaders refuse a service's tenders that pay too little, but refusing costs those who do: they do
//! not bid. If k of n are needed, each is as well off refusing as not at the chance p at which exactly k - 1 of the
//! others refuse as often as refusing costs, over what it gains: C(n-1, k-1) p^(k-1) (1-p)^(n-k) = c/b. For k = 1,
//! p = 1 - (c/b)^(1/(n-1)). For more there may be two such p; from the lower one any doubt leads to none, so leaders play
//! the upper one. Where there is none, nobody refuses.

use super::Setting;
use super::state::State;
use crate::ids::{Column, Id, MarketId};
use crate::math::{exp, ln};
use crate::mutants::{Mutant, is_on};
use crate::random::{PairDraw, Purpose, pair_uniform};
use crate::scenario::parameters::PushRule;

/// How leaders push back in the markets of a round.
#[derive(Debug)]
pub struct Volunteers {
    /// Chance that one does.
    chance: Column<MarketId, f64>,
    /// The markets' side of the pairs' random numbers.
    luck: Column<MarketId, u64>,
}

impl Volunteers {
    /// Chances in all markets, if leaders anywhere push back as volunteers.
    pub fn new(setting: &Setting, state: &State) -> Option<Self> {
        if !setting.in_force.any(|regime| regime.behaviour.push_rule == PushRule::Volunteer) {
            return None;
        }
        let mut draws = setting.luck.stream::<1>(Purpose::Volunteers, setting.round);
        let luck = (0..setting.world.markets.len()).map(|row| draws.raw(row as u64)[0]).collect();
        let chance = |(row, providers): (usize, &u32)| {
            let regime = setting.regime(setting.world.markets[Id::from_row(row)].area);
            let needed = regime.rules.push_back_threshold;
            chance_of_pushing((*providers).max(1), needed, regime.behaviour.push_cost_share)
        };
        Some(Self { chance: providers(setting, state).iter().enumerate().map(chance).collect(), luck })
    }

    /// Whether a leader pushes back in a market: one decision for all its tenders of the round.
    pub fn push_back(&self, market: MarketId, charity_luck: u64) -> bool {
        let chance = self.chance[market];
        chance > 0.0 && pair_uniform(charity_luck, self.luck[market], PairDraw::PushBack as u64) < chance
    }
}

/// Charities at home in each market's area that offer its service: those who everybody knows could push back.
fn providers(setting: &Setting, state: &State) -> Vec<u32> {
    let mut providers = vec![0; setting.world.markets.len()];
    let charities = &state.charities;
    for (profile, finances) in charities.profile.iter().zip(charities.finances.iter()) {
        if profile.is_visitor() || !finances.is_open() {
            continue;
        }
        let offered = setting.world.services.ids().filter(|&service| profile.offers(service));
        for service in offered {
            providers[setting.world.market(profile.home(), service).row()] += 1;
        }
    }
    providers
}

/// Halvings in search of a chance.
const HALVINGS: u32 = 60;

/// Chance with which each of n leaders pushes back where k are needed, at a cost as a share of the gain.
pub fn chance_of_pushing(n: u32, k: u32, cost_share: f64) -> f64 {
    if k > n {
        return 0.0;
    }
    let others = if is_on(Mutant::VolunteerTooMany) { n } else { n - 1 };
    let helpers = k - 1;
    if helpers == others {
        // Where all are needed, all refuse or none.
        return f64::from(u8::from(cost_share < 1.0));
    }
    // Being needed is likeliest here, and becomes less likely the more often the others refuse.
    let mut low = f64::from(helpers) / f64::from(others);
    if chance_of_being_needed(others, helpers, low) < cost_share {
        return 0.0;
    }
    let mut high = 1.0;
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if chance_of_being_needed(others, helpers, middle) < cost_share {
            high = middle;
        } else {
            low = middle;
        }
    }
    low
}

/// Chance that exactly so many of the others refuse, each with chance p; in logarithms, as binomials are large.
fn chance_of_being_needed(others: u32, helpers: u32, p: f64) -> f64 {
    let ways: f64 =
        (1..=helpers).map(|place| ln(f64::from(others - helpers + place) / f64::from(place))).sum();
    let power = |times: u32, chance: f64| if times == 0 { 0.0 } else { f64::from(times) * ln(chance) };
    exp(ways + power(helpers, p) + power(others - helpers, 1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::pow;

    fn near(value: f64, expected: f64, rounding: f64) {
        assert!((value - expected).abs() < rounding, "{value}, not {expected}");
    }

    /// V28: c/b = .2 gives .80, .3313 and .0812 for 2, 5 and 20 leaders, and nobody with .04, .1337 and .1838.
    #[test]
    fn the_more_could_push_back_the_less_each_does() {
        for (n, push, nobody) in [(2, 0.80, 0.04), (5, 0.3313, 0.1337), (20, 0.0812, 0.1838)] {
            let p = chance_of_pushing(n, 1, 0.2);
            near(p, 1.0 - pow(0.2, 1.0 / (f64::from(n) - 1.0)), 1e-12);
            near(p, push, 5e-5);
            near(pow(1.0 - p, f64::from(n)), nobody, 5e-5);
        }
        assert_eq!(chance_of_pushing(1, 1, 0.2), 1.0, "one who is alone has nobody to wait for");
    }

    /// V28: of ten, three are needed: .11373 and .36470 balance a cost of .2; the upper one is played.
    #[test]
    fn the_stable_balance_is_the_upper_one() {
        near(chance_of_pushing(10, 3, 0.2), 0.364_70, 5e-6);
        for balance in [0.113_73, 0.364_70] {
            near(chance_of_being_needed(9, 2, balance), 0.2, 2e-5);
        }
        assert_eq!(chance_of_pushing(10, 3, 0.4), 0.0, "refusing costs more than it can ever gain");
        assert_eq!(chance_of_pushing(2, 3, 0.0), 0.0, "there are too few");
        assert_eq!(chance_of_pushing(3, 3, 0.2), 1.0, "all are needed");
        assert!((0.0..1.0).contains(&chance_of_pushing(1_000_000, 1_000, 0.001)));
    }
}
