//! How large what people install is.

use std::process::Command;

use usher_tests::place;

use crate::Figure;

pub(crate) fn measure() -> Vec<Figure> {
    let window = place::program("usher-window");
    let bytes = window.metadata().expect("the program is there").len();
    vec![
        Figure {
            name: "the window's program".to_owned(),
            value: bytes as f64 / 1024.0 / 1024.0,
            limit: 14.0,
            unit: "MiB",
            from: window.file_name().unwrap_or_default().display().to_string(),
        },
        Figure {
            name: "the page, packed".to_owned(),
            value: page() / 1024.0,
            limit: 80.0,
            unit: "KiB",
            from: "ui/dist, each file through gzip -9".to_owned(),
        },
    ]
}

/// The bytes of every file of the page after packing.
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
