//! The command as a process: exit status, standard output, standard error.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod journey;
mod keyring;
mod moving;
mod support;
mod usage;
