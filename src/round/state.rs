//! The state that a round changes: charities, markets, contracts. Columns, indexed by typed ids.

use super::beliefs::Beliefs;
use super::framework::Framework;
use super::leader::{Leader, Leaders};
use super::menu::Experience;
use super::stance;
use super::team::{Mode, Team};
use super::trust::{Memories, Memory};
use crate::calendar::{Calendar, QUARTERS};
use crate::ids::{AreaId, CharityId, Column, Id, LotId, MarketId, ServiceId};
use crate::measure::bands::Band;
use crate::random::Luck;
use crate::scenario::Scenario;
use crate::units::{Fte, Gbp, People};
use crate::world::contracts::{Lot, Portfolio};
use crate::world::population::{Founder, Newborn, Reach};
use crate::world::{PublicRecord, SKILLS, World};
use std::collections::VecDeque;

/// Areas that a charity can know, home first.
pub const KNOWN_AREAS: usize = 4;

/// Local knowledge of one area, in \[0, 1\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The area.
    pub area: AreaId,
    /// Embeddedness there.
    pub level: f32,
}

/// What a charity is: facts that rounds rarely change.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Address of its random numbers.
    pub slot: u64,
    /// Services it offers, one bit each.
    pub offers: u16,
    /// How far it works.
    pub reach: Reach,
    /// One of NCVO's general charities.
    pub general: bool,
    /// Round in which it was founded.
    pub founded: u32,
    /// Size band at founding, by which survival is counted.
    pub founding_band: Band,
    /// Ability in each skill, in \[0, 1\].
    pub ability: [f32; SKILLS],
    /// What bid writing adds to a quality score.
    pub writing: f32,
    /// Overhead on direct cost.
    pub overhead: f32,
    /// Areas it knows; the first is home. A level of zero marks a free place.
    pub known: [Known; KNOWN_AREAS],
    /// The place of its home, where that lies outside of this world ([`World::places`]).
    pub away: Option<u32>,
    /// Embeddedness at home at founding, below which it does not fall.
    pub rooted: f32,
    /// Reserves that its trustees steer towards \[months of spending\].
    pub reserves_policy: f32,
}

impl Profile {
    /// Home area.
    #[inline]
    pub fn home(&self) -> AreaId {
        self.known[0].area
    }

    /// The place of its home: an area of this world, or a number beyond them.
    #[inline]
    pub fn place(&self) -> usize {
        self.away.map_or(self.home().row(), |place| place as usize)
    }

    /// Whether its home lies outside of this world; its home area is then one where it is a stranger.
    #[inline]
    pub fn is_visitor(&self) -> bool {
        self.away.is_some()
    }

    /// Whether it offers a service.
    #[inline]
    pub fn offers(&self, service: ServiceId) -> bool {
        self.offers >> service.row() & 1 == 1
    }

    /// Embeddedness in an area, 0 where it is a stranger.
    #[inline]
    pub fn embeddedness(&self, area: AreaId) -> f64 {
        self.known.iter().find(|known| known.area == area).map_or(0.0, |known| f64::from(known.level))
    }
}

/// What became of a charity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// At work.
    Open,
    /// Ran out of money.
    Insolvent,
    /// Wound up by its trustees.
    Dissolved,
    /// Became part of another charity.
    Merged,
}

/// A charity's money: what every round changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Finances {
    /// Voluntary and other income outside contracts \[GBP a year\].
    pub voluntary: Gbp,
    /// Own spending outside contracts \[GBP a year\].
    pub spending: Gbp,
    /// Reserves \[GBP\].
    pub reserves: Gbp,
    /// Staff \[FTE\].
    pub capacity: Fte,
    /// Direct cost of a staff hour \[GBP\].
    pub unit_cost: Gbp,
    /// Contract receipts of the last year, by quarter \[GBP\].
    pub receipts: [f64; QUARTERS],
    /// Surplus of the last year, by quarter \[GBP\].
    pub surplus: [f64; QUARTERS],
    /// Yearly income: voluntary income plus receipts of the last year \[GBP a year\].
    pub income: Gbp,
    /// Staff promised to contracts in force \[FTE\].
    pub committed: Fte,
    /// Consecutive round ends at or below the credit limit.
    pub rounds_in_debt: u8,
    /// What became of it.
    pub status: Status,
}

impl Finances {
    /// Whether it is at work.
    #[inline]
    pub fn is_open(&self) -> bool {
        self.status == Status::Open
    }
}

/// What a charity has done so far, for tables.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// Bids ever made, alone or as a lead, without those of call-offs.
    pub bids: u32,
    /// Round of the latest bid.
    pub last_bid: Option<u32>,
    /// Tenders ever won, alone or as a lead.
    pub wins: u32,
    /// Contracts in force on which it works, lot by lot.
    pub contracts: u32,
    /// Round in which it closed.
    pub closed: Option<u32>,
    /// Whom it became part of.
    pub merged_into: Option<CharityId>,
}

/// The population, one row per charity that ever existed.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Charities {
    /// What they are.
    pub profile: Column<CharityId, Profile>,
    /// Their money.
    pub finances: Column<CharityId, Finances>,
    /// What they did.
    pub record: Column<CharityId, Record>,
    /// Who leads them.
    pub leader: Column<CharityId, Leader>,
    /// What they know of each other.
    pub memory: Memories,
}

impl Charities {
    /// Adds a charity.
    pub fn push(
        &mut self,
        newborn: &Newborn,
        slot: u64,
        leader: Leader,
        round: u32,
        calendar: Calendar,
    ) -> CharityId {
        let stranger = Known { area: newborn.home, level: 0.0 };
        let mut known = [stranger; KNOWN_AREAS];
        known[0].level = if newborn.away.is_none() { newborn.embeddedness as f32 } else { 0.0 };
        self.profile.push(Profile {
            slot,
            offers: newborn.offers,
            reach: newborn.reach,
            general: newborn.general,
            founded: round,
            founding_band: Band::of(newborn.income),
            ability: newborn.ability,
            writing: newborn.writing as f32,
            overhead: newborn.overhead as f32,
            known,
            away: newborn.away,
            rooted: newborn.embeddedness as f32,
            reserves_policy: newborn.reserves_policy as f32,
        });
        let contract_income = newborn.income - newborn.voluntary;
        self.finances.push(Finances {
            voluntary: newborn.voluntary,
            spending: newborn.voluntary,
            reserves: newborn.reserves,
            capacity: newborn.capacity,
            unit_cost: newborn.unit_cost,
            receipts: calendar.even_books(contract_income.value()),
            surplus: [0.0; QUARTERS],
            income: newborn.income,
            committed: Fte::ZERO,
            rounds_in_debt: 0,
            status: Status::Open,
        });
        self.leader.push(leader);
        self.memory.push(Memory::default());
        self.record.push(Record::default())
    }

    /// Number of rows, open or closed.
    pub fn len(&self) -> usize {
        self.profile.len()
    }

    /// Whether there has never been a charity.
    pub fn is_empty(&self) -> bool {
        self.profile.is_empty()
    }
}

/// A market's people and public statistics.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketState {
    /// People waiting, by number of simultaneous needs.
    pub backlog: [f64; SKILLS],
    /// Sum of the rounds that those waiting have waited.
    pub waited: f64,
    /// People who came back into need because their provider closed; they arrive next round.
    pub returned: [f64; SKILLS],
    /// Mean number of bids besides the winner's.
    pub rivals: f64,
    /// Mean winning price over ceiling.
    pub price_ratio: f64,
    /// Mean score of losing bids.
    pub rival_score: f64,
    /// Mean success of those served.
    pub success: f64,
    /// Share of need that community work prevents.
    pub prevention: f64,
    /// Price per hour offered, over what it was before any push-back.
    pub uplift: f64,
    /// The framework in force, if any.
    pub framework: Option<Framework>,
    /// The lowest prices of the latest tenders, oldest first; kept for learned bidding only.
    pub past: VecDeque<LowestPrices>,
}

impl MarketState {
    /// What is publicly known of it.
    pub fn public(&self) -> PublicRecord {
        let &Self { rivals, price_ratio, rival_score, success, .. } = self;
        PublicRecord { rivals, price_ratio, rival_score, success }
    }
}

/// The two lowest prices of a tender, over the ceiling; infinite where nobody bid.
#[derive(Clone, Debug, PartialEq)]
pub struct LowestPrices {
    /// Who bid lowest: several in a tie.
    pub bidders: Vec<CharityId>,
    /// Their price.
    pub lowest: f64,
    /// The lowest price above it.
    pub next: f64,
    /// How many asked for that.
    pub next_bidders: usize,
}

impl LowestPrices {
    /// The lowest prices of a tender's bids, each with its bidder.
    pub fn of(bids: impl Iterator<Item = (CharityId, f64)>) -> Self {
        let nobody =
            Self { bidders: Vec::new(), lowest: f64::INFINITY, next: f64::INFINITY, next_bidders: 0 };
        bids.fold(nobody, |mut prices, (bidder, price)| {
            if price < prices.lowest {
                let next_bidders = prices.bidders.len();
                return Self { bidders: vec![bidder], lowest: price, next: prices.lowest, next_bidders };
            }
            if price == prices.lowest {
                prices.bidders.push(bidder);
            } else if price < prices.next {
                (prices.next, prices.next_bidders) = (price, 1);
            } else if price == prices.next {
                prices.next_bidders += 1;
            }
            prices
        })
    }

    /// The lowest price of a charity's rivals, and how many of them asked for it.
    pub fn facing(&self, charity: CharityId) -> (f64, usize) {
        match (self.bidders.contains(&charity), self.bidders.len()) {
            (true, 1) => (self.next, self.next_bidders),
            (true, tied) => (self.lowest, tied - 1),
            (false, rivals) => (self.lowest, rivals),
        }
    }
}

/// A contract in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// The provider.
    pub holder: CharityId,
    /// Price \[GBP a round\].
    pub price: Gbp,
    /// Staff hours a round.
    pub hours: f64,
    /// People a round that the volume pays for.
    pub volume: People,
    /// Planned quality, 1 for standard.
    pub quality: f64,
    /// Rounds that it was let for.
    pub term: u32,
    /// Rounds left, this one included.
    pub rounds_left: u32,
    /// Whether it has been extended.
    pub extended: bool,
    /// The team that works on it, the holder first, if one does.
    pub team: Option<Box<Team>>,
    /// The main lot of the tender that it was let in: the same for all lots of a bundle.
    pub bundle: LotId,
    /// All who bid for it, the winner included, in order of id.
    pub bidders: Vec<CharityId>,
    /// Option of the commissioner's menu under which it was let.
    pub option: u8,
}

impl Contract {
    /// Who works on it, with shares of the work; the holder first.
    pub fn workers(&self) -> impl Iterator<Item = (CharityId, f64)> + '_ {
        let team = self.team.as_ref().map_or(&[][..], |team| &team.members);
        let alone = self.team.is_none().then_some((self.holder, 1.0));
        alone.into_iter().chain(team.iter().map(|member| (member.charity, member.work)))
    }

    /// How they work.
    pub fn mode(&self) -> Mode {
        self.team.as_ref().map_or(Mode::Solo, |team| team.mode)
    }
}

/// Pay for work done, due in the next round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Debt {
    /// Whom to pay.
    pub to: CharityId,
    /// How much.
    pub amount: Gbp,
    /// The lead provider that owes it; none where the commissioner does.
    pub from: Option<CharityId>,
}

/// A lot's contract, calendar and debts.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LotState {
    /// The contract in force, if any.
    pub contract: Option<Contract>,
    /// The lot that it was cut from, if it was cut.
    pub cut_from: Option<LotId>,
    /// Who held the last contract that ended.
    pub previous: Option<CharityId>,
    /// Who last won it as a contract reserved for mutuals, and when.
    pub reserved_for: Option<(CharityId, u32)>,
    /// First round in which the lot may be tendered.
    pub open_from: u32,
    /// Failed tenders in a row.
    pub failures: u32,
    /// Work done but not yet paid.
    pub owed: Vec<Debt>,
}

/// Contract income of one round: market, charity, GBP.
pub type IncomeLine = (MarketId, CharityId, f64);

/// How many tenders come up against what the calendar of contracts has: more where they return without a bid or
/// contracts are short, fewer where lots are bundled. Counted over some years, the latest most.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Busyness {
    /// Tenders that came up.
    tenders: f64,
    /// Tenders that the calendar has.
    calendar: f64,
}

impl Busyness {
    /// Counts a round's tenders; what was before weighs `memory` of it.
    #[must_use]
    pub fn after(self, tenders: usize, calendar: f64, memory: f64) -> Self {
        Self { tenders: memory * self.tenders + tenders as f64, calendar: memory * self.calendar + calendar }
    }

    /// Tenders over those of the calendar.
    pub fn ratio(self) -> f64 {
        if self.calendar > 0.0 { self.tenders / self.calendar } else { 1.0 }
    }
}

/// Everything that a round reads and changes.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Rounds done.
    pub round: u32,
    /// Charities.
    pub charities: Charities,
    /// Markets.
    pub markets: Column<MarketId, MarketState>,
    /// Lots as drawn.
    pub portfolio: Portfolio,
    /// Contracts and calendars.
    pub lots: Column<LotId, LotState>,
    /// What each commissioner believes of the providers it has met.
    pub beliefs: Column<AreaId, Beliefs>,
    /// Option of the menu by which each commissioner goes; 0 is the rules of the scenario.
    pub options: Column<AreaId, u8>,
    /// What commissioners that learn know of the options.
    pub experience: Column<AreaId, Experience>,
    /// Charities founded so far during the run, per area.
    pub arrived: Column<AreaId, u32>,
    /// Charities founded so far during the run in the rest of the country.
    pub arrived_outside: u32,
    /// Contract income of the rounds inside the measuring window, oldest first.
    pub window: VecDeque<Vec<IncomeLine>>,
    /// The same income by who gets it in the end: partners of a team by what they are paid.
    pub window_delivery: VecDeque<Vec<IncomeLine>>,
    /// How many tenders there were in this world against the calendar, where it is a part of a country.
    pub busyness: Busyness,
    /// Founding charities still open, by founding band, and how many there were.
    pub cohort: [(u32, u32); 5],
}

impl State {
    /// The state before the first round of one replicate.
    pub fn found(world: &World, scenario: &Scenario, luck: Luck) -> Self {
        let mut charities = Charities::default();
        let mut cohort = [(0, 0); 5];
        let founding = Founder::new(world, scenario).founding_population(luck);
        let mut leaders = Leaders::new(luck);
        for (slot, newborn) in &founding {
            charities.push(newborn, *slot, leaders.of(*slot), 0, world.calendar);
            let (open, ever) = &mut cohort[Band::of(newborn.income) as usize];
            *open += 1;
            *ever += 1;
        }
        stance::at_start(&mut charities, &scenario.regime.behaviour);
        let portfolio = Portfolio::draw(world, scenario, luck);
        Self {
            round: 0,
            charities,
            markets: world.markets.iter().map(|_| Self::quiet_market(scenario)).collect(),
            lots: portfolio
                .lots
                .iter()
                .map(|lot| LotState { open_from: lot.first_round, ..LotState::default() })
                .collect(),
            portfolio,
            beliefs: Column::filled(world.areas.len(), Beliefs::default()),
            options: Column::filled(world.areas.len(), 0),
            experience: Column::filled(world.areas.len(), Experience::default()),
            arrived: Column::filled(world.areas.len(), 0),
            arrived_outside: 0,
            window: VecDeque::new(),
            window_delivery: VecDeque::new(),
            busyness: Busyness::default(),
            cohort,
        }
    }

    fn quiet_market(scenario: &Scenario) -> MarketState {
        MarketState {
            backlog: [0.0; SKILLS],
            waited: 0.0,
            returned: [0.0; SKILLS],
            rivals: scenario.market.rivals_at_start,
            price_ratio: scenario.market.price_at_start,
            rival_score: 0.5,
            success: success_at_start(scenario),
            prevention: 0.0,
            uplift: 1.0,
            framework: None,
            past: VecDeque::new(),
        }
    }

    /// The lot as drawn.
    #[inline]
    pub fn lot(&self, lot: LotId) -> &Lot {
        &self.portfolio.lots[lot]
    }

    /// Contracts in force, in lot order.
    pub fn contracts(&self) -> impl Iterator<Item = (LotId, &Contract)> {
        self.lots.enumerate().filter_map(|(lot, state)| state.contract.as_ref().map(|c| (lot, c)))
    }

    /// Bytes of state per charity row, without contracts.
    pub const fn bytes_per_charity() -> usize {
        size_of::<Profile>()
            + size_of::<Finances>()
            + size_of::<Record>()
            + size_of::<Leader>()
            + size_of::<Memory>()
    }
}

/// Success that leaders expect of other providers before any is seen: that of mean ability.
fn success_at_start(scenario: &Scenario) -> f64 {
    let behaviour = &scenario.regime.behaviour;
    let base = behaviour.base_success.value();
    base + (1.0 - base) * (behaviour.productivity * scenario.population.ability_mean).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// England's 170,000 charities take less than 70 MB; what partners remember of each other comes on top, bounded.
    #[test]
    fn a_charity_takes_at_most_four_hundred_bytes() {
        assert!(State::bytes_per_charity() <= 400, "{}", State::bytes_per_charity());
    }
}
