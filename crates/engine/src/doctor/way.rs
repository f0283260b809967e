//! The phases before HTTP: name, connection, TLS.

use std::time::Duration;

use usher_core::connection::PhaseId;
use usher_transport::Client;
use usher_transport::probe::{Probe, TlsSeen};

use super::fault;
use super::input::Target;
use super::record::{Record, Stopped};

/// Measures the way to the target's host.
pub(super) async fn measure(
    client: &Client,
    target: &Target,
    timeout: Duration,
    record: &mut Record,
) -> Result<(), Stopped> {
    let failed = |kind: &usher_transport::ErrorKind| fault::of_exchange(kind, &target.url);
    let resolve = record.start(PhaseId::Resolve);
    let probe = match Probe::new(client, &target.url.url) {
        Ok(probe) => probe,
        Err(kind) => return Err(record.fail(resolve, failed(&kind))),
    };
    let proxy = probe.proxy().map(|proxy| proxy.address());
    let addresses = if let Some(proxy) = &proxy {
        record.skip(
            PhaseId::Resolve,
            format!("The proxy {proxy} looks the name up."),
        );
        Vec::new()
    } else {
        match probe.resolve(timeout).await {
            Ok(addresses) => {
                let list: Vec<String> = addresses
                    .iter()
                    .map(|address| address.ip().to_string())
                    .collect();
                record.pass(resolve, "The name was found.", Some(list.join(", ")));
                addresses
            }
            Err(kind) => return Err(record.fail(resolve, failed(&kind))),
        }
    };

    let connect = record.start(PhaseId::Connect);
    let connected = match probe.connect(&addresses, timeout).await {
        Ok(connected) => {
            let summary = match &proxy {
                Some(proxy) => format!("The proxy {proxy} opened the connection."),
                None => "The host takes connections.".to_owned(),
            };
            record.pass(
                connect,
                summary,
                connected.peer.map(|peer| peer.to_string()),
            );
            connected
        }
        Err(kind) => return Err(record.fail(connect, failed(&kind))),
    };

    if !probe.is_https() {
        record.skip(
            PhaseId::Tls,
            "Plain http on this machine: there is no TLS to check.",
        );
        return Ok(());
    }
    let tls = record.start(PhaseId::Tls);
    match probe.handshake(connected, timeout).await {
        Ok(seen) => {
            record.pass(
                tls,
                format!("{}, and the certificate is trusted.", seen.version),
                certificate(&seen),
            );
            Ok(())
        }
        Err(kind) => Err(record.fail(tls, failed(&kind))),
    }
}

fn certificate(seen: &TlsSeen) -> Option<String> {
    let certificate = seen.certificate.as_ref()?;
    Some(format!(
        "Certificate for {}, issued by {}, valid until {}.",
        certificate.subject,
        certificate.issuer,
        certificate.not_after.strftime("%Y-%m-%d")
    ))
}
