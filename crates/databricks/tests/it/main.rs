//! The endpoints against answers as the facts give them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod account;
mod discovery;
mod errors;
mod lists;
mod support;
