//! Identities that every round keeps: money and people add up.

use super::{RoundOutput, Setting, State};
use crate::ids::Id;

/// A broken identity: a bug in the model. It stops the run.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokenIdentity {
    /// Round, counted from 0.
    pub round: u32,
    /// What does not add up, for whom.
    pub what: String,
    /// By how much.
    pub gap: f64,
}

impl std::fmt::Display for BrokenIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "round {}: {} does not add up, gap {:e}", self.round, self.what, self.gap)
    }
}

impl std::error::Error for BrokenIdentity {}

/// Largest gap relative to the amounts involved: rounding of a few million additions.
const TOLERANCE: f64 = 1e-9;

/// Checks money and people of the round.
pub fn check(setting: &Setting, state: &State, output: &RoundOutput) -> Result<(), BrokenIdentity> {
    let round = setting.round;
    let expect = |what: String, left: f64, right: f64| {
        let gap = left - right;
        let scale = left.abs().max(right.abs()).max(1.0);
        if gap.abs() <= TOLERANCE * scale { Ok(()) } else { Err(BrokenIdentity { round, what, gap }) }
    };
    let money = &output.settlement;
    let received: f64 = money.accounts.iter().map(|account| account.received).sum();
    expect("money paid by commissioners and received by providers".into(), money.paid, received)?;
    expect("spending = payments + growth of debts".into(), money.spent, money.paid + money.owed_more)?;
    let billed: f64 = money.accounts.iter().map(|account| account.billed).sum();
    expect("work billed by providers and booked by commissioners".into(), billed, money.spent)?;
    let people = &money.people;
    expect(
        "people before + arrived = served + left + after".into(),
        people.before + people.arrived,
        people.served + people.left + people.after,
    )?;
    let reserves = &output.turnover.reserves;
    expect(
        "reserves before + brought by new charities = reserves after + spent on mergers".into(),
        reserves.before + reserves.founded,
        reserves.after + reserves.mergers,
    )?;
    for (market, served) in output.delivery.served.enumerate() {
        let by_lot = served.iter().sum::<f64>();
        if by_lot < 0.0 || state.markets[market].backlog.iter().any(|&people| people < 0.0) {
            let area = &setting.world.areas[setting.world.markets[market].area];
            let what = format!("people of market {} in {}", market.row(), area.name);
            return Err(BrokenIdentity { round, what, gap: by_lot });
        }
    }
    Ok(())
}
