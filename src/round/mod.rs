//! One tender round.
//!
//! 1. **need** — people arrive, in whole numbers by chance around the need rate.
//! 2. **commission** — commissioners package lots without a contract and call for bids.
//! 3. **search** — charities notice tenders, check eligibility, estimate cost, keep the best few.
//! 4. **partner** — leaders meet, propose and accept teams, where the rules allow them.
//! 5. **bid** — each decides whether to bid, with what planned quality, at what price.
//! 6. **award** — bids are scored; the first in line who has the staff gets the contract.
//! 7. **deliver** — providers help people; outcomes follow from skills and complexity.
//! 8. **settle** — payments, lags, costs, reserves; those not served wait or leave.
//! 9. **learn** — markets publish statistics; providers get to know areas, partners each other.
//! 10. **adapt** — once a year leaders compare themselves with others, drift, and are replaced; commissioners that learn
//!     choose from their menu of rules.
//! 11. **turnover** — charities close and pass contracts on or back, merge, and are founded.
//!
//! Then money and people must add up ([`identities`]), the round is measured ([`crate::measure`]) and the calendar moves on
//! ([`advance`]).
//!
//! Each phase reads the state and earlier outputs of the round and returns its own output. Only
//! `award`, `settle`, `learn`, `adapt` and `turnover` change the state; `commission` where it cuts lots, `search` where it
//! draws costs anew and counts the tenders that came up.

pub mod adapt;
pub mod award;
pub mod beliefs;
pub mod bid;
pub mod commission;
pub mod deliver;
pub mod effort;
pub mod equilibrium;
pub mod experience;
pub mod fear;
pub mod framework;
pub mod honour;
pub mod identities;
pub mod leader;
pub mod learn;
pub mod matching;
pub mod menu;
pub mod merge;
pub mod need;
pub mod package;
pub mod partner;
pub mod produce;
pub mod quality;
pub mod reply;
pub mod score;
pub mod search;
pub mod settle;
pub mod shares;
pub mod stance;
pub mod state;
pub mod talk;
pub mod team;
pub mod trust;
pub mod turnover;
pub mod utility;
pub mod volunteer;

use crate::ids::AreaId;
use crate::random::Luck;
use crate::rules::InForce;
use crate::scenario::{Regime, Rules, Scenario};
use crate::world::World;
pub use identities::BrokenIdentity;
pub use state::State;

/// What a round happens in: everything that it reads but does not change.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The world.
    pub world: &'a World,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Rules and behaviour in force, by area.
    pub in_force: &'a InForce<'a>,
    /// The replicate's luck.
    pub luck: Luck,
    /// The round, counted from 0.
    pub round: u32,
}

impl<'a> Setting<'a> {
    /// The setting of a round.
    pub const fn new(
        world: &'a World,
        scenario: &'a Scenario,
        in_force: &'a InForce<'a>,
        luck: Luck,
        round: u32,
    ) -> Self {
        Self { world, scenario, in_force, luck, round }
    }

    /// Rules and behaviour of an area.
    #[inline]
    pub fn regime(&self, area: AreaId) -> &Regime {
        self.in_force.of(area)
    }

    /// Staff \[FTE\] that so many hours a round take.
    #[inline]
    pub fn fte(&self, hours_per_round: f64) -> f64 {
        hours_per_round * self.world.calendar.rounds_per_year() / self.scenario.population.hours_per_fte
    }

    /// The share of a round's pay that comes a round later.
    #[inline]
    pub fn late_share(&self, rules: &Rules) -> f64 {
        (rules.payment_lag_weeks / self.scenario.world.round_weeks).min(1.0)
    }
}

/// What happened in a round, for measures, tables and checks against theory.
#[derive(Clone, Debug, Default)]
pub struct RoundOutput {
    /// People who came to need.
    pub need: need::Need,
    /// The calls for bids.
    pub tenders: commission::Tenders,
    /// How often a leader refused a tender that pays too little.
    pub refusals: u32,
    /// Teams that formed.
    pub teams: team::Teams,
    /// The bids.
    pub bids: bid::Bids,
    /// The decisions.
    pub awards: award::Awards,
    /// People served.
    pub delivery: deliver::Delivery,
    /// Money and people.
    pub settlement: settle::Settlement,
    /// Closures, mergers and foundings.
    pub turnover: turnover::Turnover,
}

/// What is on the commissioners' tables before anything is decided.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// People who came to need.
    pub need: need::Need,
    /// The calls for bids.
    pub tenders: commission::Tenders,
    /// Who noticed which tenders.
    pub search: search::Search,
    /// Teams that formed.
    pub teams: team::Teams,
    /// The bids.
    pub bids: bid::Bids,
}

/// Plays one round and returns what happened in it.
pub fn play(setting: &Setting, state: &mut State) -> Result<RoundOutput, BrokenIdentity> {
    let call = call_for_bids(setting, state);
    carry_out(setting, state, call)
}

/// Phases 1 to 5: up to the bids.
pub fn call_for_bids(setting: &Setting, state: &mut State) -> Call {
    search::redraw_costs(setting, state);
    let need = need::arrive(setting, &state.markets);
    commission::cut_lots(setting, state);
    let tenders = commission::open(setting, state);
    let search = search::notice(setting, state, &tenders);
    // How many tenders come up, against the calendar: by it those from elsewhere search in the rounds to come.
    state.busyness = search.busyness;
    let teams = partner::form(setting, state, &tenders, &search);
    let bids = bid::decide(setting, state, &tenders, &search, &teams);
    Call { need, tenders, search, teams, bids }
}

/// Phases 6 to 11: from the decision on.
pub fn carry_out(setting: &Setting, state: &mut State, call: Call) -> Result<RoundOutput, BrokenIdentity> {
    let Call { need, tenders, search, teams, bids } = call;
    let awards = award::decide(setting, state, &tenders, &search, &teams, &bids);
    award::start_contracts(setting, state, &tenders, &bids, &awards, &teams);
    let delivery = deliver::serve(setting, state, &need);
    let settlement = settle::settle(setting, state, &need, &delivery, &bids, &teams);
    learn::learn(setting, state, &tenders, &bids, &awards, &delivery);
    menu::keep_score(setting, state, &tenders, &awards, &delivery);
    learn::answer_push_back(setting, state, &search, &bids, &tenders);
    adapt::adapt(setting, state);
    let turnover = turnover::turn_over(setting, state, &delivery);
    let refusals = search.refusals.len() as u32;
    let output = RoundOutput { need, tenders, refusals, teams, bids, awards, delivery, settlement, turnover };
    identities::check(setting, state, &output)?;
    Ok(output)
}

/// Moves the calendar on: contracts run down, and the next round begins.
pub fn advance(setting: &Setting, state: &mut State) {
    learn::run_down_contracts(setting, state);
    state.round += 1;
}
