//! The port on this machine that the browser comes back to.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::fault::{ErrorBody, SignInFault, SignInFaultCode};

/// A request line and its headers are read up to this many bytes; a code is about 1,500 characters long.
const HEAD_LIMIT: usize = 32 * 1024;
/// A browser that has connected sends its request at once; one that says nothing is let go.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// A listener on an ephemeral loopback port.
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// What a request on the port is.
#[derive(Debug, PartialEq, Eq)]
enum Callback {
    /// The answer to this sign-in: a code.
    Code(String),
    /// The answer to this sign-in: a refusal.
    Refused(Box<SignInFault>),
    /// An answer that belongs to another sign-in.
    Foreign,
    /// No answer at all, for instance the browser asking for an icon.
    Stray,
}

impl Loopback {
    /// Opens a free port on `127.0.0.1`.
    pub(super) async fn open() -> Result<Self, SignInFault> {
        Self::on(0).await
    }

    /// Opens this port; 0 is any that is free.
    async fn on(port: u16) -> Result<Self, SignInFault> {
        let taken = |error: std::io::Error| {
            SignInFault::of(SignInFaultCode::PortTaken)
                .because(format!("The system says: {error}."))
        };
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(taken)?;
        let port = listener.local_addr().map_err(taken)?.port();
        Ok(Self { listener, port })
    }

    /// The redirect address: `localhost` is what can be registered, and the port is ignored when it is matched
    /// (facts/entra §2.1).
    pub(super) fn redirect(&self) -> String {
        format!("{}:{}", super::REDIRECT, self.port)
    }

    /// Waits for the answer that carries `state`. Strays and answers to other sign-ins get a page and change nothing.
    pub(super) async fn code(&self, state: &str) -> Result<String, SignInFault> {
        loop {
            let Ok((mut stream, _)) = self.listener.accept().await else {
                continue;
            };
            let Some(target) = read_target(&mut stream).await else {
                continue;
            };
            match judge(&target, state) {
                Callback::Code(code) => {
                    reply(
                        &mut stream,
                        "200 OK",
                        "Signed in",
                        "You can close this tab and go back to Usher.",
                    )
                    .await;
                    return Ok(code);
                }
                Callback::Refused(fault) => {
                    reply(
                        &mut stream,
                        "200 OK",
                        "Not signed in",
                        "You can close this tab. Usher shows what happened.",
                    )
                    .await;
                    return Err(*fault);
                }
                Callback::Foreign => {
                    let text = "This page belongs to another sign-in. Close this tab and use the newest one.";
                    reply(&mut stream, "400 Bad Request", "Another sign-in", text).await;
                }
                Callback::Stray => {
                    reply(
                        &mut stream,
                        "404 Not Found",
                        "Nothing here",
                        "You can close this tab.",
                    )
                    .await
                }
            }
        }
    }

    /// Answers whoever comes back once more while the code is being redeemed. Never ends.
    pub(super) async fn answer_late(&self) -> std::convert::Infallible {
        loop {
            let Ok((mut stream, _)) = self.listener.accept().await else {
                continue;
            };
            if read_target(&mut stream).await.is_some() {
                reply(
                    &mut stream,
                    "200 OK",
                    "Already signed in",
                    "You can close this tab and go back to Usher.",
                )
                .await;
            }
        }
    }
}

/// Reads the request's target; `None` for anything that is no `GET`.
async fn read_target(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let read = async {
        let mut chunk = [0_u8; 2048];
        while !head.windows(4).any(|window| window == b"\r\n\r\n") && head.len() < HEAD_LIMIT {
            match stream.read(&mut chunk).await {
                Ok(0) | Err(_) => break,
                Ok(count) => head.extend_from_slice(chunk.get(..count)?),
            }
        }
        Some(())
    };
    tokio::time::timeout(HEAD_PATIENCE, read)
        .await
        .ok()
        .flatten()?;
    let line = head.split(|&byte| byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    (words.next() == Some("GET"))
        .then(|| words.next().map(str::to_owned))
        .flatten()
}

fn judge(target: &str, state: &str) -> Callback {
    let Ok(url) = Url::parse("http://localhost").and_then(|base| base.join(target)) else {
        return Callback::Stray;
    };
    let find = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let (code, error) = (find("code"), find("error"));
    if url.path() != "/" || (code.is_none() && error.is_none()) {
        return Callback::Stray;
    }
    if find("state").as_deref() != Some(state) {
        return Callback::Foreign;
    }
    match (code, error) {
        (_, Some(error)) => Callback::Refused(Box::new(SignInFault::explain(&ErrorBody {
            error,
            error_description: find("error_description"),
            trace_id: find("trace_id").or_else(|| {
                find("error_description").and_then(|text| labelled(&text, "Trace ID:"))
            }),
            correlation_id: find("error_description")
                .and_then(|text| labelled(&text, "Correlation ID:")),
            ..ErrorBody::default()
        }))),
        (Some(code), None) => Callback::Code(code),
        (None, None) => Callback::Stray,
    }
}

/// The word after a label in the description's text, which is where the authorize page puts its ids.
fn labelled(text: &str, label: &str) -> Option<String> {
    let rest = text.split_once(label)?.1.trim_start();
    rest.split_whitespace().next().map(str::to_owned)
}

async fn reply(stream: &mut TcpStream, status: &str, title: &str, text: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body><h1>{title}</h1><p>{text}</p></body></html>"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n\
         Connection: close\r\n\r\n",
        page.len()
    );
    // The browser may be gone already; the sign-in does not depend on its page.
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(page.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_is_told_with_the_systems_words() {
        let first = Loopback::open().await.unwrap();
        let fault = Loopback::on(first.port).await.err().unwrap();
        assert_eq!(fault.code, SignInFaultCode::PortTaken);
        assert!(fault.cause.contains("in use"), "{}", fault.cause);
        assert!(fault.fix.contains("device code"), "{}", fault.fix);
    }

    #[test]
    fn an_icon_is_not_an_answer() {
        assert_eq!(judge("/favicon.ico", "s"), Callback::Stray);
        assert_eq!(judge("/favicon.ico?code=x&state=s", "s"), Callback::Stray);
    }

    #[test]
    fn a_code_counts_only_with_the_right_state() {
        assert_eq!(
            judge("/?code=abc&state=s", "s"),
            Callback::Code("abc".to_owned())
        );
        assert_eq!(judge("/?code=abc&state=other", "s"), Callback::Foreign);
        assert_eq!(judge("/?code=abc", "s"), Callback::Foreign);
    }

    #[test]
    fn a_refusal_is_explained_with_its_ids() {
        let target = "/?error=access_denied&state=s&error_description=AADSTS65004%3A+declined.+Trace+ID%3A+t-1+Correlation+ID%3A+c-1";
        let Callback::Refused(fault) = judge(target, "s") else {
            panic!("not refused")
        };
        assert_eq!(fault.code, SignInFaultCode::ConsentDeclined);
        assert_eq!(fault.trace_id.as_deref(), Some("t-1"));
        assert_eq!(fault.correlation_id.as_deref(), Some("c-1"));
    }
}
