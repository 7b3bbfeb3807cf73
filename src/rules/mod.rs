//! Which rules and behaviour are in force, looked up by area and round.
//!
//! A reform never changes a parameter: it is a value looked up from its first round on, so rounds
//! before it cannot depend on it. A commissioner's choice from its menu of rules is state, added to what is looked up.

use crate::ids::{AreaId, Column};
use crate::scenario::parameters::Learning;
use crate::scenario::{Choice, Reform, Regime, Scenario, nearest_name};
use crate::world::World;

/// The regimes of a scenario, by round and area.
#[derive(Clone, Debug)]
pub struct Regimes {
    regimes: Vec<Regime>,
    periods: Vec<Period>,
    /// Under each regime of a period, by option of the menu: the place of the regime that then applies.
    options: Vec<Vec<u32>>,
}

/// From a round on, the regime of each area.
#[derive(Clone, Debug)]
struct Period {
    from_round: u32,
    of_area: Column<AreaId, u32>,
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
        let mut regimes = vec![scenario.regime.clone()];
        let mut current = Column::filled(world.areas.len(), 0_u32);
        let mut periods = vec![Period { from_round: 0, of_area: current.clone() }];
        let mut reforms: Vec<&Reform> = scenario.reforms.iter().collect();
        reforms.sort_by_key(|reform| reform.from_round);
        for reform in reforms {
            for area in world.areas.ids() {
                if !applies(reform, world, area) {
                    continue;
                }
                let changed = regimes[current[area] as usize].with(&reform.changes);
                let known = regimes.iter().position(|regime| *regime == changed);
                current[area] = known.unwrap_or_else(|| {
                    regimes.push(changed);
                    regimes.len() - 1
                }) as u32;
            }
            match periods.last_mut() {
                Some(last) if last.from_round == reform.from_round => last.of_area = current.clone(),
                _ => periods.push(Period { from_round: reform.from_round, of_area: current.clone() }),
            }
        }
        let learns = regimes.iter().any(|regime| regime.rules.learning == Learning::Bandit);
        let options = add_options(&mut regimes, if learns { &scenario.menu } else { &[] });
        Self { regimes, periods, options }
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

/// Places that reforms name and the world does not have, in words, with the nearest name.
pub fn unknown_places(scenario: &Scenario, world: &World) -> Vec<String> {
    let names = || {
        let of_areas = world.areas.iter().flat_map(|area| [area.name.as_str(), area.code.as_str()]);
        of_areas.chain(world.regions.iter().map(String::as_str))
    };
    let wanted =
        scenario.reforms.iter().flat_map(|reform| reform.areas.iter().map(move |area| (reform, area)));
    let unknown = wanted.filter(|(_, wanted)| !names().any(|name| name == *wanted));
    let words = |(reform, wanted): (&Reform, &String)| {
        let near = nearest_name(wanted, names());
        let hint = near.map_or_else(
            || "name an area, its code or a region of the world that is run: area_places.csv of a run lists them".into(),
            |near| format!("did you mean \"{near}\"?"),
        );
        let from = reform.from_round;
        format!(
            "error: the reform of round {from} names \"{wanted}\", which is no area, code or region of this world\n  \
             = help: {hint}"
        )
    };
    unknown.map(words).collect()
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

/// Whether a reform names this area, its code or its region; no names mean everywhere.
fn applies(reform: &Reform, world: &World, area: AreaId) -> bool {
    let place = &world.areas[area];
    let names = [&place.code, &place.name, &world.regions[place.region]];
    reform.areas.is_empty() || reform.areas.iter().any(|wanted| names.contains(&wanted))
}
