//! Replicates, designs and comparisons: the only user of rayon across replicates.

pub mod design;
pub mod emulator;
pub mod replicate;
pub mod sensitivity;
pub mod stage;
pub mod statistics;
pub mod sweep;
pub mod worlds;

pub use replicate::{Observer, RunError, run_replicate};
pub use stage::Stage;
pub use worlds::{Drawn, check_at};
