//! How large what people install is.

use std::process::Command;

use usher_tests::place;

use super::{Figure, figure};

pub(super) async fn measure() -> Vec<Figure> {
    let window = place::program("usher-window");
    let bytes = window.metadata().expect("the program is there").len();
    let mib = bytes as f64 / 1024.0 / 1024.0;
    vec![
        figure("window-program", mib, format!("{bytes} bytes, stripped")),
        figure(
            "page",
            page() / 1024.0,
            "every file of ui/dist through gzip -9",
        ),
    ]
}

/// The bytes of the page's files after packing.
fn page() -> f64 {
    let mut bytes = 0;
    let mut open = vec![place::root().join("ui/dist")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("the page is built") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let packed = Command::new("gzip")
                .args(["-9", "--stdout"])
                .arg(&path)
                .output();
            bytes += packed.expect("gzip is there").stdout.len();
        }
    }
    bytes as f64
}
