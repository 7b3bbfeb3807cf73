//! Rounds played with an eye on every number.

use rebalance::measure::round::measure;
use rebalance::random::Luck;
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::Scenario;
use rebalance::world::World;

/// Plays so many rounds; an error where something in them is not a number, infinite, or does not add up.
pub fn rounds(scenario: &Scenario, world: &World, rounds: u32) -> Result<String, String> {
    let regimes = Regimes::new(scenario, world);
    let luck = Luck::new(scenario.run.seed, 0);
    let mut state = State::found(world, scenario, luck);
    for round in 0..scenario.run.rounds.min(rounds) {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(world, scenario, &in_force, luck, round);
        let output = play(&setting, &mut state).map_err(|broken| broken.to_string())?;
        let measures = measure(&setting, &state, &output);
        if measures.row().iter().flatten().any(|value| !value.is_finite()) {
            return Err("a measure is not finite".into());
        }
        are_numbers("output", &output)?;
        are_finite("money and people", &output.settlement)?;
        are_finite("deliveries", &output.delivery)?;
        advance(&setting, &mut state);
    }
    are_finite("finances", &state.charities.finances)?;
    are_numbers("state", &state)?;
    Ok("played".into())
}

/// An error where a number in there is none.
fn are_numbers(what: &str, value: &impl std::fmt::Debug) -> Result<(), String> {
    let shown = format!("{value:?}");
    match shown.find("NaN") {
        Some(at) => Err(format!("NaN in the {what}: {}", field(&shown, at))),
        None => Ok(()),
    }
}

/// An error where a number in there is none, or infinite.
fn are_finite(what: &str, value: &impl std::fmt::Debug) -> Result<(), String> {
    are_numbers(what, value)?;
    let shown = format!("{value:?}");
    match shown.find("inf") {
        Some(at) => Err(format!("an infinite number in the {what}: {}", field(&shown, at))),
        None => Ok(()),
    }
}

/// The name of the field before a place of what is shown.
fn field(shown: &str, at: usize) -> &str {
    let before = &shown[..at];
    let end = before.rfind(": ").unwrap_or(at);
    let start = before[..end].rfind([' ', '{']).map_or(0, |place| place + 1);
    &shown[start..end]
}
