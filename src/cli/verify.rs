//! `rebalance verify [SUITE]`: the engine against theory.

use super::CliError;
use super::text::print;
use crate::verify::{Plan, SUITES, VerifyError};

/// How many times the stated repetitions `--full` runs.
const FULL_EFFORT: f64 = 10.0;

/// Runs one suite, or all, and prints a table; fails if any check does.
pub fn verify(suite: Option<&str>, full: bool, sets: &[String]) -> Result<(), CliError> {
    let chosen: Vec<_> = SUITES.iter().filter(|(name, _)| suite.is_none_or(|suite| suite == *name)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = SUITES.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "error: there is no suite \"{}\"\n  = help: suites are {}",
            suite.unwrap_or_default(),
            names.join(", ")
        );
        return Err(CliError::Usage(message));
    }
    let effort = if full { FULL_EFFORT } else { 1.0 };
    let plan = Plan { effort, sets: sets.to_vec() };
    print(&format!(
        "{:<14} {:<5} {:<42} {:>12} {:>12} {:>10} {:>10}  pass\n",
        "suite", "check", "what", "theory", "measured", "s.e.", "tolerance"
    ))?;
    let mut failed = 0;
    for (name, suite) in chosen {
        let checks = suite(&plan).map_err(|error| match error {
            VerifyError::Scenario(errors) => CliError::from(errors),
            VerifyError::Engine(message) => CliError::Failed(format!("error: {message}")),
        })?;
        for check in checks {
            let pass = if check.passes() { "yes" } else { "NO" };
            failed += u32::from(!check.passes());
            print(&format!(
                "{name:<14} {:<5} {:<42} {:>12.6} {:>12.6} {:>10.2e} {:>10.2e}  {pass}\n",
                check.id, check.what, check.theory, check.measured, check.standard_error, check.tolerance
            ))?;
        }
    }
    if failed == 0 { Ok(()) } else { Err(CliError::Failed(format!("{failed} checks failed"))) }
}
