//! rebalance
pub mod chart;
pub mod cli;
pub mod experiment;
pub mod ids;
pub mod math;
pub mod measure;
pub mod random;
pub mod report;
pub mod round;
pub mod rules;
pub mod scenario;
pub mod tables;
pub mod units;
pub mod verify;
pub mod world;
