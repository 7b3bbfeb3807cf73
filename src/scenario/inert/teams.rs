//! Keys of teams, trust and fear that count only where others have certain values.

use super::Need;
use super::when::{co_operates, collaborates, teams, treats};
use crate::scenario::parameters::{EffortRule, Forms, StanceRule, Treatment};

/// What is known of such keys. A key may have several needs.
pub(super) const OF_TEAMS: &[Need] = &[
    Need {
        keys: &[
            "rules.open_book",
            "rules.verified_partners",
            "rules.credit_lead",
            "rules.subcontract_lag_weeks",
            "rules.team_claim",
            "rules.management_fee_cap",
            "behaviour.purpose_credit",
            "behaviour.force_mode",
            "behaviour.force_trust",
            "behaviour.max_team",
            "behaviour.meet",
            "behaviour.delegation",
            "behaviour.share_rule",
            "behaviour.smallest_share",
            "behaviour.partner_say",
            "behaviour.expected_part",
            "behaviour.meeting_cost_gbp",
            "behaviour.agreement_cost_gbp",
            "behaviour.preparation_per_partner",
            "behaviour.join_attention",
            "behaviour.openness",
            "behaviour.signal_accuracy",
            "behaviour.signal_cost_gbp",
            "behaviour.liar_share",
            "behaviour.cut_max",
            "behaviour.discount_factor",
            "behaviour.meet_again",
            "behaviour.gossip",
            "behaviour.hand_off",
            "behaviour.coordination",
            "behaviour.coordination_distance",
            "behaviour.spill_over",
            "behaviour.identity_spread",
            "behaviour.identity_drift",
            "behaviour.fear_trust_power",
            "behaviour.fear_learning",
            "behaviour.fear_memory_rounds",
            "behaviour.trust_gain",
            "behaviour.negativity",
            "behaviour.trust_memory",
            "behaviour.trust_delivery",
            "behaviour.trust_prior",
            "behaviour.trust_prior_weight",
            "behaviour.stereotypes",
            "behaviour.stereotype_bias",
            "behaviour.shuffle_labels",
            "behaviour.team_worth",
            "behaviour.payoff_matrix",
        ],
        on: &["rules.forms"],
        met: |_, regime| teams(regime),
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
        keys: &[
            "rules.management_fee",
            "rules.management_fee_cap",
            "rules.open_book",
            "rules.verified_partners",
            "rules.credit_lead",
            "rules.subcontract_lag_weeks",
            "behaviour.partner_say",
            "behaviour.cut_max",
            "behaviour.discount_factor",
            "behaviour.meet_again",
            "behaviour.hand_off",
        ],
        on: &["rules.forms", "behaviour.force_mode"],
        met: |_, regime| co_operates(regime),
        place: "where a lead can have partners: rules.forms \"prime\", \"hub\" or \"any\", or behaviour.force_mode \
                \"co-operation\"",
    },
    Need {
        keys: &["behaviour.coordination", "behaviour.coordination_distance", "behaviour.spill_over"],
        on: &["rules.forms", "behaviour.force_mode"],
        met: |_, regime| collaborates(regime),
        place: "where charities can collaborate: rules.forms \"alliance\" or \"any\", or behaviour.force_mode \
                \"collaboration\"",
    },
    Need {
        keys: &["behaviour.coordination_distance"],
        on: &["behaviour.coordination"],
        met: |_, regime| regime.behaviour.coordination > 0.0,
        place: "where behaviour.coordination is above 0",
    },
    Need {
        keys: &["behaviour.coordination_distance", "behaviour.identity_drift"],
        on: &["behaviour.identity_spread"],
        met: |_, regime| regime.behaviour.identity_spread > 0.0,
        place: "where charities differ: behaviour.identity_spread above 0",
    },
    Need {
        keys: &[
            "rules.open_book",
            "rules.verified_partners",
            "behaviour.discount_factor",
            "behaviour.meet_again",
        ],
        on: &["behaviour.cut_max"],
        met: |_, regime| regime.behaviour.cut_max.value() > 0.0,
        place: "where a lead can cut shares: behaviour.cut_max above 0",
    },
    Need {
        keys: &["behaviour.meet_again"],
        on: &["behaviour.discount_factor"],
        met: |_, regime| regime.behaviour.discount_factor > 0.0,
        place: "where behaviour.discount_factor is above 0",
    },
    Need {
        keys: &["behaviour.discount_factor"],
        on: &["behaviour.meet_again"],
        met: |_, regime| regime.behaviour.meet_again.value() > 0.0,
        place: "where behaviour.meet_again is above 0",
    },
    Need {
        keys: &["behaviour.belief_in_payoff"],
        on: &["rules.forms", "behaviour.effort_rule"],
        met: |_, regime| teams(regime) || regime.behaviour.effort_rule != EffortRule::Fixed,
        place: "where rules.forms allows teams or behaviour.effort_rule is not \"fixed\"",
    },
    Need {
        keys: &["behaviour.fear_trust_power"],
        on: &[
            "behaviour.fear_identity",
            "behaviour.fear_legitimacy",
            "behaviour.fear_control",
            "behaviour.fear_learning",
        ],
        met: |_, regime| {
            let fears = &regime.behaviour;
            [fears.fear_identity, fears.fear_legitimacy, fears.fear_control, fears.fear_learning]
                .iter()
                .any(|fear| *fear > 0.0)
        },
        place: "where leaders fear anything: behaviour.fear_identity, fear_legitimacy, fear_control or fear_learning above 0",
    },
    Need {
        keys: &["behaviour.fear_memory_rounds"],
        on: &["behaviour.fear_learning"],
        met: |_, regime| regime.behaviour.fear_learning > 0.0,
        place: "where fear learns: behaviour.fear_learning above 0",
    },
    Need {
        keys: &["behaviour.trust_memory", "behaviour.trust_delivery", "behaviour.trust_prior_weight"],
        on: &["behaviour.trust_gain"],
        met: |_, regime| regime.behaviour.trust_gain > 0.0,
        place: "where trust is learned: behaviour.trust_gain above 0",
    },
    Need {
        keys: &["behaviour.negativity"],
        on: &["behaviour.trust_gain", "behaviour.fear_learning"],
        met: |_, regime| regime.behaviour.trust_gain > 0.0 || regime.behaviour.fear_learning > 0.0,
        place: "where trust or fear is learned: behaviour.trust_gain or behaviour.fear_learning above 0",
    },
    Need {
        keys: &[
            "behaviour.trust_gain",
            "behaviour.trust_memory",
            "behaviour.trust_delivery",
            "behaviour.trust_prior",
            "behaviour.trust_prior_weight",
            "behaviour.stereotypes",
            "behaviour.stereotype_bias",
            "behaviour.shuffle_labels",
        ],
        on: &["behaviour.force_trust"],
        met: |_, regime| regime.behaviour.force_trust < 0.0,
        place: "where trust is not forced: behaviour.force_trust -1",
    },
    Need {
        keys: &["behaviour.stereotype_bias", "behaviour.shuffle_labels"],
        on: &["behaviour.stereotypes"],
        met: |_, regime| regime.behaviour.stereotypes,
        place: "where strangers are judged by size: behaviour.stereotypes true",
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
        keys: &["behaviour.liar_share", "behaviour.signal_accuracy", "behaviour.signal_cost_gbp"],
        on: &["behaviour.openness", "behaviour.treatment", "behaviour.treated_share"],
        met: |_, regime| {
            regime.behaviour.openness.value() > 0.0 || treats(regime, |what| what == Treatment::Communicate)
        },
        place: "where leaders talk: behaviour.openness above 0, or the treatment \"communicate\"",
    },
];
