//! A column of figures that go with residents: England's range, and figures that are outside it.

use super::Place;
use crate::world::faults::Faults;

/// How far beyond the councils with most and least per head a figure may be.
pub(super) const BEYOND: f64 = 2.0;
/// How many times the figure that the built-in table has for the same council.
const TIMES_ITS_OWN: f64 = 5.0;
/// As many more or fewer are chance in a small place.
const CHANCE: f64 = 10.0;
/// Figures of England's from which one that is lower is remarked on.
const ENOUGH: f64 = 5.0;
const POUNDS: &str = "; are these pounds instead of thousands of pounds?";

/// What a column has.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Thousands of pounds, for a service.
    Money(usize),
    /// People or an index, for a service.
    Need(usize),
    /// Charities under 1m GBP.
    Charities,
    /// Charities of 1m GBP and over.
    LargeCharities,
}

/// A column whose figures go with residents, and England's range.
pub(super) struct Column {
    /// Its name.
    pub name: String,
    kind: Kind,
    /// England's sum.
    sum: f64,
    /// England's figure per resident.
    rate: f64,
    /// Per resident over England's: the council that has least, but for nothing, and the one that has most.
    range: (f64, f64),
}

impl Column {
    /// A column of the built-in table.
    pub fn new(name: &str, kind: Kind, places: &[Place]) -> Self {
        let mut column = Self { name: name.into(), kind, sum: 0.0, rate: 1.0, range: (f64::INFINITY, 0.0) };
        column.sum = places.iter().map(|place| column.of(place)).sum();
        column.rate = column.sum / places.iter().map(residents).sum::<f64>();
        let times = || places.iter().map(|place| column.times(place)).filter(|times| *times > 0.0);
        column.range = (times().fold(f64::INFINITY, f64::min), times().fold(0.0, f64::max));
        column
    }

    /// The figure of a place.
    pub fn of(&self, place: &Place) -> f64 {
        match self.kind {
            Kind::Money(service) => place.spending[service],
            Kind::Need(service) => place.need[service],
            Kind::Charities => place.area.charities,
            Kind::LargeCharities => place.area.large_charities,
        }
    }

    /// What a place would have at England's rate.
    pub fn england_would(&self, place: &Place) -> f64 {
        self.rate * residents(place)
    }

    /// A place's figure per resident over England's.
    pub fn times(&self, place: &Place) -> f64 {
        self.of(place) / self.england_would(place)
    }

    /// Whether it has thousands of pounds.
    pub fn is_money(&self) -> bool {
        matches!(self.kind, Kind::Money(_))
    }

    /// Whether money that is so many times England's may be pounds instead of thousands of pounds.
    fn may_be_pounds(&self, times: f64) -> bool {
        self.is_money() && times / 1000.0 >= self.range.0 / BEYOND
    }

    /// Whether a figure may be a rate in place of a count: a fraction, per cent, or per 1,000 or 100,000 residents.
    fn may_be_rate(&self, value: f64) -> bool {
        let (least, most) = (self.range.0 / BEYOND, self.range.1 * BEYOND);
        [1.0, 100.0, 1000.0, 1e5].iter().any(|per| (least..=most).contains(&(value / per / self.rate)))
    }

    /// Says that a figure is above or below those of all councils; whether it is.
    pub fn is_beyond(&self, place: &Place, faults: &mut Faults) -> bool {
        let (value, times, would) = (self.of(place), self.times(place), self.england_would(place));
        let (least, most) = self.range;
        if matches!(self.kind, Kind::Charities | Kind::LargeCharities) && value > self.sum {
            let what = format!("{value} is more than all of England has, {}", self.sum);
            faults.of_cell(place.row, &self.name, &what);
            return true;
        }
        if value > BEYOND * most * would + CHANCE {
            faults.doubt(place.row, &self.name, "high", || {
                let hint = match self.kind {
                    _ if self.may_be_pounds(times) => POUNDS.into(),
                    Kind::Charities | Kind::LargeCharities => format!("; England has {} in all", self.sum),
                    _ => String::new(),
                };
                let (times, most) = (figure(times), figure(most));
                format!("{value} is {times} times England's per head, and no council has more than {most} times{hint}")
            });
            return true;
        }
        let may_be_less = self.is_money() || self.kind == Kind::LargeCharities;
        if !may_be_less && would >= ENOUGH && value < least / BEYOND * would {
            faults.doubt(place.row, &self.name, "low", || {
                let is_rate = self.may_be_rate(value);
                let hint = if is_rate { "; is this a rate instead of a count?" } else { "" };
                format!("{value} is far below England's per head, which would be {would:.0} here{hint}")
            });
            return true;
        }
        false
    }

    /// Says that a figure is far from that of the same council in the built-in table.
    pub fn is_far_from(&self, council: &Place, place: &Place, least: f64, faults: &mut Faults) {
        let (value, known, name) = (self.of(place), self.of(council), &council.area.name);
        let times = value / known;
        let is_pounds = self.is_money() && (500.0..2000.0).contains(&times);
        // Money that is booked elsewhere may well come back.
        let is_high = value > TIMES_ITS_OWN * known + CHANCE && known >= least;
        let is_low = !self.is_money() && value * TIMES_ITS_OWN + CHANCE < known;
        if known > 0.0 && (is_pounds || is_high || is_low) {
            faults.doubt(place.row, &self.name, "own", || {
                let hint = if is_pounds { POUNDS } else { "" };
                format!(
                    "{value} is {} times the {known} that {name} has in the built-in table{hint}",
                    figure(times)
                )
            });
        }
    }
}

/// The residents of a place.
pub(super) fn residents(place: &Place) -> f64 {
    place.area.population.value()
}

/// How many times, as people say it.
pub(super) fn figure(times: f64) -> String {
    if times < 0.1 {
        format!("{times:.2e}")
    } else if times < 10.0 {
        format!("{times:.1}")
    } else {
        format!("{times:.0}")
    }
}
