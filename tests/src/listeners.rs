//! Servers that misbehave on purpose: certificates nobody should trust, and proxies.

mod proxy;
mod tls;

pub use proxy::{Proxy, ProxyAnswer};
pub use tls::{Certificate, TlsServer};
