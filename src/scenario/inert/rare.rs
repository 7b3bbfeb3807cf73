//! Keys that a small market of a few rounds does not show to act.

use super::teams::OF_TEAMS;

/// Keys that act too rarely to show in a small market of a few rounds, and why.
const RARE: [(&str, &[&str]); 6] = [
    (
        "a tender without a bid must return",
        &["market.retry_rounds", "market.retry_uplift", "market.retry_most", "rules.eased_terms"],
    ),
    (
        "a provider must close, or be near it",
        &[
            "market.disruption_loss",
            "rules.pass_on",
            "behaviour.crisis_rate",
            "behaviour.crisis_income_gbp",
            "behaviour.credit_floor_gbp",
            "behaviour.risk_appetite",
        ],
    ),
    (
        "two charities must merge",
        &[
            "behaviour.merge_rate",
            "behaviour.takeover_ratio",
            "behaviour.merge_years",
            "behaviour.merge_cost",
            "behaviour.autonomy",
        ],
    ),
    (
        "a contract must end, or years go by",
        &[
            "rules.extension_share",
            "rules.roll_over_ability",
            "rules.belief_weight",
            "behaviour.gossip",
            "behaviour.identity_drift",
            "behaviour.imitation_rate",
            "behaviour.imitation_strength",
            "behaviour.leader_turnover",
        ],
    ),
    (
        "it moves only who is at a bound",
        &[
            "rules.reserved",
            "rules.lot_cap",
            "behaviour.search_scope",
            "behaviour.risk_income_floor_gbp",
            "behaviour.quality_least",
            "behaviour.staff_least_fte",
            "behaviour.smallest_share",
            "behaviour.expected_part",
            "behaviour.discount_factor",
            "behaviour.meet_again",
        ],
    ),
    ("many must meet at one tender", &["rules.need_weighting", "behaviour.push_rule"]),
];

/// Whether a key may show nothing: rarely used, or, where few teams form, one of teams.
pub(super) fn is_rare(key: &str, few_teams: bool) -> bool {
    let of_teams = || OF_TEAMS.iter().any(|need| need.keys.contains(&key));
    RARE.iter().any(|(_, keys)| keys.contains(&key)) || few_teams && of_teams()
}
