//! What a round's awards came to: prices, and who won how much. It needs no more than bids and decisions, so that the
//! same bids can be measured as another rule would have decided on them.

use super::bands::Band;
use super::concentration::HHI_POINTS;
use super::concentration::hhi;
use crate::ids::CharityId;
use crate::round::State;
use crate::round::award::Awards;
use crate::round::commission::Tenders;
use crate::units::Gbp;
use crate::world::population::Reach;
use std::collections::BTreeMap;

/// Measures of awards, in the order of [`of_awards`].
pub const NAMES: [&str; 10] = [
    "price_to_ceiling",
    "price_to_full_cost",
    "hhi_awards",
    "awarded_share_local",
    "awarded_number_share_local",
    "awarded_share_micro",
    "awarded_share_small",
    "awarded_share_medium",
    "awarded_share_large",
    "awarded_share_major",
];

/// Values of the measures of awards; missing where nothing was awarded.
pub fn of_awards(state: &State, tenders: &Tenders, awards: &Awards) -> [Option<f64>; 10] {
    let (mut to_ceiling, mut to_cost, mut awarded) = (0.0, 0.0, 0.0);
    let (mut local, mut number_local) = (0.0, 0.0);
    let mut won: BTreeMap<CharityId, f64> = BTreeMap::new();
    for (id, tender) in tenders.calls.enumerate() {
        let Some(award) = &awards.awards[id] else { continue };
        let value = award.price.value() * f64::from(tender.term);
        to_cost += award.price / award.full_cost.max(Gbp::new(1e-12));
        to_ceiling += award.price / tender.ceiling;
        awarded += 1.0;
        let is_local = state.charities.profile[award.winner].reach == Reach::Local;
        if is_local {
            local += value;
            number_local += 1.0;
        }
        *won.entry(award.winner).or_insert(0.0) += value;
    }
    let amounts: Vec<f64> = won.values().copied().collect();
    let total: f64 = amounts.iter().sum();
    let mut bands = [0.0; 5];
    for (&charity, amount) in &won {
        bands[Band::of(state.charities.finances[charity].income) as usize] += amount;
    }
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let [micro, small, medium, large, major] = bands.map(|band| share(band, total));
    [
        share(to_ceiling, awarded),
        share(to_cost, awarded),
        hhi(&amounts).map(|hhi| hhi * HHI_POINTS),
        share(local, total),
        share(number_local, awarded),
        micro,
        small,
        medium,
        large,
        major,
    ]
}
