//! The one table of commands. The window's handlers, its build script, its capability and the page's types are all made from it or
//! checked against it, so that they cannot drift apart.
//!
//! A line reads `name(Request) -> Answer`, or `name(Request, Event) -> Answer` where progress is sent while the command works. The
//! page calls `invoke(name, { request })`, and with progress `invoke(name, { request, progress: channel })`; `Nothing` is `null`.
//! Every command may reject with a [`Failure`](super::view::Failure).

#[path = "command_table.rs"]
#[macro_use]
mod table;

pub use crate::for_each_command;

macro_rules! names {
    ($($(#[doc = $doc:literal])* $name:ident($request:ident $(, $event:ident)?) -> $answer:ident;)*) => {
        /// The name of every command, in the table's order.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),*];

        /// The page's types: every type of the table with all it is made of, in files under the configuration's folder, and
        /// `Commands.ts`, which maps each command to its request, answer and event.
        pub fn export_types(config: &ts_rs::Config) -> Result<(), ts_rs::ExportError> {
            use super::view::*;

            export::<Failure>(config)?;
            $(
                export::<$request>(config)?;
                export::<$answer>(config)?;
                $(export::<$event>(config)?;)?
            )*
            Ok(())
        }

        /// One row a command: its words, its name, and the TypeScript names of its request, answer and event.
        pub fn typescript_rows(config: &ts_rs::Config) -> Vec<CommandRow> {
            use super::view::*;
            use ts_rs::TS;

            vec![$(CommandRow {
                name: stringify!($name),
                doc: concat!($($doc, "\n",)*),
                request: <$request as TS>::name(config),
                answer: <$answer as TS>::name(config),
                event: names!(@event config $($event)?),
            }),*]
        }
    };
    (@event $config:ident) => { None };
    (@event $config:ident $event:ident) => { Some(<$event as TS>::name($config)) };
}

/// Types that TypeScript has of its own, such as `null`, have no file.
fn export<T: ts_rs::TS + 'static>(config: &ts_rs::Config) -> Result<(), ts_rs::ExportError> {
    if T::output_path().is_some() {
        T::export_all(config)
    } else {
        Ok(())
    }
}

/// A command as the page's types need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRow {
    /// The command's name.
    pub name: &'static str,
    /// What it does, for the generated file.
    pub doc: &'static str,
    /// The request's type in TypeScript.
    pub request: String,
    /// The answer's type in TypeScript.
    pub answer: String,
    /// The event's type in TypeScript, where progress is sent.
    pub event: Option<String>,
}

for_each_command!(names);
