//! A real forward proxy: one that passes on, one that refuses, one that asks for a password, one that is not there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;
use usher_core::model::Secret;
use usher_transport::probe::Probe;
use usher_transport::{
    CancellationToken, Client, ClientConfig, Credential, ErrorKind, Request, Response, Trust,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Authority, client, config, get, once, read_head, url};

const LIMIT: Duration = Duration::from_secs(20);

/// A forward proxy that asks for `me:secret` when `password` is set, and keeps the heads it was sent.
struct ForwardProxy {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl ForwardProxy {
    async fn start(password: bool, answer: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let seen = Arc::clone(&seen);
                tokio::spawn(async move {
                    let head = read_head(&mut stream).await;
                    seen.lock().unwrap().push(head.clone());
                    if let Some(answer) = answer {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        return;
                    }
                    // `me:secret` in base64.
                    if password
                        && !head
                            .to_lowercase()
                            .contains("proxy-authorization: basic bwu6c2vjcmv0")
                    {
                        let ask = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n";
                        let _ = stream.write_all(ask.as_bytes()).await;
                        return;
                    }
                    let target = head.split(' ').nth(1).unwrap();
                    let mut far = TcpStream::connect(target).await.unwrap();
                    let _ = stream
                        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
                        .await;
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut far).await;
                });
            }
        });
        Self { url, heads }
    }
}

/// What a SOCKS 5 proxy was asked for: the kind of address (3 is a name), and the address.
type Asked = Arc<Mutex<Vec<u8>>>;

/// A SOCKS 5 proxy that asks for `me:s@cret` when `password` is set, and gives `reply` for every address.
async fn socks(password: bool, reply: u8) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Asked::default();
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let _ = serve_socks(&mut stream, password, reply, &seen).await;
            });
        }
    });
    (address.to_string(), asked)
}

async fn serve_socks(
    stream: &mut TcpStream,
    password: bool,
    reply: u8,
    seen: &Asked,
) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await?;
    let method = if password { 2 } else { 0 };
    if !methods.contains(&method) {
        return stream.write_all(&[5, 255]).await;
    }
    stream.write_all(&[5, method]).await?;
    if password {
        let mut given = [0; 2 + 2 + 1 + 6];
        stream.read_exact(&mut given).await?;
        assert_eq!(&given, b"\x01\x02me\x06s@cret");
        stream.write_all(&[1, 0]).await?;
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await?;
    assert_eq!(request[..3], [5, 1, 0]);
    let mut address = vec![0; if request[3] == 1 { 4 } else { 16 }];
    stream.read_exact(&mut address).await?;
    let port = stream.read_u16().await?;
    seen.lock().unwrap().push(request[3]);
    stream
        .write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0])
        .await?;
    if reply == 0 {
        let mut far = TcpStream::connect(("127.0.0.1", port)).await?;
        let _ = tokio::io::copy_bidirectional(stream, &mut far).await;
    }
    Ok(())
}

struct Behind {
    client: Client,
    origin: String,
}

/// An https server and a client that reaches it through `proxy`.
async fn behind(proxy: &str) -> Behind {
    let authority = Authority::new("Contoso Root");
    let address = authority.server("127.0.0.1", |_| ()).await;
    let origin = format!("https://{address}");
    let config = ClientConfig {
        trust: Trust::default().with_pem(&authority.pem()),
        proxy: Some(Url::parse(proxy).unwrap()),
        retry: once(),
        ..config(&origin)
    };
    Behind {
        client: Client::new(config).unwrap(),
        origin,
    }
}

impl Behind {
    async fn send(&self) -> Result<Response, ErrorKind> {
        let credential = Credential::new(Secret::new("dsapi-canary"), self.origin.parse().unwrap());
        let request = Request::get("test", url(&self.origin, "/")).bearer(&credential);
        self.client
            .send(request, &CancellationToken::new())
            .await
            .map_err(|error| error.kind)
    }

    async fn probe(&self) -> Result<String, ErrorKind> {
        let probe = Probe::new(&self.client, &url(&self.origin, "/"))?;
        assert!(probe.proxy().is_some(), "the proxy is in force");
        let connected = probe.connect(&[], LIMIT).await?;
        Ok(probe.handshake(connected, LIMIT).await?.version)
    }
}

#[tokio::test]
async fn a_proxy_passes_the_connection_on_and_never_sees_the_token() {
    let proxy = ForwardProxy::start(false, None).await;
    let behind = behind(&proxy.url).await;
    assert_eq!(behind.send().await.unwrap().status, 200);
    assert_eq!(behind.probe().await.unwrap(), "TLS 1.3");
    let heads = proxy.heads.lock().unwrap();
    assert_eq!(heads.len(), 2);
    assert!(
        heads
            .iter()
            .all(|head| head.starts_with("CONNECT 127.0.0.1:") && !head.contains("canary"))
    );
}

#[tokio::test]
async fn a_proxy_that_asks_for_a_password_gets_it_when_it_is_set() {
    let proxy = ForwardProxy::start(true, None).await;
    let without = behind(&proxy.url).await;
    assert_eq!(without.send().await.unwrap_err(), ErrorKind::ProxyAuth);
    assert_eq!(without.probe().await.unwrap_err(), ErrorKind::ProxyAuth);
    let with = behind(&proxy.url.replace("http://", "http://me:secret@")).await;
    assert_eq!(with.send().await.unwrap().status, 200);
    assert_eq!(with.probe().await.unwrap(), "TLS 1.3");
}

#[tokio::test]
async fn a_socks_5_proxy_carries_requests_and_the_probe() {
    for scheme in ["socks5", "socks5h"] {
        let (address, asked) = socks(false, 0).await;
        let behind = behind(&format!("{scheme}://{address}")).await;
        assert_eq!(behind.send().await.unwrap().status, 200);
        assert_eq!(behind.probe().await.unwrap(), "TLS 1.3");
        assert_eq!(asked.lock().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_socks_5_proxy_that_asks_for_a_password_gets_it_when_it_is_set() {
    let (address, _) = socks(true, 0).await;
    let without = behind(&format!("socks5://{address}")).await;
    assert_eq!(without.probe().await.unwrap_err(), ErrorKind::ProxyAuth);
    assert!(matches!(
        without.send().await.unwrap_err(),
        ErrorKind::ProxyAuth | ErrorKind::ProxyRefused { .. }
    ));
    let with = behind(&format!("socks5://me:s%40cret@{address}")).await;
    assert_eq!(with.send().await.unwrap().status, 200);
    assert_eq!(with.probe().await.unwrap(), "TLS 1.3");
}

#[tokio::test]
async fn a_socks_proxy_that_refuses_or_is_of_version_4_is_told() {
    let (address, asked) = socks(false, 2).await;
    let refusing = behind(&format!("socks5://{address}")).await;
    let refused = ErrorKind::ProxyRefused {
        detail: "its rules do not allow the connection".to_owned(),
    };
    assert_eq!(refusing.probe().await.unwrap_err(), refused);
    assert!(matches!(
        refusing.send().await.unwrap_err(),
        ErrorKind::ProxyRefused { .. }
    ));
    asked.lock().unwrap().clear();
    let old = behind(&format!("socks4://{address}")).await;
    for fault in [
        old.probe().await.unwrap_err(),
        old.send().await.unwrap_err(),
    ] {
        assert!(
            matches!(&fault, ErrorKind::ProxyRefused { detail } if detail.contains("SOCKS 4")),
            "{fault:?}"
        );
    }
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told() {
    let proxy = ForwardProxy::start(false, Some("HTTP/1.1 403 Forbidden\r\n\r\n")).await;
    let behind = behind(&proxy.url).await;
    let refused = ErrorKind::ProxyRefused {
        detail: "HTTP 403".to_owned(),
    };
    assert_eq!(behind.probe().await.unwrap_err(), refused);
    assert!(matches!(
        behind.send().await.unwrap_err(),
        ErrorKind::ProxyRefused { .. }
    ));
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_the_proxys_fault_not_the_hosts() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let behind = behind(&proxy).await;
    assert!(matches!(
        behind.probe().await.unwrap_err(),
        ErrorKind::ProxyRefused { .. }
    ));
    assert!(matches!(
        behind.send().await.unwrap_err(),
        ErrorKind::ProxyRefused { .. }
    ));
}

#[tokio::test]
async fn plain_http_on_loopback_goes_past_the_proxy() {
    let proxy = ForwardProxy::start(false, Some("HTTP/1.1 500 Never\r\n\r\n")).await;
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let mut config = config(&server.uri());
    config.proxy = Some(Url::parse(&proxy.url).unwrap());
    let client = Client::new(config).unwrap();
    assert_eq!(
        get(&client, url(&server.uri(), "/")).await.unwrap().status,
        200
    );
    assert!(proxy.heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn without_a_proxy_the_probe_looks_the_name_up() {
    let server = MockServer::start().await;
    let client = client(&server.uri());
    let probe = Probe::new(&client, &url(&server.uri(), "/")).unwrap();
    assert!(probe.proxy().is_none() && !probe.is_https());
    let addresses = probe.resolve(LIMIT).await.unwrap();
    assert_eq!(addresses, [*server.address()]);
    let connected = probe.connect(&addresses, LIMIT).await.unwrap();
    assert_eq!(connected.peer, Some(*server.address()));
}
