//! The commands of the window: one for each line of the engine's table, each handed to the session as it is.
//!
//! Tauri's own macro would copy its way of answering into each command, which is a tenth of the program; here each command is
//! only the work, and all are answered in one place. Which of them the page may call Tauri has decided before they come here.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures::FutureExt as _;
use tauri::ipc::{Channel, CommandArg, CommandItem, Invoke, InvokeError, InvokeResponseBody};
use tauri::{Manager as _, Wry};
use usher_engine::for_each_command;
use usher_engine::session::view::*;
use usher_engine::session::{Progress, Session};

/// A command at work; it ends with the answer as JSON, for the page.
type Working = Pin<Box<dyn Future<Output = Result<String, Failure>> + Send>>;

/// A call of the page, and its arguments.
struct Call<'a> {
    invoke: &'a Invoke<Wry>,
    name: &'static str,
}

impl<'a> Call<'a> {
    /// The argument of this name, as Tauri reads it.
    fn argument<T: CommandArg<'a, Wry>>(&self, key: &'static str) -> Result<T, InvokeError> {
        T::from_command(CommandItem {
            plugin: None,
            name: self.name,
            key,
            message: &self.invoke.message,
            acl: &self.invoke.acl,
        })
    }
}

macro_rules! work {
    ($session:ident, $call:ident, $name:ident($request:ident)) => {{
        let request: $request = $call.argument("request")?;
        Box::pin(async move { json($session.$name(request).await?) })
    }};
    ($session:ident, $call:ident, $name:ident($request:ident, $event:ident)) => {{
        let request: $request = $call.argument("request")?;
        let progress: Channel<$event> = $call.argument("progress")?;
        Box::pin(async move { json($session.$name(request, through(progress)).await?) })
    }};
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($($type:ident),*) -> $answer:ident;)*) => {
        /// The work of a call; `None` when no command has its name.
        fn work(session: Session, invoke: &Invoke<Wry>) -> Result<Option<Working>, InvokeError> {
            Ok(Some(match invoke.message.command() {
                $(stringify!($name) => {
                    let call = Call { invoke, name: stringify!($name) };
                    work!(session, call, $name($($type),*))
                })*
                _ => return Ok(None),
            }))
        }
    };
}

for_each_command!(commands);

/// Hands a call of the page to its command.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    |invoke| {
        let session = invoke
            .message
            .webview_ref()
            .state::<Session>()
            .inner()
            .clone();
        match work(session, &invoke) {
            Ok(Some(work)) => invoke.resolver.respond_async_serialized(answered(work)),
            Ok(None) => return false,
            Err(error) => invoke.resolver.invoke_error(error),
        }
        true
    }
}

/// A panic becomes a failure like any other: the page never waits for an answer that does not come.
async fn answered(work: Working) -> Result<InvokeResponseBody, InvokeError> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(answer)) => Ok(InvokeResponseBody::Json(answer)),
        Ok(Err(failure)) => Err(InvokeError::from(failure)),
        Err(_) => Err(InvokeError::from(Failure::internal(
            "A command panicked; the log has where.",
        ))),
    }
}

fn json(answer: impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(&answer).map_err(|error| Failure::internal(error.to_string()))
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
