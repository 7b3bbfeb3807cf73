//! A round's payments on three contracts, worked by hand: one charity alone, a co-operation, an alliance.
//!
//! Half of the fixed pay is late by half a round, a fifth of every price goes by results, half of these by those of all.

use rebalance::ids::{CharityId, Column, Id, LotId, MarketId, TenderId};
use rebalance::random::Luck;
use rebalance::round::bid::{Bid, Bids};
use rebalance::round::deliver::{Delivered, Delivery};
use rebalance::round::need::Need;
use rebalance::round::settle::{Account, PeopleFlow, Settlement, settle};
use rebalance::round::state::{Contract, Debt, Status};
use rebalance::round::team::{Member, Mode, Team, Teams};
use rebalance::round::{Setting, State};
use rebalance::rules::Regimes;
use rebalance::scenario::load;
use rebalance::units::{Gbp, People};
use rebalance::world::World;

// A holds alone and leads the alliance, B is the partner of C, D of A; E has closed.
const A: usize = 0;
const B: usize = 1;
const C: usize = 2;
const D: usize = 3;
const E: usize = 4;

fn charity(row: usize) -> CharityId {
    CharityId::from_row(row)
}

/// A team of two: its mode, its price, and of each member the charity, its work and its share of the price.
type Shared = (Mode, f64, [(usize, f64, f64); 2]);

fn contract(lot: usize, price: f64, team: Option<Shared>, holder: usize) -> Contract {
    let team = team.map(|(mode, price, members)| {
        let member =
            |(row, work, allocated)| Member { charity: charity(row), work, promised: allocated, allocated };
        let by_all = mode == Mode::Collaboration;
        Box::new(Team { mode, members: members.map(member).to_vec(), price, waste: 0.0, by_all })
    });
    Contract {
        holder: charity(holder),
        price: Gbp::new(price),
        hours: 20.0,
        volume: People::new(10.0),
        quality: 1.2,
        term: 8,
        rounds_left: 4,
        extended: false,
        team,
        bundle: LotId::from_row(lot),
        bidders: Vec::new(),
        option: 0,
    }
}

fn delivery() -> Delivery {
    let paid = |paid: f64| Delivered { paid, ..Delivered::default() };
    Delivery {
        by_lot: Column::from(vec![paid(6.0), paid(4.0), paid(10.0)]),
        served: Column::from(vec![[32.0, 6.0, 0.0, 0.0]]),
        outcomes: Column::from(vec![20.0]),
        joint: Column::from(vec![(20.0, 30.0)]),
        community: Column::from(vec![0.0]),
    }
}

fn found(state: &mut State) {
    for (row, unit_cost) in [(A, 10.0), (B, 8.0), (C, 10.0), (D, 20.0), (E, 10.0)] {
        state.charities.finances[charity(row)].unit_cost = Gbp::new(unit_cost);
        state.charities.profile[charity(row)].overhead = 0.25;
    }
    state.charities.finances[charity(E)].status = Status::Insolvent;
    let co_operation = (Mode::CoOperation, 1_800.0, [(C, 0.6, 0.8), (B, 0.4, 0.2)]);
    let alliance = (Mode::Collaboration, 500.0, [(A, 0.5, 0.6), (D, 0.5, 0.4)]);
    let contracts = [
        contract(0, 1_000.0, None, A),
        contract(1, 2_000.0, Some(co_operation), C),
        contract(2, 500.0, Some(alliance), A),
    ];
    for (row, contract) in contracts.into_iter().enumerate() {
        state.lots[LotId::from_row(row)].contract = Some(contract);
    }
    let debt = |to: usize, amount: f64, from: Option<usize>| Debt {
        to: charity(to),
        amount: Gbp::new(amount),
        from: from.map(charity),
    };
    // A closed lead pays its partner nothing more.
    state.lots[LotId::from_row(0)].owed =
        vec![debt(A, 100.0, None), debt(B, 40.0, Some(C)), debt(B, 999.0, Some(E))];
    let market = &mut state.markets[MarketId::from_row(0)];
    (market.backlog, market.waited) = ([10.0, 5.0, 0.0, 0.0], 25.0);
}

fn settled() -> (Settlement, State) {
    let sets = [
        "world.areas=1",
        "world.services=1",
        "world.charities_per_area=5",
        "market.contract_law='fixed'",
        "market.lots_per_market=3",
        "market.attrition=0.25",
        "rules.payment_lag_weeks=6.5",
        "rules.subcontract_lag_weeks=3.25",
        "rules.results_share=0.2",
        "rules.individual_targets=0.5",
        "rules.target_success=0.5",
        "rules.results_cap=1.5",
        "behaviour.quality_cost=1",
        "behaviour.one_shot=true",
    ];
    let scenario = load("synthetic", &sets.map(String::from)).expect("valid");
    let world = World::build(&scenario).expect("a world");
    let regimes = Regimes::new(&scenario, &world);
    let luck = Luck::new(1, 0);
    let mut state = State::found(&world, &scenario, luck);
    let in_force = regimes.in_force(0, &state.options);
    let setting = Setting::new(&world, &scenario, &in_force, luck, 0);
    found(&mut state);
    let need = Need { arrivals: Column::from(vec![[30.0, 5.0, 0.0, 0.0]]) };
    let bid = Bid {
        charity: charity(A),
        tender: TenderId::from_row(0),
        price: Gbp::new(1.0),
        quality: 1.0,
        claim: 0.5,
        writing: 0.0,
        social: 0.0,
        collaboration: 0.0,
        team: None,
        full_cost: Gbp::new(1.0),
        bid_cost: Gbp::new(60.0),
        charity_luck: 0,
    };
    let teams = Teams { costs: vec![(charity(B), 15.0)], ..Teams::default() };
    let settlement = settle(&setting, &mut state, &need, &delivery(), &Bids::group(vec![bid], 1), &teams);
    (settlement, state)
}

fn near(found: f64, by_hand: f64) {
    assert!((found - by_hand).abs() < 1e-6, "{found}, by hand {by_hand}");
}

/// Results over the target of 5 successes: 1.2, .8 and 2, at most 1.5; of all 20 over 15. Half own, half those of all.
const RESULTS: [f64; 3] = [0.6 + 2.0 / 3.0, 0.4 + 2.0 / 3.0, 0.75 + 2.0 / 3.0];

/// What the three contracts earn: four fifths fixed, a fifth times the results.
fn earned() -> [f64; 3] {
    let [alone, co_operation, alliance] = RESULTS;
    [800.0 + 200.0 * alone, 1_600.0 + 400.0 * co_operation, 400.0 + 100.0 * alliance]
}

#[test]
fn everybody_is_paid_what_is_due() {
    let (settlement, _) = settled();
    let [alone, co_operation, alliance] = earned();
    // Work at quality 1.2 costs 1 + (1.44 - 1)/2 times its 12.50 GBP an hour (A, C), 10 GBP (B) or 25 GBP (D).
    let cost = |hours: f64, rate: f64| hours * rate * 1.22;
    // The alliance pools 10 x 12.5 and 10 x 25 GBP: half each.
    let pooled = cost(10.0, 25.0 - 12.5) / 2.0;
    let by_hand = [
        Account {
            billed: alone + 0.6 * alliance - pooled,
            received: 400.0 + 100.0 + 0.6 * 200.0 - pooled,
            cost: cost(20.0, 12.5) + cost(10.0, 12.5),
            bids: 60.0,
        },
        // A fifth of 1,800 GBP, a quarter of it late.
        Account { billed: 360.0, received: 270.0 + 40.0, cost: cost(8.0, 10.0), bids: 15.0 },
        Account {
            billed: co_operation - 360.0,
            received: 800.0 - 270.0 - 40.0,
            cost: cost(12.0, 12.5),
            bids: 0.0,
        },
        Account {
            billed: 0.4 * alliance + pooled,
            received: 0.4 * 200.0 + pooled,
            cost: cost(10.0, 25.0),
            bids: 0.0,
        },
        Account::default(),
    ];
    for (row, by_hand) in by_hand.into_iter().enumerate() {
        let found = settlement.accounts[charity(row)];
        near(found.billed, by_hand.billed);
        near(found.received, by_hand.received);
        near(found.cost, by_hand.cost);
        near(found.bids, by_hand.bids);
    }
}

#[test]
fn commissioners_pay_what_they_owe() {
    let (settlement, state) = settled();
    let spent: f64 = earned().iter().sum();
    let late = spent - 400.0 - 800.0 - 200.0;
    near(settlement.spent, spent);
    near(settlement.billed[MarketId::from_row(0)], spent);
    near(settlement.paid, 1_400.0 + 100.0);
    near(settlement.owed_more, late - 100.0);
    let owed = |lot: usize| -> Vec<(usize, f64, bool)> {
        let debts = state.lots[LotId::from_row(lot)].owed.iter();
        debts.map(|debt| (debt.to.row(), debt.amount.value(), debt.from.is_some())).collect()
    };
    let [alone, co_operation, alliance] = earned();
    let by_hand = [
        vec![(A, alone - 400.0, false)],
        vec![(C, co_operation - 800.0, false), (B, 90.0, true)],
        vec![(A, 0.6 * (alliance - 200.0), false), (D, 0.4 * (alliance - 200.0), false)],
    ];
    for (lot, by_hand) in by_hand.into_iter().enumerate() {
        let found = owed(lot);
        assert_eq!(found.len(), by_hand.len(), "{found:?}");
        for (found, by_hand) in found.into_iter().zip(by_hand) {
            assert_eq!((found.0, found.2), (by_hand.0, by_hand.2));
            near(found.1, by_hand.1);
        }
    }
}

/// The lead has all the income of a contract; by who delivers, partners have their parts of it.
#[test]
fn income_is_the_lead_s_or_that_of_who_delivers() {
    let (_, state) = settled();
    let [alone, co_operation, alliance] = earned();
    let lead = [(A, alone), (C, co_operation), (A, alliance)];
    let who = [(A, alone), (C, co_operation - 360.0), (B, 360.0), (A, 0.6 * alliance), (D, 0.4 * alliance)];
    for (window, by_hand) in [(&state.window, &lead[..]), (&state.window_delivery, &who[..])] {
        let lines = window.back().expect("a round");
        assert_eq!(lines.len(), by_hand.len());
        for (&(market, found, income), &(row, by_hand)) in lines.iter().zip(by_hand) {
            assert_eq!((market.row(), found.row()), (0, row));
            near(income, by_hand);
        }
    }
}

/// 50 in need, 38 served; of the 12 left over a quarter gives up. 12/50 of 25 rounds waited stay, and 12 are added.
#[test]
fn people_who_are_not_served_wait_or_leave() {
    let (settlement, state) = settled();
    let by_hand = PeopleFlow { before: 15.0, arrived: 35.0, served: 38.0, left: 3.0, after: 9.0 };
    assert_eq!(settlement.people, by_hand);
    let market = &state.markets[MarketId::from_row(0)];
    assert_eq!(market.backlog, [6.0, 3.0, 0.0, 0.0]);
    near(market.waited, (25.0 * 0.24 + 12.0) * 0.75);
}
