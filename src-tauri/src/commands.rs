//! The commands of the window: one for each line of the engine's table, each handed to the session as it is.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use tauri::ipc::Channel;
use tauri::{State, Wry};
use usher_engine::for_each_command;
use usher_engine::session::view::*;
use usher_engine::session::{Progress, Session};

macro_rules! command {
    ($name:ident($request:ident) -> $answer:ident) => {
        #[tauri::command]
        async fn $name(session: State<'_, Session>, request: $request) -> Result<$answer, Failure> {
            answered(session.$name(request)).await
        }
    };
    ($name:ident($request:ident, $event:ident) -> $answer:ident) => {
        #[tauri::command]
        async fn $name(
            session: State<'_, Session>,
            request: $request,
            progress: Channel<$event>,
        ) -> Result<$answer, Failure> {
            answered(session.$name(request, through(progress))).await
        }
    };
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($($type:ident),*) -> $answer:ident;)*) => {
        $(command! { $name($($type),*) -> $answer })*

        /// Hands a call of the page to its command.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),*]
        }
    };
}

for_each_command!(commands);

/// A panic becomes a failure like any other: the page never waits for an answer that does not come.
async fn answered<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => Err(Failure::internal("A command panicked; the log has where.")),
    }
}

/// Progress through a channel. A page that went away hears nothing more.
fn through<Event: tauri::ipc::IpcResponse + Send + Sync + 'static>(
    channel: Channel<Event>,
) -> Progress<Event> {
    Arc::new(move |event| {
        let _ = channel.send(event);
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;
    use usher_engine::session::commands::COMMANDS;

    fn project(path: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[test]
    fn the_capability_allows_every_command_and_nothing_else() {
        let capability: Value =
            serde_json::from_str(&project("src-tauri/capabilities/main.json")).unwrap();
        let allowed: BTreeSet<_> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let permissions: Vec<_> = COMMANDS
            .iter()
            .map(|name| format!("allow-{}", name.replace('_', "-")))
            .collect();
        assert_eq!(allowed, permissions.iter().map(String::as_str).collect());
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
        assert_eq!(capability.get("remote"), None);
    }

    #[test]
    fn the_pages_types_name_every_command_and_nothing_else() {
        let types = project("ui/src/ipc/bindings/Commands.ts");
        let named: BTreeSet<_> = types
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.split_once(": { request:"))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(named, COMMANDS.iter().copied().collect());
    }
}
