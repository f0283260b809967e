//! `WebKitWebDriver`, one for each window, on a port of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use fantoccini::ClientBuilder;
use serde_json::{Value, json};
use tokio::process::Child;

use super::page::Page;
use crate::process::LIMIT;
use crate::{Home, place};

/// Light or dark, as the desktop has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    /// The desktop theme that stands for it.
    fn theme(self) -> &'static str {
        match self {
            Self::Light => "Adwaita",
            Self::Dark => "Adwaita:dark",
        }
    }
}

/// A running driver; it ends, with the window it opened, when dropped.
#[derive(Debug)]
pub struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts a driver for windows in this home.
    ///
    /// # Panics
    /// When there is none, no display, or it does not answer.
    pub async fn start(home: &Home, look: Look) -> Self {
        Self::start_under(home, look, &[]).await
    }

    /// The same, under another program that prepares its surroundings (`dbus-run-session -- …`).
    ///
    /// # Panics
    /// As [`Driver::start`].
    pub async fn start_under(home: &Home, look: Look, before: &[String]) -> Self {
        assert!(
            std::env::var_os("DISPLAY").is_some(),
            "there is no display: xvfb-run cargo nextest run --profile window"
        );
        let port = free_port();
        let words: Vec<&str> = before
            .iter()
            .map(String::as_str)
            .chain(["WebKitWebDriver"])
            .collect();
        let mut command = home.command(words[0]);
        // The driver passes its environment on to the window.
        command
            .args(&words[1..])
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // What Entra takes minutes for, the practice tenant has at once.
            .env("USHER_WAIT_SCALE", "0.01")
            .env("GTK_THEME", look.theme())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let child = command
            .spawn()
            .expect("WebKitWebDriver is installed (webkit2gtk-driver)");
        let driver = Self { child, port };
        driver.ready().await;
        driver
    }

    async fn ready(&self) {
        let answers = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                .await
                .is_err()
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(LIMIT, answers)
            .await
            .expect("the driver listens in time");
    }

    /// Opens the window and waits until its page is there.
    ///
    /// # Panics
    /// When the window does not open.
    pub async fn open(&self, arguments: &[&str]) -> Page {
        self.open_program(&place::program("usher-window"), arguments)
            .await
    }

    /// Opens another program's window.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open_program(&self, program: &Path, arguments: &[&str]) -> Page {
        let options = json!({ "binary": program, "args": arguments });
        let capabilities: serde_json::Map<String, Value> =
            [("webkitgtk:browserOptions".to_owned(), options)]
                .into_iter()
                .collect();
        let mut builder =
            ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        builder.capabilities(capabilities);
        let address = format!("http://127.0.0.1:{}", self.port);
        let client = tokio::time::timeout(LIMIT, builder.connect(&address))
            .await
            .expect("the window opens in time")
            .expect("the window opens");
        Page::of(client)
    }

    /// The driver's process id.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Stops the window in the middle of whatever it does, as a lid that is closed does.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        for process in descendants(self.id()) {
            send(name, process);
        }
    }

    /// Ends driver and window at once, as a power cut would.
    pub async fn kill(mut self) {
        self.signal("-KILL");
        let _ = self.child.kill().await;
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.signal("-KILL");
    }
}

fn send(signal: &str, process: u32) {
    let _ = std::process::Command::new("kill")
        .args([signal, &process.to_string()])
        .status();
}

/// The processes a process started, and theirs.
fn descendants(ancestor: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open = vec![ancestor];
    while let Some(process) = open.pop() {
        // A task's children, as the kernel lists them.
        let list = format!("/proc/{process}/task/{process}/children");
        let children = std::fs::read_to_string(list).unwrap_or_default();
        let children = children
            .split_whitespace()
            .filter_map(|id| id.parse::<u32>().ok());
        for child in children {
            found.push(child);
            open.push(child);
        }
    }
    found
}

/// A port nobody listens on.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
    listener.local_addr().expect("it has an address").port()
}
