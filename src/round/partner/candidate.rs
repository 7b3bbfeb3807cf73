//! A charity as planning sees it.

use crate::ids::CharityId;
use crate::round::Setting;
use crate::round::experience::size_of;
use crate::round::search::{Search, credit};
use crate::round::state::State;
use crate::round::utility::Candidate;
use crate::scenario::parameters::Behaviour;

/// A charity in the pool of a tender, at the cost that it estimates.
pub(super) fn candidate<'a>(
    setting: &'a Setting<'a>,
    state: &'a State,
    search: &'a Search,
    row: usize,
) -> Candidate<'a> {
    let prospect = &search.prospects[row];
    let usual = candidate_of(setting, state, prospect.charity, prospect.local);
    let overhead = f64::from(state.charities.profile[prospect.charity].overhead);
    Candidate {
        prospect: row,
        hour_cost: prospect.hour_cost.value() * counted(usual.behaviour, overhead),
        alone: prospect.alone,
        writes: prospect.writes,
        luck: prospect.charity_luck,
        ..usual
    }
}

/// What a charity counts for an hour of direct cost 1.
fn counted(behaviour: &Behaviour, overhead: f64) -> f64 {
    1.0 + behaviour.full_cost_pricing.value() * overhead
}

/// A charity as planning sees it, at its real cost.
pub fn candidate_of<'a>(
    setting: &'a Setting<'a>,
    state: &'a State,
    charity: CharityId,
    local: f64,
) -> Candidate<'a> {
    let profile = &state.charities.profile[charity];
    let finances = &state.charities.finances[charity];
    let leader = &state.charities.leader[charity];
    let behaviour = &setting.regime(profile.home()).behaviour;
    Candidate {
        prospect: usize::MAX,
        charity,
        leader,
        behaviour,
        motives: leader.wants(behaviour),
        size: size_of(setting, state, charity, behaviour),
        ability: &profile.ability,
        local,
        hour_cost: finances.unit_cost.value() * counted(behaviour, f64::from(profile.overhead)),
        income: finances.income.value(),
        means: (finances.reserves * behaviour.risk_appetite + credit(behaviour, finances)).value(),
        spare: finances.capacity.value() * (1.0 + behaviour.stretch) - finances.committed.value(),
        alone: false,
        writes: false,
        luck: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::random::Luck;
    use crate::rules::Regimes;
    use crate::scenario::load;
    use crate::units::Gbp;
    use crate::world::World;

    /// An hour of 20 GBP with overheads of .25, of which half count: 20 x 1.125.
    #[test]
    fn an_hour_costs_what_a_charity_counts_of_its_overheads() {
        let sets = ["world.areas=1", "world.charities_per_area=2", "behaviour.full_cost_pricing=0.5"];
        let scenario = load("synthetic", &sets.map(String::from)).expect("valid");
        let world = World::build(&scenario).expect("a world");
        let regimes = Regimes::new(&scenario, &world);
        let luck = Luck::new(1, 0);
        let mut state = State::found(&world, &scenario, luck);
        let charity = CharityId::from_row(1);
        state.charities.finances[charity].unit_cost = Gbp::new(20.0);
        state.charities.finances[charity].income = Gbp::new(70_000.0);
        state.charities.profile[charity].overhead = 0.25;
        let in_force = regimes.in_force(0, &state.options);
        let setting = Setting::new(&world, &scenario, &in_force, luck, 0);
        let found = candidate_of(&setting, &state, charity, 0.5);
        assert_eq!((found.hour_cost, found.income, found.local), (22.5, 70_000.0, 0.5));
    }
}
