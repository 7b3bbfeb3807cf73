//! Every deliberate bug is found by the suite that must find it.

use rebalance::mutants::{ALL, activate};
use rebalance::verify::{Effort, Plan, SUITES, run};

#[test]
fn no_mutant_survives() {
    let passes = |name: &str| {
        let (_, suite) = SUITES.iter().find(|(suite, _)| *suite == name).expect("a suite");
        let checks = run(suite, &Plan { effort: Effort::Times(0.5), sets: Vec::new() });
        checks.is_ok_and(|checks| checks.iter().all(rebalance::verify::Check::passes))
    };
    for (name, _) in SUITES {
        assert!(passes(name), "{name} fails without any mutant");
        assert!(ALL.iter().any(|(_, suite)| *suite == name), "{name} has no mutant");
    }
    let mut survivors = Vec::new();
    for (mutant, suite) in ALL {
        activate(Some(mutant));
        if passes(suite) {
            survivors.push(mutant);
        }
    }
    activate(None);
    assert!(survivors.is_empty(), "survived: {survivors:?}");
}
