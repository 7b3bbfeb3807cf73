//! Uncertain worlds: world number r has the same values of uncertain parameters under every rule set.

use super::design::{latin_hypercube, sobol};
use crate::random::{Luck, Purpose};
use crate::rules;
use crate::scenario::faults::Place;
use crate::scenario::registry::Value;
use crate::scenario::uncertainty::{Design, Draw, Uncertain, Uncertainty};
use crate::scenario::vary::set_text;
use crate::scenario::{Errors, Places, Scenario};
use crate::world::World;

/// Blocks whose values are built into a world; those of others are looked up in it.
const BUILT_IN: [&str; 3] = ["world.", "population.", "market."];

/// The values of every world of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    keys: Vec<Uncertain>,
    /// One row per replicate.
    values: Vec<Vec<Value>>,
}

impl Drawn {
    /// Draws the worlds of scenarios that differ in rules alone; nothing where nothing is uncertain.
    pub fn new(scenarios: &[&Scenario]) -> Option<Self> {
        let first = scenarios.first()?;
        let uncertainty = first.uncertainty.as_ref()?;
        let mut keys = uncertainty.keys.clone();
        // A parameter that every rule set fixes is not uncertain in this study.
        for (column, key) in keys.iter_mut().enumerate() {
            let fixes = |scenario: &&Scenario| {
                scenario.uncertainty.as_ref().is_none_or(|uncertainty| uncertainty.keys[column].fixed)
            };
            key.fixed = scenarios.iter().all(fixes);
        }
        let points = points(uncertainty, first.run.replicates as usize, first.run.seed);
        let value = |(uncertain, number): (&Uncertain, f64)| {
            if uncertain.whole { Value::Whole(number as i64) } else { Value::Number(number) }
        };
        let values = points.into_iter().map(|point| keys.iter().zip(point).map(value).collect()).collect();
        Some(Self { keys, values })
    }

    /// Parameters that are uncertain in the study.
    pub fn keys(&self) -> Vec<&'static str> {
        self.keys.iter().filter(|uncertain| !uncertain.fixed).map(|uncertain| uncertain.key).collect()
    }

    /// The values of those parameters, world by world.
    pub fn rows(&self) -> impl Iterator<Item = Vec<&Value>> {
        let free =
            |row: &'_ [Value]| -> Vec<usize> { (0..row.len()).filter(|&c| !self.keys[c].fixed).collect() };
        self.values.iter().map(move |row| free(row).into_iter().map(|column| &row[column]).collect())
    }

    /// Whether worlds differ in what is built into them.
    pub fn rebuilds(&self) -> bool {
        self.keys().iter().any(|key| BUILT_IN.iter().any(|block| key.starts_with(block)))
    }

    /// A scenario with the values of a world; what its rule set fixes stays.
    pub fn scenario(&self, scenario: &Scenario, replicate: u32) -> Scenario {
        let fixed = |column: usize| {
            scenario.uncertainty.as_ref().is_none_or(|uncertainty| uncertainty.keys[column].fixed)
        };
        let row = &self.values[replicate as usize];
        let free = (0..row.len()).filter(|&column| !fixed(column));
        let changes: Vec<_> = free.map(|column| (self.keys[column].key, row[column].clone())).collect();
        scenario.with(&changes)
    }

    /// Checks every world of a rule set, so that no run breaks off half-way: what fails in the first world that fails is
    /// told with its values.
    pub fn check(&self, rules: &str, scenario: &Scenario, world: &World) -> Result<(), Errors> {
        for replicate in 0..self.values.len() as u32 {
            let row = self.values[replicate as usize].iter();
            let value = |(key, value): (&Uncertain, &Value)| set_text(key.key, value);
            let values: Vec<String> = self.keys.iter().zip(row).map(value).collect();
            let what = format!("{rules}, world {replicate} of [uncertainty]: {}", values.join(", "));
            check_at(&self.scenario(scenario, replicate), &what, world)?;
        }
        Ok(())
    }
}

/// Checks a scenario whose values were drawn or tried; `what` names them in errors.
pub fn check_at(scenario: &Scenario, what: &str, world: &World) -> Result<(), Errors> {
    let (mut errors, places) = (Errors::default(), Places::new(Place::named(what)));
    scenario.check(&places, &mut errors);
    rules::check(scenario, &places, world, &mut errors);
    errors.into_result(())
}

/// Points of a design, or of a region in an order that chance decides.
fn points(uncertainty: &Uncertainty, worlds: usize, seed: u64) -> Vec<Vec<f64>> {
    match &uncertainty.draw {
        Draw::Ranges(ranges, design) => {
            let unit = match design {
                Design::Sobol => sobol(worlds, ranges.len(), seed),
                Design::LatinHypercube => latin_hypercube(worlds, ranges.len(), seed),
            };
            let within = |point: Vec<f64>| {
                let columns = uncertainty.keys.iter().zip(ranges).zip(point);
                columns.map(|((uncertain, range), unit)| spread(uncertain.whole, *range, unit)).collect()
            };
            unit.into_iter().map(within).collect()
        }
        Draw::Region { points, .. } => {
            let order = shuffled(points.len(), seed);
            (0..worlds).map(|world| points[order[world % points.len()]].clone()).collect()
        }
    }
}

/// The value at a share of the way through a range; whole numbers are all as likely.
pub fn spread(whole: bool, (low, high): (f64, f64), unit: f64) -> f64 {
    if whole { (low + libm::floor(unit * (high - low + 1.0))).min(high) } else { low + unit * (high - low) }
}

/// Rows in random order.
fn shuffled(rows: usize, seed: u64) -> Vec<usize> {
    let mut stream = Luck::new(seed, 2).stream::<1>(Purpose::Design, 0);
    let keys: Vec<u64> = (0..rows).map(|row| stream.raw(row as u64)[0]).collect();
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by_key(|&row| keys[row]);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn scenario(text: &str, sets: &[&str]) -> Scenario {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, format!("version = 1\nextends = \"synthetic\"\n{text}")).expect("a file");
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        load(&path.to_string_lossy(), &sets).unwrap_or_else(|errors| panic!("{errors}"))
    }

    const RANGES: &str =
        "[uncertainty.ranges]\n\"market.attrition\" = [0.1, 0.3]\nmarket.lots_per_market = [3, 6]\n";

    #[test]
    fn values_stay_in_their_ranges_and_whole_numbers_whole() {
        let scenario = scenario(RANGES, &["run.replicates=200"]);
        let drawn = Drawn::new(&[&scenario]).expect("uncertain");
        let mut lots = [0; 4];
        for replicate in 0..200 {
            let world = drawn.scenario(&scenario, replicate);
            let attrition = world.market.attrition.value();
            assert!((0.1..=0.3).contains(&attrition));
            lots[world.market.lots_per_market as usize - 3] += 1;
        }
        assert!(lots.iter().all(|&count| (45..=55).contains(&count)), "{lots:?}");
        assert!(drawn.rebuilds());
    }

    #[test]
    fn sobol_worlds_keep_their_values_when_replicates_are_added() {
        let few = scenario(RANGES, &["run.replicates=5"]);
        let many = scenario(RANGES, &["run.replicates=50"]);
        let (few, many) = (Drawn::new(&[&few]).expect("uncertain"), Drawn::new(&[&many]).expect("uncertain"));
        assert!(few.rows().zip(many.rows()).all(|(few, many)| few == many));
    }

    #[test]
    fn what_the_command_line_sets_is_not_uncertain() {
        let scenario = scenario(RANGES, &["market.attrition=0.2"]);
        let drawn = Drawn::new(&[&scenario]).expect("uncertain");
        assert_eq!(drawn.keys(), ["market.lots_per_market"]);
        assert_eq!(drawn.scenario(&scenario, 3).market.attrition.value(), 0.2);
    }

    #[test]
    fn no_world_may_contradict_itself() {
        let check = |text: &str| {
            let scenario = scenario(text, &[]);
            let world = World::build(&scenario).expect("a world");
            Drawn::new(&[&scenario]).expect("uncertain").check("baseline", &scenario, &world)
        };
        let limits = "[rules]\nprice_floor = 0.5\n[uncertainty.ranges]\nrules.ceiling_ratio = [0.1, 0.4]\n";
        let errors = check(limits).expect_err("no price could be bid").to_string();
        assert!(errors.contains("world 0 of [uncertainty]: rules.ceiling_ratio=0."), "{errors}");
        check("[uncertainty.ranges]\nrules.weight_price = [0.1, 0.9]\n").expect("quality has the rest");
        let both = "rules.weight_price = [0.5, 0.9]\nrules.weight_quality = [0.6, 0.9]\n";
        check(&format!("[uncertainty.ranges]\n{both}")).expect_err("nobody can share less than nothing");
    }

    #[test]
    fn the_other_weights_share_what_is_drawn_but_for_those_of_the_command_line() {
        let scenario = scenario(
            "[rules]\nweight_quality = 0.4\nweight_social = 0.2\n[uncertainty.ranges]\nrules.weight_price = [0.3, 0.5]\n",
            &["rules.weight_social=0.1"],
        );
        let drawn = Drawn::new(&[&scenario]).expect("uncertain");
        for replicate in 0..4 {
            let rules = drawn.scenario(&scenario, replicate).regime.rules;
            assert_eq!(rules.weight_social.value(), 0.1);
            let rest = 0.9 - rules.weight_price.value();
            assert!((rules.weight_quality.value() - rest).abs() < 1e-9, "{rules:?}");
        }
    }
}
