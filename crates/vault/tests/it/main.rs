//! The vault on memory, on stores that misbehave, and on a real keyring.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

#[cfg(target_os = "linux")]
mod real;
mod stores;
