//! The client against real sockets: wiremock for HTTP, raw sockets for broken exchanges, certificates made here for TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

mod exchange;
mod hosts;
mod proxy;
mod retries;
mod support;
mod tls;
