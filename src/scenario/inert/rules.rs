//! Keys of `[rules]` and `[behaviour]` that count only where others have certain values.

use super::Need;
use crate::scenario::Regime;
use crate::scenario::parameters::{
    AwardMethod, Bidding, EffortRule, Forms, Learning, Packaging, PushRule, ReservedFor, StanceRule,
    Treatment, ZeroIntelligenceLaw,
};

/// What is known of keys of `[rules]` and `[behaviour]`. A key may have several needs.
pub(super) const OF_RULES: &[Need] = &[
    Need {
        keys: &["rules.learning_goal", "rules.learning_step", "rules.learning_exploration"],
        on: &["rules.learning"],
        met: |_, regime| regime.rules.learning == Learning::Bandit,
        place: "where rules.learning is \"bandit\"",
    },
    Need {
        keys: &[
            "rules.open_book",
            "rules.verified_partners",
            "rules.credit_lead",
            "rules.subcontract_lag_weeks",
            "behaviour.force_mode",
            "behaviour.max_team",
            "behaviour.meet",
            "behaviour.share_rule",
            "behaviour.meeting_cost_gbp",
            "behaviour.agreement_cost_gbp",
            "behaviour.preparation_per_partner",
            "behaviour.cut_max",
            "behaviour.hand_off",
            "behaviour.coordination",
            "behaviour.coordination_distance",
            "behaviour.openness",
            "behaviour.signal_accuracy",
            "behaviour.signal_cost_gbp",
            "behaviour.liar_share",
        ],
        on: &["rules.forms"],
        met: |_, regime| regime.rules.forms != Forms::Single,
        place: "where rules.forms allows teams",
    },
    Need {
        keys: &["behaviour.stance_rule", "behaviour.stance_update", "behaviour.seekers_at_start"],
        on: &["behaviour.payoff_matrix"],
        met: |_, regime| !regime.behaviour.payoff_matrix.is_empty(),
        place: "where leaders play for payoffs: behaviour.payoff_matrix",
    },
    Need {
        keys: &["behaviour.stance_update"],
        on: &["behaviour.stance_rule"],
        met: |_, regime| regime.behaviour.stance_rule != StanceRule::BestReply,
        place: "where leaders copy stances: behaviour.stance_rule",
    },
    Need {
        keys: &[
            "behaviour.team_worth",
            "behaviour.trust_delivery",
            "rules.team_claim",
            "rules.management_fee_cap",
        ],
        on: &["rules.forms"],
        met: |_, regime| regime.rules.forms != Forms::Single,
        place: "where rules.forms allows teams",
    },
    Need {
        keys: &["rules.management_fee"],
        on: &["rules.forms"],
        met: |_, regime| !matches!(regime.rules.forms, Forms::Single | Forms::Hub),
        place: "where rules.forms is \"prime\" or \"any\"",
    },
    Need {
        keys: &["rules.top_slice"],
        on: &["rules.forms"],
        met: |_, regime| regime.rules.forms == Forms::Hub,
        place: "where rules.forms is \"hub\"",
    },
    Need {
        keys: &["behaviour.liar_share", "behaviour.signal_accuracy", "behaviour.signal_cost_gbp"],
        on: &["behaviour.openness", "behaviour.treatment", "behaviour.treated_share"],
        met: |_, regime| {
            regime.behaviour.openness.value() > 0.0 || treats(regime, |what| what == Treatment::Communicate)
        },
        place: "where leaders talk: behaviour.openness above 0, or the treatment \"communicate\"",
    },
    Need {
        keys: &["behaviour.treated_share"],
        on: &["behaviour.treatment"],
        met: |_, regime| regime.behaviour.treatment != Treatment::None,
        place: "where behaviour.treatment is not \"none\"",
    },
    Need {
        keys: &["behaviour.treatment"],
        on: &["behaviour.treated_share"],
        met: |_, regime| regime.behaviour.treated_share.value() > 0.0,
        place: "where behaviour.treated_share is above 0",
    },
    Need {
        keys: &["behaviour.impact_shift"],
        on: &["behaviour.treatment", "behaviour.treated_share"],
        met: |_, regime| treats(regime, |what| what == Treatment::ImpactFirst),
        place: "under the treatment \"impact-first\" with behaviour.treated_share above 0",
    },
    Need {
        keys: &["behaviour.push_cost_share", "rules.push_back_threshold"],
        on: &["behaviour.push_rule"],
        met: |_, regime| regime.behaviour.push_rule == PushRule::Volunteer,
        place: "where behaviour.push_rule is \"volunteer\"",
    },
    Need {
        keys: &["behaviour.push_back"],
        on: &["behaviour.push_rule"],
        met: |_, regime| regime.behaviour.push_rule == PushRule::Propensity,
        place: "where behaviour.push_rule is \"propensity\"",
    },
    Need {
        keys: &["behaviour.refusal_threshold", "rules.push_back_response"],
        on: &["behaviour.push_rule", "behaviour.push_back", "behaviour.treatment", "behaviour.treated_share"],
        met: |_, regime| {
            regime.behaviour.push_rule == PushRule::Volunteer
                || regime.behaviour.push_back.value() > 0.0
                || treats(regime, |what| what == Treatment::PushBack)
        },
        place: "where leaders push back: behaviour.push_back above 0, the push rule \"volunteer\" or the treatment \
                \"push-back\"",
    },
    Need {
        keys: &[
            "behaviour.quality_law",
            "behaviour.quality_cost",
            "behaviour.quality_least",
            "behaviour.quality_most",
            "behaviour.pass_errors",
        ],
        on: &["behaviour.planned_quality"],
        met: |_, regime| regime.behaviour.planned_quality,
        place: "where behaviour.planned_quality is true",
    },
    Need {
        keys: &["rules.retention"],
        on: &["rules.award"],
        met: |_, regime| regime.rules.award == AwardMethod::Retention,
        place: "where rules.award is \"retention\"",
    },
    Need {
        keys: &["rules.reinforcement", "rules.reinforcement_start"],
        on: &["rules.award"],
        met: |_, regime| regime.rules.award == AwardMethod::Reinforced,
        place: "where rules.award is \"reinforced\"",
    },
    Need {
        keys: &["rules.newcomer_share"],
        on: &["rules.award"],
        met: |_, regime| regime.rules.award == AwardMethod::Simon,
        place: "where rules.award is \"simon\"",
    },
    Need {
        keys: &["rules.framework_places", "rules.framework_rounds"],
        on: &["rules.award"],
        met: |_, regime| regime.rules.award == AwardMethod::Framework,
        place: "where rules.award is \"framework\"",
    },
    Need {
        keys: &["rules.reserved_below_gbp"],
        on: &["rules.reserved"],
        met: |_, regime| regime.rules.reserved != ReservedFor::Nobody,
        place: "where rules.reserved is not \"nobody\"",
    },
    Need {
        keys: &["rules.reserved_income_max_gbp"],
        on: &["rules.reserved"],
        met: |_, regime| matches!(regime.rules.reserved, ReservedFor::Small | ReservedFor::LocalSmall),
        place: "where rules.reserved is \"small\" or \"local-small\"",
    },
    Need {
        keys: &["rules.lot_size_gbp"],
        on: &["rules.packaging"],
        met: |_, regime| regime.rules.packaging == Packaging::CutLots,
        place: "where rules.packaging is \"cut-lots\"",
    },
    Need {
        keys: &[
            "rules.bundle_size_gbp",
            "rules.bundle_rounds",
            "rules.bundle_experience",
            "behaviour.outcome_correlation",
        ],
        on: &["rules.packaging"],
        met: |_, regime| !matches!(regime.rules.packaging, Packaging::AsDrawn | Packaging::CutLots),
        place: "where rules.packaging bundles lots",
    },
    Need {
        keys: &["rules.extension_rounds"],
        on: &["rules.extension_share"],
        met: |_, regime| regime.rules.extension_share.value() > 0.0,
        place: "where rules.extension_share is above 0",
    },
    Need {
        keys: &[
            "rules.target_success",
            "rules.results_cap",
            "rules.individual_targets",
            "rules.pay_by_need",
            "behaviour.case_mix",
        ],
        on: &["rules.results_share"],
        met: |_, regime| regime.rules.results_share.value() > 0.0,
        place: "where rules.results_share is above 0",
    },
    Need {
        keys: &["behaviour.observation_error"],
        on: &["rules.belief_weight", "rules.roll_over_ability"],
        met: |_, regime| regime.rules.belief_weight > 0.0 || regime.rules.roll_over_ability < 1.0,
        place: "where rules.belief_weight is above 0 or rules.roll_over_ability below 1",
    },
    Need {
        keys: &["behaviour.memory", "behaviour.price_grid"],
        on: &["behaviour.bidding"],
        met: |_, regime| regime.behaviour.bidding == Bidding::Learned,
        place: "where behaviour.bidding is \"learned\"",
    },
    Need {
        keys: &["behaviour.markup_max"],
        on: &["behaviour.bidding", "behaviour.zi_law"],
        met: |_, regime| {
            regime.behaviour.bidding == Bidding::ZeroIntelligence
                && regime.behaviour.zi_law == ZeroIntelligenceLaw::Markup
        },
        place: "where behaviour.bidding is \"zero-intelligence\" and behaviour.zi_law \"markup\"",
    },
    Need {
        keys: &["behaviour.measured_motive", "behaviour.community_motive", "behaviour.effort_substitution"],
        on: &["behaviour.effort_rule"],
        met: |_, regime| regime.behaviour.effort_rule == EffortRule::Multitask,
        place: "where behaviour.effort_rule is \"multitask\"",
    },
];

/// Whether a programme of some kind has anybody in it.
fn treats(regime: &Regime, what: impl Fn(Treatment) -> bool) -> bool {
    what(regime.behaviour.treatment) && regime.behaviour.treated_share.value() > 0.0
}
