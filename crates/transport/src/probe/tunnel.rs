//! `CONNECT` to a proxy (RFC 9110 §9.3.6).

use http::HeaderValue;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::error::ErrorKind;

/// The longest answer head that is read.
const MAX_HEAD: usize = 8 * 1024;

/// Asks the proxy for a tunnel to `host:port` and reads the head of its answer, no byte further.
pub(super) async fn open(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    port: u16,
    authorization: Option<&HeaderValue>,
) -> Result<(), ErrorKind> {
    let authority = if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n").into_bytes();
    if let Some(value) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await.map_err(|_| cut())?;
    let head = read_head(stream).await?;
    match status(&head) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(ErrorKind::ProxyAuth),
        Some(status) => refused(format!("HTTP {status}")),
        None => refused("its answer is not HTTP".to_owned()),
    }
}

/// Byte by byte, since what follows the head belongs to the tunnel; a head is short.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, ErrorKind> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_HEAD {
            return refused("its answer is too long".to_owned());
        }
        head.push(stream.read_u8().await.map_err(|_| cut())?);
    }
    Ok(head)
}

fn status(head: &[u8]) -> Option<u16> {
    let line = std::str::from_utf8(head).ok()?.lines().next()?;
    let mut words = line.split(' ');
    words.next()?.strip_prefix("HTTP/1.")?;
    words.next()?.parse().ok()
}

fn refused<T>(detail: String) -> Result<T, ErrorKind> {
    Err(ErrorKind::ProxyRefused { detail })
}

fn cut() -> ErrorKind {
    ErrorKind::ProxyRefused {
        detail: "it closed the connection".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(text: &'static str) -> Result<(), ErrorKind> {
        let (mut near, mut far) = tokio::io::duplex(1024);
        let proxy = async move {
            let mut request = [0; 512];
            let _ = far.read(&mut request).await;
            let _ = far.write_all(text.as_bytes()).await;
        };
        let (outcome, ()) = tokio::join!(open(&mut near, "example.com", 443, None), proxy);
        outcome
    }

    #[tokio::test]
    async fn a_200_opens_a_407_asks_and_the_rest_refuses() {
        assert_eq!(
            answer("HTTP/1.1 200 Connection established\r\n\r\n").await,
            Ok(())
        );
        assert_eq!(answer("HTTP/1.0 200 OK\r\nX: y\r\n\r\n").await, Ok(()));
        assert_eq!(
            answer("HTTP/1.1 407 Proxy\r\n\r\n").await,
            Err(ErrorKind::ProxyAuth)
        );
        let refused = |detail: &str| {
            Err(ErrorKind::ProxyRefused {
                detail: detail.to_owned(),
            })
        };
        assert_eq!(
            answer("HTTP/1.1 403 Forbidden\r\n\r\n").await,
            refused("HTTP 403")
        );
        assert_eq!(
            answer("SSH-2.0-x\r\n\r\n").await,
            refused("its answer is not HTTP")
        );
        assert_eq!(
            answer("HTTP/1.1 200").await,
            refused("it closed the connection")
        );
    }
}
