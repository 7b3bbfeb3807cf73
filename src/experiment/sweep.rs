//! Points of a sweep and what replicates show at each.

use super::design::{factorial, latin_hypercube, sobol};
use super::replicate::{Observer, RunError, run_replicate};
use super::stage::{Stage, same_world};
use crate::measure::names;
use crate::measure::round::Measures;
use crate::round::{RoundOutput, Setting, State};
use crate::rules::Regimes;
use crate::scenario::Scenario;
use crate::scenario::registry::Value;
use crate::scenario::vary::Vary;
use crate::world::{World, WorldError};

/// How the points of a sweep are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointDesign {
    /// Every combination of values.
    Grid,
    /// A Latin hypercube of so many points.
    LatinHypercube(usize),
    /// So many Sobol points.
    Sobol(usize),
}

/// Points: one value per varied key. The name of the first key whose range has no steps, where a grid needs them.
pub fn points(varied: &[Vary], design: PointDesign, seed: u64) -> Result<Vec<Vec<Value>>, &'static str> {
    let unit = match design {
        PointDesign::LatinHypercube(points) => latin_hypercube(points, varied.len(), seed),
        PointDesign::Sobol(points) => sobol(points, varied.len(), seed),
        PointDesign::Grid => {
            let levels = varied.iter().map(|vary| vary.levels().ok_or(vary.key));
            let levels = levels.collect::<Result<Vec<_>, _>>()?;
            let counts: Vec<usize> = levels.iter().map(Vec::len).collect();
            let value = |(level, values): (usize, &Vec<Value>)| values[level].clone();
            let point = |point: Vec<usize>| point.into_iter().zip(&levels).map(value).collect();
            return Ok(factorial(&counts).into_iter().map(point).collect());
        }
    };
    let value = |(vary, unit): (&Vary, f64)| vary.at(unit);
    Ok(unit.into_iter().map(|point| varied.iter().zip(point).map(value).collect()).collect())
}

/// Means of all measures after burn-in of one replicate; none before it is over.
pub type Means = Vec<Option<f64>>;

/// Plays a replicate of a row (scenario or point): means of all measures.
pub fn means_of<P: Player>(player: &P, row: usize, replicate: u32) -> Result<Means, RunError> {
    let mut means = AfterBurnIn::new(player.burn_in(row));
    player.play(row, replicate, &mut means)?;
    Ok(means.means())
}

/// What plays rows of a plan.
pub trait Player: Sync {
    /// First rounds of a row that do not count.
    fn burn_in(&self, row: usize) -> u32;
    /// Plays a replicate of a row.
    fn play(&self, row: usize, replicate: u32, observer: &mut impl Observer) -> Result<(), RunError>;
}

impl Player for Stage<'_> {
    fn burn_in(&self, row: usize) -> u32 {
        self.scenario(row).run.burn_in
    }

    fn play(&self, row: usize, replicate: u32, observer: &mut impl Observer) -> Result<(), RunError> {
        Stage::play(self, row, replicate, observer)
    }
}

/// One scenario at many points: scenarios are made when they are played, so that there can be many.
pub struct AtPoints<'a> {
    base: &'a Scenario,
    world: World,
    keys: Vec<&'static str>,
    points: &'a [Vec<Value>],
}

impl<'a> AtPoints<'a> {
    /// Builds the world of the scenario.
    pub fn new(
        base: &'a Scenario,
        keys: Vec<&'static str>,
        points: &'a [Vec<Value>],
    ) -> Result<Self, WorldError> {
        Ok(Self { base, world: World::build(base)?, keys, points })
    }

    fn scenario(&self, row: usize) -> Scenario {
        let values = self.points[row].iter().cloned();
        self.base.at(&self.keys.iter().copied().zip(values).collect::<Vec<_>>())
    }
}

impl Player for AtPoints<'_> {
    fn burn_in(&self, row: usize) -> u32 {
        self.scenario(row).run.burn_in
    }

    fn play(&self, row: usize, replicate: u32, observer: &mut impl Observer) -> Result<(), RunError> {
        let scenario = self.scenario(row);
        let rebuilt = if same_world(&scenario, self.base) { None } else { Some(World::build(&scenario)?) };
        let world = rebuilt.as_ref().unwrap_or(&self.world);
        run_replicate(world, &scenario, &Regimes::new(&scenario, world), replicate, observer)
    }
}

/// Adds up measures after burn-in.
struct AfterBurnIn {
    burn_in: u32,
    sums: Vec<(f64, u32)>,
}

impl AfterBurnIn {
    fn new(burn_in: u32) -> Self {
        Self { burn_in, sums: vec![(0.0, 0); names::all().len()] }
    }

    fn means(self) -> Means {
        self.sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / f64::from(n))).collect()
    }
}

impl Observer for AfterBurnIn {
    fn round(
        &mut self,
        setting: &Setting,
        _: &State,
        _: &RoundOutput,
        measures: &Measures,
    ) -> std::io::Result<()> {
        if setting.round >= self.burn_in {
            for (sum, value) in self.sums.iter_mut().zip(measures.row()) {
                if let Some(value) = value {
                    sum.0 += value;
                    sum.1 += 1;
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &World, _: &State) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::vary::parse_vary;

    #[test]
    fn a_grid_needs_steps_and_other_designs_a_number_of_points() {
        let varied = ["rules.notice_weeks=2,6", "market.attrition=0.1..0.3"].map(String::from);
        let varied = parse_vary(&varied).expect("valid");
        assert_eq!(points(&varied, PointDesign::Grid, 1), Err("market.attrition"));
        let found = points(&varied, PointDesign::Sobol(8), 1).expect("points");
        assert_eq!(found.len(), 8);
        assert_eq!(found.iter().filter(|point| point[0] == Value::Number(2.0)).count(), 4);
    }
}
