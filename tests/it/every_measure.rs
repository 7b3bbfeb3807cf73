//! Measures beside the headline ones, on the same world of two markets, worked by hand.
//!
//! In addition: C's contract is held in a co-operation with B, there is a call-off that A answers, some wait, and all
//! that a year brings has happened to some charity.

use super::headline_measures::{A, B, C, D, are_as_expected, award, bid, charity, played};
use rebalance::ids::{AreaId, Column, Id, LotId, MarketId};
use rebalance::math::ln;
use rebalance::measure::names;
use rebalance::measure::round::Measures;
use rebalance::round::bid::Bids;
use rebalance::round::merge::Merger;
use rebalance::round::team::{Member, Mode, Team};
use rebalance::round::trust::{Experience, Relation};
use rebalance::round::{RoundOutput, State};
use rebalance::units::Gbp;
use rebalance::world::population::Reach;

fn relation(other: usize, good: f32) -> Relation {
    Relation { other: charity(other), experience: Experience { good, bad: 0.0 }, joint: 1, last: 0 }
}

/// The contract of C: its lead does .6 of the work, B .4 for .2 of the price after .3 was promised.
fn team() -> Team {
    let member = |row: usize, work: f64, promised: f64, allocated: f64| Member {
        charity: charity(row),
        work,
        promised,
        allocated,
    };
    let members = vec![member(C, 0.6, 0.7, 0.8), member(B, 0.4, 0.3, 0.2)];
    Team { mode: Mode::CoOperation, members, price: 2_000.0, waste: 0.0, by_all: false }
}

fn eventful() -> Measures {
    played(|state, output| {
        people(state);
        organisations(state, output);
        leaders(state);
        competition(state, output);
    })
}

fn people(state: &mut State) {
    for (row, (waited, prevention)) in [(165.0, 0.1), (55.0, 0.3)].into_iter().enumerate() {
        let market = &mut state.markets[MarketId::from_row(row)];
        (market.waited, market.prevention) = (waited, prevention);
    }
    let line = |market: usize, row: usize, income: f64| (MarketId::from_row(market), charity(row), income);
    state.window_delivery.push_back(vec![line(0, A, 2_000.0), line(0, B, 1_000.0), line(1, C, 3_000.0)]);
    state.lots[LotId::from_row(3)].contract.as_mut().expect("a contract").team = Some(Box::new(team()));
}

fn organisations(state: &mut State, output: &mut RoundOutput) {
    let charities = &mut state.charities;
    for (row, (surplus, wins)) in [(A, (-1.0, 2)), (B, (0.0, 1)), (C, (2.0, 1)), (D, (-1.0, 9))] {
        charities.finances[charity(row)].surplus = [surplus, 0.5, 0.0, -0.5];
        charities.record[charity(row)].wins = wins;
    }
    charities.finances[charity(C)].reserves = Gbp::ZERO;
    // C stands for one that holds nothing and last bid more than a year ago; B for one that bid within it.
    (charities.record[charity(C)].contracts, charities.record[charity(C)].last_bid) = (0, None);
    (charities.record[charity(B)].contracts, charities.record[charity(B)].last_bid) = (0, Some(0));
    charities.profile[charity(B)].reach = Reach::Local;
    for row in [A, C] {
        charities.profile[charity(row)].reach = Reach::National;
    }
    state.cohort = [(1, 2), (3, 4), (2, 4), (1, 1), (1, 5)];
    let turnover = &mut output.turnover;
    (turnover.insolvent, turnover.founded, turnover.handed_back) = (1, 1, 1);
    turnover.passed_on = vec![(charity(D), charity(A)); 3];
    turnover.mergers = vec![Merger {
        larger: charity(A),
        smaller: charity(D),
        takeover: true,
        in_deficit: false,
        cost: Gbp::ZERO,
    }];
}

fn leaders(state: &mut State) {
    let charities = &mut state.charities;
    charities.memory[charity(B)].relations = vec![relation(C, 2.0)];
    // D has closed, and what it thought of others no longer counts.
    charities.memory[charity(D)].relations = vec![relation(A, 20.0)];
    for (row, (motives, fear)) in [
        (A, ([0.5, 0.25, 0.25, 0.0], 0.25)),
        (B, ([0.25, 0.5, 0.0, 0.25], 0.5)),
        (C, ([0.75, 0.0, 0.25, 0.0], 0.0)),
        (D, ([0.0, 1.0, 0.0, 0.0], 8.0)),
    ] {
        let leader = &mut charities.leader[charity(row)];
        (leader.motives, leader.learned_fear) = (motives, [fear, 0.0, fear]);
    }
}

fn competition(state: &mut State, output: &mut RoundOutput) {
    let mut calls: Vec<_> = output.tenders.calls.iter().copied().collect();
    let mut call_off = calls[0];
    (call_off.lot, call_off.call_off) = (LotId::from_row(1), true);
    calls.push(call_off);
    output.tenders.calls = Column::from(calls);
    let bids = vec![bid(B, 0, 900.0), bid(C, 0, 1_000.0), bid(C, 1, 880.0), bid(A, 2, 700.0)];
    output.bids = Bids::group(bids, 3);
    output.awards.awards =
        Column::from(vec![Some(award(B, 900.0)), Some(award(C, 880.0)), Some(award(A, 700.0))]);
    output.awards.assessments = Column::from(vec![Default::default(); 3]);
    (output.awards.declined, output.refusals) = (1, 2);
    output.teams.costs = vec![(charity(C), 20.0)];
    assert_eq!(state.options[AreaId::from_row(0)], 0, "nobody learns");
}

fn sum(of: impl IntoIterator<Item = f64>) -> f64 {
    of.into_iter().sum()
}

#[test]
fn measures_of_communities_and_of_markets_are_what_a_hand_works_out() {
    // Bidders AB, AC, BC, BC for 1/4, 1/4, 1/6 and 1/3 of all money: who meets whom twice, with 1/4 for each.
    let own = 2.0 / 16.0 + 1.0 / 36.0 + 1.0 / 9.0;
    let meet = sum([1.0 / 16.0, 2.0 / 24.0, 2.0 / 12.0, 2.0 / 18.0].map(|both| 2.0 * both / 4.0));
    are_as_expected(
        &eventful(),
        &[
            ("people_arriving", Some(320.0)),
            ("outcomes", Some(160.0)),
            // 165 + 55 rounds among 110 people.
            ("waiting_rounds", Some(2.0)),
            ("complex_served_share", Some(10.0 / 60.0)),
            // As many come in both markets.
            ("need_prevented_share", Some(0.2)),
            // Rates of 3 to 1, the first area the less deprived: 2/mean x (1/2)(1 x -1/4 + -1 x 1/4) with mean 2.
            ("equity_concentration_index", Some(-0.25)),
            // One, and 9/5, with as much money in each.
            ("effective_providers_local", Some(1.4)),
            ("hhi_local_delivery", Some(10_000.0 * (5.0 / 9.0 + 1.0) / 2.0)),
            ("hhi_national_delivery", Some(10_000.0 * 14.0 / 36.0)),
            ("hhi_national_excess", Some(10_000.0 * (14.0 / 36.0 - own - meet))),
            ("hhi_national_wins", Some(10_000.0 * 6.0 / 16.0)),
            ("cr4_national", Some(1.0)),
            ("contract_income_gbp", Some(6_000.0)),
            ("contract_income_medium_gbp", Some(3_000.0)),
            ("contract_income_major_gbp", Some(3_000.0)),
            ("contract_income_large_gbp", Some(0.0)),
            ("income_share_medium", Some(0.5)),
            ("income_share_micro", Some(0.0)),
            // 2 (1 + 4 + 9) / (3 x 6) - 4/3.
            ("income_gini", Some(2.0 / 9.0)),
            ("income_theil", Some((1.5 * ln(1.5) + 0.5 * ln(0.5)) / 3.0)),
            ("holders", Some(1.0)),
            ("menu_share_1", None),
        ],
    );
}

#[test]
fn measures_of_organisations_are_what_a_hand_works_out() {
    let months = |reserves: f64, costs: f64| 12.0 * reserves / costs;
    are_as_expected(
        &eventful(),
        &[
            ("charities", Some(3.0)),
            // A holds a contract, B bid within the year.
            ("active_share", Some(2.0 / 3.0)),
            ("full_cost_recovery_major", Some(1.5)),
            ("full_cost_recovery_medium", Some(0.9)),
            ("full_cost_recovery_small", None),
            ("cross_subsidising_share", Some(1.0 / 3.0)),
            // Only A spent more than it had; B is at nought.
            ("deficit_share", Some(1.0 / 3.0)),
            ("no_reserves_share", Some(1.0 / 3.0)),
            ("reserves_months_median_major", Some(months(3e6, 2e7 - 2_400.0 + 8_000.0))),
            ("reserves_months_median_medium", Some(months(1e5, 5e5 - 2_400.0 + 5_000.0) / 2.0)),
            ("closures", Some(1.0)),
            ("insolvencies", Some(1.0)),
            ("mergers", Some(1.0)),
            ("passed_on_share", Some(0.75)),
            ("foundings", Some(1.0)),
            // Before: three, less one founded, one closed, one merged.
            ("closures_per_1000", Some(1_000.0)),
            ("survival_under_1m", Some(0.6)),
            ("survival_1m_and_over", Some(2.0 / 6.0)),
            ("survival_micro", Some(0.5)),
            ("survival_small", Some(0.75)),
            ("survival_medium", Some(0.5)),
            ("survival_large", Some(1.0)),
            ("survival_major", Some(0.2)),
        ],
    );
}

#[test]
fn measures_of_competition_are_what_a_hand_works_out() {
    let value = 4.0 * (900.0 + 880.0 + 700.0);
    let won = [900.0, 880.0, 700.0].map(|price| price / 2_480.0);
    are_as_expected(
        &eventful(),
        &[
            ("tenders", Some(2.0)),
            ("call_offs", Some(1.0)),
            ("bids_per_tender", Some(1.5)),
            ("single_bid_share", Some(0.5)),
            ("no_bid_share", Some(0.0)),
            ("refused_share", Some(2.0 / 5.0)),
            ("declined_share", Some(1.0 / 4.0)),
            ("win_rate_under_1m", Some(2.0 / 3.0)),
            // The major charity answered the call-off alone.
            ("win_rate_1m_and_over", None),
            ("value_awarded_gbp", Some(value)),
            // Four bids at 60 GBP, 20 GBP of meetings, 40 GBP to evaluate each of three.
            ("bid_cost_share", Some((240.0 + 20.0 + 120.0) / value)),
            ("losing_bid_cost_share", Some(60.0 / value)),
            ("bid_cost_share_under_1m", Some((180.0 + 20.0) / 3_000.0)),
            ("bid_cost_share_1m_and_over", Some(60.0 / 3_000.0)),
            ("price_to_ceiling", Some(0.9 / 3.0 + 0.88 / 3.0 + 0.7 / 3.0)),
            ("price_to_full_cost", Some(2_480.0 / 800.0 / 3.0)),
            ("hhi_awards", Some(10_000.0 * sum(won.map(|share| share * share)))),
            ("awarded_share_local", Some(won[0])),
            ("awarded_number_share_local", Some(1.0 / 3.0)),
            ("awarded_share_medium", Some(won[0] + won[1])),
            ("awarded_share_major", Some(won[2])),
            ("awarded_share_small", Some(0.0)),
            // No award was decided by score.
            ("margin_median", None),
            ("ranking_paradox_share", None),
        ],
    );
}

#[test]
fn measures_of_collaboration_are_what_a_hand_works_out() {
    are_as_expected(
        &eventful(),
        &[
            ("value_share_solo", Some(4.0 / 6.0)),
            ("value_share_co_operation", Some(2.0 / 6.0)),
            ("value_share_collaboration", Some(0.0)),
            ("team_size", Some(2.0)),
            ("partnership_prevalence", Some(2.0 / 3.0)),
            ("teams_formed", Some(0.0)),
            // C trusts B as a stranger, .6; B has seen two good rounds beside the two of the prior: 3.2 of 4.
            ("trust_active", Some(0.7)),
            ("trust_all", Some(0.8)),
            ("motive_purpose", Some(0.5)),
            ("motive_market_share", Some(0.25)),
            // .01 + .01 + .02 before any experience; A has learned twice .25, B twice .5.
            ("fear", Some(0.04 + 1.5 / 3.0)),
            ("bid_candy_index", Some(1.0 / 3.0)),
            ("cut_partners_share", Some(1.0)),
        ],
    );
}

/// In a collaboration all judge each other and nobody's share is cut; in a co-operation partners do not judge partners.
#[test]
fn who_judges_whom_goes_by_the_mode() {
    let of = |mode: Mode| {
        played(|state, _| {
            let third = Member { charity: charity(A), work: 0.2, promised: 0.0, allocated: 0.0 };
            let mut team = Team { mode, ..team() };
            team.members.push(third);
            state.lots[LotId::from_row(3)].contract.as_mut().expect("a contract").team = Some(Box::new(team));
            // Complete trust between the partners, in both directions, beside the usual .6.
            state.charities.memory[charity(A)].relations = vec![relation(B, 1e9)];
            state.charities.memory[charity(B)].relations = vec![relation(A, 1e9)];
        })
    };
    let trust = |measures: &Measures| measures.get("trust_active").expect("a team");
    let co_operation = of(Mode::CoOperation);
    assert!((trust(&co_operation) - 0.6).abs() < 1e-9);
    are_as_expected(&co_operation, &[("team_size", Some(3.0)), ("cut_partners_share", Some(0.5))]);
    let collaboration = of(Mode::Collaboration);
    // Of six pairs two trust completely.
    assert!((trust(&collaboration) - (4.0 * 0.6 + 2.0) / 6.0).abs() < 1e-6);
    are_as_expected(
        &collaboration,
        &[
            ("value_share_collaboration", Some(2.0 / 6.0)),
            ("cut_partners_share", None),
            ("bid_candy_index", None),
        ],
    );
}

#[test]
fn a_row_of_a_table_has_the_measures_in_the_order_of_the_registry() {
    let (measures, all) = (eventful(), names::all());
    let row = measures.row();
    assert_eq!(row.len(), all.len());
    for (measure, value) in all.iter().zip(row) {
        assert_eq!(value, measures.get(&measure.name), "{}", measure.name);
    }
}
