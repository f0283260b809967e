//! The one window: it shows the page of the binary, and goes nowhere else.

use tauri::webview::NewWindowResponse;
use tauri::{App, WebviewUrl, WebviewWindowBuilder};
use url::Url;
use usher_engine::session::Session;

use crate::commands;

/// The label of the window in `tauri.conf.json`, which the capability names.
const MAIN: &str = "main";

/// The address of a window that opens a set-up: it names what stands in the page's file, so that it is not shown.
const OPENING: &str = "#opening";

/// Opens the window, on the start page or on the session's set-up, and returns when it is closed.
///
/// # Errors
/// The system has no web view, or no display.
pub(crate) fn run(session: Session, opens_setup: bool) -> tauri::Result<()> {
    let app = tauri::Builder::default()
        .manage(session)
        .invoke_handler(commands::handler())
        .setup(move |app| Ok(open(app, opens_setup)?))
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}

/// The window is built here rather than by Tauri, because only so it can be told where it may not go.
fn open(app: &App, opens_setup: bool) -> tauri::Result<()> {
    let dev = app
        .config()
        .build
        .dev_url
        .clone()
        .filter(|_| tauri::is_dev());
    let windows = app.config().app.windows.iter();
    for config in windows.filter(|config| config.label == MAIN) {
        let dev = dev.clone();
        let mut config = config.clone();
        if opens_setup {
            config.url = WebviewUrl::App(OPENING.into());
        }
        WebviewWindowBuilder::from_config(app, &config)?
            // A paste button is a person's own press; without this WebKitGTK refuses it.
            .enable_clipboard_access()
            .on_navigation(move |url| may_show(url, dev.as_ref()))
            .on_new_window(|_, _| NewWindowResponse::Deny)
            .build()?;
    }
    Ok(())
}

/// Only the page of this program; while developing, the development server's.
fn may_show(url: &Url, dev: Option<&Url>) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        // How Windows and Android write the same address.
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    own || dev.is_some_and(|dev| dev.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_shows_its_own_page_and_nothing_else() {
        let shows = |url: &str, dev: Option<&str>| {
            may_show(
                &Url::parse(url).unwrap(),
                dev.map(|dev| Url::parse(dev).unwrap()).as_ref(),
            )
        };
        assert!(shows("tauri://localhost/index.html", None));
        assert!(shows("http://tauri.localhost/", None));
        assert!(!shows("https://accounts.azuredatabricks.net/", None));
        assert!(!shows("tauri://evil.example/", None));
        assert!(!shows("http://localhost:1420/", None));
        assert!(shows(
            "http://localhost:1420/",
            Some("http://localhost:1420")
        ));
        assert!(!shows("data:text/html,x", None));
        assert!(!shows("file:///etc/passwd", None));
    }
}
