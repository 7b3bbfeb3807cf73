//! What is measured: outcomes for communities, concentration, survival, cost of competition.

pub mod awards;
pub mod bands;
pub mod bounds;
pub mod closeness;
pub mod concentration;
pub mod names;
pub mod outcomes;
pub mod round;
