//! Tables read back.
