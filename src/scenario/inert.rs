//! Keys that do nothing in a scenario, where its parameters alone can tell.

use super::parameters::{
    AwardMethod, Bidding, EffortRule, Forms, Learning, Packaging, PushRule, ReservedFor, StanceRule,
    Treatment, ZeroIntelligenceLaw,
};
use super::registry::Value;
use super::{Regime, Scenario};

/// Keys that count only where others have certain values.
struct Need {
    /// Keys that do nothing where the need is not met.
    keys: &'static [&'static str],
    /// Keys on which that depends.
    on: &'static [&'static str],
    /// Whether it is met.
    met: fn(&Regime) -> bool,
    /// Where they count, as the end of "it counts only ...".
    place: &'static str,
}

/// What is known of such keys. A key may have several needs.
const NEEDS: [Need; 28] = [
    Need {
        keys: &["rules.learning_goal", "rules.learning_step", "rules.learning_exploration"],
        on: &["rules.learning"],
        met: |regime| regime.rules.learning == Learning::Bandit,
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
        met: |regime| regime.rules.forms != Forms::Single,
        place: "where rules.forms allows teams",
    },
    Need {
        keys: &["behaviour.stance_rule", "behaviour.stance_update", "behaviour.seekers_at_start"],
        on: &["behaviour.payoff_matrix"],
        met: |regime| !regime.behaviour.payoff_matrix.is_empty(),
        place: "where leaders play for payoffs: behaviour.payoff_matrix",
    },
    Need {
        keys: &["behaviour.stance_update"],
        on: &["behaviour.stance_rule"],
        met: |regime| regime.behaviour.stance_rule != StanceRule::BestReply,
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
        met: |regime| regime.rules.forms != Forms::Single,
        place: "where rules.forms allows teams",
    },
    Need {
        keys: &["rules.management_fee"],
        on: &["rules.forms"],
        met: |regime| !matches!(regime.rules.forms, Forms::Single | Forms::Hub),
        place: "where rules.forms is \"prime\" or \"any\"",
    },
    Need {
        keys: &["rules.top_slice"],
        on: &["rules.forms"],
        met: |regime| regime.rules.forms == Forms::Hub,
        place: "where rules.forms is \"hub\"",
    },
    Need {
        keys: &["behaviour.liar_share", "behaviour.signal_accuracy", "behaviour.signal_cost_gbp"],
        on: &["behaviour.openness", "behaviour.treatment", "behaviour.treated_share"],
        met: |regime| {
            regime.behaviour.openness.value() > 0.0 || treats(regime, |what| what == Treatment::Communicate)
        },
        place: "where leaders talk: behaviour.openness above 0, or the treatment \"communicate\"",
    },
    Need {
        keys: &["behaviour.treated_share"],
        on: &["behaviour.treatment"],
        met: |regime| regime.behaviour.treatment != Treatment::None,
        place: "where behaviour.treatment is not \"none\"",
    },
    Need {
        keys: &["behaviour.treatment"],
        on: &["behaviour.treated_share"],
        met: |regime| regime.behaviour.treated_share.value() > 0.0,
        place: "where behaviour.treated_share is above 0",
    },
    Need {
        keys: &["behaviour.impact_shift"],
        on: &["behaviour.treatment", "behaviour.treated_share"],
        met: |regime| treats(regime, |what| what == Treatment::ImpactFirst),
        place: "under the treatment \"impact-first\" with behaviour.treated_share above 0",
    },
    Need {
        keys: &["behaviour.push_cost_share", "rules.push_back_threshold"],
        on: &["behaviour.push_rule"],
        met: |regime| regime.behaviour.push_rule == PushRule::Volunteer,
        place: "where behaviour.push_rule is \"volunteer\"",
    },
    Need {
        keys: &["behaviour.push_back"],
        on: &["behaviour.push_rule"],
        met: |regime| regime.behaviour.push_rule == PushRule::Propensity,
        place: "where behaviour.push_rule is \"propensity\"",
    },
    Need {
        keys: &["behaviour.refusal_threshold", "rules.push_back_response"],
        on: &["behaviour.push_rule", "behaviour.push_back", "behaviour.treatment", "behaviour.treated_share"],
        met: |regime| {
            regime.behaviour.push_rule == PushRule::Volunteer
                || regime.behaviour.push_back.value() > 0.0
                || treats(regime, |what| what == Treatment::PushBack)
        },
        place: "where leaders push back: behaviour.push_back above 0, the push rule \"volunteer\" or the treatment \
                \"push-back\"",
    },
    Need {
        keys: &["rules.retention"],
        on: &["rules.award"],
        met: |regime| regime.rules.award == AwardMethod::Retention,
        place: "where rules.award is \"retention\"",
    },
    Need {
        keys: &["rules.reinforcement", "rules.reinforcement_start"],
        on: &["rules.award"],
        met: |regime| regime.rules.award == AwardMethod::Reinforced,
        place: "where rules.award is \"reinforced\"",
    },
    Need {
        keys: &["rules.newcomer_share"],
        on: &["rules.award"],
        met: |regime| regime.rules.award == AwardMethod::Simon,
        place: "where rules.award is \"simon\"",
    },
    Need {
        keys: &["rules.framework_places", "rules.framework_rounds"],
        on: &["rules.award"],
        met: |regime| regime.rules.award == AwardMethod::Framework,
        place: "where rules.award is \"framework\"",
    },
    Need {
        keys: &["rules.reserved_below_gbp"],
        on: &["rules.reserved"],
        met: |regime| regime.rules.reserved != ReservedFor::Nobody,
        place: "where rules.reserved is not \"nobody\"",
    },
    Need {
        keys: &["rules.reserved_income_max_gbp"],
        on: &["rules.reserved"],
        met: |regime| matches!(regime.rules.reserved, ReservedFor::Small | ReservedFor::LocalSmall),
        place: "where rules.reserved is \"small\" or \"local-small\"",
    },
    Need {
        keys: &["rules.lot_size_gbp"],
        on: &["rules.packaging"],
        met: |regime| regime.rules.packaging == Packaging::CutLots,
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
        met: |regime| !matches!(regime.rules.packaging, Packaging::AsDrawn | Packaging::CutLots),
        place: "where rules.packaging bundles lots",
    },
    Need {
        keys: &["rules.extension_rounds"],
        on: &["rules.extension_share"],
        met: |regime| regime.rules.extension_share.value() > 0.0,
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
        met: |regime| regime.rules.results_share.value() > 0.0,
        place: "where rules.results_share is above 0",
    },
    Need {
        keys: &["behaviour.observation_error"],
        on: &["rules.belief_weight", "rules.roll_over_ability"],
        met: |regime| regime.rules.belief_weight > 0.0 || regime.rules.roll_over_ability < 1.0,
        place: "where rules.belief_weight is above 0 or rules.roll_over_ability below 1",
    },
    Need {
        keys: &["behaviour.memory", "behaviour.price_grid"],
        on: &["behaviour.bidding"],
        met: |regime| regime.behaviour.bidding == Bidding::Learned,
        place: "where behaviour.bidding is \"learned\"",
    },
    Need {
        keys: &["behaviour.markup_max"],
        on: &["behaviour.bidding", "behaviour.zi_law"],
        met: |regime| {
            regime.behaviour.bidding == Bidding::ZeroIntelligence
                && regime.behaviour.zi_law == ZeroIntelligenceLaw::Markup
        },
        place: "where behaviour.bidding is \"zero-intelligence\" and behaviour.zi_law \"markup\"",
    },
    Need {
        keys: &["behaviour.measured_motive", "behaviour.community_motive", "behaviour.effort_substitution"],
        on: &["behaviour.effort_rule"],
        met: |regime| regime.behaviour.effort_rule == EffortRule::Multitask,
        place: "where behaviour.effort_rule is \"multitask\"",
    },
];

/// Whether a programme of some kind has anybody in it.
fn treats(regime: &Regime, what: impl Fn(Treatment) -> bool) -> bool {
    what(regime.behaviour.treatment) && regime.behaviour.treated_share.value() > 0.0
}

/// Keys and blocks that a scenario gives a value of its own and that do nothing in it, in words. A key that is set to its
/// default goes unnoticed.
pub fn warnings(scenario: &Scenario) -> Vec<String> {
    let regimes = regimes(scenario);
    let learns = regimes.iter().any(|regime| regime.rules.learning == Learning::Bandit);
    let menu = (!learns && !scenario.menu.is_empty()).then(|| {
        "the [[menu]] does nothing here: commissioners choose from it only where rules.learning is \"bandit\"".into()
    });
    let own = own_keys(scenario, &regimes);
    let mut warned: Vec<&str> = Vec::new();
    let mut warnings: Vec<String> = menu.into_iter().collect();
    for need in NEEDS.iter().filter(|need| !may_be_met(need, scenario, &regimes)) {
        for key in need.keys.iter().filter(|key| own.contains(*key)) {
            if !warned.contains(key) {
                warned.push(key);
                warnings.push(format!("{key} does nothing here: it counts only {}", need.place));
            }
        }
    }
    warnings
}

/// Where alone a key counts, if that is nowhere in the scenario.
pub fn idle(key: &str, scenario: &Scenario) -> Option<&'static str> {
    let regimes = regimes(scenario);
    let needs = NEEDS.iter().filter(|need| need.keys.contains(&key));
    needs.filter(|need| !may_be_met(need, scenario, &regimes)).map(|need| need.place).next()
}

/// All regimes that may come to be in force: before and after each reform, under every option of the menu.
fn regimes(scenario: &Scenario) -> Vec<Regime> {
    let mut stated = vec![scenario.regime.clone()];
    for reform in &scenario.reforms {
        // Reforms of other areas may or may not have gone before.
        let after: Vec<Regime> =
            [scenario.regime.with(&reform.changes), stated[stated.len() - 1].with(&reform.changes)].into();
        stated.extend(after);
    }
    let options = stated.iter().flat_map(|regime| {
        let with = |choice: &super::Choice| regime.with(&choice.changes);
        scenario.menu.iter().map(with)
    });
    let options: Vec<Regime> = options.collect();
    stated.extend(options);
    stated
}

/// Keys with another value than their default in some regime, or in some world.
fn own_keys(scenario: &Scenario, regimes: &[Regime]) -> Vec<&'static str> {
    let values = |regime: &Regime| [regime.rules.values(), regime.behaviour.values()].concat();
    let defaults: Vec<(&'static str, Value)> = values(&Regime::default());
    let mut own: Vec<&'static str> = regimes
        .iter()
        .flat_map(|regime| values(regime).into_iter().zip(&defaults).filter(|(value, other)| value != *other))
        .map(|((key, _), _)| key)
        .collect();
    own.extend(uncertain_keys(scenario));
    own
}

/// Keys that differ between worlds.
fn uncertain_keys(scenario: &Scenario) -> impl Iterator<Item = &'static str> {
    let keys = scenario.uncertainty.iter().flat_map(|uncertainty| &uncertainty.keys);
    keys.filter(|uncertain| !uncertain.fixed).map(|uncertain| uncertain.key)
}

/// Whether a need is met in some regime, or may be in some world.
fn may_be_met(need: &Need, scenario: &Scenario, regimes: &[Regime]) -> bool {
    regimes.iter().any(need.met) || uncertain_keys(scenario).any(|key| need.on.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Observer, Stage};
    use crate::measure::round::Measures;
    use crate::round::{RoundOutput, Setting, State};
    use crate::scenario::registry::{Kind, Parameter};
    use crate::scenario::{library, load, parameters};
    use crate::world::World;

    /// A small market whose leaders are many-sided.
    const SMALL: [&str; 6] = [
        "world.areas=3",
        "world.charities_per_area=40",
        "run.rounds=10",
        "run.burn_in=0",
        "behaviour.motives='dirichlet'",
        "market.coverage=2",
    ];
    /// Settings under which needs are not met, beside the defaults.
    const OTHERS: [&[&str]; 2] = [&["rules.forms='any'"], &["behaviour.push_rule='volunteer'"]];

    /// Bits of all measures of all rounds.
    #[derive(Default)]
    struct Seen(Vec<Option<u64>>);

    impl Observer for Seen {
        fn round(
            &mut self,
            _: &Setting,
            _: &State,
            _: &RoundOutput,
            measures: &Measures,
        ) -> std::io::Result<()> {
            self.0.extend(measures.row().iter().map(|value| value.map(f64::to_bits)));
            Ok(())
        }

        fn finish(&mut self, _: &World, _: &State) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn scenario(sets: &[&str]) -> Scenario {
        let sets: Vec<String> = SMALL.iter().chain(sets).map(ToString::to_string).collect();
        load("synthetic", &sets).unwrap_or_else(|errors| panic!("{errors}"))
    }

    fn play(scenario: &Scenario) -> Vec<Option<u64>> {
        let stage = Stage::new(vec![scenario], None).expect("a world");
        let mut seen = Seen::default();
        stage.play(0, 0, &mut seen).expect("a run");
        seen.0
    }

    /// A value that is not the default.
    fn another(parameter: &Parameter) -> Value {
        let default = (parameter.default)();
        let candidates = match parameter.kind {
            Kind::Number { min, max } => vec![Value::Number(min), Value::Number(max)],
            Kind::Whole { min, max } => vec![Value::Whole(min), Value::Whole(max)],
            Kind::Choice(choices) => choices.iter().map(|choice| Value::Text(choice.name.into())).collect(),
            _ => Vec::new(),
        };
        candidates.into_iter().find(|value| *value != default).expect("another value")
    }

    #[test]
    fn what_is_said_to_do_nothing_does_nothing_to_the_bit() {
        let all = parameters::all();
        // The market is large enough for teams and prices to show.
        let plain = play(&scenario(&[]));
        assert!(
            OTHERS[..1]
                .iter()
                .chain(&[&["rules.ceiling_ratio=0.9"][..]])
                .all(|sets| play(&scenario(sets)) != plain)
        );
        let mut tried = vec![false; NEEDS.len()];
        for sets in std::iter::once(&[][..]).chain(OTHERS) {
            let base = scenario(sets);
            let seen = play(&base);
            for (need, tried) in NEEDS.iter().zip(&mut tried).filter(|(need, _)| !(need.met)(&base.regime)) {
                *tried = true;
                for key in need.keys {
                    let parameter = all.iter().find(|parameter| parameter.key == *key).expect(key);
                    let changed = base.with(&[(parameter.key, another(parameter))]);
                    assert!(play(&changed) == seen, "{key} does something under {sets:?}");
                    assert!(warnings(&changed).iter().any(|warning| warning.starts_with(key)), "{key}");
                }
            }
        }
        assert!(tried.iter().all(|&tried| tried), "{tried:?}");
        assert!(NEEDS.iter().flat_map(|need| need.on).all(|key| all.iter().any(|one| one.key == *key)));
    }

    #[test]
    fn nothing_is_said_of_shipped_scenarios_or_where_a_reform_or_a_world_may_need_the_key() {
        for shipped in library::SCENARIOS.iter().filter(|shipped| !shipped.name.contains('/')) {
            let scenario = load(shipped.name, &[]).expect("valid");
            assert_eq!(warnings(&scenario), Vec::<String>::new(), "{}", shipped.name);
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.toml");
        let warned = |text: &str| {
            std::fs::write(&path, format!("version = 1\nextends = \"synthetic\"\n{text}")).expect("a file");
            let loaded = load(&path.to_string_lossy(), &[]).unwrap_or_else(|errors| panic!("{errors}"));
            warnings(&loaded)
        };
        let book = "[rules]\nopen_book = 0.5\n";
        assert_eq!(warned(book).len(), 1);
        assert!(warned(&format!("{book}[[reform]]\nfrom_round = 4\nrules.forms = \"prime\"\n")).is_empty());
        let liars = "[rules]\nforms = \"any\"\n[behaviour]\nliar_share = 0.5\n";
        assert_eq!(warned(liars).len(), 1);
        let open = "[uncertainty]\nranges = { \"behaviour.openness\" = [0.0, 0.5] }\n";
        assert!(warned(&format!("{liars}{open}")).is_empty());
        let menu = warned("[[menu]]\nname = \"pay less\"\nrules.ceiling_ratio = 0.8\n");
        assert!(menu.len() == 1 && menu[0].starts_with("the [[menu]] does nothing here"), "{menu:?}");
    }
}
