//! TLS faults with certificates made here: by the client, and by the probe with the certificate named.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use usher_transport::probe::Probe;
use usher_transport::{Client, ClientConfig, ErrorKind, TlsFault, TlsReason, Trust};

use crate::support::{Authority, config, get, once, url};

const LIMIT: Duration = Duration::from_secs(20);

fn trusting(authority: &Authority, address: SocketAddr) -> (Client, String) {
    let origin = format!("https://{address}");
    let trust = Trust::default().with_pem(&authority.pem());
    let config = ClientConfig {
        trust,
        retry: once(),
        ..config(&origin)
    };
    (Client::new(config).unwrap(), origin)
}

async fn probe(
    client: &Client,
    origin: &str,
) -> Result<usher_transport::probe::TlsSeen, ErrorKind> {
    let probe = Probe::new(client, &url(origin, "/")).unwrap();
    let addresses = probe.resolve(LIMIT).await.unwrap();
    let connected = probe.connect(&addresses, LIMIT).await.unwrap();
    probe.handshake(connected, LIMIT).await
}

/// What the client and the probe say, which must be the same; the probe's has the certificate.
async fn fault(client: &Client, origin: &str) -> TlsFault {
    let ErrorKind::Tls(told) = get(client, url(origin, "/")).await.unwrap_err().kind else {
        panic!("the client saw no TLS fault");
    };
    let ErrorKind::Tls(seen) = probe(client, origin).await.unwrap_err() else {
        panic!("the probe saw no TLS fault");
    };
    assert_eq!(told.reason, seen.reason);
    assert_eq!(told.certificate, None);
    seen
}

#[tokio::test]
async fn a_trusted_certificate_passes_and_is_described() {
    let authority = Authority::new("Contoso Root");
    let address = authority.server("127.0.0.1", |_| ()).await;
    let (client, origin) = trusting(&authority, address);
    assert_eq!(get(&client, url(&origin, "/")).await.unwrap().status, 200);
    let seen = probe(&client, &origin).await.unwrap();
    assert_eq!(seen.version, "TLS 1.3");
    let certificate = seen.certificate.unwrap();
    assert_eq!(certificate.issuer, "Contoso Root (Contoso)");
    assert_eq!(certificate.subject, "127.0.0.1");
    assert!(certificate.covers("127.0.0.1") && !certificate.covers("127.0.0.2"));
    assert!(certificate.not_before < certificate.not_after && !certificate.self_signed);
}

#[tokio::test]
async fn an_authority_nobody_knows_is_untrusted() {
    let address = Authority::new("Somebody Else")
        .server("127.0.0.1", |_| ())
        .await;
    let (client, origin) = trusting(&Authority::new("Contoso Root"), address);
    let fault = fault(&client, &origin).await;
    assert_eq!(fault.reason, TlsReason::Untrusted);
    assert_eq!(fault.certificate.unwrap().issuer, "Somebody Else (Contoso)");
}

#[tokio::test]
async fn another_name_is_a_mismatch() {
    let authority = Authority::new("Contoso Root");
    let address = authority
        .server("accounts.azuredatabricks.net", |_| ())
        .await;
    let (client, origin) = trusting(&authority, address);
    let fault = fault(&client, &origin).await;
    assert_eq!(fault.reason, TlsReason::NameMismatch);
    assert_eq!(
        fault.certificate.unwrap().names,
        ["accounts.azuredatabricks.net"]
    );
}

#[tokio::test]
async fn a_certificate_of_yesterday_is_expired() {
    let authority = Authority::new("Contoso Root");
    let address = authority
        .server("127.0.0.1", |params| {
            params.not_after = rcgen::date_time_ymd(2020, 1, 1)
        })
        .await;
    let (client, origin) = trusting(&authority, address);
    let fault = fault(&client, &origin).await;
    assert_eq!(fault.reason, TlsReason::Expired);
    assert_eq!(
        fault.certificate.unwrap().not_after.to_string(),
        "2020-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn something_else_than_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 16];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let (client, origin) = trusting(&Authority::new("Contoso Root"), address);
    let told = probe(&client, &origin).await.unwrap_err();
    assert!(
        matches!(
            &told,
            ErrorKind::Tls(TlsFault {
                reason: TlsReason::Other(_),
                certificate: None
            })
        ),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_connection_closed_within_the_handshake_is_cut() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let (client, origin) = trusting(&Authority::new("Contoso Root"), address);
    assert_eq!(probe(&client, &origin).await.unwrap_err(), ErrorKind::Cut);
    assert_eq!(
        get(&client, url(&origin, "/")).await.unwrap_err().kind,
        ErrorKind::Cut
    );
}

#[test]
fn a_certificate_file_is_trusted_beside_the_platform_and_a_bad_one_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("roots.pem");
    std::fs::write(&good, Authority::new("Contoso Root").pem()).unwrap();
    let trust = Trust::default()
        .with_file(&good)
        .with_file(&folder.path().join("missing.pem"));
    let trust = trust.with_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let config = ClientConfig {
        trust,
        ..config("https://127.0.0.1:9")
    };
    assert!(Client::new(config).is_ok());
}
