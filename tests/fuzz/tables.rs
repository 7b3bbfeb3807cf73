//! Spoilt tables of areas and charities: the world is built, or the table is refused with a message.

use super::luck::Luck;
use super::rounds::rounds;
use super::spoil::spoil;
use super::watch::{Watch, seeds};
use rebalance::scenario::{Scenario, load};
use rebalance::world::World;

/// Longest that a case may take \[s\].
const LONGEST: u64 = 2;
/// Rounds that are played with a table that is taken.
const ROUNDS: u32 = 2;

const AREAS: &str = include_str!("../../src/world/data/areas.csv");
const CHARITIES: &str = "id,home,income_gbp,services,reach,reserves_gbp\n\
    a,S00000,20000,service-1,local,100\nb,S00001,950000,service-1|service-2,regional,-5000\n\
    c,S00000,12e6,service-2,national,\n\"d, e\",S00002,0,,local,1\n";

/// Tries so many tables; whether none failed.
pub fn fuzz(cases: usize, seed: u64) -> bool {
    let folder = tempfile::tempdir().expect("a folder for tables");
    let path = folder.path().join("table.csv");
    let key = |key: &str| format!("{key}={}", path.display());
    let few = "population.charities=2000".to_string(); // so that rounds are quick
    let of_areas = load("england", &[few, key("world.areas_file")]).expect("valid");
    let sizes = ["world.areas=3", "world.services=2"].map(String::from).to_vec();
    let of_charities =
        load("synthetic", &[sizes, vec![key("world.charities_file")]].concat()).expect("valid");
    let mut watch = Watch::new("tables", LONGEST);
    for seed in seeds(seed, cases) {
        let mut luck = Luck::new(seed);
        let areas = luck.once_in(2);
        let mut text = if areas { some_areas(&mut luck) } else { CHARITIES.to_string() }.into_bytes();
        for _ in 0..luck.times() {
            let other = if luck.once_in(4) { CHARITIES.to_string() } else { some_areas(&mut luck) };
            spoil(&mut text, other.as_bytes(), &mut luck);
        }
        std::fs::write(&path, &text).expect("written");
        watch.case(seed, &text, || table(if areas { &of_areas } else { &of_charities }));
    }
    watch.report()
}

/// Header and a few rows of the built-in table, as a program somewhere in Europe may write them.
fn some_areas(luck: &mut Luck) -> String {
    let rows: Vec<&str> = AREAS.lines().skip(1).collect();
    let mut text = AREAS.lines().next().unwrap_or_default().to_string();
    for _ in 0..luck.below(4) {
        text = format!("{text}\n{}", luck.pick(&rows));
    }
    match luck.below(8) {
        0 => text.replace(',', ";"),
        1 => text.replace(',', "\t").replace('\n', "\r\n"),
        _ => text + "\n",
    }
}

fn table(scenario: &Scenario) -> Result<String, String> {
    let world = match World::build(scenario) {
        Err(error) if error.to_string().is_empty() => return Err("refused without a word".into()),
        Err(_) => return Ok("refused".into()),
        Ok(world) => world,
    };
    let markets = world.markets.iter().flat_map(|market| [market.arrivals.value(), market.budget.value()]);
    let hours = world.services.iter().map(|service| service.hours_per_person.value());
    let supply = &world.supply;
    let shares = supply.regional_share.iter().chain([&supply.national_share]).chain(&supply.nowhere).copied();
    let homes = supply.homes.iter().flat_map(|home| [home.charities, home.large_charities]);
    let wrong =
        markets.chain(hours).chain(shares).chain(homes).find(|value| !value.is_finite() || *value < 0.0);
    if let Some(value) = wrong {
        return Err(format!("the world has a number {value}"));
    }
    rounds(scenario, &world, ROUNDS).map(|played| format!("built and {played}"))
}
