//! Phase 8: payments, lags, costs, reserves, and people who were not served.

use super::Setting;
use super::bid::Bids;
use super::deliver::{Delivery, pay_of_class, people_in_need};
use super::need::Need;
use super::quality;
use super::search::CHUNK;
use super::state::{Contract, Debt, Finances, IncomeLine, Profile, State};
use super::team::{Member, Mode, Team, Teams};
use crate::calendar::book;
use crate::ids::{CharityId, Column, LotId, MarketId};
use crate::math::{exp, normal_quantile};
use crate::mutants::{Mutant, is_on};
use crate::random::Purpose;
use crate::scenario::Behaviour;
use crate::scenario::parameters::{Population, Rules};
use crate::units::{Fte, Gbp};
use crate::world::SKILLS;
use rayon::prelude::*;

/// A charity's contract account of one round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Account {
    /// Work billed, whether paid yet or not \[GBP\].
    pub billed: f64,
    /// Money received \[GBP\].
    pub received: f64,
    /// Full cost of the work: direct cost and overhead \[GBP\].
    pub cost: f64,
    /// Cost of bids \[GBP\].
    pub bids: f64,
}

/// Money and people of the round, for measures and identities.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Settlement {
    /// Accounts of all charities.
    pub accounts: Column<CharityId, Account>,
    /// Spending per market, as billed \[GBP\].
    pub billed: Column<MarketId, f64>,
    /// Commissioners' spending: work done in this round \[GBP\].
    pub spent: f64,
    /// Money paid out to providers \[GBP\].
    pub paid: f64,
    /// Growth of what commissioners owe \[GBP\].
    pub owed_more: f64,
    /// People in need at the start, who came, were served, left unhelped, and remain.
    pub people: PeopleFlow,
}

/// People in, people out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PeopleFlow {
    /// Waiting at the start of the round.
    pub before: f64,
    /// Came to need.
    pub arrived: f64,
    /// Were served.
    pub served: f64,
    /// Gave up or recovered unhelped.
    pub left: f64,
    /// Waiting at the end of the round.
    pub after: f64,
}

/// Settles the round: pays, books costs, moves reserves and backlogs on.
pub fn settle(
    setting: &Setting,
    state: &mut State,
    need: &Need,
    delivery: &Delivery,
    bids: &Bids,
    teams: &Teams,
) -> Settlement {
    let mut settlement = Settlement {
        accounts: Column::filled(state.charities.len(), Account::default()),
        billed: Column::filled(setting.world.markets.len(), 0.0),
        ..Settlement::default()
    };
    pay_old_debts(state, &mut settlement);
    bill_contracts(setting, state, delivery, &mut settlement);
    let losers_pay = !is_on(Mutant::FreeLosingBids);
    let wins = |charity| state.contracts().any(|(_, contract)| contract.holder == charity);
    for bid in bids.all().iter().filter(|bid| losers_pay || wins(bid.charity)) {
        for &(charity, share) in teams.workers(bid.charity, bid.team).iter() {
            settlement.accounts[charity].bids += share * bid.bid_cost.value();
        }
    }
    for &(charity, cost) in &teams.costs {
        settlement.accounts[charity].bids += cost;
    }
    close_books(setting, state, &settlement);
    settlement.people = move_backlogs(setting, state, need, delivery);
    state.window.push_back(income_lines(setting, state, delivery));
    state.window_delivery.push_back(delivery_lines(setting, state, delivery));
    for window in [&mut state.window, &mut state.window_delivery] {
        while window.len() > setting.scenario.output.window_rounds as usize {
            window.pop_front();
        }
    }
    settlement
}

/// Pays what was owed from the round before, to open and closed providers alike. A lead that has closed pays its
/// partners nothing more.
fn pay_old_debts(state: &mut State, settlement: &mut Settlement) {
    let finances = &state.charities.finances;
    for lot in state.lots.as_mut_slice() {
        for Debt { to, amount, from } in lot.owed.drain(..) {
            let amount = amount.value();
            match from {
                None => {
                    settlement.accounts[to].received += amount;
                    settlement.paid += amount;
                    settlement.owed_more -= amount;
                }
                Some(lead) if finances[lead].is_open() => {
                    settlement.accounts[to].received += amount;
                    settlement.accounts[lead].received -= amount;
                }
                Some(_) => {}
            }
        }
    }
}

/// Bills every contract: a part is paid at once, the rest after the payment lag.
fn bill_contracts(setting: &Setting, state: &mut State, delivery: &Delivery, settlement: &mut Settlement) {
    for row in 0..state.lots.len() {
        let lot: LotId = crate::ids::Id::from_row(row);
        let market = state.lot(lot).market;
        let Some(contract) = &state.lots[lot].contract else { continue };
        let rules = &setting.regime(setting.world.markets[market].area).rules;
        let (fixed, results) = pay(setting, state, delivery, lot);
        let price = fixed + results;
        let late = fixed * setting.late_share(rules) + results;
        let costs = contract.workers().map(|worker| contract_cost(setting, contract, state, worker));
        let costs: Vec<f64> = costs.collect();
        for ((charity, _), cost) in contract.workers().zip(&costs) {
            settlement.accounts[charity].cost += cost;
        }
        if contract.team.as_ref().is_some_and(|team| team.is_alliance()) {
            pool_costs(contract, &costs, &mut settlement.accounts);
        }
        settlement.billed[market] += price;
        settlement.spent += price;
        settlement.paid += price - late;
        settlement.owed_more += late;
        let Some(team) = &contract.team else {
            let to = contract.holder;
            settlement.accounts[to].billed += price;
            settlement.accounts[to].received += price - late;
            if late > 0.0 {
                state.lots[lot].owed.push(Debt { to, amount: Gbp::new(late), from: None });
            }
            continue;
        };
        let debts = pay_team(setting, rules, team, (price, late), &mut settlement.accounts);
        state.lots[lot].owed.extend(debts.into_iter().filter(|debt| debt.amount > Gbp::ZERO));
    }
}

/// Pays a team. A collaboration shares what comes in, and when. In a co-operation the lead has the contract and
/// all its risk, and owes its partners what it allocated to them, a part of it late.
fn pay_team(
    setting: &Setting,
    rules: &Rules,
    team: &Team,
    (price, late): (f64, f64),
    accounts: &mut Column<CharityId, Account>,
) -> Vec<Debt> {
    if team.mode == Mode::Collaboration {
        let share = |member: &Member| {
            let account = &mut accounts[member.charity];
            account.billed += member.allocated * price;
            account.received += member.allocated * (price - late);
            Debt { to: member.charity, amount: Gbp::new(member.allocated * late), from: None }
        };
        return team.members.iter().map(share).collect();
    }
    let lead = team.lead().charity;
    let promised = team.partners().iter().map(|partner| partner.allocated).sum::<f64>() * team.price;
    accounts[lead].billed += price - promised;
    accounts[lead].received += price - late;
    let mut debts = vec![Debt { to: lead, amount: Gbp::new(late), from: None }];
    let waits = (rules.subcontract_lag_weeks / setting.scenario.world.round_weeks).min(1.0);
    for partner in team.partners() {
        let earned = partner.allocated * team.price;
        accounts[partner.charity].billed += earned;
        accounts[partner.charity].received += earned * (1.0 - waits);
        accounts[lead].received -= earned * (1.0 - waits);
        debts.push(Debt { to: partner.charity, amount: Gbp::new(earned * waits), from: Some(lead) });
    }
    debts
}

/// Members of an alliance pay each other what makes everybody bear its share of what the work costs all of them.
fn pool_costs(contract: &Contract, costs: &[f64], accounts: &mut Column<CharityId, Account>) {
    let all: f64 = costs.iter().sum();
    for ((charity, share), cost) in contract.workers().zip(costs) {
        let beyond = cost - share * all;
        accounts[charity].billed += beyond;
        accounts[charity].received += beyond;
    }
}

/// Full cost of a charity's part of a contract in a round: hours x direct cost x (1 + overhead) x cost of quality.
fn contract_cost(
    setting: &Setting,
    contract: &Contract,
    state: &State,
    (charity, share): (CharityId, f64),
) -> f64 {
    let profile = &state.charities.profile[charity];
    let behaviour = &setting.regime(profile.home()).behaviour;
    let unit_cost = state.charities.finances[charity].unit_cost.value();
    let hours = contract.hours * share;
    hours * unit_cost * (1.0 + f64::from(profile.overhead)) * quality::factor(behaviour, contract.quality)
        + hours
            * setting.scenario.market.reference_cost_gbp.value()
            * quality::supplement(behaviour, contract.quality)
}

/// Moves every charity's money on. One sweep over the population.
fn close_books(setting: &Setting, state: &mut State, settlement: &Settlement) {
    if setting.scenario.regime.behaviour.one_shot {
        return;
    }
    let profiles = state.charities.profile.as_slice();
    let accounts = settlement.accounts.as_slice();
    state
        .charities
        .finances
        .as_mut_slice()
        .par_chunks_mut(CHUNK)
        .zip(profiles.par_chunks(CHUNK))
        .zip(accounts.par_chunks(CHUNK))
        .for_each(|((finances, profiles), accounts)| {
            let mut draws = setting.luck.stream::<2>(Purpose::Fortune, setting.round);
            for ((finances, profile), account) in finances.iter_mut().zip(profiles).zip(accounts) {
                if finances.is_open() {
                    let [luck, _] = draws.uniforms(profile.slot);
                    close_one(setting, finances, profile, account, luck);
                }
            }
        });
}

fn close_one(setting: &Setting, finances: &mut Finances, profile: &Profile, account: &Account, luck: f64) {
    let law = &setting.scenario.population;
    let per_year = setting.world.calendar.rounds_per_year();
    let behaviour = &setting.regime(profile.home()).behaviour;
    let income = finances.voluntary.value() / per_year + account.received;
    let costs = finances.spending.value() / per_year + account.cost + account.bids;
    let surplus = income - costs;
    finances.reserves += Gbp::new(surplus);

    let quarter = setting.world.calendar.quarter(setting.round);
    book(&mut finances.receipts, quarter, account.received);
    book(&mut finances.surplus, quarter, surplus);
    let received: f64 = finances.receipts.iter().sum();

    let margin = (account.billed - account.cost - account.bids) * per_year;
    let yearly = finances.spending.value() + account.cost * per_year;
    let target = yearly * f64::from(profile.reserves_policy) / 12.0;
    let gap = (finances.reserves.value() - target) * per_year / law.reserves_adjustment_rounds;
    let wanted = finances.voluntary.value() + margin + gap;
    finances.spending = next_spending(finances.spending, wanted, law.spending_rigidity);

    finances.voluntary = next_voluntary(finances.voluntary, law, per_year, luck);
    finances.income = finances.voluntary + Gbp::new(received * per_year / f64::from(quarter.rounds));
    if behaviour.staff_follow_income {
        let staff = finances.income * law.staff_share.value() / law.wage_gbp;
        finances.capacity = next_capacity(behaviour, finances.capacity, staff);
    }
    let limit = -super::search::credit(behaviour, finances).value();
    let in_debt = finances.reserves.value() <= limit;
    finances.rounds_in_debt = if in_debt { finances.rounds_in_debt.saturating_add(1) } else { 0 };
}

/// Own spending moves toward what is wanted, at most `rigidity` down and twice that up in a round.
pub fn next_spending(spending: Gbp, wanted: f64, rigidity: f64) -> Gbp {
    let spending = spending.value();
    Gbp::new(wanted.clamp((1.0 - rigidity) * spending, (1.0 + 2.0 * rigidity) * spending))
}

/// ln V' = ln V + growth + N(-s^2/2, s^2) per year, in rounds: without a trend, growth has mean one.
pub fn next_voluntary(voluntary: Gbp, law: &Population, rounds_per_year: f64, luck: f64) -> Gbp {
    let volatility = law.voluntary_volatility;
    if volatility == 0.0 && law.voluntary_growth == 0.0 {
        return voluntary;
    }
    let rounds_per_year = if is_on(Mutant::YearlyVolatility) { 1.0 } else { rounds_per_year };
    let variance = volatility * volatility / rounds_per_year;
    let trend = law.voluntary_growth / rounds_per_year;
    voluntary * exp(libm::sqrt(variance) * normal_quantile(luck) - 0.5 * variance + trend)
}

/// Staff move toward what income pays for, at most by so much up and down in a round.
pub fn next_capacity(behaviour: &Behaviour, capacity: Fte, wanted: f64) -> Fte {
    let now = capacity.value();
    let most = ((1.0 + behaviour.staff_growth_most.value()) * now).max(behaviour.staff_least_fte);
    let least = (1.0 - behaviour.staff_cut_most.value()) * now;
    Fte::new(wanted.clamp(least, most.max(least)))
}

/// B' = (1 - attrition) max(0, B + arrivals - served), by number of needs; ages add up alike.
fn move_backlogs(setting: &Setting, state: &mut State, need: &Need, delivery: &Delivery) -> PeopleFlow {
    let stays = 1.0 - setting.scenario.market.attrition.value();
    let stays = if is_on(Mutant::AttritionTwice) { stays * stays } else { stays };
    let mut flow = PeopleFlow::default();
    for (id, market) in state.markets.as_mut_slice().iter_mut().enumerate() {
        let id: MarketId = crate::ids::Id::from_row(id);
        let before: f64 = market.backlog.iter().sum();
        let in_need = people_in_need(&market.backlog, &need.arrivals[id]);
        let remaining: [f64; SKILLS] =
            std::array::from_fn(|class| (in_need[class] - delivery.served[id][class]).max(0.0));
        market.backlog = remaining.map(|people| people * stays);
        let total: f64 = in_need.iter().sum();
        let left_over: f64 = remaining.iter().sum();
        let kept = if total > 0.0 { left_over / total } else { 0.0 };
        market.waited = (market.waited * kept + left_over) * stays;
        let arrived: f64 = need.arrivals[id].iter().sum();
        market.returned = [0.0; SKILLS];
        flow.before += before;
        flow.arrived += arrived;
        flow.served += delivery.served[id].iter().sum::<f64>();
        flow.left += left_over * (1.0 - stays);
        flow.after += market.backlog.iter().sum::<f64>();
    }
    flow
}

fn income_lines(setting: &Setting, state: &State, delivery: &Delivery) -> Vec<IncomeLine> {
    let line = |(lot, contract): (LotId, &Contract)| {
        let (fixed, results) = pay(setting, state, delivery, lot);
        (state.lot(lot).market, contract.holder, fixed + results)
    };
    state.contracts().map(line).collect()
}

/// Contract income by who gets it: partners what they are allocated, the lead the rest.
fn delivery_lines(setting: &Setting, state: &State, delivery: &Delivery) -> Vec<IncomeLine> {
    let mut lines = Vec::new();
    for (lot, contract) in state.contracts() {
        let (fixed, results) = pay(setting, state, delivery, lot);
        let market = state.lot(lot).market;
        let Some(team) = &contract.team else {
            lines.push((market, contract.holder, fixed + results));
            continue;
        };
        let base = if team.mode == Mode::CoOperation { team.price } else { fixed + results };
        let partners =
            team.partners().iter().map(|partner| (market, partner.charity, partner.allocated * base));
        let to_partners: f64 = partners.clone().map(|line| line.2).sum();
        lines.push((market, contract.holder, (fixed + results - to_partners).max(0.0)));
        lines.extend(partners);
    }
    lines
}

/// What a contract earns in a round: the fixed part, and the part by results. Results are successes, each
/// weighted by its pay, over the target: the provider's own, or those of all providers of the market.
fn pay(setting: &Setting, state: &State, delivery: &Delivery, lot: LotId) -> (f64, f64) {
    let Some(contract) = &state.lots[lot].contract else { return (0.0, 0.0) };
    let price = contract.price.value();
    let market = state.lot(lot).market;
    let facts = &setting.world.markets[market];
    let rules = &setting.regime(facts.area).rules;
    let at_risk = rules.results_share.value();
    if at_risk == 0.0 {
        return (price, 0.0);
    }
    let mix = &setting.world.services[facts.service].complexity;
    let mean_pay: f64 = (0..SKILLS).map(|class| mix[class] * pay_of_class(rules, class)).sum();
    let over_target = |paid: f64, volume: f64| {
        (paid / (volume * mean_pay * rules.target_success).max(1e-9)).min(rules.results_cap)
    };
    let own = over_target(delivery.by_lot[lot].paid, contract.volume.value());
    let (paid, volume) = delivery.joint[market];
    let individual = rules.individual_targets.value();
    let results = individual * own + (1.0 - individual) * over_target(paid, volume);
    (price * (1.0 - at_risk), price * at_risk * results)
}
