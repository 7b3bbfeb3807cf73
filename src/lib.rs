//! rebalance
pub mod ids;
pub mod math;
pub mod measure;
pub mod random;
pub mod round;
pub mod rules;
pub mod scenario;
pub mod units;
pub mod world;
