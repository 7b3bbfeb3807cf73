//! rebalance
pub mod ids;
pub mod math;
pub mod measure;
pub mod random;
pub mod scenario;
pub mod units;
pub mod world;
