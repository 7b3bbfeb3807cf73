//! Figures of a user's areas beside England's: what cannot be, and what is far outside England's range.

use super::Place;
use super::column::{BEYOND, Column, Kind, figure, residents};
use crate::world::built_in::Plan;
use crate::world::faults::Faults;
use std::collections::BTreeMap;

/// How many times the residents that the built-in table has for the same council.
const TIMES_ITS_RESIDENTS: f64 = 2.0;
/// How far beyond all councils three of four figures per head of an area may be before its residents are in doubt.
const RESIDENTS_IN_DOUBT: f64 = 3.0;
/// Latitudes and longitudes of the United Kingdom, with room to spare.
const KINGDOM: [(f64, f64); 2] = [(49.0, 61.5), (-9.0, 2.5)];
/// Kilometres in a degree of latitude, and the cosine of England's.
const KM_PER_DEGREE: f64 = 111.0;
const SHRINK: f64 = 0.6;
/// From how far on a council is remarked on: no council of England is as wide \[km\].
const FAR_AWAY: f64 = 100.0;
/// Need indicators that count residents, or households: there cannot be more of them than residents.
const RESIDENTS: [&str; 5] = [
    "population_65_over",
    "homeless_households",
    "income_deprived",
    "children_in_need",
    "children_low_income",
];

/// England's councils, to which a user's areas are compared.
pub(super) struct England {
    columns: Vec<Column>,
    councils: BTreeMap<String, Place>,
    codes: BTreeMap<String, String>,
    deprivation: (f64, f64),
    /// Per head over England's, the councils of which three of four figures are highest, and lowest.
    most_figures: (f64, f64),
}

impl England {
    /// England as the built-in table has it.
    pub fn of(places: &[Place], plans: &[Plan]) -> Self {
        let mut columns = vec![
            Column::new("charities_general", Kind::Charities, places),
            Column::new("charities_1m_sampled", Kind::LargeCharities, places),
        ];
        for (service, plan) in plans.iter().enumerate() {
            let money = plan.in_thousands().then_some((&plan.budget_column, Kind::Money(service)));
            for (name, kind) in money.into_iter().chain([(&plan.need_column, Kind::Need(service))]) {
                if name != "population" && columns.iter().all(|known| known.name != *name) {
                    columns.push(Column::new(name, kind, places));
                }
            }
        }
        let deprivation = places.iter().map(|place| place.area.deprivation);
        let most = || places.iter().filter_map(|place| most_figures(&columns, place));
        Self {
            most_figures: (
                most().map(|(low, _)| low).fold(0.0, f64::max),
                most().map(|(_, high)| high).fold(f64::INFINITY, f64::min),
            ),
            councils: places.iter().map(|place| (place.area.code.clone(), place.clone())).collect(),
            codes: places
                .iter()
                .map(|place| (place.area.name.to_lowercase(), place.area.code.clone()))
                .collect(),
            deprivation: (deprivation.clone().fold(f64::INFINITY, f64::min), deprivation.fold(0.0, f64::max)),
            columns,
        }
    }

    /// The council of a code.
    pub fn council(&self, code: &str) -> Option<&Place> {
        self.councils.get(code)
    }

    /// The code of the council of a name.
    pub fn code_of(&self, name: &str) -> Option<&String> {
        self.codes.get(&name.to_lowercase())
    }

    /// The code that is meant by one in small letters or with spaces inside.
    pub fn code_like(&self, code: &str) -> Option<&str> {
        let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
        self.councils.get_key_value(&code.to_uppercase()).map(|(known, _)| known.as_str())
    }

    /// Columns of spending in thousands of pounds.
    pub fn money(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.is_money())
    }

    /// Looks at the figures of an area; whether its residents fit them.
    pub fn judge(&self, place: &Place, floor: f64, faults: &mut Faults) -> bool {
        elsewhere(place, faults);
        let (low, high) = (self.deprivation.0 / BEYOND, self.deprivation.1 * BEYOND);
        if !(low..=high).contains(&place.area.deprivation) {
            faults.doubt(place.row, "imd_score", "range", || {
                let (least, most) = self.deprivation;
                let score = place.area.deprivation;
                format!("England's councils have {least} to {most}: is {score} an average score, and no rank or decile?")
            });
        }
        if self.residents_are_in_doubt(place, faults) {
            return false;
        }
        let council = self.council(&place.area.code);
        if let Some(council) = council {
            is_far_away(place, council, faults);
        }
        if let Some(children) = place.children.filter(|children| *children > residents(place)) {
            let what = format!("{children} is more than the {} residents (population)", residents(place));
            faults.of_cell(place.row, "population_0_17", &what);
        }
        for column in &self.columns {
            let value = column.of(place);
            if RESIDENTS.contains(&column.name.as_str()) && value > residents(place) {
                let what = format!("{value} is more than the {} residents (population)", residents(place));
                faults.of_cell(place.row, &column.name, &what);
            } else if !column.is_beyond(place, faults)
                && let Some(council) = council
            {
                column.is_far_from(council, place, floor * column.england_would(council), faults);
            }
        }
        true
    }

    /// Says so where residents do not fit the figures beside them, or are not those of the council; whether that is so.
    fn residents_are_in_doubt(&self, place: &Place, faults: &mut Faults) -> bool {
        let (row, people) = (place.row, residents(place));
        let Some((low, high)) = most_figures(&self.columns, place) else { return false };
        let (most, least) = self.most_figures;
        if low > RESIDENTS_IN_DOUBT * most {
            let hint = if low > 100.0 { "; are these thousands of residents?" } else { "" };
            let (low, name) = (figure(low), "population");
            let what = format!(
                "{people} is too few for the row: most figures are {low} times England's per head, or more{hint}"
            );
            let impossible =
                |column: &&Column| RESIDENTS.contains(&column.name.as_str()) && column.of(place) > people;
            match self.columns.iter().find(impossible) {
                Some(_) => faults.of_cell(row, name, &what),
                None => faults.doubt(row, name, "few", || what),
            }
            return true;
        }
        if high < least / RESIDENTS_IN_DOUBT {
            faults.doubt(row, "population", "many", || {
                let times = figure(1.0 / high);
                format!("{people} is too many for the row: most figures are {times} times less per head than England's, or lower")
            });
            return true;
        }
        if let Some(council) = self.council(&place.area.code) {
            let known = residents(council);
            if !(1.0 / TIMES_ITS_RESIDENTS..=TIMES_ITS_RESIDENTS).contains(&(people / known)) {
                let what = || {
                    format!(
                        "{people} residents, where {} has {known} in the built-in table",
                        council.area.name
                    )
                };
                faults.doubt(row, "population", "own", what);
            }
        }
        false
    }
}

/// Says that a council is far from where the built-in table has it.
fn is_far_away(place: &Place, council: &Place, faults: &mut Faults) {
    let Some((here, there)) = place.area.centroid.zip(council.area.centroid) else { return };
    let (north, east) = ((here.0 - there.0) * KM_PER_DEGREE, (here.1 - there.1) * KM_PER_DEGREE * SHRINK);
    let away = libm::hypot(north, east);
    if away > FAR_AWAY {
        faults.doubt(place.row, "latitude", "far", || {
            let (name, (latitude, longitude)) = (&council.area.name, there);
            format!("{}, {} is {away:.0} km from {latitude}, {longitude}, where {name} is", here.0, here.1)
        });
    }
}

/// What three of four figures of a place are at least, and at most, per head over England's; nothing without figures.
fn most_figures(columns: &[Column], place: &Place) -> Option<(f64, f64)> {
    let mut times: Vec<f64> =
        columns.iter().map(|column| column.times(place)).filter(|times| *times > 0.0).collect();
    times.sort_by(f64::total_cmp);
    let quarter = times.len() / 4;
    Some((*times.get(quarter)?, *times.iter().rev().nth(quarter)?))
}

/// Coordinates outside the United Kingdom.
fn elsewhere(place: &Place, faults: &mut Faults) {
    let Some((latitude, longitude)) = place.area.centroid else { return };
    let inside = |at: f64, limits: (f64, f64)| (limits.0..=limits.1).contains(&at);
    if inside(latitude, KINGDOM[0]) && inside(longitude, KINGDOM[1]) {
        return;
    }
    let swapped = inside(longitude, KINGDOM[0]) && inside(latitude, KINGDOM[1]);
    let (kind, why) =
        if swapped { ("swapped", "; are latitude and longitude swapped?") } else { ("elsewhere", "") };
    faults.doubt(place.row, "latitude", kind, || {
        format!("{latitude}, {longitude} is not in the United Kingdom{why}")
    });
}
