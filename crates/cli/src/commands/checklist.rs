//! `usher checklist`.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use usher_core::checklist::{self, Verification};
use usher_core::checks;
use usher_core::document::Schema;
use usher_engine::store::write_atomically;

use crate::arguments::{Checklist, Format, Global};
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::{Loudness, Output};
use crate::sides::Sides;

/// Writes the checklist, or verifies a saved one.
pub(crate) async fn run(
    options: Checklist,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    if let Some(path) = &options.verify {
        return verify(path, output);
    }
    let cancel = on_interrupt();
    let sides = Sides::open(global, output, &cancel).await?;
    let observed = sides.look(&cancel).await?;
    let (setup, seen, now) = (&sides.file.setup, &observed.observation, Timestamp::now());
    let report = checks::judge(setup, seen, now);
    let checklist = checklist::Checklist::of(setup, seen, &report);
    let format = match options.format {
        Some(Format::Md) => checklist::Format::Markdown,
        Some(Format::Html) => checklist::Format::Html,
        Some(Format::Csv) => checklist::Format::Csv,
        Some(Format::Json) | None => checklist::Format::Json,
    };
    // With --json standard output has the document, whatever format goes to the file.
    let shown = if output.is_json() {
        checklist::Format::Json
    } else {
        format
    };
    match &options.output {
        None => output.bytes(checklist.text(shown, now).as_bytes())?,
        Some(path) => {
            save(path, &checklist.clone().text(format, now))?;
            if output.is_json() {
                output.bytes(checklist.text(shown, now).as_bytes())?;
            }
            output.tell(
                Loudness::Verbose,
                format!("The checklist is in {}.", path.display()),
            );
        }
    }
    Ok(Exit::Good)
}

/// Whole or not at all: half a checklist would look like one.
fn save(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomically(path, text.as_bytes()).map_err(|error| {
        let hint = "Choose another place with -o, or make room.";
        Failure::no_verdict(
            "disk",
            format!("The checklist cannot be saved: {error}."),
            hint,
        )
    })
}

/// What `--verify` says with `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationBody {
    file: String,
    verdict: &'static str,
}

impl Schema for VerificationBody {
    const SCHEMA: &'static str = "usher.verification/1";
}

fn verify(path: &Path, output: &Output) -> Result<Exit, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let message = format!("{} cannot be read: {error}.", path.display());
        Failure::usage(
            "checklist-unreadable",
            message,
            "Name a checklist that was saved by Usher.",
        )
    })?;
    let file = path.display().to_string();
    let (verdict, words, exit) = match checklist::verify(&String::from_utf8_lossy(&bytes)) {
        Verification::Verified => ("verified", "is as it was written", Exit::Good),
        Verification::Changed => ("changed", "was changed after it was written", Exit::NotGood),
        Verification::NoDigest => (
            "no-digest",
            "has no digest: it is no checklist, or its end is missing",
            Exit::NotGood,
        ),
    };
    if output.is_json() {
        output.document(VerificationBody { file, verdict })?;
    } else {
        output.line(format!("{file} {words}."))?;
    }
    Ok(exit)
}
