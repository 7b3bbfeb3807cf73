//! Phase 2: commissioners cut work into lots, put lots together, and open tenders.

use super::Setting;
use super::package::{self, Package};
use super::state::{LotState, State};
use crate::ids::{AreaId, Column, Id, LotId, MarketId, ServiceId, TenderId};
use crate::math::pow;
use crate::scenario::parameters::{AwardMethod, Packaging, ReservedFor, Rules};
use crate::units::{Gbp, People};
use crate::world::contracts::{Lot, OutsideLot};

/// A call for bids.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tender {
    /// The lot on offer; the one with most work where a bundle is.
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
    /// Whether only the members of a framework are called.
    pub call_off: bool,
    /// By what part its notice is longer and its turnover threshold lower than the rules have it.
    pub eased: f64,
    /// Sum of the squared shares of its lots in its hours: 1 for one lot, 1/n for n equal ones.
    pub squared_shares: f64,
}

impl Tender {
    /// Ceiling price over the whole term.
    pub fn value(&self) -> Gbp {
        self.ceiling * f64::from(self.term)
    }

    /// Weeks between notice and deadline.
    #[inline]
    pub fn notice_weeks(&self, rules: &Rules) -> f64 {
        rules.notice_weeks.value() * (1.0 + self.eased)
    }

    /// Yearly turnover asked for, over the contract's yearly value.
    #[inline]
    pub fn turnover_multiple(&self, rules: &Rules) -> f64 {
        rules.turnover_multiple * (1.0 - self.eased).max(0.0)
    }
}

/// What a tender asks for in one of its lots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The lot.
    pub lot: LotId,
    /// Its market.
    pub market: MarketId,
    /// Staff hours a round.
    pub hours: f64,
    /// People a round.
    pub volume: People,
    /// Share of the tender's hours, and so of its price.
    pub share: f64,
}

/// This round's tenders, ordered by the market of their main lot.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Tenders {
    /// The calls.
    pub calls: Column<TenderId, Tender>,
    parts: Vec<Part>,
    first_part: Vec<u32>,
    listed: Vec<TenderId>,
    first_listed: Vec<u32>,
}

impl Tenders {
    /// Open tenders with a part in a market; calls to frameworks are not open.
    #[inline]
    pub fn of(&self, market: MarketId) -> &[TenderId] {
        &self.listed[self.first_listed[market.row()] as usize..self.first_listed[market.row() + 1] as usize]
    }

    /// The lots that a tender is for.
    #[inline]
    pub fn parts(&self, tender: TenderId) -> &[Part] {
        &self.parts[self.first_part[tender.row()] as usize..self.first_part[tender.row() + 1] as usize]
    }

    fn of_packages(packages: &[Package], markets: usize) -> Self {
        let mut tenders = Self { first_part: vec![0], ..Self::default() };
        for package in packages {
            tenders.calls.push(package.tender);
            tenders.parts.extend_from_slice(&package.parts);
            tenders.first_part.push(tenders.parts.len() as u32);
        }
        tenders.list_by_market(markets);
        tenders
    }

    /// Lists every open tender once in each market that it has a part in.
    fn list_by_market(&mut self, markets: usize) {
        let open = self.calls.enumerate().filter(|(_, tender)| !tender.call_off);
        let mut listed: Vec<(MarketId, TenderId)> =
            open.flat_map(|(id, _)| self.parts(id).iter().map(move |part| (part.market, id))).collect();
        listed.sort_unstable();
        listed.dedup();
        self.first_listed = vec![0; markets + 1];
        for (market, _) in &listed {
            self.first_listed[market.row() + 1] += 1;
        }
        for market in 0..markets {
            self.first_listed[market + 1] += self.first_listed[market];
        }
        self.listed = listed.into_iter().map(|(_, tender)| tender).collect();
    }
}

/// Most pieces that one lot is cut into.
pub const MOST_PIECES: f64 = 1_000.0;

/// Cuts lots that are about to be tendered into equal ones of the size that the rules allow, for good.
pub fn cut_lots(setting: &Setting, state: &mut State) {
    if !setting.in_force.any(|regime| regime.rules.packaging == Packaging::CutLots) {
        return;
    }
    let whole = |state: &State, lot: LotId| state.lots[lot].cut_from.unwrap_or(lot);
    let mut pieces_of: Column<LotId, f64> = Column::filled(state.lots.len(), 0.0);
    state.lots.ids().for_each(|lot| pieces_of[whole(state, lot)] += 1.0);
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let drawn = *state.lot(lot);
        let rules = &setting.regime(setting.world.markets[drawn.market].area).rules;
        if rules.packaging != Packaging::CutLots || !is_due(setting, &state.lots[lot]) {
            continue;
        }
        let value = drawn.per_round() * f64::from(term_in_force(setting, rules, drawn.term));
        // A lot may be cut again, into no more pieces in all.
        let more = MOST_PIECES - pieces_of[whole(state, lot)];
        let pieces = libm::ceil(value / rules.lot_size_gbp).clamp(1.0, 1.0 + more.max(0.0));
        pieces_of[whole(state, lot)] += pieces - 1.0;
        state.portfolio.lots[lot].value = drawn.value / pieces;
        for _ in 1..pieces as u32 {
            state.portfolio.lots.push(state.portfolio.lots[lot]);
            let cut_from = Some(state.lots[lot].cut_from.unwrap_or(lot));
            state.lots.push(LotState { open_from: setting.round, cut_from, ..state.lots[lot].clone() });
        }
    }
}

fn is_due(setting: &Setting, lot: &LotState) -> bool {
    lot.contract.is_none() && lot.open_from <= setting.round
}

/// Opens a tender for every lot that has no contract and may be tendered, or for several together.
pub fn open(setting: &Setting, state: &State) -> Tenders {
    let mut due: Vec<LotId> =
        state.lots.enumerate().filter(|(_, lot)| is_due(setting, lot)).map(|(lot, _)| lot).collect();
    due.sort_by_key(|&lot| (state.lot(lot).market, lot));
    let mut calls: Vec<Tender> = due.into_iter().map(|lot| call(setting, state, lot)).collect();
    share_by_need(setting, state, &mut calls);
    let mut packages = package::put_together(setting, &calls);
    for package in &mut packages {
        package.tender.call_off = has_framework(setting, state, &package.tender);
    }
    Tenders::of_packages(&packages, setting.world.markets.len())
}

/// Whether a framework is in force for a tender.
fn has_framework(setting: &Setting, state: &State, tender: &Tender) -> bool {
    let framework = state.markets[tender.market].framework.as_ref();
    setting.regime(tender.area).rules.award == AwardMethod::Framework
        && framework.is_some_and(|framework| setting.round < framework.until)
}

/// Moves money between a council's tenders of the round toward the services with most unmet need: in
/// proportion to (1 + people waiting / people arriving)^weighting, and no penny more in all.
fn share_by_need(setting: &Setting, state: &State, calls: &mut [Tender]) {
    let need = |tender: &Tender| {
        let weighting = setting.regime(tender.area).rules.need_weighting;
        let arrivals = setting.world.markets[tender.market].arrivals.value();
        let waiting: f64 = state.markets[tender.market].backlog.iter().sum();
        if weighting == 0.0 || arrivals == 0.0 { 1.0 } else { pow(1.0 + waiting / arrivals, weighting) }
    };
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

/// Term of a contract that would run for so many rounds, under the rules.
fn term_in_force(setting: &Setting, rules: &Rules, drawn: u32) -> u32 {
    longest(setting, rules).min(if rules.term_rounds > 0 { rules.term_rounds } else { drawn })
}

/// Longest term that the rules allow.
pub fn longest(setting: &Setting, rules: &Rules) -> u32 {
    match rules.reserved {
        ReservedFor::Mutual => {
            ((rules.mutual_term_years * setting.world.calendar.rounds_per_year()) as u32).max(1)
        }
        _ => u32::MAX,
    }
}

/// The call for one lot: hours are what the lot's money buys at planning prices; the ceiling is what
/// the rules in force allow for them.
pub fn call(setting: &Setting, state: &State, lot: LotId) -> Tender {
    let drawn = state.lot(lot);
    let failures = state.lots[lot].failures % (setting.scenario.market.retry_most + 1);
    let history = History { failures: f64::from(failures), uplift: state.markets[drawn.market].uplift };
    call_for(setting, lot, drawn, history)
}

/// The call for a lot outside: for its own work, under the rules in force where the lot is that it is like.
pub fn call_outside(setting: &Setting, state: &State, lot: &OutsideLot) -> Tender {
    let area = setting.world.markets[state.lot(lot.like).market].area;
    let market = setting.world.market(area, lot.service);
    let drawn = Lot { market, value: lot.value, term: lot.term, first_round: 0 };
    call_for(setting, lot.like, &drawn, History { failures: 0.0, uplift: 1.0 })
}

/// What has made a call better than the first one would be.
struct History {
    /// Failed tenders in a row, as far as they count.
    failures: f64,
    /// Price per hour offered in the market, over what it was before any push-back.
    uplift: f64,
}

fn call_for(setting: &Setting, lot: LotId, drawn: &Lot, history: History) -> Tender {
    let market = &setting.world.markets[drawn.market];
    let settings = &setting.scenario.market;
    let rules = &setting.regime(market.area).rules;
    let hours =
        drawn.per_round().value() / (settings.reference_cost_gbp.value() * settings.planning_ceiling_ratio);
    let History { failures, uplift: offered } = history;
    let hours = hours / offered;
    let uplift = 1.0 + settings.retry_uplift * failures;
    let highest = rules.push_back_highest - 1.0;
    let pushed = if highest > 0.0 { (offered - 1.0) / highest } else { 0.0 };
    let term = term_in_force(setting, rules, drawn.term);
    Tender {
        lot,
        market: drawn.market,
        area: market.area,
        service: market.service,
        ceiling: settings.reference_cost_gbp * (hours * offered * rules.ceiling_ratio * uplift),
        hours,
        volume: People::new(hours / setting.world.services[market.service].hours_per_person.value()),
        term,
        call_off: false,
        eased: rules.eased_terms.value() * (failures + pushed),
        squared_shares: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Weeks;

    /// A tender that returned once, under half-eased terms: six weeks for four, a turnover of one for two.
    #[test]
    fn eased_terms_give_more_time_and_ask_for_less_turnover() {
        let rules = Rules { notice_weeks: Weeks::new(4.0), turnover_multiple: 2.0, ..Rules::default() };
        let tender = |eased| Tender {
            lot: Id::from_row(0),
            market: Id::from_row(0),
            area: Id::from_row(0),
            service: Id::from_row(0),
            ceiling: Gbp::new(1.0),
            hours: 1.0,
            volume: People::new(1.0),
            term: 4,
            call_off: false,
            eased,
            squared_shares: 1.0,
        };
        let terms = |eased| (tender(eased).notice_weeks(&rules), tender(eased).turnover_multiple(&rules));
        assert_eq!([0.0, 0.5, 1.5].map(terms), [(4.0, 2.0), (6.0, 1.0), (10.0, 0.0)]);
    }
}
