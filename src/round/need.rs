//! Phase 1: people come to need.

use super::Setting;
use super::state::MarketState;
use crate::ids::{Column, MarketId};
use crate::math::poisson_quantile;
use crate::random::Purpose;
use crate::scenario::parameters::ArrivalLaw;
use crate::world::SKILLS;

/// People who come to need this round, per market, by number of simultaneous needs.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Need {
    /// New people, and people whose provider closed.
    pub arrivals: Column<MarketId, [f64; SKILLS]>,
}

/// Draws this round's arrivals: Poisson around the market's rate less what prevention keeps from need,
/// split by the complexity mix.
pub fn arrive(setting: &Setting, markets: &Column<MarketId, MarketState>) -> Need {
    let mut draws = setting.luck.stream::<1>(Purpose::Arrivals, setting.round);
    let law = setting.scenario.market.arrival_law;
    let arrivals = setting
        .world
        .markets
        .enumerate()
        .map(|(id, market)| {
            let [u] = draws.uniforms(setting.world.address(market));
            let rate = market.arrivals.value() * (1.0 - markets[id].prevention);
            let people = match law {
                ArrivalLaw::Poisson => poisson_quantile(u, rate),
                ArrivalLaw::Fixed => rate,
            };
            let mix = &setting.world.services[market.service].complexity;
            let returned = &markets[id].returned;
            std::array::from_fn(|class| people * mix[class] + returned[class])
        })
        .collect();
    Need { arrivals }
}
