//! Every shipped rule file does something, and trust without reason brings nobody together.

use rebalance::ids::Id;
use rebalance::random::Luck;
use rebalance::round::{RoundOutput, Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::{RuleSet, Scenario, library, load, load_rules, load_under};
use rebalance::world::World;

/// Rule files whose awards are those of the default rules, and why.
const ALIKE: [(&str, &str); 1] = [("quality-60", "60:40 is the default: the file states it for comparisons")];

/// Awards of a run: round, lot, winner and price.
fn awards(scenario: &Scenario) -> Vec<(u32, usize, usize, u64)> {
    let mut awards = Vec::new();
    watch(scenario, |round, output| {
        for (id, award) in output.awards.awards.enumerate() {
            let lot = output.tenders.calls[id].lot.row();
            awards.extend(award.iter().map(|a| (round, lot, a.winner.row(), a.price.value().to_bits())));
        }
    });
    awards
}

fn watch(scenario: &Scenario, mut see: impl FnMut(u32, &RoundOutput)) {
    let world = World::build(scenario).expect("a world");
    let regimes = Regimes::new(scenario, &world);
    let luck = Luck::new(scenario.run.seed, 0);
    let mut state = State::found(&world, scenario, luck);
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, scenario, &in_force, luck, round);
        let output = play(&setting, &mut state).expect("identities hold");
        see(round, &output);
        advance(&setting, &mut state);
    }
}

#[test]
fn every_rule_file_and_every_pair_of_them_differs_in_an_award() {
    let sets = ["run.rounds=24", "run.burn_in=0"].map(String::from);
    let baseline = awards(&load_under("quick", &RuleSet::default(), &sets).expect("valid"));
    assert!(baseline.len() > 100);
    let mut known = vec![("the default rules", baseline)];
    for shipped in library::RULES {
        let rules = load_rules(shipped.name).expect("valid");
        let under = awards(&load_under("quick", &rules, &sets).expect("valid"));
        let like = known.iter().find(|(_, other)| *other == under).map(|(name, _)| *name);
        let listed = ALIKE.iter().any(|(name, _)| *name == shipped.name);
        assert_eq!(like, listed.then_some("the default rules"), "{}", shipped.name);
        if !listed {
            known.push((shipped.name, under));
        }
    }
}

/// Teams that form in a run of a theory scenario.
fn teams(name: &str, sets: &[&str]) -> usize {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    let mut formed = 0;
    watch(&load(name, &sets).expect("valid"), |_, output| formed += output.teams.formed.len());
    formed
}

/// I08: without trust, where all of a share can be cut and partners reckon with it, nobody joins a co-operation.
#[test]
fn without_trust_there_are_no_partnerships() {
    let sets = ["rules.forms=prime", "behaviour.cut_max=1", "run.rounds=12"];
    assert!(teams("theory/ladder", &[&sets[..], &["behaviour.force_trust=1"]].concat()) > 100);
    assert_eq!(teams("theory/ladder", &[&sets[..], &["behaviour.force_trust=0"]].concat()), 0);
}

/// I08: where co-ordination takes all time, collaborations deliver nothing, and none form by choice.
#[test]
fn co_ordination_that_takes_all_time_leaves_nothing() {
    let outcomes = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let mut outcomes = 0.0;
        watch(&load("theory/phase", &sets).expect("valid"), |_, output| {
            outcomes += output.delivery.outcomes.iter().sum::<f64>();
        });
        outcomes
    };
    assert!(outcomes(&["behaviour.force_mode=collaboration", "behaviour.coordination=0"]) > 1.0);
    assert_eq!(outcomes(&["behaviour.force_mode=collaboration", "behaviour.coordination=1"]), 0.0);
    assert_eq!(teams("theory/phase", &["behaviour.coordination=1"]), 0);
}
