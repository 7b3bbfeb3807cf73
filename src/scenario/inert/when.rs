//! What must hold for mechanisms to act, where more than one key hangs on it.

use crate::scenario::parameters::{
    AwardMethod, CostLaw, EffortRule, ForceMode, Forms, MotiveLaw, PushRule, RiskScale, ShareRule, Treatment,
};
use crate::scenario::{Regime, Scenario};

/// Whether a programme of some kind has anybody in it.
pub(super) fn treats(regime: &Regime, what: impl Fn(Treatment) -> bool) -> bool {
    what(regime.behaviour.treatment) && regime.behaviour.treated_share.value() > 0.0
}

/// Whether charities can work in teams.
pub(super) fn teams(regime: &Regime) -> bool {
    regime.rules.forms != Forms::Single
}

/// Whether a lead can have subcontractors.
pub(super) fn co_operates(regime: &Regime) -> bool {
    match regime.behaviour.force_mode {
        ForceMode::Free => !matches!(regime.rules.forms, Forms::Single | Forms::Alliance),
        ForceMode::CoOperation => teams(regime),
        ForceMode::Solo | ForceMode::Collaboration => false,
    }
}

/// Whether charities can collaborate.
pub(super) fn collaborates(regime: &Regime) -> bool {
    match regime.behaviour.force_mode {
        ForceMode::Free => matches!(regime.rules.forms, Forms::Alliance | Forms::Any),
        ForceMode::Collaboration => teams(regime),
        ForceMode::Solo | ForceMode::CoOperation => false,
    }
}

/// Whether leaders differ in what they want.
pub(super) fn many_sided(regime: &Regime) -> bool {
    regime.behaviour.motives == MotiveLaw::Dirichlet
}

/// Whether some leader cares for outcomes.
pub(super) fn purposeful(regime: &Regime) -> bool {
    let behaviour = &regime.behaviour;
    many_sided(regime)
        || behaviour.purpose.value() > 0.0
        || behaviour.impact_shift.value() > 0.0 && treats(regime, |what| what == Treatment::ImpactFirst)
}

/// Whether some leader minds risk.
pub(super) fn minds_risk(regime: &Regime) -> bool {
    many_sided(regime) || regime.behaviour.risk_scale == RiskScale::Absolute
}

/// Whether effort is chosen as a rate of what is at risk.
pub(super) fn chooses_effort(regime: &Regime) -> bool {
    regime.behaviour.effort_rule == EffortRule::Rate
}

/// Whether part of the price is paid by results.
pub(super) fn pays_by_results(regime: &Regime) -> bool {
    regime.rules.results_share.value() > 0.0
}

/// Whether plans reckon with success.
pub(super) fn plans_success(regime: &Regime) -> bool {
    pays_by_results(regime)
        || purposeful(regime)
        || teams(regime) && regime.behaviour.share_rule == ShareRule::Shapley
}

/// Whether some leader pushes back.
pub(super) fn pushes_back(regime: &Regime) -> bool {
    regime.behaviour.push_rule == PushRule::Volunteer
        || regime.behaviour.push_back.value() > 0.0
        || treats(regime, |what| what == Treatment::PushBack)
}

/// Whether commissioners go by what they have seen of providers.
pub(super) fn goes_by_experience(regime: &Regime) -> bool {
    regime.rules.belief_weight > 0.0 || regime.rules.roll_over_ability < 1.0
}

/// Whether it matters how a bid's quality is seen.
pub(super) fn sees_quality(regime: &Regime) -> bool {
    let scored = [AwardMethod::Score, AwardMethod::Direct, AwardMethod::Framework];
    scored.contains(&regime.rules.award) || regime.rules.quality_threshold > 0.0
}

/// Whether a merger can save anything.
pub(super) fn saves_by_size(scenario: &Scenario) -> bool {
    let law = &scenario.population;
    law.cost_law == CostLaw::Lognormal && law.scale_elasticity > 0.0
}
