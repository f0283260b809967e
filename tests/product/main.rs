//! The command line and the world around it: real processes, foreign clients and servers.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests: a panic is how a test fails"
)]

mod foreign;
