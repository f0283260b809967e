//! A forward proxy on loopback that lets nothing through.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the proxy answers to every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyAnswer {
    /// It does not let anybody out.
    Refuses,
    /// It wants a name and a password.
    AsksForPassword,
}

impl ProxyAnswer {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Refuses => b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            Self::AsksForPassword => {
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"office\"\r\n\
                  Content-Length: 0\r\nConnection: close\r\n\r\n"
            }
        }
    }
}

/// A running proxy. It stops when dropped.
#[derive(Debug)]
pub struct Proxy {
    /// Its address, for `HTTPS_PROXY`.
    pub url: String,
    heard: Arc<Mutex<Vec<u8>>>,
    serving: JoinHandle<()>,
}

impl Proxy {
    /// Starts one.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(answer: ProxyAnswer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a loopback port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&heard);
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(refuse(connection, answer, Arc::clone(&record)));
            }
        });
        Self {
            url: format!("http://127.0.0.1:{port}"),
            heard,
            serving,
        }
    }

    /// Everything it was told so far.
    ///
    /// # Panics
    /// When a connection's task panicked.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().expect("no task panicked")).into_owned()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn refuse(mut connection: TcpStream, answer: ProxyAnswer, record: Arc<Mutex<Vec<u8>>>) {
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match connection.read(&mut part).await {
            Ok(0) | Err(_) => return,
            Ok(length) => head.extend_from_slice(&part[..length]),
        }
    }
    record
        .lock()
        .expect("no task panicked")
        .extend_from_slice(&head);
    let _ = connection.write_all(answer.bytes()).await;
}
