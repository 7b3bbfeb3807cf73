//! Keys of `[world]`, `[population]`, `[market]`, `[run]` and `[output]` that count only where others have certain values.

use super::Need;
use crate::scenario::parameters::{
    AbilityLaw, ContractLaw, CostLaw, FoundingLaw, ReservedFor, ReservesLaw, WorldKind,
};
use crate::scenario::{Regime, Scenario};

/// What is known of such keys. A key may have several needs.
pub(super) const OF_WORLD: &[Need] = &[
    Need {
        keys: &[
            "world.sample_authorities",
            "world.only_service",
            "world.copies",
            "world.areas_file",
            "market.spend_floor",
            "population.charities",
            "population.offer_recall",
            "population.offer_size_slope",
        ],
        on: &["world.kind"],
        met: |scenario, _| is_england(scenario),
        place: "where world.kind is \"england\"",
    },
    Need {
        keys: &["market.busy_years"],
        on: &["world.kind", "world.sample_authorities", "world.areas_file"],
        met: |scenario, _| {
            let world = &scenario.world;
            is_england(scenario) && (world.sample_authorities > 0 || !world.areas_file.is_empty())
        },
        place: "in a part of England: with world.sample_authorities or world.areas_file",
    },
    Need {
        keys: &[
            "world.areas",
            "world.services",
            "world.residents_per_area",
            "world.need_per_1000",
            "world.complexity_shares",
            "world.skill_weights",
            "world.charities_per_area",
            "population.income_values_gbp",
            "population.cost_values_gbp",
        ],
        on: &["world.kind"],
        met: |scenario, _| !is_england(scenario),
        place: "where world.kind is \"synthetic\"",
    },
    Need {
        keys: &[
            "population.charities",
            "world.charities_per_area",
            "population.income_values_gbp",
            "population.cost_values_gbp",
        ],
        on: &["world.charities_file"],
        met: |scenario, _| scenario.world.charities_file.is_empty(),
        place: "where charities are drawn: without world.charities_file",
    },
    Need {
        keys: &[
            "population.income_median_gbp",
            "population.income_spread",
            "population.tail_start_gbp",
            "population.tail_exponent",
            "population.income_max_gbp",
        ],
        on: &[
            "world.kind",
            "world.charities_file",
            "population.income_values_gbp",
            "behaviour.founding_law",
            "behaviour.founding_rate",
        ],
        met: |scenario, regime| draws_incomes(scenario) || founds(regime),
        place: "where incomes are drawn: those of charities founded in the run, or of all without world.charities_file \
                and population.income_values_gbp",
    },
    Need {
        keys: &["population.offer_recall", "population.offer_size_slope"],
        on: &["world.charities_file", "behaviour.founding_law", "behaviour.founding_rate"],
        met: |scenario, regime| scenario.world.charities_file.is_empty() || founds_by_chance(regime),
        place: "where services are drawn: without world.charities_file, or for charities founded in the run",
    },
    Need {
        keys: &[
            "population.unit_cost_gbp",
            "population.cost_spread",
            "population.scale_elasticity",
            "population.scale_reference_gbp",
            "population.scale_limit_gbp",
        ],
        on: &["population.cost_law"],
        met: |scenario, _| scenario.population.cost_law == CostLaw::Lognormal,
        place: "where population.cost_law is \"lognormal\"",
    },
    Need {
        keys: &["population.cost_high_gbp"],
        on: &["population.cost_law"],
        met: |scenario, _| matches!(scenario.population.cost_law, CostLaw::Uniform | CostLaw::Power),
        place: "where population.cost_law is \"uniform\" or \"power\"",
    },
    Need {
        keys: &["population.cost_low_gbp"],
        on: &["population.cost_law"],
        met: |scenario, _| scenario.population.cost_law != CostLaw::Lognormal,
        place: "where population.cost_law is not \"lognormal\"",
    },
    Need {
        keys: &["population.cost_power"],
        on: &["population.cost_law"],
        met: |scenario, _| scenario.population.cost_law == CostLaw::Power,
        place: "where population.cost_law is \"power\"",
    },
    Need {
        keys: &["population.cost_mean_excess_gbp"],
        on: &["population.cost_law"],
        met: |scenario, _| scenario.population.cost_law == CostLaw::Exponential,
        place: "where population.cost_law is \"exponential\"",
    },
    Need {
        keys: &["population.scale_reference_gbp", "population.scale_limit_gbp"],
        on: &["population.scale_elasticity"],
        met: |scenario, _| scenario.population.scale_elasticity != 0.0,
        place: "where population.scale_elasticity is above 0",
    },
    Need {
        keys: &["population.ability_spread"],
        on: &["population.ability_law"],
        met: |scenario, _| scenario.population.ability_law == AbilityLaw::Normal,
        place: "where population.ability_law is \"normal\"",
    },
    Need {
        keys: &["population.ability_values"],
        on: &["population.ability_law"],
        met: |scenario, _| {
            matches!(scenario.population.ability_law, AbilityLaw::Listed | AbilityLaw::Specialists)
        },
        place: "where population.ability_law is \"listed\" or \"specialists\"",
    },
    Need {
        keys: &["population.mutual_share"],
        on: &["rules.reserved"],
        met: |_, regime| regime.rules.reserved == ReservedFor::Mutual,
        place: "where rules.reserved is \"mutual\"",
    },
    Need {
        keys: &[
            "population.no_reserves_share",
            "population.reserves_months",
            "population.reserves_spread",
            "population.reserves_own_policy",
        ],
        on: &["population.reserves_law"],
        met: |scenario, _| scenario.population.reserves_law == ReservesLaw::Months,
        place: "where population.reserves_law is \"months\"",
    },
    Need {
        keys: &["population.reserves_target_months"],
        on: &["population.reserves_own_policy", "population.reserves_law"],
        met: |scenario, _| {
            let law = &scenario.population;
            law.reserves_law != ReservesLaw::Months || law.reserves_own_policy.value() < 1.0
        },
        place: "where the common target has a weight: population.reserves_own_policy below 1",
    },
    Need {
        keys: &["population.reserves_low_gbp", "population.reserves_high_gbp"],
        on: &["population.reserves_law"],
        met: |scenario, _| scenario.population.reserves_law == ReservesLaw::Uniform,
        place: "where population.reserves_law is \"uniform\"",
    },
    Need {
        keys: &["population.reserves_values_gbp"],
        on: &["population.reserves_law"],
        met: |scenario, _| scenario.population.reserves_law == ReservesLaw::Listed,
        place: "where population.reserves_law is \"listed\"",
    },
    Need {
        keys: &[
            "market.contract_median_gbp",
            "market.contract_spread",
            "market.contract_min_gbp",
            "market.contract_max_gbp",
            "market.one_year_share",
            "market.five_year_share",
        ],
        on: &["market.contract_law"],
        met: |scenario, _| scenario.market.contract_law == ContractLaw::Lognormal,
        place: "where market.contract_law is \"lognormal\"",
    },
    Need {
        keys: &["market.contract_min_gbp", "market.contract_max_gbp"],
        on: &["market.contract_spread"],
        met: |scenario, _| scenario.market.contract_spread > 0.0,
        place: "where market.contract_spread is above 0",
    },
    Need {
        keys: &[
            "market.lots_per_market",
            "market.lot_value_gbp",
            "market.lot_value_weights",
            "market.lot_term_rounds",
        ],
        on: &["market.contract_law", "world.kind"],
        met: |scenario, _| scenario.market.contract_law == ContractLaw::Fixed || !is_england(scenario),
        place: "where market.contract_law is \"fixed\", or world.kind \"synthetic\", whose budgets are those of its lots",
    },
    Need {
        keys: &["market.prevention_decay", "market.prevention_max"],
        on: &["market.prevention_gain"],
        met: |scenario, _| scenario.market.prevention_gain > 0.0,
        place: "where market.prevention_gain is above 0",
    },
    Need {
        keys: &["market.retry_uplift"],
        on: &["market.retry_most"],
        met: |scenario, _| scenario.market.retry_most > 0,
        place: "where market.retry_most is above 0",
    },
    Need {
        keys: &["market.retry_most"],
        on: &["market.retry_uplift", "rules.eased_terms"],
        met: |scenario, regime| scenario.market.retry_uplift > 0.0 || regime.rules.eased_terms.value() > 0.0,
        place: "where market.retry_uplift or rules.eased_terms is above 0",
    },
    Need {
        keys: &["market.rivals_at_start"],
        on: &["behaviour.rivals_known"],
        met: |_, regime| regime.behaviour.rivals_known < 0.0,
        place: "where rivals are learned of from awards: behaviour.rivals_known -1",
    },
    Need {
        keys: &["behaviour.founding_income_max_gbp"],
        on: &["behaviour.founding_law", "behaviour.founding_rate"],
        met: |_, regime| founds(regime),
        place: "where charities are founded in the run: behaviour.founding_rate above 0",
    },
    Need {
        keys: &["behaviour.cost_redraw"],
        on: &["population.cost_values_gbp"],
        met: |scenario, _| scenario.population.cost_values_gbp.is_empty(),
        place: "where costs are drawn: without population.cost_values_gbp",
    },
];

fn is_england(scenario: &Scenario) -> bool {
    scenario.world.kind == WorldKind::England
}

/// Whether the incomes of founding charities are drawn.
fn draws_incomes(scenario: &Scenario) -> bool {
    let listed = !is_england(scenario) && !scenario.population.income_values_gbp.is_empty();
    scenario.world.charities_file.is_empty() && !listed
}

/// Whether charities are founded in the run.
fn founds(regime: &Regime) -> bool {
    regime.behaviour.founding_law == FoundingLaw::Replace || founds_by_chance(regime)
}

/// Whether charities are founded in the run that are not like one that closed.
fn founds_by_chance(regime: &Regime) -> bool {
    regime.behaviour.founding_law == FoundingLaw::Poisson && regime.behaviour.founding_rate > 0.0
}
