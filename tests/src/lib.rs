//! Shared helpers of the whole-product tests.
//!
//! These tests start the programs a person starts (`usher`, the window), against a practice tenant in this process or against
//! servers other people wrote. The programs are built before: `cargo xtask test` does it, or
//! `cargo build --workspace --bins --features usher-app/custom-protocol`. What is missing is a failure that says so, never a skip.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is how a test fails"
)]

pub mod home;
pub mod listeners;
pub mod measure;
pub mod place;
pub mod process;
pub mod python;
pub mod window;

pub use home::Home;
pub use process::Ran;
