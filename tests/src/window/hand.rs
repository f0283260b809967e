//! A person's hand: keys and clicks that reach the window through the display, as those of a real keyboard and mouse do.
//!
//! What the driver presses is made inside the web view. Whether the system's own ways of pasting work, only the display can tell.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::Page;

/// What another program has to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// What was copied.
    Clipboard,
    /// What was marked last: a middle click puts it in.
    Primary,
}

/// Offers a text as another program does, a browser with the account console for instance.
///
/// # Panics
/// When there is no `xclip`, or no display.
pub fn copy_elsewhere(selection: Selection, text: &str) {
    let name = match selection {
        Selection::Clipboard => "clipboard",
        Selection::Primary => "primary",
    };
    let mut xclip = Command::new("xclip")
        .args(["-selection", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("xclip is installed");
    let mut stdin = xclip.stdin.take().expect("its input is a pipe");
    stdin.write_all(text.as_bytes()).expect("xclip reads");
    drop(stdin);
    xclip.wait().expect("xclip takes the text");
}

/// A hand on the window of a page.
#[derive(Debug)]
pub struct Hand<'a> {
    page: &'a Page,
    window: String,
}

impl<'a> Hand<'a> {
    /// Takes the window into its hand: the display gives its keys to it from now on.
    ///
    /// # Panics
    /// When there is no `xdotool`, or no window.
    pub fn on(page: &'a Page) -> Self {
        let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", "^Usher$"]);
        let window = found.lines().last().expect("a window is shown").to_owned();
        xdotool(&["windowfocus", "--sync", &window]);
        Self { page, window }
    }

    /// Presses a key, or several at once: `ctrl+v`.
    pub fn press(&self, keys: &str) {
        xdotool(&["key", "--clearmodifiers", keys]);
    }

    /// Clicks on what has this role and name: 1 is the left button, 2 the middle one, 3 the right one.
    pub async fn click(&self, role: &str, name: &str, button: u8) {
        let (x, y) = self.page.middle_of(role, name).await;
        let (x, y, button) = (x.to_string(), y.to_string(), button.to_string());
        let to = ["mousemove", "--window", &self.window, &x, &y];
        xdotool(&[&to[..], &["click", &button]].concat());
    }
}

fn xdotool(arguments: &[&str]) -> String {
    let output = Command::new("timeout")
        .arg("20")
        .arg("xdotool")
        .args(arguments)
        .output()
        .expect("xdotool is installed");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
