//! History matching: which settings can be told from the facts, and which cannot (Craig et al. 1997; Vernon,
//! Goldstein and Bower 2010).
//!
//! In waves, the model is run at points spread over the ranges that evidence allows, an emulator of each fact is
//! fitted, and whatever is implausible by two facts or more is ruled out; the next wave spreads its points over
//! what is left.

use super::{Pattern, Target};
use crate::experiment::design::sobol;
use crate::experiment::emulator::{Emulator, Observation, RULED_OUT};
use rayon::prelude::*;

static RANGES: &str = include_str!("ranges.csv");

/// A parameter and the range that evidence allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// Key of the parameter.
    pub key: String,
    /// Low end.
    pub low: f64,
    /// High end.
    pub high: f64,
    /// Where the range comes from.
    pub source: String,
}

impl Range {
    /// The value at a place between 0, the low end, and 1.
    pub fn value(&self, place: f64) -> f64 {
        self.low + place * (self.high - self.low)
    }

    /// The place of a value.
    pub fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
}

/// The shipped ranges.
pub fn ranges() -> Vec<Range> {
    let mut reader = csv::Reader::from_reader(RANGES.as_bytes());
    let number = |cell: &str| cell.parse().unwrap_or(f64::NAN);
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| Range {
        key: row[0].to_string(),
        low: number(&row[1]),
        high: number(&row[2]),
        source: row[3].to_string(),
    })
    .collect()
}

/// What a fact says: the middle of its range; the range is three standard deviations either way, so that a value
/// in it is never ruled out; a fact that was not seen at its source may lie as far off again.
pub fn observation(target: &Target) -> Observation {
    let sd = (target.high - target.low) / 6.0;
    let discrepancy = if target.provenance == "seen" { 0.0 } else { sd * sd };
    Observation { value: 0.5 * (target.low + target.high), variance: sd * sd, discrepancy }
}

/// A point at which the model was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Wave, from 1.
    pub wave: u32,
    /// Values of the parameters, in order of the ranges.
    pub values: Vec<f64>,
    /// What it showed of each fact that defaults answer to, in order; NaN where there was nothing to measure.
    pub facts: Vec<f64>,
}

/// A plan of search.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What may vary.
    pub ranges: Vec<Range>,
    /// The facts.
    pub targets: Vec<Target>,
    /// Points a wave.
    pub points: usize,
    /// Waves.
    pub waves: u32,
    /// Seed of the design that places the points.
    pub seed: u64,
}

/// Candidates by which the share of space that survives is measured.
const CANDIDATES: usize = 1 << 16;
/// Candidates among which points of later waves are sought.
const MORE_CANDIDATES: usize = 1 << 18;

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// All points that were run.
    pub points: Vec<Point>,
    /// Share of the space that survives each wave.
    pub surviving: Vec<f64>,
    /// Share of the first wave's space that each fact alone would rule out.
    pub ruled_out_by: Vec<f64>,
    /// Surviving candidates, as values, the least implausible first, each with its implausibility.
    pub region: Vec<(f64, Vec<f64>)>,
}

impl Plan {
    /// Runs the waves; `play` runs the model at the values of one point and returns the facts.
    pub fn narrow<E: Send>(
        &self,
        play: impl Fn(u32, usize, &[f64]) -> Result<Vec<f64>, E> + Sync,
    ) -> Result<Found, E> {
        let candidates = sobol(CANDIDATES, self.ranges.len(), self.seed);
        let mut waves: Vec<Wave> = Vec::new();
        let mut points: Vec<Point> = Vec::new();
        let mut surviving = Vec::new();
        for wave in 1..=self.waves {
            let places = self.spread(wave, &waves);
            let run = |(row, place): (usize, &Vec<f64>)| {
                let values: Vec<f64> = self.values(place);
                let facts = play(wave, row, &values)?;
                Ok(Point { wave, values, facts })
            };
            let run: Result<Vec<Point>, E> = places.par_iter().enumerate().map(run).collect();
            points.extend(run?);
            let last = self.fit(&points, &waves);
            waves.push(last);
            let left = candidates.par_iter().filter(|place| self.survives(place, &waves)).count();
            surviving.push(left as f64 / CANDIDATES as f64);
            if left == 0 {
                break;
            }
        }
        let ruled_out_by = self.ruled_out_by(&waves[0], &candidates);
        let judged = candidates.par_iter().filter(|place| self.survives(place, &waves));
        let last = waves.last();
        let worst = |place: &Vec<f64>| {
            last.and_then(|wave| self.implausibilities(place, wave).first().copied()).unwrap_or(0.0)
        };
        let mut region: Vec<(f64, Vec<f64>)> =
            judged.map(|place| (worst(place), self.values(place))).collect();
        region.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Found { points, surviving, ruled_out_by, region })
    }

    fn values(&self, place: &[f64]) -> Vec<f64> {
        self.ranges.iter().zip(place).map(|(range, &place)| range.value(place)).collect()
    }

    /// Places of a wave's points: all over the space, then over what is left of it.
    fn spread(&self, wave: u32, waves: &[Wave]) -> Vec<Vec<f64>> {
        if waves.is_empty() {
            return sobol(self.points, self.ranges.len(), self.seed.wrapping_add(1));
        }
        let more = sobol(MORE_CANDIDATES, self.ranges.len(), self.seed.wrapping_add(1 + u64::from(wave)));
        let left: Vec<Vec<f64>> = more.into_par_iter().filter(|place| self.survives(place, waves)).collect();
        left.into_iter().take(self.points).collect()
    }

    /// Emulators from the points that earlier waves have not ruled out.
    fn fit(&self, points: &[Point], waves: &[Wave]) -> Wave {
        let place = |point: &Point| -> Vec<f64> {
            self.ranges.iter().zip(&point.values).map(|(range, &value)| range.place(value)).collect()
        };
        let left: Vec<(Vec<f64>, &Point)> = (points.iter().map(|point| (place(point), point)))
            .filter(|(place, _)| self.survives(place, waves))
            .collect();
        let of_fact = |fact: usize| {
            let known = left.iter().filter(|(_, point)| point.facts[fact].is_finite());
            let (places, values): (Vec<Vec<f64>>, Vec<f64>) =
                known.map(|(place, point)| (place.clone(), point.facts[fact])).unzip();
            Emulator::fit(&places, &values)
        };
        Wave { emulators: (0..self.targets.len()).map(of_fact).collect() }
    }

    fn survives(&self, place: &[f64], waves: &[Wave]) -> bool {
        waves
            .iter()
            .all(|wave| self.implausibilities(place, wave).get(1).is_none_or(|&second| second < RULED_OUT))
    }

    /// Implausibilities of a place by all facts, the largest first.
    fn implausibilities(&self, place: &[f64], wave: &Wave) -> Vec<f64> {
        let of = |(target, emulator): (&Target, &Option<Emulator>)| {
            Some(observation(target).implausibility(emulator.as_ref()?.at(place)))
        };
        let mut all: Vec<f64> = self.targets.iter().zip(&wave.emulators).filter_map(of).collect();
        all.sort_by(|a, b| b.total_cmp(a));
        all
    }

    fn ruled_out_by(&self, wave: &Wave, candidates: &[Vec<f64>]) -> Vec<f64> {
        let by = |(target, emulator): (&Target, &Option<Emulator>)| {
            let Some(emulator) = emulator else { return 0.0 };
            let observation = observation(target);
            let out = |place: &&Vec<f64>| observation.implausibility(emulator.at(place)) >= RULED_OUT;
            candidates.par_iter().filter(out).count() as f64 / candidates.len() as f64
        };
        self.targets.iter().zip(&wave.emulators).map(by).collect()
    }
}

/// The emulators of a wave, one for each fact; none where too few points showed it.
#[derive(Clone, Debug)]
struct Wave {
    emulators: Vec<Option<Emulator>>,
}

/// Implausibility of what a run showed itself, without an emulator: chance is that of its replicates.
pub fn implausibility_of(pattern: &Pattern) -> Option<f64> {
    let simulated = pattern.simulated?;
    let chance = simulated.sd.map_or(0.0, |sd| sd * sd / simulated.n as f64);
    let expected = crate::experiment::emulator::Prediction { mean: simulated.mean, variance: chance };
    Some(observation(&pattern.target).implausibility(expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::registry::{Kind, Value};

    fn target(id: &str, low: f64, high: f64) -> Target {
        let text = || String::new();
        let (usage, provenance) = ("calibrate".to_string(), "seen".to_string());
        Target {
            id: id.into(),
            fact: text(),
            low,
            high,
            unit: text(),
            usage,
            source: text(),
            scope: text(),
            provenance,
        }
    }

    fn plan(waves: u32) -> Plan {
        let range = |key: &str| Range { key: key.into(), low: 0.0, high: 2.0, source: String::new() };
        let ranges = vec![range("x"), range("y"), range("idle")];
        Plan {
            ranges,
            targets: vec![target("A", 0.7, 1.3), target("B", 2.7, 3.3)],
            points: 60,
            waves,
            seed: 1,
        }
    }

    /// x^2 = 1 and x + y = 3 leave a strip around (1, 2); nothing is learned of a parameter without effect.
    #[test]
    fn what_the_facts_rule_out_is_found_and_nothing_else() {
        let play = |_: u32, _: usize, v: &[f64]| Ok::<_, ()>(vec![v[0] * v[0], v[0] + v[1]]);
        let found = plan(2).narrow(play).expect("no errors");
        assert_eq!(found.points.len(), 120);
        // One fact alone may be missed, so both strips survive; the best points lie where they cross.
        assert!(found.surviving[1] <= found.surviving[0] && found.surviving[1] < 0.5);
        let best = &found.region[0];
        assert!(best.0 < 0.5 && (best.1[0] - 1.0).abs() < 0.2 && (best.1[0] + best.1[1] - 3.0).abs() < 0.3);
        let idle: Vec<f64> = found.region.iter().map(|(_, values)| values[2]).collect();
        let mean = idle.iter().sum::<f64>() / idle.len() as f64;
        assert!((mean - 1.0).abs() < 0.05);
    }

    #[test]
    fn facts_that_contradict_each_other_leave_nothing() {
        let mut plan = plan(3);
        plan.targets.push(target("C", 40.0, 41.0));
        plan.targets.push(target("D", 50.0, 51.0));
        let play = |_: u32, _: usize, v: &[f64]| Ok::<_, ()>(vec![v[0], v[0] + v[1], v[0], v[1]]);
        let found = plan.narrow(play).expect("no errors");
        assert!(found.region.is_empty() && found.surviving == [0.0] && found.ruled_out_by[2] == 1.0);
    }

    #[test]
    fn a_value_in_the_range_of_a_fact_is_never_ruled_out() {
        let seen = observation(&target("A", 10.0, 16.0));
        let certain = |mean: f64| crate::experiment::emulator::Prediction { mean, variance: 0.0 };
        assert!(seen.implausibility(certain(10.01)) < RULED_OUT);
        assert!(seen.implausibility(certain(16.01)) > RULED_OUT);
    }

    #[test]
    fn shipped_ranges_lie_within_what_the_registry_allows_and_hold_the_values_of_england() {
        let parameters = crate::scenario::parameters::all();
        let england = crate::scenario::load("england", &[]).expect("valid").values();
        for range in ranges() {
            let parameter = parameters.iter().find(|parameter| parameter.key == range.key);
            let parameter = parameter.unwrap_or_else(|| panic!("{}", range.key));
            let Kind::Number { min, max } = parameter.kind else { panic!("{} is no number", range.key) };
            assert!(min <= range.low && range.low < range.high && range.high <= max, "{range:?}");
            assert!(!range.source.is_empty());
            let value = match england.iter().find(|(key, _)| *key == range.key) {
                Some((_, Value::Number(value))) => *value,
                other => panic!("{}: {other:?}", range.key),
            };
            assert!(range.low <= value && value <= range.high, "{value} is outside {range:?}");
        }
    }
}
