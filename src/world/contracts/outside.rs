//! Lots of the rest of the country. Charities that work there, too, come upon their tenders, and spend on them some of the
//! time that they could spend on this world's.

use super::Lot;
use crate::ids::{Column, Id, LotId, ServiceId};
use crate::units::Gbp;
use crate::world::{Lettable, World};

/// A lot in a part of the country that is outside of this world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutsideLot {
    /// Its place in the country, beyond the areas of this world.
    pub place: u32,
    /// Row of its region.
    pub region: usize,
    /// Its service.
    pub service: ServiceId,
    /// Money at the planning ceiling, over the whole term.
    pub value: Gbp,
    /// Term \[rounds\].
    pub term: u32,
    /// How far into its term it is at the start \[rounds\].
    pub phase: u32,
    /// The lot of this world whose past and area stand for its own: of those for the same service, if there are any,
    /// the nearest in value.
    pub like: LotId,
}

impl OutsideLot {
    /// Whether the calendar has its tender in this round.
    pub fn comes_up(&self, round: u32) -> bool {
        (round + self.phase).is_multiple_of(self.term)
    }
}

/// Lots outside, while they are drawn: before it is known which lots inside they are like.
#[derive(Default)]
pub(super) struct Outside(Vec<OutsideLot>);

impl Outside {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a lot of a market outside; `u` says how far into its term it is.
    pub(super) fn add(&mut self, market: &Lettable, value: Gbp, term: u32, u: f64) {
        let phase = (u * f64::from(term)) as u32;
        let &Lettable { place, region, service, .. } = market;
        self.0.push(OutsideLot { place, region, service, value, term, phase, like: LotId::from_row(0) });
    }

    /// The lots outside of a world with these lots, by place and service; none where it has none, and nobody looks for
    /// any.
    pub(super) fn beside(mut self, world: &World, lots: &Column<LotId, Lot>) -> Vec<OutsideLot> {
        if lots.is_empty() {
            return Vec::new();
        }
        let mut by_value: Vec<LotId> = lots.ids().collect();
        by_value.sort_by(|&a, &b| lots[a].value.value().total_cmp(&lots[b].value.value()).then(a.cmp(&b)));
        let of_service = |service: ServiceId| -> Vec<LotId> {
            let is_of = |lot: &LotId| world.markets[lots[*lot].market].service == service;
            let own: Vec<LotId> = by_value.iter().copied().filter(is_of).collect();
            if own.is_empty() { by_value.clone() } else { own }
        };
        let candidates: Vec<Vec<LotId>> = world.services.ids().map(of_service).collect();
        for lot in &mut self.0 {
            lot.like = nearest(&candidates[lot.service.row()], lots, lot.value);
        }
        self.0.sort_by_key(|lot| (lot.place, lot.service));
        self.0
    }
}

/// The nearest in value, of lots in the order of their values.
fn nearest(by_value: &[LotId], lots: &Column<LotId, Lot>, value: Gbp) -> LotId {
    let above = by_value.partition_point(|&lot| lots[lot].value < value);
    let neighbours = by_value[above.saturating_sub(1)..(above + 1).min(by_value.len())].iter().copied();
    let gap = |lot: LotId| (lots[lot].value - value).value().abs();
    neighbours.min_by(|&a, &b| gap(a).total_cmp(&gap(b))).expect("a lot")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MarketId;

    fn lots(values: &[f64]) -> Column<LotId, Lot> {
        let lot = |&value: &f64| Lot {
            market: MarketId::from_row(0),
            value: Gbp::new(value),
            term: 4,
            first_round: 0,
        };
        values.iter().map(lot).collect()
    }

    #[test]
    fn a_lot_outside_is_like_the_nearest_in_value() {
        let lots = lots(&[10.0, 20.0, 40.0]);
        let by_value: Vec<LotId> = lots.ids().collect();
        let like = |value| nearest(&by_value, &lots, Gbp::new(value)).row();
        assert_eq!([1.0, 14.0, 16.0, 20.0, 29.0, 31.0, 900.0].map(like), [0, 0, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn a_lot_comes_up_once_in_its_term() {
        let lot = OutsideLot {
            place: 0,
            region: 0,
            service: ServiceId::from_row(0),
            value: Gbp::new(1.0),
            term: 4,
            phase: 1,
            like: LotId::from_row(0),
        };
        assert_eq!((0..12).filter(|&round| lot.comes_up(round)).collect::<Vec<_>>(), [3, 7, 11]);
    }
}
