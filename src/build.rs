//! Which build this is: version, commit, sources and target, as the manifest and `--version` say it.

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Commit that it was built from, with `-dirty` where sources had been changed; `unknown` without a repository.
pub const COMMIT: &str = env!("REBALANCE_COMMIT");
/// SHA-256 of the sources that it was built from: what decides whether two builds give the same bytes.
pub const SOURCES: &str = env!("REBALANCE_SOURCES");
/// Kind of machine that it was built for.
pub const TARGET: &str = env!("REBALANCE_TARGET");
/// All of it in words, as they stand after the name of the program.
pub const WORDS: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ncommit:  ",
    env!("REBALANCE_COMMIT"),
    "\nsources: ",
    env!("REBALANCE_SOURCES"),
    "\ntarget:  ",
    env!("REBALANCE_TARGET")
);
