//! Units: money, people, hours and staff as types, so that pounds are never added to people.
//!
//! Every type wraps one `f64`. The single constructor `new` refuses NaN, because a quantity that
//! is not a number is a bug in the model and must not travel.

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        #[repr(transparent)]
        pub struct $name(f64);

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0.0);
            /// The unit as written in keys, tables and chart axes.
            pub const UNIT: &'static str = $unit;

            /// A quantity in this unit. Panics on NaN: the model never produces one knowingly.
            #[inline]
            pub const fn new(value: f64) -> Self {
                assert!(!value.is_nan(), concat!("not a number of ", $unit));
                Self(value)
            }

            /// The plain number, in this unit.
            #[inline]
            pub const fn value(self) -> f64 {
                self.0
            }

            /// The smaller of two.
            #[inline]
            pub const fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// The larger of two.
            #[inline]
            pub const fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            #[inline]
            fn add(self, other: Self) -> Self {
                Self::new(self.0 + other.0)
            }
        }

        impl std::ops::Sub for $name {
            type Output = Self;
            #[inline]
            fn sub(self, other: Self) -> Self {
                Self::new(self.0 - other.0)
            }
        }

        impl std::ops::AddAssign for $name {
            #[inline]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl std::ops::SubAssign for $name {
            #[inline]
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }

        impl std::ops::Mul<f64> for $name {
            type Output = Self;
            #[inline]
            fn mul(self, factor: f64) -> Self {
                Self::new(self.0 * factor)
            }
        }

        impl std::ops::Div<f64> for $name {
            type Output = Self;
            #[inline]
            fn div(self, divisor: f64) -> Self {
                Self::new(self.0 / divisor)
            }
        }

        impl std::ops::Div for $name {
            type Output = f64;
            #[inline]
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
                Self::new(quantities.map(Self::value).sum())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

unit!(
    /// Money, in pounds sterling.
    Gbp,
    "GBP"
);
unit!(
    /// People in need or served. Real numbers: a median contract serves three or four a quarter.
    People,
    "people"
);
unit!(
    /// Staff time, in hours.
    Hours,
    "hours"
);
unit!(
    /// Staff, in full-time equivalents.
    Fte,
    "FTE"
);
unit!(
    /// Elapsed time, in weeks.
    Weeks,
    "weeks"
);
unit!(
    /// A part of a whole, usually in [0, 1].
    Share,
    "share"
);
unit!(
    /// A chance, in [0, 1].
    Probability,
    "probability"
);

/// Weeks in a year, as commissioners count them: four quarters of thirteen weeks.
pub const WEEKS_PER_YEAR: f64 = 52.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_keeps_the_unit() {
        assert_eq!(Gbp::new(2.0) + Gbp::new(3.0) * 2.0, Gbp::new(8.0));
        assert_eq!(Gbp::new(6.0) / Gbp::new(3.0), 2.0);
    }

    #[test]
    #[should_panic(expected = "not a number of GBP")]
    fn nan_is_refused() {
        let _ = Gbp::new(0.0) * f64::INFINITY;
    }
}
