//! Keys of `[rules]` and `[behaviour]` that count only where others have certain values.

use super::Need;
use super::when::{goes_by_experience, pays_by_results, pushes_back, sees_quality, treats};
use crate::scenario::parameters::{
    AwardMethod, Bidding, Learning, Packaging, PushRule, ReservedFor, Treatment, ZeroIntelligenceLaw,
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
        keys: &["behaviour.refusal_threshold", "rules.push_back_response", "rules.push_back_highest"],
        on: &["behaviour.push_rule", "behaviour.push_back", "behaviour.treatment", "behaviour.treated_share"],
        met: |_, regime| pushes_back(regime),
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
        keys: &["rules.mutual_term_years", "rules.mutual_again_years"],
        on: &["rules.reserved"],
        met: |_, regime| regime.rules.reserved == ReservedFor::Mutual,
        place: "where rules.reserved is \"mutual\"",
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
        met: |_, regime| pays_by_results(regime),
        place: "where rules.results_share is above 0",
    },
    Need {
        keys: &["behaviour.observation_error", "rules.belief_spread", "rules.belief_drift"],
        on: &["rules.belief_weight", "rules.roll_over_ability"],
        met: |_, regime| goes_by_experience(regime),
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
        keys: &["rules.push_back_highest"],
        on: &["rules.push_back_response"],
        met: |_, regime| regime.rules.push_back_response > 0.0,
        place: "where commissioners answer: rules.push_back_response above 0",
    },
    Need {
        keys: &["rules.eased_terms"],
        on: &["market.retry_most", "rules.push_back_response"],
        met: |scenario, regime| scenario.market.retry_most > 0 || regime.rules.push_back_response > 0.0,
        place: "where market.retry_most or rules.push_back_response is above 0",
    },
    Need {
        keys: &["behaviour.pass_errors"],
        on: &["rules.quality_threshold"],
        met: |_, regime| regime.rules.quality_threshold > 0.0,
        place: "where rules.quality_threshold is above 0",
    },
    Need {
        keys: &["rules.noise_law", "rules.evaluation_capacity"],
        on: &["rules.evaluation_noise"],
        met: |_, regime| regime.rules.evaluation_noise > 0.0,
        place: "where evaluators err: rules.evaluation_noise above 0",
    },
    Need {
        keys: &[
            "rules.noise_law",
            "rules.evaluation_noise",
            "rules.evaluation_capacity",
            "rules.belief_weight",
            "population.writing_spread",
        ],
        on: &["rules.award", "rules.quality_threshold"],
        met: |_, regime| sees_quality(regime),
        place: "where evaluators look at quality: rules.award \"score\", \"direct\" or \"framework\", or \
                rules.quality_threshold above 0",
    },
];
