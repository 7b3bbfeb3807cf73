//! What is measured: outcomes for communities, concentration, survival, cost of competition.

pub mod bands;
pub mod names;
