//! Which rules and behaviour are in force, looked up by area and round.
//!
//! A reform never changes a parameter: it is a value looked up from its first round on, so rounds
//! before it cannot depend on it. A commissioner's choice from its menu of rules is state, added to what is looked up.

mod check;
mod layers;
mod places;

use crate::ids::{AreaId, Column};
use crate::scenario::parameters::Learning;
use crate::scenario::{Choice, Regime, Scenario};
use crate::world::World;
pub use check::{check, check_effects};
use layers::{Layers, Period, by_round};
pub use places::{Gazetteer, Named};
use std::collections::BTreeSet;

/// The regimes of a scenario, by round and area.
#[derive(Clone, Debug)]
pub struct Regimes {
    regimes: Vec<Regime>,
    periods: Vec<Period>,
    /// Under each regime of a period, by option of the menu: the place of the regime that then applies.
    options: Vec<Vec<u32>>,
}

/// The regimes of one round.
#[derive(Clone, Debug)]
pub struct InForce<'a> {
    regimes: &'a [Regime],
    of_area: Column<AreaId, u32>,
    chosen: Column<AreaId, u8>,
    options: usize,
}

impl<'a> InForce<'a> {
    /// The regime of an area.
    #[inline]
    pub fn of(&self, area: AreaId) -> &Regime {
        &self.regimes[self.of_area[area] as usize]
    }

    /// The place of an area's regime among [`all`](Self::all).
    #[inline]
    pub fn place(&self, area: AreaId) -> usize {
        self.of_area[area] as usize
    }

    /// The regime of all areas; nothing where they differ.
    pub fn everywhere(&self) -> Option<&Regime> {
        let mut areas = self.of_area.ids();
        let first = self.place(areas.next()?);
        areas.all(|area| self.place(area) == first).then(|| &self.regimes[first])
    }

    /// The option of its menu that an area's commissioner goes by; 0 is the rules of the scenario.
    #[inline]
    pub fn option(&self, area: AreaId) -> u8 {
        self.chosen[area]
    }

    /// How many options commissioners have, the rules of the scenario included.
    pub const fn options(&self) -> usize {
        self.options
    }

    /// All regimes of the run, in force or not.
    pub const fn all(&self) -> &'a [Regime] {
        self.regimes
    }

    /// Whether any regime of the run, in force or not, is of a kind.
    pub fn any(&self, kind: impl Fn(&Regime) -> bool) -> bool {
        self.regimes.iter().any(kind)
    }
}

impl Regimes {
    /// Resolves a scenario's reforms for its world.
    pub fn new(scenario: &Scenario, world: &World) -> Self {
        let rounds = match scenario.reforms.as_slice() {
            [] => Vec::new(),
            _ => by_round(scenario, &Gazetteer::new(world)),
        };
        let mut layers = Layers::new(scenario);
        let periods = layers.periods(world.areas.len(), &rounds);
        let mut regimes = layers.regimes;
        let learns = regimes.iter().any(|regime| regime.rules.learning == Learning::Bandit);
        let options = add_options(&mut regimes, if learns { &scenario.menu } else { &[] });
        Self { regimes, periods, options }
    }

    /// All regimes that may come to be in force.
    pub fn all(&self) -> &[Regime] {
        &self.regimes
    }

    /// Whether every area is under the same rules and behaviour in every round, whatever its commissioner chooses, as
    /// under these other regimes of the same reforms.
    pub fn same_in_force(&self, others: &Self) -> bool {
        let pairs = self.periods.iter().zip(&others.periods).flat_map(|(own, other)| {
            own.of_area.iter().zip(other.of_area.iter()).map(|(&own, &other)| (own as usize, other as usize))
        });
        let pairs: BTreeSet<(usize, usize)> = pairs.collect();
        self.periods.len() == others.periods.len()
            && pairs.into_iter().all(|(own, other)| {
                let (own, other) = (&self.options[own], &others.options[other]);
                let same = |(&own, &other): (&u32, &u32)| {
                    self.regimes[own as usize] == others.regimes[other as usize]
                };
                own.len() == other.len() && own.iter().zip(other).all(same)
            })
    }

    /// The regimes in force in a round, where commissioners have chosen these options of their menu.
    pub fn in_force(&self, round: u32, chosen: &Column<AreaId, u8>) -> InForce<'_> {
        let period = self.periods.partition_point(|period| period.from_round <= round) - 1;
        let stated = self.periods[period].of_area.iter().zip(chosen.iter());
        let of_area = stated.map(|(&regime, &option)| self.options[regime as usize][usize::from(option)]);
        let (of_area, options) = (of_area.collect(), self.options[0].len());
        InForce { regimes: &self.regimes, of_area, chosen: chosen.clone(), options }
    }
}

/// Adds the regimes that options make of those in force; option 0 changes nothing.
fn add_options(regimes: &mut Vec<Regime>, menu: &[Choice]) -> Vec<Vec<u32>> {
    let mut options = Vec::new();
    for place in 0..regimes.len() {
        let mut of_regime = vec![place as u32];
        for choice in menu {
            let changed = regimes[place].with(&choice.changes);
            of_regime.push(regimes.len() as u32);
            regimes.push(changed);
        }
        options.push(of_regime);
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    /// A reform in one of two areas is in force there alone, one in both everywhere.
    #[test]
    fn what_holds_everywhere_is_told_from_what_holds_here() {
        let rate = |areas: &str, round: u32| {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("mine.toml");
            let text = format!(
                "version = 1\nextends = \"synthetic\"\n[world]\nareas = 2\n[[reform]]\nfrom_round = 3\n{areas}\n\
                 behaviour.founding_rate = 0.5\n"
            );
            std::fs::write(&path, text).expect("written");
            let scenario = load(&path.to_string_lossy(), &[]).expect("valid");
            let world = World::build(&scenario).expect("a world");
            let regimes = Regimes::new(&scenario, &world);
            let chosen = Column::filled(world.areas.len(), 0);
            regimes.in_force(round, &chosen).everywhere().map(|regime| regime.behaviour.founding_rate)
        };
        let before = rate("", 2);
        assert!(before.is_some_and(|rate| rate < 0.5));
        assert_eq!((rate("", 3), rate("areas = [\"S00001\"]", 3)), (Some(0.5), None));
        assert_eq!(rate("areas = [\"S00001\"]", 2), before);
    }
}
