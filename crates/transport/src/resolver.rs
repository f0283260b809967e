//! Looking a name up: the one way for the client and the probe, so that both see the same fault.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The name is not known, or (in a mapped world) names nothing on loopback.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the name {host} cannot be found")]
pub(crate) struct NameNotFound {
    pub(crate) host: String,
}

/// The system's resolver. In a mapped world it gives loopback addresses alone, so that nothing else can be contacted
/// whatever the hosts file says (`contracts/cli.md`, rule 12).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolver {
    pub(crate) loopback_only: bool,
}

impl Resolver {
    /// The addresses of `host`, at least one.
    pub(crate) async fn lookup(
        self,
        host: &str,
        port: u16,
    ) -> Result<Vec<SocketAddr>, NameNotFound> {
        let refuse = || NameNotFound {
            host: host.to_owned(),
        };
        let found = tokio::net::lookup_host((host, port))
            .await
            .map_err(|error| {
                tracing::debug!(host, %error, "name look-up failed");
                refuse()
            })?;
        let addresses: Vec<_> = found
            .filter(|address| !self.loopback_only || address.ip().is_loopback())
            .collect();
        if addresses.is_empty() {
            Err(refuse())
        } else {
            Ok(addresses)
        }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let addresses = resolver.lookup(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
