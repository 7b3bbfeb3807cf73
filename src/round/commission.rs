//! Phase 2: commissioners open tenders for lots without a contract.

use super::Setting;
use super::state::State;
use crate::ids::{AreaId, Column, Id, LotId, MarketId, ServiceId, TenderId};
use crate::math::pow;
use crate::units::{Gbp, People};

/// A call for bids.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tender {
    /// The lot on offer.
    pub lot: LotId,
    /// Its market.
    pub market: MarketId,
    /// Its area.
    pub area: AreaId,
    /// Its service.
    pub service: ServiceId,
    /// Highest price allowed \[GBP a round\].
    pub ceiling: Gbp,
    /// Staff hours asked for, a round.
    pub hours: f64,
    /// People a round that the hours are meant for.
    pub volume: People,
    /// Term \[rounds\].
    pub term: u32,
}

impl Tender {
    /// Ceiling price over the whole term.
    pub fn value(&self) -> Gbp {
        self.ceiling * f64::from(self.term)
    }
}

/// This round's tenders, ordered by market.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Tenders {
    /// The calls.
    pub calls: Column<TenderId, Tender>,
    /// First tender of each market; one more entry than markets.
    first: Vec<u32>,
}

impl Tenders {
    /// Tenders of a market.
    #[inline]
    pub fn of(&self, market: MarketId) -> impl Iterator<Item = TenderId> + use<> {
        (self.first[market.row()]..self.first[market.row() + 1]).map(|row| TenderId::from_row(row as usize))
    }
}

/// Failed tenders after which a lot's budget stays unspent for a while and the ceiling returns.
const FAILURES_BEFORE_RESET: u32 = 2;

/// Opens a tender for every lot that has no contract and may be tendered.
pub fn open(setting: &Setting, state: &State) -> Tenders {
    let mut tenders = Tenders { calls: Column::default(), first: vec![0] };
    for (lot, lot_state) in state.lots.enumerate() {
        if lot_state.contract.is_some() || lot_state.open_from > setting.round {
            continue;
        }
        let drawn = state.lot(lot);
        while tenders.first.len() <= drawn.market.row() {
            tenders.first.push(tenders.calls.len() as u32);
        }
        tenders.calls.push(call(setting, state, lot));
    }
    share_by_need(setting, state, &mut tenders.calls);
    while tenders.first.len() <= setting.world.markets.len() {
        tenders.first.push(tenders.calls.len() as u32);
    }
    tenders
}

/// Moves money between a council's tenders of the round toward the services with most unmet need: in
/// proportion to (1 + people waiting / people arriving)^weighting, and no penny more in all.
fn share_by_need(setting: &Setting, state: &State, calls: &mut Column<TenderId, Tender>) {
    let need = |tender: &Tender| {
        let weighting = setting.regime(tender.area).rules.need_weighting;
        let arrivals = setting.world.markets[tender.market].arrivals.value();
        let waiting: f64 = state.markets[tender.market].backlog.iter().sum();
        if weighting == 0.0 || arrivals == 0.0 { 1.0 } else { pow(1.0 + waiting / arrivals, weighting) }
    };
    let calls = calls.as_mut_slice();
    for council in calls.chunk_by_mut(|a, b| a.area == b.area) {
        if setting.regime(council[0].area).rules.need_weighting == 0.0 {
            continue;
        }
        let money: f64 = council.iter().map(|tender| tender.hours).sum();
        let weighted: f64 = council.iter().map(|tender| tender.hours * need(tender)).sum();
        for tender in council {
            let factor = need(tender) * (money / weighted);
            tender.hours *= factor;
            tender.ceiling = tender.ceiling * factor;
            tender.volume = tender.volume * factor;
        }
    }
}

/// The call for one lot: hours are what the lot's money buys at planning prices; the ceiling is what
/// the rules in force allow for them.
pub fn call(setting: &Setting, state: &State, lot: LotId) -> Tender {
    let drawn = state.lot(lot);
    let market = &setting.world.markets[drawn.market];
    let settings = &setting.scenario.market;
    let rules = &setting.regime(market.area).rules;
    let lot_state = &state.lots[lot];
    let hours =
        drawn.per_round().value() / (settings.reference_cost_gbp.value() * settings.planning_ceiling_ratio);
    let offered = state.markets[drawn.market].uplift;
    let hours = hours / offered;
    let uplift = 1.0 + settings.retry_uplift * f64::from(lot_state.failures % (FAILURES_BEFORE_RESET + 1));
    Tender {
        lot,
        market: drawn.market,
        area: market.area,
        service: market.service,
        ceiling: settings.reference_cost_gbp * (hours * offered * rules.ceiling_ratio * uplift),
        hours,
        volume: People::new(hours / setting.world.services[market.service].hours_per_person.value()),
        term: if rules.term_rounds > 0 { rules.term_rounds } else { drawn.term },
    }
}
