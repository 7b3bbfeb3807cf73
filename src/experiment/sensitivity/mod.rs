//! Which parameters matter: screening (Morris) and shares of variance (Sobol), pure functions of designs and values.

pub mod indices;
pub mod screening;

use crate::scenario::vary::Vary;

/// What the values of a factor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// Numbers, from one end of a range to the other.
    Number,
    /// So many values without order.
    Category(usize),
}

impl Factor {
    /// The factor that a varied key is.
    pub fn of(vary: &Vary) -> Self {
        vary.categories().map_or(Self::Number, Self::Category)
    }
}

#[cfg(test)]
mod test_functions {
    use std::f64::consts::PI;

    /// Ishigami and Homma (1990), a = 7, b = 0.1, on the unit cube.
    pub fn ishigami(unit: &[f64]) -> f64 {
        let x = |factor: usize| PI * (2.0 * unit[factor] - 1.0);
        libm::sin(x(0)) + 7.0 * libm::sin(x(1)).powi(2) + 0.1 * x(2).powi(4) * libm::sin(x(0))
    }

    /// Sobol's G with a = (0, 1, 4.5, 9, 99, 99, 99, 99).
    pub fn sobol_g(unit: &[f64]) -> f64 {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        unit.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
    }
}
