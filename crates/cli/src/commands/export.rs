//! `usher export`.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use usher_core::document::Schema;
use usher_core::export::{ExportFile, ExportFormat, export, move_report};
use usher_engine::store::write_atomically;

use crate::arguments::{Code, Export, Global};
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::Output;
use crate::sides::Sides;

/// Looks at both sides and writes the set-up as code.
pub(crate) async fn run(
    options: Export,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    let cancel = on_interrupt();
    let sides = Sides::open(global, output, &cancel).await?;
    let observed = sides.look(&cancel).await?;
    let (setup, seen) = (&sides.file.setup, &observed.observation);
    let code = |format: ExportFormat| (format.name(), export(format, setup, seen));
    let (format, files) = match options.code {
        Code::Terraform => code(ExportFormat::Terraform),
        Code::GraphScript => code(ExportFormat::GraphScript),
        Code::MoveReport => ("move-report", move_report(setup, seen, Timestamp::now())),
    };
    std::fs::create_dir_all(&options.output).map_err(|error| unwritten(&options.output, &error))?;
    let written = files
        .iter()
        .map(|file| write(&options.output, file))
        .collect::<Result<Vec<_>, _>>()?;
    let body = ExportBody {
        format,
        folder: options.output.display().to_string(),
        files: written,
    };
    if output.is_json() {
        output.document(body)?;
    } else {
        output.line(body.in_words())?;
    }
    Ok(Exit::Good)
}

/// Writes one file, whole or not at all.
fn write(folder: &Path, file: &ExportFile) -> Result<Written, Failure> {
    let path = folder.join(file.name);
    let before = std::fs::read(&path).ok();
    let what = match before {
        Some(before) if before == file.content.as_bytes() => What::Unchanged,
        Some(_) => What::Replaced,
        None => What::New,
    };
    if what != What::Unchanged {
        write_atomically(&path, file.content.as_bytes())
            .map_err(|error| unwritten(&path, &error))?;
    }
    Ok(Written {
        name: file.name,
        what,
    })
}

fn unwritten(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::no_verdict(
        "disk",
        format!("{} cannot be written: {error}.", path.display()),
        "Choose another place with -o, or make room.",
    )
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    New,
    Replaced,
    Unchanged,
}

#[derive(Debug, Serialize)]
struct Written {
    name: &'static str,
    what: What,
}

/// What `export` says with `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExportBody {
    format: &'static str,
    folder: String,
    files: Vec<Written>,
}

impl Schema for ExportBody {
    const SCHEMA: &'static str = "usher.export/1";
}

impl ExportBody {
    fn in_words(&self) -> String {
        let is_code = self.format != "move-report";
        let what = if is_code {
            "The set-up as code"
        } else {
            "What to take along from the move"
        };
        let mut text = format!("{what}, in {}:", self.folder);
        for file in &self.files {
            let what = match file.what {
                What::New => "new",
                What::Replaced => "replaced what was there",
                What::Unchanged => "as it was",
            };
            text.push_str(&format!("\n  {} ({what})", file.name));
        }
        if is_code {
            text.push_str("\nNo secret is in it. Read it before you run it.");
        }
        text
    }
}
