//! The client against real sockets: wiremock for HTTP, raw sockets for broken exchanges, certificates made here for TLS.

mod exchange;
mod hosts;
mod proxy;
mod retries;
mod support;
mod tls;
