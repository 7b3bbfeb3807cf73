//! Small worlds for rounds at the ends of ranges, and what is too large for them.

use rebalance::math::exp;
use rebalance::scenario::Scenario;
use rebalance::scenario::parameters::{ContractLaw, Packaging, WorldKind};
use std::path::Path;

const AREAS: &str = include_str!("../../src/world/data/areas.csv");
/// The smallest council with all services.
const COUNCIL: &str = "E06000017";
/// Charities and lots that ten rounds take about a second for.
const ROWS: f64 = 20_000.0;
/// Charities of England, of which a small council has few: they are drawn all the same.
const DRAWN: f64 = 400_000.0;

/// A world: its name and the scenario's text.
pub struct Small {
    pub name: &'static str,
    pub text: String,
}

const TINY: &str = "[world]\nkind = \"synthetic\"\nareas = 2\nservices = 2\ncharities_per_area = 15\n\
    [market]\ncontract_law = \"fixed\"\nlots_per_market = 3\n[population]\nincome_median_gbp = 200000\n";
const TEAMS: &str = "[behaviour]\nmotives = \"dirichlet\"\npush_back = 0.2\npurpose = 0.2\nopenness = 0.5\n\
    [rules]\nforms = \"any\"\nresults_share = 0.2\nbelief_weight = 0.5\nlearning = \"bandit\"\n";
const LAST: &str = "[run]\nrounds = 10\nburn_in = 0\n[[menu]]\nname = \"less\"\nrules.results_share = 0.5\n";

/// Two synthetic areas with and without teams, and a small council of England in a file of its own.
pub fn all(folder: &Path) -> Vec<Small> {
    let own = |line: &&str| line.starts_with("code,") || line.starts_with(COUNCIL);
    let table: Vec<&str> = AREAS.lines().filter(own).collect();
    std::fs::write(folder.join("council.csv"), table.join("\n") + "\n").expect("written");
    let council = "[world]\nareas_file = \"council.csv\"\n[population]\ncharities = 10000\n";
    let small = |name, extends: &str, text: &str| Small {
        name,
        text: format!("version = 1\nextends = \"{extends}\"\n{text}{LAST}"),
    };
    vec![
        small("synthetic", "synthetic", TINY),
        small("synthetic with teams", "synthetic", &format!("{TINY}{TEAMS}")),
        small("council", "england", council),
    ]
}

/// Whether a scenario has more charities or lots than a laptop plays ten rounds of in about a second: charities
/// drawn, and lots of the fixed law, or those that the budgets make of contracts of mean value, cut to pieces.
pub fn is_too_large(scenario: &Scenario) -> bool {
    let (world, market) = (&scenario.world, &scenario.market);
    let markets = f64::from(world.areas) * f64::from(world.services);
    let synthetic = world.kind == WorldKind::Synthetic;
    let charities = if synthetic {
        f64::from(world.areas) * f64::from(world.charities_per_area)
    } else {
        f64::from(scenario.population.charities) * f64::from(world.copies) * (ROWS / DRAWN)
    };
    let lots = match market.contract_law {
        ContractLaw::Fixed => {
            let markets = if synthetic { markets } else { 151.0 * 11.0 };
            markets * f64::from(market.lots_per_market) * (if synthetic { 1.0 } else { 0.1 })
        }
        ContractLaw::Lognormal => {
            let spread = market.contract_spread;
            let untruncated = market.contract_median_gbp.value() * exp(spread * spread / 2.0);
            let mean = untruncated.min(market.contract_max_gbp.value());
            let mean = if spread == 0.0 { mean } else { mean.max(market.contract_min_gbp.value()) };
            let of_lots = f64::from(market.lots_per_market) * market.lot_value_gbp.value();
            let money = if synthetic { markets * of_lots } else { 57e6 * 100.0 * (ROWS / DRAWN) };
            money / mean
        }
    };
    let cuts = scenario.regime.rules.packaging == Packaging::CutLots;
    let small = market.lot_value_gbp.value() / scenario.regime.rules.lot_size_gbp.value();
    let pieces = if cuts { small.max(1.0) } else { 1.0 };
    let whole = !synthetic && world.areas_file.is_empty() && world.sample_authorities != 1;
    whole || charities > ROWS || lots * pieces > ROWS
}
