//! The places of a country: England's councils from the built-in table, with the user's own areas in
//! their stead or beside them.

mod column;
mod doubts;
mod identity;
mod money;
mod read;

use self::doubts::England;
use self::identity::Regions;
use super::built_in::Plan;
use super::faults::{Faults, first_few};
use super::table::read_text;
use super::{Area, WorldError};
use std::collections::BTreeMap;

const AREAS: &str = include_str!("data/areas.csv");
/// Name of the built-in table in messages.
const BUILT_IN: &str = "areas.csv";

/// A council area as tables describe it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Its names, residents, deprivation, charities.
    pub area: Area,
    /// Residents below 18 \[people\], where the table has them.
    children: Option<f64>,
    /// What its council spends, by service, in the unit of the table.
    spending: Vec<f64>,
    /// Its need indicator, by service.
    need: Vec<f64>,
    /// Row of its file.
    row: usize,
    /// Whether all cells of its row could be read and its residents fit them; if not, figures per head say nothing.
    sound: bool,
}

/// A country: its places, which of them were asked for, and England's rates.
pub(super) struct Country {
    /// All places, England's first.
    pub places: Vec<Place>,
    /// Rows of the places that the scenario is about: all of them, or the user's own.
    pub asked_for: Vec<usize>,
    /// Names of regions.
    pub regions: Vec<String>,
    /// Charities of the country over England's, under 1m GBP and of 1m and over.
    pub charities: [f64; 2],
    /// What a reader should know of the user's own table.
    pub notes: Vec<String>,
    /// England's yearly budget held by charities \[GBP\] and yearly arrivals \[people\], by service: hours a
    /// person are reckoned from them, whatever the user's own table says.
    pub planned: Vec<(f64, f64)>,
    rates: Vec<Rates>,
}

/// England's figures for a service, which turn a place's cells into money and people.
struct Rates {
    /// Least spending per resident, in the unit of the table: councils that report less are taken to book
    /// the service elsewhere.
    least_spending: f64,
    /// People who come to need in a year.
    arrivals: f64,
    /// Sum of the need indicator.
    need: f64,
}

impl Country {
    /// England, with the places of the user's own file if there is one. A place whose code is known takes
    /// that place's stead; the others are added. `floor` is the least spending per head, as a share of England's.
    pub fn read(own_file: &str, plans: &[Plan], floor: f64) -> Result<Self, WorldError> {
        let mut regions = Regions::default();
        let mut faults = Faults::new(BUILT_IN);
        let places = read::places(AREAS, plans, &mut regions, &mut faults);
        let places = faults.into_result(places)?;
        let mut country = Self {
            asked_for: (0..places.len()).collect(),
            rates: plans.iter().enumerate().map(|(row, plan)| Rates::of(&places, row, plan, floor)).collect(),
            planned: Vec::new(),
            charities: [1.0; 2],
            notes: Vec::new(),
            regions: Vec::new(),
            places,
        };
        country.planned = plans.iter().enumerate().map(|(row, plan)| country.total(row, plan)).collect();
        if !own_file.is_empty() {
            country.take_in(own_file, plans, &mut regions, floor)?;
        }
        country.regions = regions.into_names();
        Ok(country)
    }

    /// The user's own places.
    fn take_in(
        &mut self,
        file: &str,
        plans: &[Plan],
        regions: &mut Regions,
        floor: f64,
    ) -> Result<(), WorldError> {
        let mut faults = Faults::new(file);
        regions.close();
        let mut own = read::places(&read_text(file)?, plans, regions, &mut faults);
        let england = England::of(&self.places, plans);
        for place in own.iter_mut().filter(|place| place.sound) {
            identity::judge(place, &england, regions, &mut faults);
            place.sound = england.judge(place, floor, &mut faults);
        }
        money::judge(&own, &england, floor, &mut faults);
        let before = self.counts();
        self.settle(own, &mut faults);
        let after = self.counts();
        self.charities = [after[0] / before[0], after[1] / before[1]];
        self.notes = faults.notes();
        faults.into_result(())
    }

    /// Puts the user's places where they belong.
    fn settle(&mut self, own: Vec<Place>, faults: &mut Faults) {
        let known: BTreeMap<String, usize> =
            self.places.iter().enumerate().map(|(row, place)| (place.area.code.clone(), row)).collect();
        let (at_home, mut added): (Vec<Place>, Vec<Place>) =
            own.into_iter().partition(|place| known.contains_key(&place.area.code));
        self.asked_for = at_home.iter().map(|place| known[&place.area.code]).collect();
        for (place, &row) in at_home.into_iter().zip(&self.asked_for) {
            self.places[row] = place;
        }
        self.asked_for.sort_unstable();
        added.sort_by(|a, b| a.area.code.cmp(&b.area.code));
        if !added.is_empty() {
            let names: Vec<String> = added.iter().map(|place| place.area.name.clone()).collect();
            faults.doubt_file(format!(
                "areas whose codes are not England's are added to England: {}",
                first_few(&names)
            ));
        }
        self.asked_for.extend(self.places.len()..self.places.len() + added.len());
        self.places.extend(added);
    }

    /// Relative numbers of charities of all places: under 1m GBP, and of 1m and over.
    fn counts(&self) -> [f64; 2] {
        let sum = |count: fn(&Area) -> f64| self.places.iter().map(|place| count(&place.area)).sum();
        [sum(|area| area.charities), sum(|area| area.large_charities)]
    }

    /// Yearly budget held by charities \[GBP\] and yearly arrivals \[people\] of a service in a place: need per
    /// head at England's rate for the value of its indicator.
    pub fn market(&self, place: usize, service: usize, plan: &Plan) -> (f64, f64) {
        let (place, rates) = (&self.places[place], &self.rates[service]);
        let least = rates.least_spending * place.area.population.value();
        let spending = place.spending[service].max(least);
        let pounds = if plan.in_thousands() { spending * 1000.0 } else { spending };
        (pounds * plan.charity_share, rates.arrivals * place.need[service] / rates.need)
    }

    fn total(&self, service: usize, plan: &Plan) -> (f64, f64) {
        let of_places = || (0..self.places.len()).map(|place| self.market(place, service, plan));
        (of_places().map(|(budget, _)| budget).sum(), of_places().map(|(_, arrivals)| arrivals).sum())
    }
}

impl Rates {
    fn of(places: &[Place], service: usize, plan: &Plan, floor: f64) -> Self {
        let residents: f64 = places.iter().map(|place| place.area.population.value()).sum();
        let spending: f64 = places.iter().map(|place| place.spending[service]).sum();
        Self {
            least_spending: floor * spending / residents,
            arrivals: plan.need_per_1000 * residents / 1000.0,
            need: places.iter().map(|place| place.need[service]).sum(),
        }
    }
}
