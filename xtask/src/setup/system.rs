//! What has to come from the operating system.
//!
//! Each need is looked for by what it does (a program that answers, a library that `pkg-config`
//! finds), not by a package's name, so that the same table serves every Linux. Debian's and
//! Ubuntu's packages are installed; elsewhere they are named.

use std::io::IsTerminal;
use std::path::Path;

use crate::process::{Failure, Outcome, Step, on_path, succeeds};
use crate::project;

/// How to see that something is there.
enum Probe {
    /// A program on the search path.
    Program(&'static str),
    /// A library with its headers.
    Library(&'static str),
    /// A folder that a package of Debian brings, and no program tells of.
    OnDebian(&'static str),
    /// A Python with these modules.
    Python(&'static str),
}

/// One thing a build or a test needs from the operating system.
pub(crate) struct Need {
    what: &'static str,
    probe: Probe,
    package: &'static str,
}

const fn need(what: &'static str, probe: Probe, package: &'static str) -> Need {
    Need {
        what,
        probe,
        package,
    }
}

/// To build what runs in a terminal.
pub(crate) const TERMINAL: &[&[Need]] = &[COMPILER];
/// To build and show the window.
pub(crate) const WINDOW: &[&[Need]] = &[COMPILER, WEBVIEW];
/// To run every test.
pub(crate) const TESTS: &[&[Need]] = &[COMPILER, WEBVIEW, TESTING];

const COMPILER: &[Need] = &[need(
    "a C compiler and linker",
    Probe::Program("cc"),
    "build-essential",
)];

const WEBVIEW: &[Need] = &[
    need("pkg-config", Probe::Program("pkg-config"), "pkg-config"),
    need(
        "WebKitGTK 4.1 with headers",
        Probe::Library("webkit2gtk-4.1"),
        "libwebkit2gtk-4.1-dev",
    ),
    need("xdg-open", Probe::Program("xdg-open"), "xdg-utils"),
];

const TESTING: &[Need] = &[
    need("a display without a screen", Probe::Program("Xvfb"), "xvfb"),
    need("xvfb-run", Probe::Program("xvfb-run"), "xvfb"),
    need("xauth", Probe::Program("xauth"), "xauth"),
    need(
        "WebKitGTK's WebDriver",
        Probe::Program("WebKitWebDriver"),
        "webkit2gtk-driver",
    ),
    need(
        "a private session bus",
        Probe::Program("dbus-run-session"),
        "dbus-daemon",
    ),
    need(
        "a keyring to test with",
        Probe::Program("gnome-keyring-daemon"),
        "gnome-keyring",
    ),
    need(
        "a clipboard to paste from",
        Probe::Program("xclip"),
        "xclip",
    ),
    need(
        "a keyboard and a mouse to paste with",
        Probe::Program("xdotool"),
        "xdotool",
    ),
    need("curl", Probe::Program("curl"), "curl"),
    need("file", Probe::Program("file"), "file"),
    need(
        "certificates",
        Probe::OnDebian("/etc/ssl/certs"),
        "ca-certificates",
    ),
    need(
        "Python with venv",
        Probe::Python("venv, ensurepip"),
        "python3-venv",
    ),
    need(
        "fonts",
        Probe::OnDebian("/usr/share/fonts/truetype/noto"),
        "fonts-noto-core",
    ),
];

impl Need {
    fn is_met(&self) -> bool {
        match self.probe {
            Probe::Program(name) => on_path(name),
            Probe::Library(name) => succeeds("pkg-config", &["--exists", name]),
            Probe::OnDebian(path) => !on_path("apt-get") || Path::new(path).exists(),
            Probe::Python(modules) => ["python3", "python"]
                .iter()
                .any(|python| succeeds(python, &["-c", &format!("import {modules}")])),
        }
    }
}

/// Whether a window can be shown here.
pub(crate) fn has_display() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Installs what is missing, or says what it is.
pub(crate) fn install(groups: &[&[Need]]) -> Outcome {
    if !cfg!(target_os = "linux") {
        return elsewhere();
    }
    let missing: Vec<&Need> = groups
        .iter()
        .flat_map(|group| group.iter())
        .filter(|need| !need.is_met())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Missing on this machine:");
    for need in &missing {
        eprintln!("  {} ({})", need.what, need.package);
    }
    if !on_path("apt-get") {
        return Err(Failure::new(
            "✕ This is neither Debian nor Ubuntu, so nothing was installed.\n  \
             Install the above from your system's packages (the names in brackets are Debian's).",
        ));
    }
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    packages.sort_unstable();
    packages.dedup();
    apt(&packages)?;
    match missing.iter().find(|need| !need.is_met()) {
        None => Ok(()),
        Some(need) => Err(Failure::new(format!(
            "✕ {} is still not there after installing {}.",
            need.what, need.package
        ))),
    }
}

/// On Windows and macOS the compiler's own installation brings what is needed.
fn elsewhere() -> Outcome {
    if cfg!(target_os = "macos") && !succeeds("xcode-select", &["-p"]) {
        return Err(Failure::new(
            "✕ Xcode's command line tools are needed.\n  To install them: xcode-select --install",
        ));
    }
    Ok(())
}

fn apt(packages: &[&str]) -> Outcome {
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    for arguments in [&["update"][..], &install[..]] {
        apt_get(arguments)?;
    }
    Ok(())
}

fn apt_get(arguments: &[&str]) -> Outcome {
    let title = format!("apt-get {}", arguments.join(" "));
    let root = project::root();
    if is_root() {
        return Step::new(title, &root, 20, "apt-get", arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .aside()
            .run();
    }
    let all = [&["apt-get"], arguments].concat();
    if !unattended() && !agreed(&format!("sudo {}", all.join(" ")))? {
        return Err(Failure::new(format!(
            "Nothing was installed. To do it yourself: sudo {}",
            all.join(" ")
        )));
    }
    Step::new(title, &root, 20, "sudo", &all)
        .interactive()
        .aside()
        .run()
}

fn is_root() -> bool {
    Step::new("Who runs this", &project::root(), 1, "id", &["-u"])
        .output()
        .is_ok_and(|user| user.trim() == "0")
}

fn unattended() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// Asks before anything is done with an administrator's rights.
fn agreed(command: &str) -> Outcome<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("Run `{command}`? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
