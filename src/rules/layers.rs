//! Reforms laid over each other, round by round: which regime each area is under.

use super::places::Gazetteer;
use crate::ids::{AreaId, Column};
use crate::scenario::{Reform, Regime, Scenario};

/// From a round on, the regime of each area.
#[derive(Clone, Debug)]
pub struct Period {
    /// The first round.
    pub from_round: u32,
    /// The place of each area's regime.
    pub of_area: Column<AreaId, u32>,
}

/// A reform with its row in the scenario and the areas in which it applies.
#[derive(Clone, Debug)]
pub struct Resolved<'a> {
    /// Row.
    pub row: usize,
    /// The reform.
    pub reform: &'a Reform,
    /// Its areas, in order.
    pub areas: Vec<AreaId>,
}

/// The reforms of a scenario, in the order in which they are laid, together where they start in the same round.
pub fn by_round<'a>(scenario: &'a Scenario, gazetteer: &Gazetteer) -> Vec<Vec<Resolved<'a>>> {
    let mut reforms: Vec<(usize, &Reform)> = scenario.reforms.iter().enumerate().collect();
    reforms.sort_by_key(|(_, reform)| reform.from_round);
    let resolve =
        |&(row, reform): &(usize, &'a Reform)| Resolved { row, reform, areas: gazetteer.areas_of(reform) };
    let of_round = |together: &[(usize, &'a Reform)]| together.iter().map(resolve).collect();
    reforms.chunk_by(|a, b| a.1.from_round == b.1.from_round).map(of_round).collect()
}

/// Lays reforms over each other; each different regime is made once.
#[derive(Debug)]
pub struct Layers {
    /// All regimes so far.
    pub regimes: Vec<Regime>,
}

impl Layers {
    /// Nothing but the scenario's own rules.
    pub fn new(scenario: &Scenario) -> Self {
        Self { regimes: vec![scenario.regime.clone()] }
    }

    /// Lays a reform over what is in force.
    pub fn lay(&mut self, current: &mut Column<AreaId, u32>, resolved: &Resolved) {
        let mut made: Vec<Option<u32>> = vec![None; self.regimes.len()];
        for &area in &resolved.areas {
            let before = current[area] as usize;
            current[area] = match made[before] {
                Some(known) => known,
                None => {
                    let after = self.place_of(self.regimes[before].with(&resolved.reform.changes));
                    made[before] = Some(after);
                    after
                }
            };
        }
    }

    fn place_of(&mut self, regime: Regime) -> u32 {
        let known = self.regimes.iter().position(|other| *other == regime);
        known.unwrap_or_else(|| {
            self.regimes.push(regime);
            self.regimes.len() - 1
        }) as u32
    }

    /// The periods that reforms make, the first from round 0.
    pub fn periods(&mut self, areas: usize, rounds: &[Vec<Resolved>]) -> Vec<Period> {
        let mut current = Column::filled(areas, 0_u32);
        let mut periods = vec![Period { from_round: 0, of_area: current.clone() }];
        for together in rounds {
            together.iter().for_each(|resolved| self.lay(&mut current, resolved));
            let from_round = together[0].reform.from_round;
            match periods.last_mut() {
                Some(last) if last.from_round == from_round => last.of_area = current.clone(),
                _ => periods.push(Period { from_round, of_area: current.clone() }),
            }
        }
        periods
    }
}
