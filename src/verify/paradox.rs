//! V10: points relative to the lowest price let a bid that loses decide which other wins; absolute points do not.

use super::{Check, Plan, VerifyError, watch};
use crate::ids::Id;
use crate::measure::closeness::Contest;
use crate::round::{RoundOutput, Setting, State};
use crate::scenario::Scenario;
use crate::scenario::parameters::{AbilityLaw, PriceFormula};

/// Triples of random bids in full.
const FULL: u32 = 100_000;

/// The listed bids, with and without the last; then random ones, under both formulas.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let stated = plan.repeated("ranking-paradox", FULL)?;
    let mut listed = stated.clone();
    (listed.run.rounds, listed.world.areas) = (1, 1);
    let mut fewer = listed.clone();
    fewer.world.charities_per_area = listed.world.charities_per_area.saturating_sub(1).max(1);
    let mut checks = Vec::new();
    for (scenario, which) in [(&listed, "all bids"), (&fewer, "without the last")] {
        let seen = look(scenario)?;
        checks.push(Check::exact(
            "V10",
            format!("place of the winner, {which}"),
            seen.best,
            seen.winner,
            0.0,
        ));
        checks.push(Check::exact("V10", format!("its points, {which}"), seen.points, seen.score, 1e-9));
    }
    let mut random = stated;
    random.population.cost_values_gbp = Vec::new();
    random.population.ability_law = AbilityLaw::Uniform;
    for formula in [PriceFormula::RelativeToLowest, PriceFormula::AbsoluteLinear] {
        let mut scenario = random.clone();
        scenario.regime.rules.formula = formula;
        let seen = look(&scenario)?;
        let what = format!("awards that a losing bid decided, random bids, {formula}");
        let theory = if formula == PriceFormula::AbsoluteLinear { 0.0 } else { seen.reversals };
        let tenders = f64::from(scenario.run.rounds * scenario.world.areas);
        checks.push(Check::exact("V10", what, theory, seen.paradoxes, 0.0));
        let what = format!("awards judged as by theory, random bids, {formula}");
        checks.push(Check::exact("V10", what, tenders, seen.agreed, 0.0));
    }
    Ok(checks)
}

/// What theory says of the bids, and what the engine made of them.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    /// The best bid's place in its area, and its points of 100.
    best: f64,
    points: f64,
    /// The winner's place, and its points.
    winner: f64,
    score: f64,
    /// Awards in which one loser less makes another the best, by theory; and by the engine's diagnosis.
    reversals: f64,
    paradoxes: f64,
    /// Awards on which both agree.
    agreed: f64,
}

fn look(scenario: &Scenario) -> Result<Sight, VerifyError> {
    let unseen = f64::NAN;
    let mut sight = Sight { best: unseen, points: unseen, winner: unseen, score: unseen, ..Sight::default() };
    watch(scenario, |setting, state, output| see(setting, state, output, &mut sight))?;
    Ok(sight)
}

fn see(setting: &Setting, state: &State, output: &RoundOutput, sight: &mut Sight) {
    let areas = setting.world.areas.len();
    for (id, tender) in output.tenders.calls.enumerate() {
        let Some(award) = &output.awards.awards[id] else { continue };
        let bids: Vec<(f64, f64)> = (output.bids.of(id).iter())
            .map(|bid| {
                let quality = f64::from(state.charities.profile[bid.charity].ability[0]);
                (bid.price / tender.ceiling, quality)
            })
            .collect();
        let all: Vec<usize> = (0..bids.len()).collect();
        let (best, points) = best_of(setting.scenario, &bids, &all);
        let reverses = |&loser: &usize| {
            let others: Vec<usize> = all.iter().copied().filter(|&row| row != loser).collect();
            loser != best && best_of(setting.scenario, &bids, &others).0 != best
        };
        sight.best = best as f64;
        sight.points = points;
        sight.winner = (award.winner.row() / areas) as f64;
        sight.score = 100.0 * award.score;
        let reversal = all.iter().any(reverses);
        sight.reversals += f64::from(u8::from(reversal));
        let contest = Contest::of(setting, output, id);
        let paradox = contest.is_some_and(|contest| contest.closeness().paradox);
        sight.paradoxes += f64::from(u8::from(paradox));
        sight.agreed += f64::from(u8::from(paradox == reversal));
    }
}

/// The best of some bids (price over ceiling, quality) and its points of 100.
fn best_of(scenario: &Scenario, bids: &[(f64, f64)], among: &[usize]) -> (usize, f64) {
    let rules = &scenario.regime.rules;
    let lowest = among.iter().map(|&row| bids[row].0).fold(f64::INFINITY, f64::min);
    let points = |row: usize| {
        let (price, quality) = bids[row];
        let of_price = match rules.formula {
            PriceFormula::RelativeToLowest => lowest / price,
            _ => 1.0 - price,
        };
        100.0 * (rules.weight_quality.value() * quality + rules.weight_price.value() * of_price)
    };
    let best = among.iter().copied().max_by(|&a, &b| points(a).total_cmp(&points(b)).then(b.cmp(&a)));
    best.map_or((usize::MAX, f64::NAN), |best| (best, points(best)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A (80, 50%), B (100, 69%), C (50, 0): B wins by 59.5; without C, A wins by 75.
    #[test]
    fn the_third_bid_decides_between_the_first_two() {
        let plan = Plan { effort: crate::verify::Effort::Times(1.0), sets: Vec::new() };
        let scenario = plan.load("ranking-paradox").expect("valid");
        let bids = [(0.8, 0.5), (1.0, 0.69), (0.5, 0.0)];
        let of = |among: &[usize]| best_of(&scenario, &bids, among);
        assert_eq!((of(&[0, 1, 2]).0, of(&[0, 1]).0), (1, 0));
        assert!((of(&[0, 1, 2]).1 - 59.5).abs() < 1e-9 && (of(&[0, 1]).1 - 75.0).abs() < 1e-9);
    }
}
