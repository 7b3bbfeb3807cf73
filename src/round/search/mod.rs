//! Phase 3: charities notice tenders, estimate cost, keep the few they have people to answer.
//!
//! What a charity can take on and reckons with is in [`means`], how it comes upon tenders in `notices`, how it sees one in
//! `prospect`, which it keeps in `shortlist`.
//!
//! Prices do not exist yet, so a charity ranks tenders by planning values: the market's mean winning
//! price and mean rivals.

pub mod means;
mod notices;
mod prospect;
mod shortlist;

pub use means::{
    attention, chance_of_winning, cost_of_bid, counted_cost, credit, expected_pay, free_staff, has_turnover,
    has_working_capital, mean_ability, readiness, redraw_costs,
};

use crate::ids::{CharityId, Column, Id, LotId, MarketId, ServiceId, TenderId};
use crate::random::{Purpose, Stream};
use crate::round::Setting;
use crate::round::commission::{Tender, Tenders, call_outside};
use crate::round::leader::Leader;
use crate::round::state::{Busyness, Finances, LotState, MarketState, Profile, State};
use crate::round::volunteer::Volunteers;
use crate::scenario::Regime;
use crate::scenario::parameters::{Behaviour, PushRule, ReservedFor, Treatment};
use crate::units::Gbp;
use crate::world::contracts::{OutsideLot, Pace};
use crate::world::population::Reach;
use crate::world::{PublicRecord, World};
use notices::{Lists, Notice, Notices, Procurements, Window};
use rayon::prelude::*;
use shortlist::Shortlist;
use std::cell::OnceCell;

/// Charities per chunk of a parallel sweep: fixed, so that results do not depend on threads.
pub const CHUNK: usize = 4096;

/// First address of the luck of tenders outside: beyond that of any lot.
const OUTSIDE: u64 = 1 << 32;

/// A tender that a charity may answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prospect {
    /// The charity.
    pub charity: CharityId,
    /// The tender.
    pub tender: TenderId,
    /// The charity's side of the pair's random numbers.
    pub charity_luck: u64,
    /// Estimated direct cost of an hour \[GBP\].
    pub hour_cost: Gbp,
    /// Mean ability for the work, in \[0, 1\].
    pub ability: f64,
    /// Local knowledge of where the work is, in \[0, 1\].
    pub local: f64,
    /// What bidding costs \[GBP\].
    pub bid_cost: Gbp,
    /// What winning alone is worth to its leader beside the money and the risk \[GBP a round\].
    pub worth: Gbp,
    /// What the risk of winning alone costs it \[GBP a round\].
    pub risk: Gbp,
    /// Part of its price that it expects to be paid.
    pub pay: f64,
    /// What a pound of revenue is worth to its leader: the pound, and its part in the market.
    pub regard: f64,
    /// Whether it could bid alone.
    pub alone: bool,
    /// Whether it has bid-writers for it: one that has not may join a team, but neither bids alone nor leads.
    pub writes: bool,
    /// Whether it may join a team for it.
    joins: bool,
    /// Expected gain over the term at planning values, less the cost of bidding \[GBP\].
    expected: f64,
}

/// A leader's refusal of a tender that pays too little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its charity.
    pub charity: CharityId,
    /// The tender.
    pub tender: TenderId,
}

/// What charities found, in order of charity.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Search {
    /// Tenders worth a closer look.
    pub prospects: Vec<Prospect>,
    /// Tenders that leaders refused because they pay too little, once for each leader.
    pub refusals: Vec<Refusal>,
    /// The tenders' side of the pairs' random numbers.
    pub tender_luck: Column<TenderId, u64>,
    /// How busy commissioners have been up to now.
    pub busyness: Busyness,
}

/// What one charity's search needs to know of the round.
struct Board<'a> {
    setting: &'a Setting<'a>,
    tenders: &'a Tenders,
    /// What is known of each market of this world.
    records: Column<MarketId, PublicRecord>,
    /// What is known of the markets of each service elsewhere.
    elsewhere: Column<ServiceId, PublicRecord>,
    leaders: &'a Column<CharityId, Leader>,
    /// This round's tenders; in a part of a country, then those of its other parts.
    calls: Column<TenderId, Tender>,
    luck: Column<TenderId, u64>,
    /// The lots that tenders of other parts are for, by place and service, in the order of those tenders.
    outside: Vec<&'a OutsideLot>,
    /// Lots with their past.
    lots: &'a Column<LotId, LotState>,
    /// What bidding costs, by the bidder's regime, in the order of [`all`](crate::rules::InForce::all): powers are slow.
    bid_costs: Vec<Column<TenderId, Gbp>>,
    /// How leaders push back, where it is a dilemma of volunteers.
    volunteers: Option<Volunteers>,
    /// Whether any contract is reserved for mutuals.
    reserves_for_mutuals: bool,
    /// Tenders for pieces of one lot.
    procurements: Procurements,
    /// Notices of tenders, by service, in the country and in its regions.
    lists: Lists,
    /// Tenders of the whole country's calendar.
    pace: &'a Pace,
    /// Tenders in this world over those of the calendar, where it is a part of a country.
    busyness: Busyness,
}

/// Finds every charity's prospects.
pub fn notice(setting: &Setting, state: &State, tenders: &Tenders) -> Search {
    let mut draws = setting.luck.stream::<1>(Purpose::TenderAtCharity, setting.round);
    let tender_luck: Column<TenderId, u64> =
        tenders.calls.iter().map(|tender| draws.raw(tender.lot.row() as u64)[0]).collect();
    if tenders.calls.is_empty() {
        return Search {
            tender_luck,
            busyness: busyness(setting, state, &Lists::default()),
            ..Search::default()
        };
    }
    let board = Board::new(setting, state, tenders, tender_luck.clone(), &mut draws);
    let busyness = board.busyness;
    let profiles = state.charities.profile.as_slice();
    let finances = state.charities.finances.as_slice();
    let found: Vec<(Vec<Prospect>, Vec<Refusal>)> = profiles
        .par_chunks(CHUNK)
        .zip(finances.par_chunks(CHUNK))
        .enumerate()
        .map(|(chunk, (profiles, finances))| board.search_chunk(chunk * CHUNK, profiles, finances))
        .collect();
    let (prospects, refusals): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    Search { prospects: prospects.concat(), refusals: refusals.concat(), tender_luck, busyness }
}

/// How busy commissioners are by now; the same where this is the whole country.
fn busyness(setting: &Setting, state: &State, lists: &Lists) -> Busyness {
    if !setting.world.is_part() {
        return state.busyness;
    }
    let memory = 1.0 - 1.0 / (setting.scenario.market.busy_years * setting.world.calendar.rounds_per_year());
    state.busyness.after(lists.tenders_here(), state.portfolio.pace.here(), memory.max(0.0))
}

/// What is known of the markets of each service elsewhere: what is known on average of those here.
fn elsewhere(world: &World, records: &Column<MarketId, PublicRecord>) -> Column<ServiceId, PublicRecord> {
    let of_service = |service: ServiceId| {
        let own: Vec<_> = world.areas.ids().map(|area| records[world.market(area, service)]).collect();
        PublicRecord::mean(&own).expect("a world has an area")
    };
    world.services.ids().map(of_service).collect()
}

impl<'a> Board<'a> {
    fn new(
        setting: &'a Setting<'a>,
        state: &'a State,
        tenders: &'a Tenders,
        mut luck: Column<TenderId, u64>,
        draws: &mut Stream<1>,
    ) -> Self {
        let mut calls = tenders.calls.clone();
        let mut outside = Vec::new();
        for (row, lot) in state.portfolio.outside.iter().enumerate() {
            if lot.comes_up(setting.round) {
                outside.push(lot);
                calls.push(call_outside(setting, state, lot));
                luck.push(draws.raw(OUTSIDE + row as u64)[0]);
            }
        }
        let procurements = Procurements::new(tenders, &state.lots);
        let lists = Lists::new(setting.world, tenders, &procurements, &outside, &luck);
        let reserves_for_mutuals =
            setting.in_force.any(|regime| regime.rules.reserved == ReservedFor::Mutual);
        let bid_costs = |regime: &Regime| {
            calls.iter().map(|tender| cost_of_bid(&regime.behaviour, tender.value())).collect()
        };
        let bid_costs = setting.in_force.all().iter().map(bid_costs).collect();
        let records: Column<MarketId, PublicRecord> = state.markets.iter().map(MarketState::public).collect();
        Self {
            setting,
            tenders,
            elsewhere: elsewhere(setting.world, &records),
            records,
            leaders: &state.charities.leader,
            calls,
            luck,
            outside,
            lots: &state.lots,
            bid_costs,
            volunteers: Volunteers::new(setting, state),
            reserves_for_mutuals,
            procurements,
            busyness: busyness(setting, state, &lists),
            pace: &state.portfolio.pace,
            lists,
        }
    }

    fn search_chunk(
        &self,
        first: usize,
        profiles: &[Profile],
        finances: &[Finances],
    ) -> (Vec<Prospect>, Vec<Refusal>) {
        let mut draws: Stream<1> = self.setting.luck.stream(Purpose::CharityAtTender, self.setting.round);
        let mut temper: Stream<1> = self.setting.luck.stream(Purpose::PushBack, 0);
        let mut mutual: Stream<1> = self.setting.luck.stream(Purpose::Mutual, 0);
        let mutuals = self.setting.scenario.population.mutual_share.value();
        let mut found = Vec::new();
        let mut chances = Vec::new();
        let mut best = Shortlist::default();
        for (row, (profile, finances)) in profiles.iter().zip(finances).enumerate() {
            if profile.offers == 0 || !finances.is_open() {
                continue;
            }
            let behaviour = &self.setting.regime(profile.home()).behaviour;
            let push_back = behaviour.push_back.value();
            let leader = &self.leaders[CharityId::from_row(first + row)];
            let seeker = Seeker {
                id: CharityId::from_row(first + row),
                profile,
                finances,
                leader,
                luck: draws.raw(profile.slot)[0],
                behaviour,
                readiness: &[],
                pushes_back: behaviour.push_rule == PushRule::Propensity
                    && push_back > 0.0
                    && temper.uniforms(profile.slot)[0] < push_back
                    || leader.is_treated(behaviour, Treatment::PushBack),
                is_mutual: self.reserves_for_mutuals && mutual.uniforms(profile.slot)[0] < mutuals,
            };
            best.places = attention(seeker.behaviour, seeker.finances) as usize;
            best.places_to_join = behaviour.join_attention as usize;
            if best.places + best.places_to_join == 0 || !self.could_find(&seeker) {
                continue;
            }
            let ready = |regime: &Regime| readiness(behaviour, regime.rules.notice_weeks.value(), finances);
            chances.clear();
            chances.extend(self.setting.in_force.all().iter().map(ready));
            let seeker = Seeker { readiness: &chances, ..seeker };
            self.search_one(&seeker, &mut best);
            found.extend(best.take().filter(|prospect| self.is_here(prospect.tender)));
        }
        (found, best.refused)
    }

    /// Keeps the best few of the tenders at home and of a window of notices further away.
    fn search_one(&self, seeker: &Seeker, best: &mut Shortlist) {
        best.refused_before = best.refused.len();
        for service in self.services_of(seeker.profile) {
            let as_stranger = OnceCell::new();
            for notice in self.at_home(seeker.profile, service) {
                self.look_at(seeker, notice, &as_stranger, best);
            }
            for notice in self.window(seeker, service).into_iter().flat_map(Window::notices) {
                if !self.is_at_home(seeker.profile, notice.tender) {
                    self.look_at(seeker, notice, &as_stranger, best);
                }
            }
        }
    }

    /// Offers the shortlist what a notice is about, all pieces of a lot together.
    fn look_at(&self, seeker: &Seeker, notice: Notice, as_stranger: &OnceCell<f64>, best: &mut Shortlist) {
        if notice.copy > 0 || self.procurements.is_single(notice.tender) {
            match self.acceptable(seeker, notice, as_stranger, best) {
                Some(prospect) if self.is_bundle(notice.tender) => best.offer_once(prospect),
                Some(prospect) => best.offer(prospect),
                None => {}
            }
            return;
        }
        let pieces = self.procurements.tenders(notice.tender).map(|tender| Notice { tender, ..notice });
        let pieces = pieces.filter_map(|piece| self.acceptable(seeker, piece, as_stranger, best)).collect();
        let fte = |tender: TenderId| self.setting.fte(self.calls[tender].hours);
        best.offer_together(pieces, free_staff(seeker.behaviour, seeker.finances), fte);
    }

    /// A tender as this charity sees it, unless its leader refuses it.
    fn acceptable(
        &self,
        seeker: &Seeker,
        notice: Notice,
        as_stranger: &OnceCell<f64>,
        best: &mut Shortlist,
    ) -> Option<Prospect> {
        let prospect = self.prospect(seeker, notice, as_stranger)?;
        if self.pushes_back(seeker, notice) && self.pays_too_little(seeker, &prospect) {
            let refusal = Refusal { charity: seeker.id, tender: notice.tender };
            best.refuse(Some(refusal).filter(|refusal| self.is_here(refusal.tender)));
            return None;
        }
        Some(prospect)
    }

    /// Whether a leader would refuse a tender that pays too little.
    fn pushes_back(&self, seeker: &Seeker, notice: Notice) -> bool {
        let volunteers = || {
            let market = self.calls[notice.tender].market;
            let luck = notice.luck(seeker.luck);
            self.volunteers.as_ref().is_some_and(|volunteers| volunteers.push_back(market, luck))
        };
        seeker.pushes_back || seeker.behaviour.push_rule == PushRule::Volunteer && volunteers()
    }

    /// Whether the ceiling lies below the charity's threshold of its full cost.
    fn pays_too_little(&self, seeker: &Seeker, prospect: &Prospect) -> bool {
        let tender = &self.calls[prospect.tender];
        let full_cost = prospect.hour_cost * (tender.hours * (1.0 + f64::from(seeker.profile.overhead)));
        tender.ceiling < full_cost * seeker.behaviour.refusal_threshold
    }

    /// Whether any tender of this world can be among what a charity looks at. Saves the work for those
    /// who look elsewhere this round.
    fn could_find(&self, seeker: &Seeker) -> bool {
        self.services_of(seeker.profile).any(|service| {
            !seeker.profile.is_visitor() && self.at_home(seeker.profile, service).next().is_some()
                || self.window(seeker, service).is_some_and(|window| window.meets_this_world())
        })
    }

    /// Tenders at a charity's home, here or outside.
    fn at_home(&self, profile: &Profile, service: ServiceId) -> impl Iterator<Item = Notice> + '_ {
        let here = match profile.away {
            None => self.tenders.of(self.setting.world.market(profile.home(), service)),
            Some(_) => &[],
        };
        let here = here.iter().copied().filter(|&tender| self.procurements.is_first(tender));
        let outside = match profile.away {
            None => 0..0,
            Some(place) => {
                let first = |place| self.outside.partition_point(|lot| (lot.place, lot.service) < place);
                first((place, service))..first((place, ServiceId::from_row(service.row() + 1)))
            }
        };
        let outside = outside.map(|row| TenderId::from_row(self.tenders.calls.len() + row));
        here.map(|tender| Notice { tender, copy: 0 }).chain(outside.map(|tender| Notice { tender, copy: 1 }))
    }

    /// Whether a tender is for work at a charity's home.
    fn is_at_home(&self, profile: &Profile, tender: TenderId) -> bool {
        match (self.outside(tender), profile.away) {
            (Some(lot), Some(place)) => lot.place == place,
            (None, None) => self.calls[tender].area == profile.home(),
            _ => false,
        }
    }

    /// The lot outside that a tender is for, if it is for one.
    fn outside(&self, tender: TenderId) -> Option<&'a OutsideLot> {
        Some(self.outside[tender.row().checked_sub(self.tenders.calls.len())?])
    }

    fn is_bundle(&self, tender: TenderId) -> bool {
        self.is_here(tender) && self.tenders.parts(tender).len() > 1
    }

    fn is_here(&self, tender: TenderId) -> bool {
        tender.row() < self.tenders.calls.len()
    }

    fn window(&self, seeker: &Seeker, service: ServiceId) -> Option<Window<'_>> {
        let notices = self.notices_for(seeker.profile, service)?;
        let everywhere = match notices.elsewhere.is_empty() {
            true => notices.here.len(),
            false => notices.here.len().max(self.everywhere(seeker.profile, service)),
        };
        if everywhere == 0 {
            return None;
        }
        let start = (seeker.luck % everywhere as u64) as usize;
        let scope = (seeker.behaviour.search_scope as usize).min(everywhere);
        Some(Window { notices, everywhere, start, scope })
    }

    /// Tenders for a service in all of the region or country that a charity works in.
    fn everywhere(&self, profile: &Profile, service: ServiceId) -> usize {
        let regional = profile.reach == Reach::Regional;
        let region = regional.then(|| self.setting.world.areas[profile.home()].region);
        libm::round(self.pace.of(service, region) * self.busyness.ratio()) as usize
    }

    fn services_of(&self, profile: &'a Profile) -> impl Iterator<Item = ServiceId> + use<'a> {
        self.setting.world.services.ids().filter(|&service| profile.offers(service))
    }

    fn notices_for(&self, profile: &Profile, service: ServiceId) -> Option<&Notices> {
        match profile.reach {
            Reach::Local => None,
            Reach::Regional => {
                Some(self.lists.regional(self.setting.world.areas[profile.home()].region, service))
            }
            Reach::National => Some(self.lists.national(service)),
        }
    }
}

/// A charity in search.
#[derive(Clone, Copy)]
struct Seeker<'a> {
    id: CharityId,
    profile: &'a Profile,
    finances: &'a Finances,
    leader: &'a Leader,
    luck: u64,
    behaviour: &'a Behaviour,
    /// Its chance of being ready in time, under each regime.
    readiness: &'a [f64],
    pushes_back: bool,
    is_mutual: bool,
}
