//! Every headline measure on a world of two markets, worked by hand.
//!
//! Two areas of 100,000 residents, one service, rounds of a quarter. Two contracts in each: in the first area charity A
//! holds both, in the second B and C hold one each. Every contract has had two bidders.

use rebalance::ids::{CharityId, Column, Id, LotId, MarketId, TenderId};
use rebalance::measure::names::HEADLINES;
use rebalance::measure::round::{Measures, measure};
use rebalance::random::Luck;
use rebalance::round::award::Award;
use rebalance::round::bid::{Bid, Bids};
use rebalance::round::commission::Tender;
use rebalance::round::settle::{Account, PeopleFlow};
use rebalance::round::state::Contract;
use rebalance::round::{RoundOutput, Setting, State};
use rebalance::rules::Regimes;
use rebalance::scenario::load;
use rebalance::units::{Fte, Gbp, People};
use rebalance::world::World;

pub const A: usize = 0;
pub const B: usize = 1;
pub const C: usize = 2;
pub const D: usize = 3;

pub fn charity(row: usize) -> CharityId {
    CharityId::from_row(row)
}

pub fn award(winner: usize, price: f64) -> Award {
    Award {
        winner: charity(winner),
        team: None,
        price: Gbp::new(price),
        full_cost: Gbp::new(800.0),
        quality: 1.0,
        score: 0.8,
        rival_score: 0.7,
        declined: 0,
    }
}

fn contract(holder: usize, price: f64, bundle: usize, bidders: [usize; 2]) -> Contract {
    Contract {
        holder: charity(holder),
        price: Gbp::new(price),
        hours: 100.0,
        volume: People::new(10.0),
        quality: 1.0,
        term: 4,
        rounds_left: 2,
        extended: false,
        team: None,
        bundle: LotId::from_row(bundle),
        bidders: bidders.map(charity).to_vec(),
        option: 0,
    }
}

pub fn bid(charity_row: usize, tender: usize, price: f64) -> Bid {
    Bid {
        charity: charity(charity_row),
        tender: TenderId::from_row(tender),
        price: Gbp::new(price),
        quality: 1.0,
        claim: 0.5,
        writing: 0.0,
        social: 0.0,
        collaboration: 0.0,
        team: None,
        full_cost: Gbp::new(800.0),
        bid_cost: Gbp::new(60.0),
        charity_luck: 0,
    }
}

/// Measures of the round, after a change of what was played.
pub fn played(change: impl FnOnce(&mut State, &mut RoundOutput)) -> Measures {
    played_under(&[], change)
}

/// The same under other rules.
pub fn played_under(more: &[&str], change: impl FnOnce(&mut State, &mut RoundOutput)) -> Measures {
    let sets = [
        "world.areas=2",
        "world.services=1",
        "world.residents_per_area=100000",
        "world.charities_per_area=2",
        "market.contract_law='fixed'",
        "market.lots_per_market=2",
        "rules.administration_gbp=40",
        "run.rounds=30",
        "behaviour.motives='dirichlet'",
        "behaviour.fear_learning=1",
    ];
    let sets: Vec<String> = sets.iter().chain(more).map(ToString::to_string).collect();
    let scenario = load("synthetic", &sets).expect("valid");
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let luck = Luck::new(1, 0);
    let mut state = State::found(&world, &scenario, luck);
    let in_force = regimes.in_force(0, &state.options);
    let setting = Setting::new(&world, &scenario, &in_force, luck, 0);
    let markets = [0, 1].map(MarketId::from_row);

    // Books: A is a major charity of 20m GBP, the others are medium ones of 500,000 GBP.
    for (row, income, reserves) in [(A, 2e7, 3e6), (B, 5e5, 1e5), (C, 5e5, 5e4), (D, 5e5, 0.0)] {
        let finances = &mut state.charities.finances[charity(row)];
        finances.income = Gbp::new(income);
        finances.reserves = Gbp::new(reserves);
        finances.spending = Gbp::new(income - 2_400.0);
        finances.capacity = Fte::new(1.0);
    }
    let holders = [(A, 1_500.0, [A, B]), (A, 1_500.0, [A, C]), (B, 1_000.0, [B, C]), (C, 2_000.0, [B, C])];
    for (row, (holder, price, bidders)) in holders.into_iter().enumerate() {
        let lot = LotId::from_row(row);
        state.lots[lot].contract = Some(contract(holder, price, row, bidders));
        state.charities.record[charity(holder)].contracts += 1;
    }
    state.window.push_back(vec![
        (markets[0], charity(A), 3_000.0),
        (markets[1], charity(B), 1_000.0),
        (markets[1], charity(C), 2_000.0),
    ]);

    let mut output = RoundOutput::default();
    // 30 people are helped in the first area, 10 in the second.
    output.delivery.outcomes = Column::from(vec![30.0, 10.0]);
    output.delivery.served = Column::from(vec![[40.0, 0.0, 0.0, 0.0], [10.0, 10.0, 0.0, 0.0]]);
    output.settlement.spent = 6_000.0;
    output.settlement.people =
        PeopleFlow { before: 100.0, arrived: 80.0, served: 60.0, left: 10.0, after: 110.0 };
    let account = |billed: f64, cost: f64| Account { billed, received: billed, cost, bids: 0.0 };
    output.settlement.accounts = Column::from(vec![
        account(3_000.0, 2_000.0),
        account(1_000.0, 1_250.0),
        account(2_000.0, 2_000.0),
        account(0.0, 0.0),
    ]);

    // Two tenders, of 1,000 GBP a round at most over four rounds: one with two bids, one with a single bid.
    let call = |lot: usize| Tender {
        lot: LotId::from_row(lot),
        market: markets[lot / 2],
        area: world.markets[markets[lot / 2]].area,
        service: world.markets[markets[lot / 2]].service,
        ceiling: Gbp::new(1_000.0),
        hours: 100.0,
        volume: People::new(10.0),
        term: 4,
        call_off: false,
        eased: 0.0,
        squared_shares: 1.0,
    };
    output.tenders.calls = Column::from(vec![call(0), call(2)]);
    output.bids = Bids::group(vec![bid(B, 0, 900.0), bid(C, 0, 1_000.0), bid(C, 1, 880.0)], 2);
    output.awards.awards = Column::from(vec![Some(award(B, 900.0)), Some(award(C, 880.0))]);
    output.awards.assessments = Column::from(vec![Default::default(), Default::default()]);
    output.turnover.closed = vec![charity(D)];
    state.charities.finances[charity(D)].status = rebalance::round::state::Status::Dissolved;
    change(&mut state, &mut output);
    measure(&setting, &state, &output)
}

#[test]
fn every_headline_measure_is_what_a_hand_works_out() {
    let measures = played(|_, _| ());
    let expected = [
        // 40 helped a quarter, 160 a year, of 200,000 residents.
        ("outcomes_per_1000_residents", 0.8),
        ("people_served", 240.0),
        ("unmet_need_people", 110.0),
        // 40 for 6,000 GBP.
        ("outcome_per_1000_gbp", 40.0 / 6.0),
        // Need is alike: 30 over 10.
        ("equity_p90_p10", 3.0),
        // 10,000 and (1/3)^2 + (2/3)^2 = 5/9, with as much money in each.
        ("hhi_local_lead", 10_000.0 * (1.0 + 5.0 / 9.0) / 2.0),
        // First market: 1 less its null: lots alike, a half each to A, B or A, C: both to A with 1/4, else 1/2: 5/8.
        // Second: 5/9 less 1/2 x 1 + 1/2 x 5/9 = 7/9.
        ("hhi_local_excess", 10_000.0 * (3.0 / 8.0 - 2.0 / 9.0) / 2.0),
        // A half, a sixth, a third.
        ("hhi_national_lead", 10_000.0 * (9.0 + 1.0 + 4.0) / 36.0),
        ("income_share_major", 0.5),
        ("bids_per_tender", 1.5),
        ("single_bid_share", 0.5),
        // 900 and 880 over 800, the mean.
        ("price_to_full_cost", 1.1125),
        // 1.5, .8 and 1.
        ("full_cost_recovery", 1.0),
        // 12 x 3m / (20m + 5,600), 12 x 100,000/(500,000 + 2,600), 12 x 50,000/(500,000 + 5,600): the middle.
        ("reserves_months_median", 12.0 * 3e6 / (2e7 - 2_400.0 + 8_000.0)),
        // One of four in a quarter.
        ("closures_per_1000", 1_000.0),
        // Three bids at 60 GBP and 40 GBP to evaluate each, over 4 x 900 and 4 x 880.
        ("bid_cost_share", 300.0 / 7_120.0),
    ];
    assert_eq!(expected.map(|(name, _)| name), HEADLINES, "each headline measure once");
    are_as_expected(&measures, &expected.map(|(name, value)| (name, Some(value))));
}

/// Measures against values worked out by hand; none where a measure has no meaning.
pub fn are_as_expected(measures: &Measures, expected: &[(&str, Option<f64>)]) {
    let mut wrong = Vec::new();
    for &(name, value) in expected {
        let found = measures.get(name);
        let alike = match (found, value) {
            (Some(found), Some(value)) => (found - value).abs() <= 1e-9 * value.abs(),
            (found, value) => found == value,
        };
        if !alike {
            wrong.push(format!("{name}: {found:?}, by hand {value:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
