//! Standard output and standard error.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use usher_core::document::{Document, ErrorBody, Schema};
use usher_engine::observe::Progress;

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
    /// When an estimate was told last.
    told: Mutex<Option<Instant>>,
}

/// From one estimate to the next, where not every step is told.
const EVERY: Duration = Duration::from_secs(10);

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
            told: Mutex::default(),
        }
    }

    /// Whether the answer is a JSON document.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The answer as a JSON document, whatever the options.
    pub(crate) fn document<B: Schema + Serialize>(&self, body: B) -> Result<(), Failure> {
        self.value(&Document::new(body.plain(), Timestamp::now()))
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

    /// What is being looked at. What takes long enough for an estimate is told in passing as well, where not everything is.
    pub(crate) fn step(&self, step: &Progress) {
        let due = || {
            let mut told = lock(&self.told);
            let due = told.is_none_or(|told| told.elapsed() >= EVERY);
            if due {
                *told = Some(Instant::now());
            }
            due
        };
        let from = if step.left.is_some() && due() {
            Loudness::Usual
        } else {
            Loudness::Verbose
        };
        self.tell(from, in_words(step));
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

/// A step in words.
pub(crate) fn in_words(step: &Progress) -> String {
    let left = step.left.as_deref().map(|left| format!(". {left}"));
    let left = left.unwrap_or_default();
    match (step.done, step.total) {
        (Some(done), Some(total)) => format!("{}: {done} of {total}{left}", step.what),
        (Some(done), None) => format!("{}: {done}", step.what),
        _ => step.what.clone(),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// What was written, shared with whoever looks.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            lock(&self.0).extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn told(loudness: Loudness, steps: &[Progress]) -> String {
        let paper = Paper::default();
        let nothing = Box::new(io::sink());
        let output = Output::new(nothing, Box::new(paper.clone()), false, loudness);
        steps.iter().for_each(|step| output.step(step));
        let written = lock(&paper.0).clone();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn what_takes_long_is_told_in_passing_and_everything_on_request() {
        let step = |done, left: Option<&str>| Progress {
            what: "Reading groups".to_owned(),
            done: Some(done),
            total: Some(50),
            left: left.map(str::to_owned),
        };
        let steps = [
            step(1, None),
            step(2, Some("1 to 3 min for what is known to come.")),
            step(3, Some("1 to 2 min for what is known to come.")),
        ];
        let estimate = "Reading groups: 2 of 50. 1 to 3 min for what is known to come.\n";
        assert_eq!(told(Loudness::Usual, &steps), estimate);
        assert_eq!(told(Loudness::Quiet, &steps), "");
        assert_eq!(told(Loudness::Verbose, &steps).lines().count(), 3);
    }
}
