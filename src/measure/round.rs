//! All national measures of one round, from the state and what happened.

use super::bands::Band;
use super::concentration::{
    Contested, HHI_POINTS, concentration_ratio, expected_hhi_at_random, gini, hhi, theil,
};
use super::names;
use super::outcomes::{Place, concentration_index, p90_p10};
use super::{awards, closeness};
use crate::ids::{CharityId, Id, LotId, MarketId};
use crate::math::quantile;
use crate::round::experience::size_of;
use crate::round::leader::Leader;
use crate::round::settle::Account;
use crate::round::state::{Finances, IncomeLine, Status};
use crate::round::team::{Mode, Team};
use crate::round::{RoundOutput, Setting, State};
use crate::scenario::parameters::Behaviour;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Measures of a round by name; a measure that is not defined in a round is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures(BTreeMap<String, f64>);

impl Measures {
    fn set(&mut self, name: &str, value: impl Into<Option<f64>>) {
        let value = value.into();
        debug_assert!(value.is_none_or(f64::is_finite), "{name} is {value:?}");
        if let Some(value) = value.filter(|value| value.is_finite()) {
            self.0.insert(name.to_string(), value);
        }
    }

    /// A measure, where defined.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    /// All measures in the order of the registry.
    pub fn row(&self) -> Vec<Option<f64>> {
        names::all().iter().map(|measure| self.get(&measure.name)).collect()
    }
}

/// Measures that one council out of a country says nothing of.
const OF_A_NATION: [&str; 5] = [
    "hhi_national_lead",
    "hhi_national_delivery",
    "hhi_national_excess",
    "hhi_national_wins",
    "cr4_national",
];

/// Measures a round that has just been played.
pub fn measure(setting: &Setting, state: &State, output: &RoundOutput) -> Measures {
    let mut measures = Measures::default();
    communities(setting, state, output, &mut measures);
    market(state, &mut measures);
    organisations(setting, state, output, &mut measures);
    competition(setting, state, output, &mut measures);
    menu(setting, &mut measures);
    collaboration(setting, state, output, &mut measures);
    if setting.world.is_part() && setting.world.areas.len() == 1 {
        measures.0.retain(|name, _| !OF_A_NATION.contains(&name.as_str()));
    }
    measures
}

/// A part over the whole; nothing over nothing, or over so little that no number holds what it comes to.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole).filter(|ratio| !ratio.is_infinite())
}

fn communities(setting: &Setting, state: &State, output: &RoundOutput, measures: &mut Measures) {
    let people = &output.settlement.people;
    let outcomes: f64 = output.delivery.outcomes.iter().sum();
    let complex: f64 = output.delivery.served.iter().map(|served| served[1..].iter().sum::<f64>()).sum();
    let residents = setting.world.population().value();
    let waited: f64 = state.markets.iter().map(|market| market.waited).sum();
    let yearly = setting.world.calendar.rounds_per_year();
    measures.set("people_arriving", people.arrived * yearly);
    measures.set("people_served", people.served * yearly);
    measures.set("outcomes", outcomes * yearly);
    measures.set("outcomes_per_1000_residents", ratio(outcomes * yearly * 1000.0, residents));
    measures.set("unmet_need_people", people.after);
    measures.set("waiting_rounds", ratio(waited, people.after));
    measures.set("complex_served_share", ratio(complex, people.served));
    let rates = setting.world.markets.iter().map(|market| market.arrivals.value());
    let prevented: f64 = rates.clone().zip(state.markets.iter()).map(|(rate, m)| rate * m.prevention).sum();
    measures.set("need_prevented_share", ratio(prevented, rates.sum()));
    measures.set("outcome_per_1000_gbp", ratio(outcomes * 1000.0, output.settlement.spent));
    let places = places(setting, output);
    if places.len() < 2 {
        return; // equity is between areas
    }
    measures.set("equity_p90_p10", p90_p10(&places));
    measures.set("equity_concentration_index", concentration_index(&places));
}

/// Areas with their outcomes per person who comes to need, on average.
fn places(setting: &Setting, output: &RoundOutput) -> Vec<Place> {
    let services = setting.world.services.len();
    setting
        .world
        .areas
        .enumerate()
        .map(|(id, area)| {
            let markets = (0..services).map(|service| MarketId::from_row(id.row() * services + service));
            let (outcomes, need) = markets.fold((0.0, 0.0), |(outcomes, need), market| {
                let expected = setting.world.markets[market].arrivals.value();
                (outcomes + output.delivery.outcomes[market], need + expected)
            });
            let rate = ratio(outcomes, need).unwrap_or(0.0);
            Place { weight: area.population.value(), deprivation: area.deprivation, rate }
        })
        .collect()
}

/// Income lines of the window, added up by market and charity.
fn window_shares(window: &VecDeque<Vec<IncomeLine>>) -> Vec<IncomeLine> {
    let mut lines: Vec<IncomeLine> = window.iter().flatten().copied().collect();
    lines.sort_by_key(|&(market, charity, _)| (market, charity));
    lines
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .map(|group| (group[0].0, group[0].1, group.iter().map(|line| line.2).sum()))
        .collect()
}

/// Contract income of the window by charity.
pub fn income_by_charity(window: &VecDeque<Vec<IncomeLine>>) -> Vec<(CharityId, f64)> {
    let mut lines: Vec<(CharityId, f64)> =
        window.iter().flatten().map(|&(_, charity, income)| (charity, income)).collect();
    lines.sort_by_key(|&(charity, _)| charity);
    lines
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| (group[0].0, group.iter().map(|line| line.1).sum()))
        .collect()
}

/// Mean of per-market values weighted by the market's money.
fn spend_weighted(values: impl Iterator<Item = (f64, Option<f64>)>) -> Option<f64> {
    let (sum, weight) = values
        .filter_map(|(weight, value)| value.map(|value| (weight, value)))
        .fold((0.0, 0.0), |(sum, total), (weight, value)| (sum + weight * value, total + weight));
    ratio(sum, weight)
}

/// Local HHI of every market with income in the window, with the market's income.
pub fn local_hhi(window: &VecDeque<Vec<IncomeLine>>) -> Vec<(MarketId, f64, f64)> {
    let lines = window_shares(window);
    lines
        .chunk_by(|a, b| a.0 == b.0)
        .map(|group| {
            let amounts: Vec<f64> = group.iter().map(|line| line.2).collect();
            (group[0].0, amounts.iter().sum(), hhi(&amounts).unwrap_or(1.0))
        })
        .collect()
}

fn market(state: &State, measures: &mut Measures) {
    let local = local_hhi(&state.window);
    let weighted = spend_weighted(local.iter().map(|&(_, income, hhi)| (income, Some(hhi))));
    measures.set("hhi_local_lead", weighted.map(|hhi| hhi * HHI_POINTS));
    let effective = spend_weighted(local.iter().map(|&(_, income, hhi)| (income, Some(1.0 / hhi))));
    measures.set("effective_providers_local", effective);

    let delivered = local_hhi(&state.window_delivery);
    let weighted = spend_weighted(delivered.iter().map(|&(_, income, hhi)| (income, Some(hhi))));
    measures.set("hhi_local_delivery", weighted.map(|hhi| hhi * HHI_POINTS));
    let delivered: Vec<f64> =
        income_by_charity(&state.window_delivery).into_iter().map(|(_, income)| income).collect();
    measures.set("hhi_national_delivery", hhi(&delivered).map(|hhi| hhi * HHI_POINTS));

    let by_charity = income_by_charity(&state.window);
    let amounts: Vec<f64> = by_charity.iter().map(|line| line.1).collect();
    measures.set("hhi_national_lead", hhi(&amounts).map(|hhi| hhi * HHI_POINTS));
    measures.set("cr4_national", concentration_ratio(&amounts, 4));
    measures.set("income_gini", gini(&amounts));
    measures.set("income_theil", theil(&amounts));
    excess_over_null(state, measures);

    let wins: Vec<f64> = living(state).map(|(id, _)| f64::from(state.charities.record[id].wins)).collect();
    measures.set("hhi_national_wins", hhi(&wins).map(|hhi| hhi * HHI_POINTS));
    income_bands(state, measures);
    let holders = living(state).filter(|(id, _)| state.charities.record[*id].contracts > 0).count();
    measures.set("holders", holders as f64);
}

/// A contract in force as the null sees it: what one tender let in one market to one holder.
struct Held<'a> {
    market: MarketId,
    bundle: LotId,
    holder: CharityId,
    value: f64,
    bidders: &'a [CharityId],
}

/// HHI of the contracts in force minus what a random allocation of the same contracts among the same
/// bidders would give on average. Lots of a bundle are one contract.
fn excess_over_null(state: &State, measures: &mut Measures) {
    let mut held: Vec<Held> = state
        .contracts()
        .map(|(lot, contract)| Held {
            market: state.lot(lot).market,
            bundle: contract.bundle,
            holder: contract.holder,
            value: contract.price.value(),
            bidders: &contract.bidders,
        })
        .collect();
    held.sort_by_key(|held| held.bundle);
    measures.set("hhi_national_excess", excess(&held).map(|excess| excess * HHI_POINTS));
    held.sort_by_key(|held| held.market);
    let local = held.chunk_by(|a, b| a.market == b.market);
    let local = spend_weighted(local.map(|group| (group.iter().map(|held| held.value).sum(), excess(group))));
    measures.set("hhi_local_excess", local.map(|excess| excess * HHI_POINTS));
}

/// HHI of contracts, ordered by bundle, minus its null.
fn excess(held: &[Held]) -> Option<f64> {
    let mut by_holder: Vec<(CharityId, f64)> = held.iter().map(|held| (held.holder, held.value)).collect();
    by_holder.sort_by_key(|&(holder, _)| holder);
    let amounts: Vec<f64> =
        by_holder.chunk_by(|a, b| a.0 == b.0).map(|own| own.iter().map(|line| line.1).sum()).collect();
    let contested: Vec<Contested> = held
        .chunk_by(|a, b| (a.bundle, a.holder) == (b.bundle, b.holder))
        .map(|lots| Contested { value: lots.iter().map(|held| held.value).sum(), bidders: lots[0].bidders })
        .collect();
    Some(hhi(&amounts)? - expected_hhi_at_random(&contested)?)
}

fn income_bands(state: &State, measures: &mut Measures) {
    let mut income = [0.0; 5];
    if let Some(latest) = state.window.back() {
        for &(_, charity, amount) in latest {
            income[Band::of(state.charities.finances[charity].income) as usize] += amount;
        }
    }
    let total: f64 = income.iter().sum();
    measures.set("contract_income_gbp", total);
    for band in Band::ALL {
        let name = band.name();
        measures.set(&format!("contract_income_{name}_gbp"), income[band as usize]);
        measures.set(&format!("income_share_{name}"), ratio(income[band as usize], total));
    }
}

/// Charities at work, after this round's closures.
fn living(state: &State) -> impl Iterator<Item = (CharityId, &Finances)> {
    state.charities.finances.enumerate().filter(|(_, finances)| finances.is_open())
}

fn organisations(setting: &Setting, state: &State, output: &RoundOutput, measures: &mut Measures) {
    let open = living(state).count() as f64;
    measures.set("charities", open);
    holders(setting, state, output, measures);
    let in_deficit = living(state).filter(|(_, f)| f.surplus.iter().sum::<f64>() < 0.0).count();
    measures.set("deficit_share", ratio(in_deficit as f64, open));
    let without = living(state).filter(|(_, f)| f.reserves.value() <= 0.0).count();
    measures.set("no_reserves_share", ratio(without as f64, open));
    let active = living(state).filter(|(id, _)| {
        let record = &state.charities.record[*id];
        let recently = |round: u32| setting.world.calendar.within_year(round, setting.round);
        record.contracts > 0 || record.last_bid.is_some_and(recently)
    });
    measures.set("active_share", ratio(active.count() as f64, open));
    let turnover = &output.turnover;
    let closed = turnover.closed.len() as f64;
    measures.set("closures", closed);
    measures.set("insolvencies", f64::from(turnover.insolvent));
    measures.set("mergers", turnover.mergers.len() as f64);
    let passed_on = turnover.passed_on.len() as f64;
    measures.set("passed_on_share", ratio(passed_on, passed_on + f64::from(turnover.handed_back)));
    measures.set("foundings", f64::from(turnover.founded));
    let before = open - f64::from(turnover.founded) + closed + turnover.mergers.len() as f64;
    measures
        .set("closures_per_1000", ratio(closed * setting.world.calendar.rounds_per_year() * 1000.0, before));
    survival(state, measures);
}

fn survival(state: &State, measures: &mut Measures) {
    let share = |bands: &[Band]| {
        let (open, ever) = bands.iter().fold((0, 0), |(open, ever), &band| {
            let (still, at_start) = state.cohort[band as usize];
            (open + still, ever + at_start)
        });
        ratio(f64::from(open), f64::from(ever))
    };
    let (over, under): (Vec<Band>, Vec<Band>) = Band::ALL.iter().partition(|band| band.is_1m_and_over());
    measures.set("survival_under_1m", share(&under));
    measures.set("survival_1m_and_over", share(&over));
    for band in Band::ALL {
        measures.set(&format!("survival_{}", band.name()), share(&[band]));
    }
}

/// Cost recovery and reserves of those who billed work this round.
fn holders(setting: &Setting, state: &State, output: &RoundOutput, measures: &mut Measures) {
    let mut recovery: [Vec<f64>; 5] = Default::default();
    let mut months: [Vec<f64>; 5] = Default::default();
    let mut subsidising = 0;
    for (id, account) in output.settlement.accounts.enumerate() {
        if account.billed <= 0.0 {
            continue;
        }
        let finances = &state.charities.finances[id];
        let band = Band::of(finances.income) as usize;
        let recovered = account.billed / account.cost.max(1e-9);
        subsidising += usize::from(recovered < 1.0);
        recovery[band].push(recovered);
        if !matches!(finances.status, Status::Insolvent | Status::Merged) {
            months[band].push(reserve_months(setting, finances, account));
        }
    }
    for band in Band::ALL {
        let (name, row) = (band.name(), band as usize);
        measures.set(&format!("full_cost_recovery_{name}"), quantile(&mut recovery[row], 0.5));
        measures.set(&format!("reserves_months_median_{name}"), quantile(&mut months[row], 0.5));
    }
    let mut all = recovery.concat();
    measures.set("cross_subsidising_share", ratio(subsidising as f64, all.len() as f64));
    measures.set("full_cost_recovery", quantile(&mut all, 0.5));
    measures.set("reserves_months_median", quantile(&mut months.concat(), 0.5));
}

fn reserve_months(setting: &Setting, finances: &Finances, account: &Account) -> f64 {
    let yearly = finances.spending.value() + account.cost * setting.world.calendar.rounds_per_year();
    finances.reserves.value() / (yearly / 12.0).max(1e-9)
}

/// Which options commissioners go by, where they have a menu.
fn menu(setting: &Setting, measures: &mut Measures) {
    for option in 1..setting.in_force.options() {
        let areas = setting.world.areas.ids();
        let by = areas.filter(|&area| usize::from(setting.in_force.option(area)) == option).count();
        measures.set(&format!("menu_share_{option}"), by as f64 / setting.world.areas.len() as f64);
    }
}

fn competition(setting: &Setting, state: &State, output: &RoundOutput, measures: &mut Measures) {
    let open = || output.tenders.calls.enumerate().filter(|(_, tender)| !tender.call_off).map(|(id, _)| id);
    let tenders = open().count() as f64;
    let bids = open().map(|id| output.bids.of(id).len()).sum::<usize>() as f64;
    measures.set("tenders", tenders);
    measures.set("call_offs", output.tenders.calls.len() as f64 - tenders);
    measures.set("bids_per_tender", ratio(bids, tenders));
    let with_bids = |wanted: usize| open().filter(|&id| output.bids.of(id).len() == wanted).count() as f64;
    measures.set("single_bid_share", ratio(with_bids(1), tenders));
    measures.set("no_bid_share", ratio(with_bids(0), tenders));
    let declined = f64::from(output.awards.declined);
    let awarded = output.awards.awards.iter().flatten().count() as f64;
    let refused = f64::from(output.refusals);
    measures.set("refused_share", ratio(refused, refused + bids));
    measures.set("declined_share", ratio(declined, declined + awarded));
    win_rates(state, output, measures);

    let partnering = output.teams.costs.iter().map(|&(_, cost)| cost).sum();
    let mut tally = CompetitionTally { bidding: partnering, ..CompetitionTally::default() };
    for (id, tender) in output.tenders.calls.enumerate() {
        let rules = &setting.regime(tender.area).rules;
        let bids = output.bids.of(id);
        if !tender.call_off {
            tally.administration += rules.administration_gbp.value() * bids.len() as f64;
        }
        tally.bidding += bids.iter().map(|bid| bid.bid_cost.value()).sum::<f64>();
        let Some(award) = &output.awards.awards[id] else {
            tally.losing += bids.iter().map(|bid| bid.bid_cost.value()).sum::<f64>();
            continue;
        };
        let losers = bids.iter().filter(|bid| bid.charity != award.winner);
        tally.losing += losers.map(|bid| bid.bid_cost.value()).sum::<f64>();
        tally.value += award.price.value() * f64::from(tender.term);
    }
    measures.set("value_awarded_gbp", tally.value);
    measures.set("bid_cost_share", ratio(tally.bidding + tally.administration, tally.value));
    measures.set("losing_bid_cost_share", ratio(tally.losing, tally.value));
    bid_costs(state, output, measures);
    for (name, value) in
        awards::NAMES.into_iter().zip(awards::of_awards(state, &output.tenders, &output.awards))
    {
        measures.set(name, value);
    }
    let closest = closeness::of_round(setting, output);
    measures.set("ranking_paradox_share", closest.paradox_share);
    measures.set("margin_median", closest.margin);
    measures.set("price_flip_median", closest.price_flip);
}

/// What bidding and finding partners cost charities under 1m GBP, and those of 1m GBP and over, as a share of their contract
/// income; those who would work for a bid share its cost by work.
fn bid_costs(state: &State, output: &RoundOutput, measures: &mut Measures) {
    let over =
        |charity: CharityId| usize::from(Band::of(state.charities.finances[charity].income).is_1m_and_over());
    let (mut spent, mut income) = ([0.0; 2], [0.0; 2]);
    for bid in output.bids.all() {
        for &(charity, share) in output.teams.workers(bid.charity, bid.team).iter() {
            spent[over(charity)] += share * bid.bid_cost.value();
        }
    }
    output.teams.costs.iter().for_each(|&(charity, cost)| spent[over(charity)] += cost);
    for &(_, charity, amount) in state.window.back().into_iter().flatten() {
        income[over(charity)] += amount;
    }
    measures.set("bid_cost_share_under_1m", ratio(spent[0], income[0]));
    measures.set("bid_cost_share_1m_and_over", ratio(spent[1], income[1]));
}

/// Money that competition costs, added up over tenders.
#[derive(Default)]
struct CompetitionTally {
    administration: f64,
    bidding: f64,
    losing: f64,
    value: f64,
}

fn win_rates(state: &State, output: &RoundOutput, measures: &mut Measures) {
    let big = |charity: CharityId| Band::of(state.charities.finances[charity].income).is_1m_and_over();
    let mut bids = [0.0; 2];
    let mut wins = [0.0; 2];
    let calls = &output.tenders.calls;
    for bid in output.bids.all().iter().filter(|bid| !calls[bid.tender].call_off) {
        bids[usize::from(big(bid.charity))] += 1.0;
    }
    for (_, award) in output.awards.awards.enumerate().filter(|(id, _)| !calls[*id].call_off) {
        award.iter().for_each(|award| wins[usize::from(big(award.winner))] += 1.0);
    }
    measures.set("win_rate_under_1m", ratio(wins[0], bids[0]));
    measures.set("win_rate_1m_and_over", ratio(wins[1], bids[1]));
}

fn collaboration(setting: &Setting, state: &State, output: &RoundOutput, measures: &mut Measures) {
    let mut value = [0.0; 3];
    let (mut teams, mut members) = (0.0, 0.0);
    let (mut partners, mut cut, mut promised, mut allocated) = (0.0, 0.0, 0.0, 0.0);
    let (mut in_teams, mut active) = (BTreeSet::new(), BTreeSet::new());
    let mut trust = (0.0, 0.0);
    for (_, contract) in state.contracts() {
        value[contract.mode() as usize] += contract.price.value();
        active.extend(contract.workers().map(|(charity, _)| charity));
        let Some(team) = &contract.team else { continue };
        teams += 1.0;
        members += team.members.len() as f64;
        in_teams.extend(team.members.iter().map(|member| member.charity));
        for (judge, judged) in pairs_of(team) {
            trust = (trust.0 + trust_between(setting, state, judge, judged), trust.1 + 1.0);
        }
        for partner in team.partners().iter().filter(|_| team.mode == Mode::CoOperation) {
            partners += 1.0;
            cut += f64::from(u8::from(partner.allocated < partner.promised));
            promised += partner.promised;
            allocated += partner.allocated;
        }
    }
    let all: f64 = value.iter().sum();
    for mode in [Mode::Solo, Mode::CoOperation, Mode::Collaboration] {
        let name = format!("value_share_{}", mode.name().replace('-', "_"));
        measures.set(&name, ratio(value[mode as usize], all));
    }
    measures.set("team_size", ratio(members, teams));
    measures.set("partnership_prevalence", ratio(in_teams.len() as f64, active.len() as f64));
    measures.set("teams_formed", output.teams.formed.len() as f64);
    measures.set("trust_active", ratio(trust.0, trust.1));
    measures.set("trust_all", mean_trust(setting, state));
    let mean = |value: fn(&Leader, &Behaviour) -> f64| {
        let of = |id: &CharityId| {
            let behaviour = &setting.regime(state.charities.profile[*id].home()).behaviour;
            value(&state.charities.leader[*id], behaviour)
        };
        ratio(active.iter().map(of).sum(), active.len() as f64)
    };
    measures.set("motive_purpose", mean(|leader, behaviour| leader.wants(behaviour).purpose));
    measures.set("motive_market_share", mean(|leader, behaviour| leader.wants(behaviour).share));
    measures.set("fear", mean(|leader, behaviour| leader.fears(behaviour).iter().sum()));
    measures.set("bid_candy_index", ratio(promised - allocated, promised));
    measures.set("cut_partners_share", ratio(cut, partners));
}

/// Who judges whom in a team: all in a collaboration, lead and partner in a co-operation.
fn pairs_of(team: &Team) -> impl Iterator<Item = (CharityId, CharityId)> + '_ {
    let places = 0..team.members.len();
    let pairs = places.clone().flat_map(move |judge| places.clone().map(move |judged| (judge, judged)));
    let linked = |&(judge, judged): &(usize, usize)| {
        judge != judged && (team.mode == Mode::Collaboration || judge == 0 || judged == 0)
    };
    pairs.filter(linked).map(|(judge, judged)| (team.members[judge].charity, team.members[judged].charity))
}

fn trust_between(setting: &Setting, state: &State, judge: CharityId, judged: CharityId) -> f64 {
    let behaviour = &setting.regime(state.charities.profile[judge].home()).behaviour;
    let size = |charity| size_of(setting, state, charity, behaviour);
    state.charities.memory[judge].trust(behaviour, size(judge), judged, size(judged))
}

/// Mean trust of open charities in those that they remember.
fn mean_trust(setting: &Setting, state: &State) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for (judge, _) in living(state) {
        for relation in &state.charities.memory[judge].relations {
            sum += trust_between(setting, state, judge, relation.other);
            count += 1.0;
        }
    }
    ratio(sum, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_that_no_number_holds_is_not_defined() {
        assert_eq!(
            [(1.0, 4.0), (0.0, 0.0), (1e5, 5e-324)].map(|(part, whole)| ratio(part, whole)),
            [Some(0.25), None, None]
        );
    }

    #[test]
    fn every_measure_that_is_set_is_in_the_registry() {
        let source = include_str!("round.rs");
        let known: Vec<String> = names::all().into_iter().map(|measure| measure.name).collect();
        for line in source.lines().filter_map(|line| line.trim().strip_prefix("measures.set(\"")) {
            let name = line.split('"').next().unwrap_or_default();
            assert!(known.iter().any(|known| known == name), "{name} is not in the registry");
        }
    }
}
