//! Effort at measured work and at unmeasured community work (Holmstrom and Milgrom 1991).

use crate::scenario::parameters::{Behaviour, EffortRule, Rules};

/// Efforts at measured and unmeasured work of a provider that bears a part of a contract's pay by results; 1 is usual. Under
/// the rule rate, effort at measured work is its own pay at risk, and purpose: e = clip(phi x part + 4 w purpose). Under the
/// multitask rule a provider weighs pay b for measured work and its motives m1, m2 against a cost of
/// (e1^2 + e2^2)/2 + g e1 e2:
/// e1 = (b + m1 - g m2)/(1 - g^2), e2 = (m2 - g (b + m1))/(1 - g^2), and none of what would be negative.
/// Pay for measured work is the part of the price that goes by the provider's own results.
pub fn choose(behaviour: &Behaviour, rules: &Rules, at_risk: f64, purpose: f64) -> (f64, f64) {
    match behaviour.effort_rule {
        EffortRule::Fixed => (1.0, 1.0),
        EffortRule::Rate => {
            let own = rules.results_share.value() * at_risk + behaviour.purpose_effort * 4.0 * purpose;
            (own.clamp(behaviour.effort_min, behaviour.effort_max.max(behaviour.effort_min)), 1.0)
        }
        EffortRule::Multitask => {
            let bonus = rules.results_share.value() * rules.individual_targets.value();
            multitask(
                bonus,
                behaviour.measured_motive,
                behaviour.community_motive,
                behaviour.effort_substitution,
            )
        }
    }
}

/// Effort at measured work that plans reckon with: what the provider would choose, or the usual where beliefs of
/// conduct stay out of payoffs.
pub fn planned(behaviour: &Behaviour, rules: &Rules, at_risk: f64, purpose: f64) -> f64 {
    if behaviour.belief_in_payoff { choose(behaviour, rules, at_risk, purpose).0 } else { 1.0 }
}

/// Effort that plans reckon with in another member of a collaboration: what it would choose with the chance that
/// trust gives it, else the least: t e + (1 - t) e_min. Only the rule rate leaves room for doubt.
pub fn doubted(behaviour: &Behaviour, effort: f64, trust: f64) -> f64 {
    match behaviour.effort_rule {
        EffortRule::Rate => trust * effort + (1.0 - trust) * behaviour.effort_min,
        EffortRule::Fixed | EffortRule::Multitask => effort,
    }
}

/// Whether a provider would work harder than it must, which others in a collaboration cannot see.
pub fn means_to_work(behaviour: &Behaviour, rules: &Rules, at_risk: f64, purpose: f64) -> bool {
    match behaviour.effort_rule {
        EffortRule::Rate => choose(behaviour, rules, at_risk, purpose).0 > behaviour.effort_min,
        EffortRule::Fixed | EffortRule::Multitask => true,
    }
}

fn multitask(bonus: f64, measured: f64, community: f64, g: f64) -> (f64, f64) {
    let whole = 1.0 - g * g;
    let e1 = (bonus + measured - g * community) / whole;
    let e2 = (community - g * (bonus + measured)) / whole;
    if e2 < 0.0 {
        (bonus + measured, 0.0)
    } else if e1 < 0.0 {
        (0.0, community)
    } else {
        (e1, e2)
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, multitask};
    use crate::math::pow;
    use crate::round::team::{Mode, pay_at_risk};
    use crate::scenario::parameters::{Behaviour, EffortRule, Rules};
    use crate::units::Share;

    /// V31b: an investment I returns 2 a sqrt(I), of which the investor keeps a share s. Written as I = (a e)^2, it keeps
    /// 2 a^2 (s e - e^2/2): what the rule rate makes the most of, with all pay at risk. One who keeps all invests a^2; one
    /// whose partner takes half of it afterwards a^2/4; a subcontractor at a fixed price nothing.
    #[test]
    fn who_must_share_what_an_investment_yields_invests_less() {
        let behaviour = Behaviour { effort_rule: EffortRule::Rate, effort_min: 0.0, ..Behaviour::default() };
        let rules = Rules { results_share: Share::new(1.0), ..Rules::default() };
        let a = 2.0;
        let invests = |share: f64| pow(a * choose(&behaviour, &rules, share, 0.0).0, 2.0);
        let borne = [
            pay_at_risk(Mode::Solo, 0, 1.0),
            pay_at_risk(Mode::Collaboration, 1, 0.5),
            pay_at_risk(Mode::CoOperation, 1, 0.5),
        ];
        assert_eq!(borne.map(invests), [4.0, 1.0, 0.0]);
        for share in [1.0, 0.5, 0.3] {
            let gain = |investment: f64| share * 2.0 * a * pow(investment, 0.5) - investment;
            let best = gain(invests(share));
            assert!((0..=600).all(|step| gain(f64::from(step) / 100.0) <= best + 1e-12), "{share}");
        }
    }

    /// Reference values of V32: g = .5, own motives .2 and 1.
    #[test]
    fn targets_crowd_out_what_is_not_measured_if_work_substitutes() {
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| (a - c).abs() < 1e-5 && (b - d).abs() < 1e-5;
        assert!(near(multitask(0.5, 0.2, 1.0, 0.5), (0.26667, 0.86667)));
        assert!(near(multitask(1.0, 0.2, 1.0, 0.5), (0.93333, 0.53333)));
        assert!(near(multitask(1.8, 0.2, 1.0, 0.5), (2.0, 0.0)));
        let (without, with) = (multitask(0.0, 1.0, 1.0, -0.3), multitask(0.5, 1.0, 1.0, -0.3));
        assert!(with.1 > without.1, "complements: targets raise community work");
        assert_eq!(multitask(0.7, 1.0, 1.0, 0.0).1, 1.0);
    }
}
