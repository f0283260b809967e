//! A window that shows one word: what any window of this kind costs before it is good for something. `cargo xtask bench`
//! measures Usher's beside it.

fn main() -> tauri::Result<()> {
    let context =
        tauri::generate_context!("examples/empty-window/tauri.conf.json", capabilities = []);
    let app = tauri::Builder::default().build(context)?;
    app.run(|_, _| {});
    Ok(())
}
