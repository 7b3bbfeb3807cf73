//! `rebalance verify [SUITE]`: the engine against theory.

use super::CliError;
use super::text::print;
use crate::scenario::Errors;
use crate::scenario::command_line::refuse_twice;
use crate::verify::{Check, Effort, Plan, SUITES, VerifyError, run};

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
    let mut errors = Errors::default();
    refuse_twice(sets, &mut errors);
    errors.into_result(())?;
    let effort = if full { Effort::Full } else { Effort::Times(1.0) };
    let plan = Plan { effort, sets: sets.to_vec() };
    print(&format!(
        "{:<14} {:<5} {:<50} {:>12} {:>12} {:>9} {:>9} {:>9}  pass\n",
        "suite", "check", "what", "theory", "measured", "n", "s.e.", "tolerance"
    ))?;
    let mut failed = 0;
    for (name, suite) in chosen {
        let checks = run(suite, &plan).map_err(|error| match error {
            VerifyError::Scenario(errors) => CliError::from(errors),
            VerifyError::Engine(message) => CliError::Failed(format!("error: {message}")),
        })?;
        for check in checks {
            let pass = if check.passes() { "yes" } else { "NO" };
            failed += u32::from(!check.passes());
            print(&format!(
                "{name:<14} {:<5} {:<50} {:>12.6} {:>12.6} {:>9} {:>9.2e} {:>9.2e}  {pass}\n",
                check.id,
                check.what,
                check.theory,
                check.measured,
                repetitions(&check),
                check.standard_error,
                check.tolerance
            ))?;
        }
    }
    if failed == 0 {
        Ok(())
    } else {
        Err(CliError::Failed(format!("{} failed", crate::words::counted(failed, "check"))))
    }
}

/// Independent values behind a check; nothing where it must be exact.
fn repetitions(check: &Check) -> String {
    if check.repetitions > 0.0 { check.repetitions.to_string() } else { String::new() }
}
