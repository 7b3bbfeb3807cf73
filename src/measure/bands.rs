//! Size bands by yearly income, as NCVO draws them. A band labels; it never acts.

use crate::units::Gbp;

/// Size band of a charity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Below 10,000 GBP a year.
    Micro,
    /// 10,000 to below 100,000 GBP.
    Small,
    /// 100,000 to below 1m GBP.
    Medium,
    /// 1m to below 10m GBP.
    Large,
    /// 10m GBP and over.
    Major,
}

impl Band {
    /// All bands, smallest first.
    pub const ALL: [Self; 5] = [Self::Micro, Self::Small, Self::Medium, Self::Large, Self::Major];

    /// The band of a yearly income.
    pub fn of(income: Gbp) -> Self {
        match income.value() {
            income if income < 1e4 => Self::Micro,
            income if income < 1e5 => Self::Small,
            income if income < 1e6 => Self::Medium,
            income if income < 1e7 => Self::Large,
            _ => Self::Major,
        }
    }

    /// Its name in tables and charts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Micro => "micro",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Major => "major",
        }
    }

    /// Whether incomes of this band are at or above 1m GBP.
    pub const fn is_1m_and_over(self) -> bool {
        matches!(self, Self::Large | Self::Major)
    }
}
