//! Replicates, designs and comparisons: the only user of rayon across replicates.

pub mod design;
pub mod replicate;
pub mod statistics;

pub use replicate::{Observer, RunError, run_replicate};
