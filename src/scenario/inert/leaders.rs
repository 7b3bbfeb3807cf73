//! Keys of what leaders want, how they bid and what becomes of charities, that count only where others have certain values.

use super::Need;
use super::when::{
    chooses_effort, many_sided, minds_risk, pays_by_results, plans_success, purposeful, saves_by_size,
};
use crate::scenario::parameters::{
    Beliefs, Bidding, EffortRule, Entry, FoundingLaw, MotiveLaw, RiskScale, StanceRule,
};

/// Keys that make leaders care for outcomes.
const PURPOSE: &[&str] = &[
    "behaviour.motives",
    "behaviour.purpose",
    "behaviour.treatment",
    "behaviour.treated_share",
    "behaviour.impact_shift",
];

/// What is known of such keys. A key may have several needs.
pub(super) const OF_LEADERS: &[Need] = &[
    Need {
        keys: &["behaviour.purpose"],
        on: &["behaviour.motives"],
        met: |_, regime| regime.behaviour.motives == MotiveLaw::Same,
        place: "where leaders want the same: behaviour.motives \"same\"",
    },
    Need {
        keys: &[
            "behaviour.share_weight",
            "behaviour.autonomy_weight",
            "behaviour.mutation",
            "behaviour.anchor",
        ],
        on: &["behaviour.motives"],
        met: |_, regime| many_sided(regime),
        place: "where leaders want different things: behaviour.motives \"dirichlet\"",
    },
    Need {
        keys: &["behaviour.outcome_value_gbp", "behaviour.purpose_kind", "behaviour.purpose_credit"],
        on: PURPOSE,
        met: |_, regime| purposeful(regime),
        place: "where leaders care for outcomes: behaviour.motives \"dirichlet\", behaviour.purpose above 0 or the \
                treatment \"impact-first\"",
    },
    Need {
        keys: &["behaviour.purpose_kind", "behaviour.purpose_credit"],
        on: &["behaviour.outcome_value_gbp"],
        met: |_, regime| regime.behaviour.outcome_value_gbp.value() > 0.0,
        place: "where behaviour.outcome_value_gbp is above 0",
    },
    Need {
        keys: &["behaviour.overconfidence"],
        on: &[
            "rules.results_share",
            "rules.forms",
            "behaviour.share_rule",
            "behaviour.motives",
            "behaviour.purpose",
            "behaviour.treatment",
            "behaviour.treated_share",
            "behaviour.impact_shift",
        ],
        met: |_, regime| plans_success(regime),
        place: "where success counts: rules.results_share above 0, or leaders who care for outcomes",
    },
    Need {
        keys: &[
            "behaviour.risk_aversion",
            "behaviour.cost_risk",
            "behaviour.outcome_noise",
            "behaviour.outcome_correlation",
        ],
        on: &["behaviour.motives", "behaviour.risk_scale"],
        met: |_, regime| minds_risk(regime),
        place: "where leaders mind risk: behaviour.motives \"dirichlet\", or behaviour.risk_scale \"absolute\"",
    },
    Need {
        keys: &["behaviour.risk_income_floor_gbp"],
        on: &["behaviour.motives"],
        met: |_, regime| many_sided(regime),
        place: "where leaders want different things: behaviour.motives \"dirichlet\"",
    },
    Need {
        keys: &["behaviour.risk_income_floor_gbp"],
        on: &["behaviour.risk_scale"],
        met: |_, regime| regime.behaviour.risk_scale == RiskScale::Relative,
        place: "where behaviour.risk_scale is \"relative\"",
    },
    Need {
        keys: &[
            "behaviour.risk_income_floor_gbp",
            "behaviour.risk_scale",
            "behaviour.cost_risk",
            "behaviour.outcome_noise",
            "behaviour.outcome_correlation",
        ],
        on: &["behaviour.risk_aversion"],
        met: |_, regime| regime.behaviour.risk_aversion > 0.0,
        place: "where behaviour.risk_aversion is above 0",
    },
    Need {
        keys: &["behaviour.outcome_noise", "behaviour.outcome_correlation"],
        on: &["rules.results_share"],
        met: |_, regime| pays_by_results(regime),
        place: "where rules.results_share is above 0",
    },
    Need {
        keys: &["behaviour.outcome_correlation"],
        on: &["behaviour.outcome_noise"],
        met: |_, regime| regime.behaviour.outcome_noise > 0.0,
        place: "where behaviour.outcome_noise is above 0",
    },
    Need {
        keys: &["behaviour.imitation_rate", "behaviour.imitation_strength"],
        on: &["behaviour.motives", "behaviour.payoff_matrix"],
        met: |_, regime| many_sided(regime) || !regime.behaviour.payoff_matrix.is_empty(),
        place: "where leaders can copy: behaviour.motives \"dirichlet\", or behaviour.payoff_matrix",
    },
    Need {
        keys: &["behaviour.imitation_strength"],
        on: &["behaviour.motives", "behaviour.stance_rule"],
        met: |_, regime| many_sided(regime) || regime.behaviour.stance_rule != StanceRule::BestReply,
        place: "where leaders copy motives or stances: behaviour.motives \"dirichlet\", or behaviour.stance_rule",
    },
    Need {
        keys: &["behaviour.imitation_strength"],
        on: &["behaviour.imitation_rate"],
        met: |_, regime| regime.behaviour.imitation_rate.value() > 0.0,
        place: "where behaviour.imitation_rate is above 0",
    },
    Need {
        keys: &["behaviour.leader_turnover"],
        on: &["behaviour.motives", "behaviour.fear_learning"],
        met: |_, regime| many_sided(regime) || regime.behaviour.fear_learning > 0.0,
        place: "where leaders differ: behaviour.motives \"dirichlet\", or behaviour.fear_learning above 0",
    },
    Need {
        keys: &["behaviour.effort_min", "behaviour.effort_max", "behaviour.purpose_effort"],
        on: &["behaviour.effort_rule"],
        met: |_, regime| chooses_effort(regime),
        place: "where behaviour.effort_rule is \"rate\"",
    },
    Need {
        keys: &["behaviour.purpose_effort"],
        on: PURPOSE,
        met: |_, regime| purposeful(regime),
        place: "where leaders care for outcomes: behaviour.motives \"dirichlet\", behaviour.purpose above 0 or the \
                treatment \"impact-first\"",
    },
    Need {
        keys: &["behaviour.measured_motive", "behaviour.community_motive", "behaviour.effort_substitution"],
        on: &["behaviour.effort_rule"],
        met: |_, regime| regime.behaviour.effort_rule == EffortRule::Multitask,
        place: "where behaviour.effort_rule is \"multitask\"",
    },
    Need {
        keys: &["behaviour.zi_law"],
        on: &["behaviour.bidding"],
        met: |_, regime| regime.behaviour.bidding == Bidding::ZeroIntelligence,
        place: "where behaviour.bidding is \"zero-intelligence\"",
    },
    Need {
        keys: &["behaviour.cost_structure"],
        on: &["behaviour.bidding", "behaviour.beliefs"],
        met: |_, regime| {
            let behaviour = &regime.behaviour;
            behaviour.bidding == Bidding::Equilibrium && behaviour.beliefs == Beliefs::Rational
        },
        place: "where behaviour.bidding is \"equilibrium\" and behaviour.beliefs \"rational\"",
    },
    Need {
        keys: &["behaviour.observe_rivals"],
        on: &["behaviour.bidding"],
        met: |_, regime| matches!(regime.behaviour.bidding, Bidding::Equilibrium | Bidding::Learned),
        place: "where behaviour.bidding is \"equilibrium\" or \"learned\"",
    },
    Need {
        keys: &["behaviour.bid_rationality"],
        on: &["behaviour.entry"],
        met: |_, regime| regime.behaviour.entry != Entry::All,
        place: "where behaviour.entry is not \"all\"",
    },
    Need {
        keys: &["behaviour.bid_cost_elasticity", "behaviour.bid_cost_anchor_gbp"],
        on: &["behaviour.bid_cost_scale_gbp"],
        met: |_, regime| regime.behaviour.bid_cost_scale_gbp.value() > 0.0,
        place: "where behaviour.bid_cost_scale_gbp is above 0",
    },
    Need {
        keys: &["rules.notice_weeks", "behaviour.preparation_per_fte", "behaviour.preparation_per_partner"],
        on: &["behaviour.preparation_weeks"],
        met: |_, regime| regime.behaviour.preparation_weeks > 0.0,
        place: "where bids take time: behaviour.preparation_weeks above 0",
    },
    Need {
        keys: &[
            "behaviour.merge_rate",
            "behaviour.merge_years",
            "behaviour.merge_cost",
            "behaviour.autonomy",
        ],
        on: &["population.cost_law", "population.scale_elasticity"],
        met: |scenario, _| saves_by_size(scenario),
        place: "where size saves cost: population.cost_law \"lognormal\" and population.scale_elasticity above 0",
    },
    Need {
        keys: &["behaviour.merge_rate", "behaviour.merge_cost", "behaviour.autonomy"],
        on: &["behaviour.merge_years"],
        met: |_, regime| regime.behaviour.merge_years > 0.0,
        place: "where savings count: behaviour.merge_years above 0",
    },
    Need {
        keys: &[
            "behaviour.merge_years",
            "behaviour.merge_cost",
            "behaviour.autonomy",
            "behaviour.takeover_ratio",
        ],
        on: &["behaviour.merge_rate"],
        met: |_, regime| regime.behaviour.merge_rate.value() > 0.0,
        place: "where charities merge: behaviour.merge_rate above 0",
    },
    Need {
        keys: &["behaviour.crisis_income_gbp"],
        on: &["behaviour.crisis_rate"],
        met: |_, regime| regime.behaviour.crisis_rate.value() > 0.0,
        place: "where behaviour.crisis_rate is above 0",
    },
    Need {
        keys: &["behaviour.staff_growth_most", "behaviour.staff_cut_most", "behaviour.staff_least_fte"],
        on: &["behaviour.staff_follow_income"],
        met: |_, regime| regime.behaviour.staff_follow_income,
        place: "where behaviour.staff_follow_income is true",
    },
    Need {
        keys: &[
            "population.reserves_adjustment_rounds",
            "population.spending_rigidity",
            "population.voluntary_volatility",
            "population.voluntary_growth",
            "behaviour.staff_follow_income",
            "behaviour.staff_growth_most",
            "behaviour.staff_cut_most",
            "behaviour.staff_least_fte",
        ],
        on: &["behaviour.one_shot"],
        met: |_, regime| !regime.behaviour.one_shot,
        place: "where charities keep books from round to round: behaviour.one_shot false",
    },
    Need {
        keys: &["behaviour.founding_rate"],
        on: &["behaviour.founding_law"],
        met: |_, regime| regime.behaviour.founding_law == FoundingLaw::Poisson,
        place: "where behaviour.founding_law is \"poisson\"",
    },
];
