//! About how many lots a world has, without drawing any.

use super::{term_years, truncated_lognormal};
use crate::scenario::parameters::{ContractLaw, Market as Settings};
use crate::world::World;

/// How many values stand for a law of contracts.
const STEPS: u32 = 1_000;

/// Values that stand for those of contracts, as many of each size as the law has it \[GBP over the term\].
pub fn typical_values(settings: &Settings) -> Vec<f64> {
    match settings.contract_law {
        ContractLaw::Fixed => {
            settings.lot_value_weights.iter().map(|weight| settings.lot_value_gbp.value() * weight).collect()
        }
        ContractLaw::Lognormal => {
            let quantile = |step| (f64::from(step) + 0.5) / f64::from(STEPS);
            (0..STEPS).map(|step| truncated_lognormal(settings, quantile(step))).collect()
        }
    }
}

/// About how many lots this world has: those of all its markets under the fixed law, or else those of the whole country's
/// list that find room inside.
pub fn expected_lots(world: &World, settings: &Settings) -> f64 {
    match settings.contract_law {
        ContractLaw::Fixed => world.markets.len() as f64 * f64::from(settings.lots_per_market),
        ContractLaw::Lognormal => inside(world, &yearly_values(settings)),
    }
}

/// Yearly values of contracts with their shares of all contracts, largest contract first.
fn yearly_values(settings: &Settings) -> Vec<(f64, f64)> {
    let [one, five] = [settings.one_year_share.value(), settings.five_year_share.value()];
    let terms = [(0.0, one), (one, 1.0 - one - five), (1.0 - five, five)];
    let mut values = typical_values(settings);
    values.sort_by(|a, b| b.total_cmp(a));
    let of = |value: f64| {
        let terms = terms.into_iter().filter(|(_, share)| *share > 0.0);
        terms.map(move |(from, share)| {
            (value / f64::from(term_years(settings, from)), share / f64::from(STEPS))
        })
    };
    values.into_iter().flat_map(of).collect()
}

/// The list is placed like a fluid: contracts of a size go to the markets whose budget holds one, in proportion to what is
/// uncommitted there.
fn inside(world: &World, values: &[(f64, f64)]) -> f64 {
    let mut budgets: Vec<(f64, bool)> =
        world.lettable.iter().map(|market| (market.budget.value(), market.market.is_some())).collect();
    budgets.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total: f64 = budgets.iter().map(|(budget, _)| budget).sum();
    let mean: f64 = values.iter().map(|(yearly, share)| yearly * share).sum();
    let mut budgets = budgets.into_iter().peekable();
    let (mut open, mut open_here, mut lots) = (0.0, 0.0, 0.0);
    for (yearly, share) in values {
        while let Some((budget, is_here)) = budgets.next_if(|(budget, _)| budget >= yearly) {
            open += budget;
            open_here += if is_here { budget } else { 0.0 };
        }
        let count = (total / mean * share).min(open / yearly);
        if count > 0.0 {
            lots += count * open_here / open;
            let left = 1.0 - count * yearly / open;
            (open, open_here) = (open * left, open_here * left);
        }
    }
    lots
}
