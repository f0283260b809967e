//! SOCKS 5 with a proxy (RFC 1928), with a user name and a password where they are set (RFC 1929).

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use url::Url;

use crate::error::ErrorKind;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;

/// Asks the proxy for a connection to `host:port`; the proxy looks the name up. Reads its answers, no byte further.
pub(super) async fn open(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    port: u16,
    proxy: &Url,
) -> Result<(), ErrorKind> {
    let method = if proxy.username().is_empty() {
        NO_AUTHENTICATION
    } else {
        USER_AND_PASSWORD
    };
    send(stream, &[VERSION, 1, method]).await?;
    match read(stream).await? {
        [VERSION, chosen] if chosen == method => {}
        [VERSION, _] => return Err(ErrorKind::ProxyAuth),
        _ => return refused("its answer is not SOCKS 5"),
    }
    if method == USER_AND_PASSWORD {
        sign_in(stream, proxy).await?;
    }
    let mut request = vec![VERSION, 1, 0];
    match host.parse() {
        Ok(std::net::IpAddr::V4(address)) => {
            request.push(1);
            request.extend_from_slice(&address.octets());
        }
        Ok(std::net::IpAddr::V6(address)) => {
            request.push(4);
            request.extend_from_slice(&address.octets());
        }
        Err(_) => {
            request.push(3);
            push(&mut request, host)?;
        }
    }
    request.extend_from_slice(&port.to_be_bytes());
    send(stream, &request).await?;
    let [version, reply, _, kind] = read(stream).await?;
    if version != VERSION {
        return refused("its answer is not SOCKS 5");
    }
    if reply != 0 {
        return refused(meaning(reply));
    }
    // The address it is bound to: of no interest, but it comes before the tunnel.
    let length = match kind {
        1 => 4,
        4 => 16,
        _ => usize::from(read::<1>(stream).await?[0]),
    };
    let mut bound = vec![0; length + 2];
    stream.read_exact(&mut bound).await.map_err(|_| cut())?;
    Ok(())
}

async fn sign_in(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    proxy: &Url,
) -> Result<(), ErrorKind> {
    let mut request = vec![1];
    push(&mut request, &plain(proxy.username()))?;
    push(&mut request, &plain(proxy.password().unwrap_or_default()))?;
    send(stream, &request).await?;
    match read(stream).await? {
        [_, 0] => Ok(()),
        [_, _] => Err(ErrorKind::ProxyAuth),
    }
}

/// A part of a URL without its percent-encoding.
fn plain(text: &str) -> String {
    let pair = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// A text with its length before it, as the protocol writes texts.
fn push(request: &mut Vec<u8>, text: &str) -> Result<(), ErrorKind> {
    let Ok(length) = u8::try_from(text.len()) else {
        return refused("a name or password is too long for SOCKS 5");
    };
    request.push(length);
    request.extend_from_slice(text.as_bytes());
    Ok(())
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), ErrorKind> {
    stream.write_all(bytes).await.map_err(|_| cut())
}

async fn read<const LENGTH: usize>(
    stream: &mut (impl AsyncRead + Unpin),
) -> Result<[u8; LENGTH], ErrorKind> {
    let mut bytes = [0; LENGTH];
    stream.read_exact(&mut bytes).await.map_err(|_| cut())?;
    Ok(bytes)
}

/// What a reply means (RFC 1928 §6).
fn meaning(reply: u8) -> &'static str {
    match reply {
        2 => "its rules do not allow the connection",
        3 => "the network cannot be reached from it",
        4 => "the host cannot be reached from it",
        5 => "the host refused its connection",
        6 => "the connection took it too long",
        _ => "it could not connect",
    }
}

fn refused<T>(detail: &str) -> Result<T, ErrorKind> {
    Err(ErrorKind::ProxyRefused {
        detail: detail.to_owned(),
    })
}

fn cut() -> ErrorKind {
    ErrorKind::ProxyRefused {
        detail: "it closed the connection".to_owned(),
    }
}
