//! The `rebalance` command.

use clap::Parser;

fn main() -> std::process::ExitCode {
    match rebalance::cli::Cli::try_parse() {
        Ok(cli) => rebalance::cli::run(cli),
        Err(asked) => rebalance::cli::answer(&asked),
    }
}
