//! Everything that is tested from outside: the library as a user calls it, and the program.

mod program;
mod scenario_errors;
mod scenario_hostile;
mod scenario_properties;
