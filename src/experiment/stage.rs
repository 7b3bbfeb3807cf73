//! The stage on which replicates are played: scenarios with their worlds, shared where they are the same.

use super::replicate::{Observer, RunError, run_replicate};
use super::worlds::Drawn;
use crate::rules::Regimes;
use crate::scenario::Scenario;
use crate::world::{World, WorldError};

/// Scenarios, each with a world and its regimes.
pub struct Stage<'a> {
    scenarios: Vec<&'a Scenario>,
    worlds: Vec<World>,
    /// World of each scenario.
    places: Vec<usize>,
    regimes: Vec<Regimes>,
    drawn: Option<&'a Drawn>,
}

impl<'a> Stage<'a> {
    /// Builds each different world once.
    pub fn new(scenarios: Vec<&'a Scenario>, drawn: Option<&'a Drawn>) -> Result<Self, WorldError> {
        let mut built: Vec<&Scenario> = Vec::new();
        let (mut worlds, mut places, mut regimes) = (Vec::new(), Vec::new(), Vec::new());
        for &scenario in &scenarios {
            let place = match built.iter().position(|other| same_world(other, scenario)) {
                Some(place) => place,
                None => {
                    built.push(scenario);
                    worlds.push(World::build(scenario)?);
                    worlds.len() - 1
                }
            };
            regimes.push(Regimes::new(scenario, &worlds[place]));
            places.push(place);
        }
        Ok(Self { scenarios, worlds, places, regimes, drawn })
    }

    /// A scenario.
    pub fn scenario(&self, row: usize) -> &Scenario {
        self.scenarios[row]
    }

    /// The world of a scenario, with the values that it states.
    pub fn world(&self, row: usize) -> &World {
        &self.worlds[self.places[row]]
    }

    /// The regimes of every scenario in a replicate's world.
    pub fn regimes(&self, replicate: u32) -> Vec<Regimes> {
        let Some(drawn) = self.drawn else { return self.regimes.clone() };
        let of = |(row, scenario): (usize, &&Scenario)| {
            Regimes::new(&drawn.scenario(scenario, replicate), self.world(row))
        };
        self.scenarios.iter().enumerate().map(of).collect()
    }

    /// Plays a replicate of a scenario, in the world that was drawn for it.
    pub fn play(&self, row: usize, replicate: u32, observer: &mut impl Observer) -> Result<(), RunError> {
        let (scenario, world) = (self.scenarios[row], self.world(row));
        let Some(drawn) = self.drawn else {
            return run_replicate(world, scenario, &self.regimes[row], replicate, observer);
        };
        let scenario = drawn.scenario(scenario, replicate);
        let rebuilt = if drawn.rebuilds() { Some(World::build(&scenario)?) } else { None };
        let world = rebuilt.as_ref().unwrap_or(world);
        run_replicate(world, &scenario, &Regimes::new(&scenario, world), replicate, observer)
    }
}

/// Whether two scenarios have the same world, people and contracts; rules and behaviour may differ.
pub fn same_world(a: &Scenario, b: &Scenario) -> bool {
    a.world == b.world && a.population == b.population && a.market == b.market
}
