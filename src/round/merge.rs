//! Mergers: mostly takeovers of the weaker.

use super::Setting;
use super::learn::free_staff;
use super::state::{Debt, State, Status};
use super::team::Member;
use super::turnover::leave;
use crate::ids::{CharityId, Id, LotId};
use crate::math::pow;
use crate::random::Purpose;
use crate::scenario::parameters::{Behaviour, CostLaw, Population};
use crate::units::{Fte, Gbp};

/// Two charities that became one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merger {
    /// Who carries on.
    pub larger: CharityId,
    /// Who became part of it.
    pub smaller: CharityId,
    /// Whether the larger had more than `takeover_ratio` times the smaller's income: a takeover.
    pub takeover: bool,
    /// Whether the smaller had spent more than it took in over the last year.
    pub in_deficit: bool,
    /// What it cost.
    pub cost: Gbp,
}

/// Charities with less than half the reserves they want meet, by chance, one open charity of their area, and
/// merge with it if both together gain: savings of scale over some years, less the cost of merging and
/// what the smaller one's independence is worth to it. A charity merges at most once a round.
pub fn meet(setting: &Setting, state: &mut State, neighbours: &[Vec<CharityId>]) -> Vec<Merger> {
    let mut mergers = Vec::new();
    let mut fates = setting.luck.stream::<3>(Purpose::Fate, setting.round);
    for open in neighbours {
        for &seeker in open {
            let profile = &state.charities.profile[seeker];
            let behaviour = &setting.regime(profile.home()).behaviour;
            let rate = behaviour.merge_rate.value() / setting.world.calendar.rounds_per_year();
            if rate == 0.0 || !is_weak(state, seeker) {
                continue;
            }
            let [_, meets, whom] = fates.uniforms(profile.slot);
            let partner = open[(whom * open.len() as f64) as usize];
            let both_open = [seeker, partner].iter().all(|&id| state.charities.finances[id].is_open());
            if meets >= rate || partner == seeker || !both_open {
                continue;
            }
            let income = |id: CharityId| state.charities.finances[id].income;
            let (larger, smaller) =
                if income(partner) >= income(seeker) { (partner, seeker) } else { (seeker, partner) };
            let law = &setting.scenario.population;
            if gain(law, behaviour, income(larger), income(smaller)) > Gbp::ZERO {
                mergers.push(join(setting, state, behaviour, larger, smaller));
            }
        }
    }
    if !mergers.is_empty() {
        move_contracts(setting, state);
    }
    mergers
}

/// Reserves below half of what the trustees want.
fn is_weak(state: &State, id: CharityId) -> bool {
    let finances = &state.charities.finances[id];
    let wanted = finances.income * (f64::from(state.charities.profile[id].reserves_policy) / 12.0);
    finances.is_open() && finances.reserves < wanted * 0.5
}

/// Savings of scale of both over the years that count, less the cost of merging and lost autonomy.
fn gain(law: &Population, behaviour: &Behaviour, larger: Gbp, smaller: Gbp) -> Gbp {
    let joint = larger + smaller;
    let saving = |income: Gbp| income * (1.0 - cost_ratio(law, income, joint));
    (saving(larger) + saving(smaller) - smaller * behaviour.autonomy) * behaviour.merge_years
        - smaller * behaviour.merge_cost
}

/// Unit cost at one size over unit cost at another, as the cost law has it.
fn cost_ratio(law: &Population, from: Gbp, to: Gbp) -> f64 {
    if law.cost_law != CostLaw::Lognormal || law.scale_elasticity == 0.0 {
        return 1.0;
    }
    let size = |income: Gbp| income.min(law.scale_limit_gbp).max(law.scale_reference_gbp * 1e-6);
    pow(size(to) / size(from), -law.scale_elasticity)
}

/// The smaller one's money, staff, services and debts become the larger one's; the cost of merging is paid.
fn join(
    setting: &Setting,
    state: &mut State,
    behaviour: &Behaviour,
    larger: CharityId,
    smaller: CharityId,
) -> Merger {
    let part = state.charities.finances[smaller].clone();
    let whole = &mut state.charities.finances[larger];
    let merger = Merger {
        larger,
        smaller,
        takeover: part.income * behaviour.takeover_ratio < whole.income,
        in_deficit: part.surplus.iter().sum::<f64>() < 0.0,
        cost: part.income * behaviour.merge_cost,
    };
    let joint = whole.income + part.income;
    whole.unit_cost = whole.unit_cost * cost_ratio(&setting.scenario.population, whole.income, joint);
    whole.voluntary += part.voluntary;
    whole.spending += part.spending;
    whole.reserves += part.reserves - merger.cost;
    whole.capacity += part.capacity;
    whole.income = joint;
    for round in 0..part.receipts.len() {
        whole.receipts[round] += part.receipts[round];
        whole.surplus[round] += part.surplus[round];
    }
    let offers = state.charities.profile[smaller].offers;
    state.charities.profile[larger].offers |= offers;
    let gone = &mut state.charities.finances[smaller];
    gone.status = Status::Merged;
    gone.reserves = Gbp::ZERO;
    leave(setting, state, smaller);
    state.charities.record[smaller].merged_into = Some(larger);
    merger
}

/// Contracts and debts of charities that merged go to whom they became part of.
fn move_contracts(setting: &Setting, state: &mut State) {
    let heir = |state: &State, mut id: CharityId| {
        while let Some(next) = state.charities.record[id].merged_into {
            id = next;
        }
        id
    };
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        for place in 0..state.lots[lot].owed.len() {
            let Debt { to, from, .. } = state.lots[lot].owed[place];
            let (to, from) = (heir(state, to), from.map(|lead| heir(state, lead)));
            let debt = &mut state.lots[lot].owed[place];
            (debt.to, debt.from) = (to, from);
        }
        let Some(contract) = &state.lots[lot].contract else { continue };
        let workers: Vec<CharityId> = contract.workers().map(|(charity, _)| charity).collect();
        let new: Vec<CharityId> = workers.iter().map(|&charity| heir(state, charity)).collect();
        if new != workers {
            replace_workers(setting, state, lot, &new);
        }
    }
}

/// Puts merged charities in the places of those that became part of them; two members that are now one have one
/// place.
fn replace_workers(setting: &Setting, state: &mut State, lot: LotId, new: &[CharityId]) {
    let Some(mut contract) = state.lots[lot].contract.take() else { return };
    free_staff(setting, state, &contract);
    contract.holder = new[0];
    if let Some(team) = &mut contract.team {
        let mut members: Vec<Member> = Vec::new();
        for (member, &charity) in team.members.iter().zip(new) {
            match members.iter_mut().find(|kept| kept.charity == charity) {
                Some(kept) => {
                    kept.work += member.work;
                    kept.promised += member.promised;
                    kept.allocated += member.allocated;
                }
                None => members.push(Member { charity, ..*member }),
            }
        }
        team.members = members;
    }
    if contract.team.as_ref().is_some_and(|team| team.members.len() == 1) {
        contract.team = None;
    }
    for (charity, share) in contract.workers() {
        state.charities.finances[charity].committed += Fte::new(setting.fte(contract.hours * share));
        state.charities.record[charity].contracts += 1;
    }
    state.lots[lot].contract = Some(contract);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merger_must_save_more_than_it_costs() {
        let law = Population { scale_elasticity: 0.1, ..Population::default() };
        let behaviour =
            Behaviour { merge_years: 5.0, merge_cost: 0.1, autonomy: 0.03, ..Behaviour::default() };
        let gain =
            |larger: f64, smaller: f64| gain(&law, &behaviour, Gbp::new(larger), Gbp::new(smaller)).value();
        // Equals of 1m: each saves 1 - 2^-.1 = .0670; (.134 - .03) x 5 - .1 = .42m.
        assert!((gain(1e6, 1e6) - 419_670.0).abs() < 100.0, "{}", gain(1e6, 1e6));
        // Beyond the size at which cost falls no further, the smaller alone saves: 1 - (10)^-.1 = .206.
        assert!((gain(1e7, 1e6) - 778_359.0).abs() < 100.0, "{}", gain(1e7, 1e6));
        let alike = Population { scale_elasticity: 0.0, ..law.clone() };
        assert!(super::gain(&alike, &behaviour, Gbp::new(1e6), Gbp::new(1e6)) < Gbp::ZERO);
    }
}
