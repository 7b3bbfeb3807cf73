//! The `rebalance` command.

use clap::Parser;

fn main() -> std::process::ExitCode {
    rebalance::cli::run(rebalance::cli::Cli::parse())
}
