//! V24: what bidding does to reserves.

use super::auctions::Auction;
use super::scoring::win_chances;
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::{CharityId, Id};
use crate::math::{exp, normal_cdf, pow};
use crate::scenario::Scenario;

/// V24: ruin = exp(-theta R0) for a charity that pays e every round and wins m with chance w = 1/n.
pub fn by_bidding(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let bidders = plan.load("ruin")?.world.charities_per_area;
    let scenario = plan.enlarged("ruin", 40_000_u32.div_ceil(bidders.max(1)))?;
    let w = 1.0 / f64::from(scenario.world.charities_per_area);
    let won = Auction::of(&scenario).ceiling;
    let e = scenario.regime.behaviour.bid_cost_base_gbp.value();
    let reserves = scenario.population.reserves_low_gbp.value();
    let balance = |theta: f64| w * exp(-theta * (won - e)) + (1.0 - w) * exp(theta * e) - 1.0;
    let (mut low, mut high) = (1e-9, 20.0 / e);
    for _ in 0..80 {
        let theta = 0.5 * (low + high);
        if balance(theta) < 0.0 { low = theta } else { high = theta }
    }
    let state = watch(&scenario, |_, _, _| ())?;
    let mut ruined = vec![Sample::default(); scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        if profile.founded == 0 && profile.slot < crate::random::newcomer_slot(0, 0) {
            let open = state.charities.finances[id].is_open();
            ruined[profile.home().row()].add(f64::from(u8::from(!open)));
        }
    }
    let mut shares = Sample::default();
    ruined.iter().for_each(|area| shares.add(area.mean()));
    Ok(vec![Check::of_mean("V24", "ruin of reserves by bidding", exp(-low * reserves), &shares)])
}

/// Two charities that stake e each round until one of them has all: the first has R and the other B - R.
struct Game {
    /// Stakes that the first has.
    own: usize,
    /// Stakes of both.
    all: usize,
    /// Chance of winning a round.
    chance: f64,
    rounds: usize,
}

impl Game {
    /// Every listed reserve is a multiple of the stake, and a winner is paid two stakes.
    fn of(scenario: &Scenario) -> Self {
        let stake = scenario.regime.behaviour.bid_cost_base_gbp.value();
        let reserves = &scenario.population.reserves_values_gbp;
        let stakes = |place: usize| libm::round(reserves[place % reserves.len()] / stake) as usize;
        let chances = win_chances(scenario);
        let [first, second] = [chances[0], chances[1 % chances.len()]];
        Self {
            own: stakes(0),
            all: stakes(0) + stakes(1),
            chance: first / (first + second),
            rounds: scenario.run.rounds as usize,
        }
    }

    /// Chance that the first is ruined by the last round, step by step.
    fn ruin(&self) -> f64 {
        let most = self.all.min(self.own + self.rounds + 1);
        let mut law = vec![0.0; most + 1];
        law[self.own.min(most)] = 1.0;
        for _ in 0..self.rounds {
            let up = |k: usize| if k > 1 { law[k - 1] * self.chance } else { 0.0 };
            let down = |k: usize| if k + 1 < most { law[k + 1] * (1.0 - self.chance) } else { 0.0 };
            law = (0..=most)
                .map(|k| if k == 0 || k == most { law[k] + up(k) + down(k) } else { up(k) + down(k) })
                .collect();
        }
        law[0]
    }

    /// The same without a last round: 1 - R/B, or ((q/p)^R - (q/p)^B)/(1 - (q/p)^B).
    fn ruin_in_the_end(&self) -> f64 {
        let (own, all) = (self.own as f64, self.all as f64);
        let odds = (1.0 - self.chance) / self.chance;
        if (odds - 1.0).abs() < 1e-9 {
            return 1.0 - own / all;
        }
        (pow(odds, own) - pow(odds, all)) / (1.0 - pow(odds, all))
    }

    /// By diffusion, if the other can never be ruined, with drift m = 2p - 1 and variance s^2 = 1 - m^2 a
    /// round: Phi((-R - mT)/(s sqrt T)) + exp(-2 m R/s^2) Phi((-R + mT)/(s sqrt T)).
    fn ruin_by_diffusion(&self) -> f64 {
        let (own, rounds) = (self.own as f64, self.rounds as f64);
        let drift = 2.0 * self.chance - 1.0;
        let variance = 1.0 - drift * drift;
        let spread = libm::sqrt(variance * rounds);
        normal_cdf((-own - drift * rounds) / spread)
            + exp(-2.0 * drift * own / variance) * normal_cdf((-own + drift * rounds) / spread)
    }
}

/// How often the first of each area is ruined.
fn ruin_of_the_first(scenario: &Scenario) -> Result<Sample, VerifyError> {
    let state = watch(scenario, |_, _, _| ())?;
    let mut ruined = Sample::default();
    for row in 0..scenario.world.areas as usize {
        let open = state.charities.finances[CharityId::from_row(row)].is_open();
        ruined.add(f64::from(u8::from(!open)));
    }
    Ok(ruined)
}

/// V24: a walk by steps of one stake between 0 and B, fair as stated, and at 55% for the first.
pub fn between_two(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let fair = plan.enlarged("ruin-walk", 40_000)?;
    let mut games = vec![fair.clone()];
    if !plan.is_set("population.ability_values") {
        let mut better = fair;
        let second = better.population.ability_values[0];
        let lead = crate::math::ln(0.55 / 0.45) * better.regime.rules.evaluation_noise
            / better.regime.rules.weight_quality.value();
        better.population.ability_values = vec![second + lead, second];
        games.push(better);
    }
    let check = |scenario: &Scenario| -> Result<Check, VerifyError> {
        let game = Game::of(scenario);
        let what = format!("walk at {:.2}: ruin, {:.6} in the end", game.chance, game.ruin_in_the_end());
        Ok(Check::of_share("V24", what, game.ruin(), &ruin_of_the_first(scenario)?))
    };
    games.iter().map(check).collect()
}

/// V24: many small steps up to a last round, against one who cannot be ruined, are near a diffusion.
pub fn by_diffusion(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("ruin-diffusion", 40_000)?;
    let theory = Game::of(&scenario).ruin_by_diffusion();
    let ruined = ruin_of_the_first(&scenario)?;
    Ok(vec![Check::of_share("V24", "small steps up to a last round: ruin", theory, &ruined)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reference_values_of_ruin() {
        for (chance, ruin) in [(0.5, 0.75), (0.55, 0.354_991), (0.45, 0.968_208)] {
            let game = Game { own: 5, all: 20, chance, rounds: 2_000 };
            assert!((game.ruin() - ruin).abs() < 1e-6, "{}", game.ruin());
            assert!((game.ruin_in_the_end() - ruin).abs() < 1e-6);
        }
    }

    #[test]
    fn a_walk_is_near_its_diffusion() {
        // x = 1, m = .02, s = .2, T = 40 in units of 1/15 and of a ninth of a round: .238195.
        let game = Game { own: 15, all: 1_000_000, chance: 0.5 + 0.5 / 30.0, rounds: 360 };
        assert!((game.ruin_by_diffusion() - 0.238_195).abs() < 5e-4, "{}", game.ruin_by_diffusion());
        assert!((game.ruin() - game.ruin_by_diffusion()).abs() < 5e-4);
    }
}
