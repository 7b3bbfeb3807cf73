//! How large a run is, and whether this machine can hold it: counted before anything is built.

use super::CliError;
use crate::measure::names;
use crate::round::State;
use crate::round::commission::MOST_PIECES;
use crate::rules::Regimes;
use crate::scenario::parameters::{ContractLaw, Packaging, WorldKind};
use crate::scenario::{Regime, Scenario};
use crate::words::counted;
use crate::world::World;
use crate::world::contracts::{expected_lots, typical_values};

/// Share of the machine's memory that a run may need unasked.
const UNASKED: f64 = 0.75;
/// Bytes of the program itself, with its tables and charts.
const PROGRAM: f64 = 64e6;
/// Bytes that a charity takes in a round beside its state, at most (a world of 100,000: 100).
const PER_CHARITY: f64 = 300.0;
/// Bytes that a lot takes, with what is tendered, bid and owed for it, at most (100,000 lots among as many charities: 400).
const PER_LOT: f64 = 800.0;
/// Bytes that a market takes, with its area's part of the tables, at most (100,000 markets: 800).
const PER_MARKET: f64 = 1_500.0;
/// Bytes of one value that is kept of a run, read and sorted.
const PER_VALUE: f64 = 48.0;
/// Bytes of a point with its scenario.
const PER_POINT: f64 = 16e3;

/// How large a scenario is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Founding charities that are drawn.
    pub charities: f64,
    /// Lots, as drawn.
    pub lots: f64,
    /// Lots once rules have cut them.
    pub cut: f64,
    /// Bundles in which lots are let, where rules bundle.
    pub bundles: Option<usize>,
    /// Bytes of one replicate in hand.
    pub replicate: f64,
}

/// Runs of which means are kept in memory, and points at which they are played.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Load {
    /// Runs.
    pub runs: f64,
    /// Points, times rule sets.
    pub points: f64,
}

/// Refuses a world of more charities or markets than can be numbered, before it is built.
pub fn refuse_countless(scenario: &Scenario) -> Result<(), CliError> {
    let world = &scenario.world;
    if world.kind != WorldKind::Synthetic {
        return Ok(());
    }
    let [areas, services] = [world.areas, world.services].map(f64::from);
    let charities = areas * f64::from(world.charities_per_area);
    let lots = match scenario.market.contract_law {
        ContractLaw::Fixed => areas * services * f64::from(scenario.market.lots_per_market),
        ContractLaw::Lognormal => 0.0,
    };
    for (count, what, keys) in [
        (charities, "charities", "world.areas times world.charities_per_area"),
        (lots, "lots", "world.areas times world.services times market.lots_per_market"),
    ] {
        if count > f64::from(u32::MAX) {
            return Err(CliError::Usage(format!(
                "error: this world has {} {what}, which no machine holds\n  = help: they are {keys}",
                super::run::figure(count)
            )));
        }
    }
    Ok(())
}

impl Size {
    /// The size of a scenario in its world.
    pub fn of(scenario: &Scenario, world: &World) -> Self {
        let regimes = Regimes::new(scenario, world);
        let in_force = regimes.all();
        let charities = f64::from(world.supply.charities);
        let lots = expected_lots(world, &scenario.market);
        let cuts = in_force.iter().filter(|regime| regime.rules.packaging == Packaging::CutLots);
        let values = typical_values(&scenario.market);
        let cut =
            lots * cuts.map(|regime| pieces(&values, regime.rules.lot_size_gbp.value())).fold(1.0, f64::max);
        let markets = world.markets.len() as f64;
        let periods = scenario.reforms.len() as f64 + 1.0;
        let replicate = charities * (State::bytes_per_charity() as f64 + PER_CHARITY)
            + cut * PER_LOT
            + markets * PER_MARKET
            + periods * world.areas.len() as f64 * 4.0;
        Self { charities, lots, cut, bundles: bundles(world, in_force), replicate }
    }

    /// "12,000 lots" with what rules make of them.
    pub fn lots_in_words(&self) -> String {
        let figure = |count: f64| match count {
            small if small < 1_000.0 => format!("{small:.0}"),
            large => super::run::figure(large),
        };
        let cut = if self.cut > self.lots {
            format!(", cut into up to {}", figure(self.cut.round()))
        } else {
            String::new()
        };
        let bundles = self
            .bundles
            .map_or(String::new(), |bundles| format!(", let in up to {}", counted(bundles, "bundle")));
        format!("about {}{cut}{bundles}", counted(figure(self.lots.round()), "lot"))
    }

    /// Bytes that playing takes, with so many replicates in hand.
    pub fn needs(&self, load: Load, at_once: f64) -> f64 {
        let kept = load.runs * names::all().len() as f64 * PER_VALUE;
        PROGRAM + self.replicate * at_once + kept + load.points * PER_POINT
    }
}

/// Pieces into which a lot is cut where none may be worth more than `size`, on average over lots of these values.
fn pieces(values: &[f64], size: f64) -> f64 {
    let pieces: f64 = values.iter().map(|value| libm::ceil(value / size).clamp(1.0, MOST_PIECES)).sum();
    pieces / values.len() as f64
}

/// Bundles that some regime lets lots in.
fn bundles(world: &World, regimes: &[Regime]) -> Option<usize> {
    let of = |regime: &Regime| match regime.rules.packaging {
        Packaging::AsDrawn | Packaging::CutLots => None,
        Packaging::BundleLots => Some(world.markets.len()),
        Packaging::BundleServices => Some(world.areas.len()),
        Packaging::BundleAreas => Some(world.regions.len() * world.services.len()),
    };
    regimes.iter().filter_map(of).max()
}

/// Refuses what needs more than three quarters of the machine's memory, or than is allowed.
pub fn refuse_beyond_memory(needed: f64, allowed_gb: Option<f64>, size: &Size) -> Result<(), CliError> {
    let machine = machine_memory();
    let most = match allowed_gb {
        Some(gb) => gb * 1e9,
        None => machine.map_or(f64::INFINITY, |bytes| bytes * UNASKED),
    };
    if needed <= most {
        return Ok(());
    }
    let gb = |bytes: f64| super::run::figure(bytes / 1e9);
    let why = match (allowed_gb, machine) {
        (None, Some(machine)) => {
            format!("more than three quarters of the {} GB of this machine", gb(machine))
        }
        _ => format!("more than the {} GB that --allow-memory allows", gb(most)),
    };
    Err(CliError::Usage(format!(
        "error: this needs about {} GB of memory, {why}\n  = help: it is {} and {}; fewer of them, points, \
         replicates or --threads need less\n  = help: --allow-memory {:.0} plays it all the same",
        gb(needed),
        counted(super::run::figure(size.charities), "charity"),
        size.lots_in_words(),
        (needed / 1e9).ceil()
    )))
}

/// Memory of the machine in bytes, or what a container leaves of it, where the system says.
fn machine_memory() -> Option<f64> {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let total = system.total_memory();
    let limit = system.cgroup_limits().map_or(total, |limits| limits.total_memory.min(total));
    (limit > 0).then_some(limit as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Luck;
    use crate::scenario::load;
    use crate::world::contracts::Portfolio;

    #[test]
    fn lots_are_foretold_within_a_few_percent() {
        for (name, sets) in [
            ("england", vec![]),
            ("quick", vec!["market.contract_min_gbp=40000", "market.contract_spread=1.2"]),
            ("synthetic", vec!["market.contract_law=lognormal", "world.areas=300"]),
            ("synthetic", vec!["market.contract_law=fixed", "market.lots_per_market=7"]),
        ] {
            let sets: Vec<String> = sets.into_iter().map(String::from).collect();
            let scenario = load(name, &sets).unwrap_or_else(|errors| panic!("{errors}"));
            let world = World::build(&scenario).expect("a world");
            let portfolio = Portfolio::draw(&world, &scenario, Luck::new(1, 0));
            let drawn = portfolio.lots.len() as f64;
            let told = Size::of(&scenario, &world).lots;
            assert!((told / drawn - 1.0).abs() < 0.1, "{name}: {told} foretold, {drawn} drawn");
        }
    }

    #[test]
    fn a_machine_has_memory() {
        assert!(machine_memory().is_some_and(|bytes| bytes > 1e8));
    }
}
