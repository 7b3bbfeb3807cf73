//! What values can be at all: a share lies between 0 and 1, a count is not below 0.

use super::concentration::HHI_POINTS;

/// The lowest and the highest value that there can be; infinite where there is no such end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

impl Bounds {
    /// Any number: reserves can be negative.
    pub const NONE: Self = Self::new(f64::NEG_INFINITY, f64::INFINITY);
    /// Shares.
    pub const SHARE: Self = Self::new(0.0, 1.0);
    /// Counts, amounts of money, ratios of what is not negative.
    pub const NOT_NEGATIVE: Self = Self::at_least(0.0);

    /// From the lowest to the highest.
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// No lower than this.
    pub const fn at_least(low: f64) -> Self {
        Self::new(low, f64::INFINITY)
    }

    /// What a unit allows; measures and facts that are bounded otherwise say so where they are declared.
    pub fn of_unit(unit: &str) -> Self {
        match unit {
            "share" | "0-1" => Self::SHARE,
            "points" => Self::new(0.0, HHI_POINTS),
            "months" | "months of spending" | "percentage points" => Self::NONE,
            percent if percent.starts_with("percent") && !percent.ends_with("a year") => {
                Self::SHARE.times(100.0)
            }
            _ => Self::NOT_NEGATIVE,
        }
    }

    /// Bounds of the difference of two such values.
    pub fn of_differences(self) -> Self {
        Self::new(self.low - self.high, self.high - self.low)
    }

    /// Bounds of such values times a positive number: shares in percent, pounds in millions.
    pub const fn times(self, factor: f64) -> Self {
        Self::new(self.low * factor, self.high * factor)
    }

    /// Whether a value lies within, but for rounding.
    pub fn hold(self, value: f64) -> bool {
        let rounding = 1e-9 * value.abs().max(1.0);
        self.low - rounding <= value && value <= self.high + rounding
    }

    /// The part of an interval around a mean that lies within. It holds the true mean exactly as often as the whole
    /// does, because the true mean lies within. Rounding may put a mean a little outside; its interval then ends there.
    pub fn clip(self, (low, high): (f64, f64), mean: f64) -> (f64, f64) {
        (low.max(self.low.min(mean)), high.min(self.high.max(mean)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_value_has_its_bounds() {
        for (unit, low, high) in [
            ("share", 0.0, 1.0),
            ("people a year", 0.0, f64::INFINITY),
            ("GBP", 0.0, f64::INFINITY),
            ("points", 0.0, 10_000.0),
            ("months", f64::NEG_INFINITY, f64::INFINITY),
            ("percent of tenders", 0.0, 100.0),
            ("percent of organisations a year", 0.0, f64::INFINITY),
            ("percentage points", f64::NEG_INFINITY, f64::INFINITY),
        ] {
            assert_eq!(Bounds::of_unit(unit), Bounds::new(low, high), "{unit}");
        }
    }

    #[test]
    fn differences_reach_as_far_as_values_are_apart() {
        assert_eq!(Bounds::SHARE.of_differences(), Bounds::new(-1.0, 1.0));
        assert_eq!(Bounds::SHARE.of_differences().of_differences(), Bounds::new(-2.0, 2.0));
        assert_eq!(Bounds::NOT_NEGATIVE.of_differences(), Bounds::NONE);
        assert_eq!(Bounds::new(-2.0, 8.0).times(0.5), Bounds::new(-1.0, 4.0));
    }

    #[test]
    fn an_interval_is_cut_at_the_bounds_and_keeps_its_mean() {
        assert_eq!(Bounds::SHARE.clip((-0.2, 0.4), 0.1), (0.0, 0.4));
        assert_eq!(Bounds::SHARE.clip((0.7, 1.1), 0.9), (0.7, 1.0));
        assert_eq!(Bounds::SHARE.clip((0.2, 0.4), 0.3), (0.2, 0.4));
        assert_eq!(Bounds::NOT_NEGATIVE.clip((-3.0, 50.0), 20.0), (0.0, 50.0));
        assert_eq!(Bounds::NONE.clip((-3.0, 50.0), 20.0), (-3.0, 50.0));
        assert_eq!(Bounds::SHARE.clip((0.9, 1.2), 1.0 + 1e-15), (0.9, 1.0 + 1e-15));
        assert!(Bounds::SHARE.hold(1.0 + 1e-15) && !Bounds::SHARE.hold(1.001) && !Bounds::SHARE.hold(-0.001));
    }
}
