//! Standard output and standard error.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use usher_core::document::{Document, ErrorBody, Schema};

use crate::failure::{Exit, Failure};

/// How much goes to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Loudness {
    /// Errors alone.
    Quiet,
    /// Waits and warnings as well.
    Usual,
    /// What is being done as well.
    Verbose,
    /// Every request's name, status and time as well.
    Debug,
}

/// Where a command speaks.
pub(crate) struct Output {
    out: Mutex<Box<dyn Write + Send>>,
    err: Mutex<Box<dyn Write + Send>>,
    json: bool,
    loudness: Loudness,
}

impl Output {
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        json: bool,
        loudness: Loudness,
    ) -> Self {
        log_to_stderr(loudness);
        Self {
            out: Mutex::new(out),
            err: Mutex::new(err),
            json,
            loudness,
        }
    }

    /// Whether the answer is a JSON document.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The answer as a JSON document, whatever the options.
    pub(crate) fn document<B: Schema + Serialize>(&self, body: B) -> Result<(), Failure> {
        self.value(&Document::new(body, Timestamp::now()))
    }

    /// A value that is a document already.
    pub(crate) fn value(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| unwritten(&io::Error::from(error)))?;
        self.line(text)
    }

    /// A line of the answer for people.
    pub(crate) fn line(&self, text: impl AsRef<str>) -> Result<(), Failure> {
        let mut out = lock(&self.out);
        writeln!(out, "{}", text.as_ref())
            .and_then(|()| out.flush())
            .map_err(|error| unwritten(&error))
    }

    /// The answer's bytes as they are, nothing added.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = lock(&self.out);
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .map_err(|error| unwritten(&error))
    }

    /// A line on standard error, from a loudness on. Nobody to read it is no reason to fail.
    pub(crate) fn tell(&self, from: Loudness, text: impl AsRef<str>) {
        if self.loudness >= from {
            let mut err = lock(&self.err);
            let _ = writeln!(err, "{}", text.as_ref()).and_then(|()| err.flush());
        }
    }

    /// Says why a command could not be carried out.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        let (exit, body) = match failure {
            Failure::Usage(body) => (Exit::Usage, body),
            Failure::NoVerdict(body) => (Exit::NoVerdict, body),
            Failure::Interrupted => {
                self.tell(Loudness::Usual, "Interrupted.");
                return Exit::Interrupted;
            }
        };
        self.error(body);
        exit
    }

    fn error(&self, body: &ErrorBody) {
        if self.json {
            // Where even this cannot be written, the exit status remains.
            let _ = self.document(body.clone());
        } else {
            self.tell(Loudness::Quiet, format!("{}\n{}", body.message, body.hint));
        }
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::no_verdict(
        "output",
        format!("The answer cannot be written: {error}."),
        "Check where the output goes.",
    )
}

/// Usher's own log lines alone, at a level the options set: libraries' lines may hold what nobody should read.
fn log_to_stderr(loudness: Loudness) {
    use tracing_subscriber::filter::{LevelFilter, Targets};
    use tracing_subscriber::prelude::*;

    let level = match loudness {
        Loudness::Quiet => LevelFilter::ERROR,
        Loudness::Usual => LevelFilter::WARN,
        Loudness::Verbose => LevelFilter::INFO,
        Loudness::Debug => LevelFilter::DEBUG,
    };
    let own = [
        "usher_cli",
        "usher_engine",
        "usher_transport",
        "usher_databricks",
        "usher_entra",
        "usher_vault",
    ];
    let targets = Targets::new()
        .with_default(LevelFilter::OFF)
        .with_targets(own.map(|target| (target, level)));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_filter(targets);
    // A second run in one process keeps the first one's log.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
