//! The set-up as code: Terraform, or a shell script of the Microsoft Graph calls.
//!
//! Pure and deterministic: the same set-up and observation give the same bytes. No secret is in them: Terraform asks for a
//! variable, the script reads the environment. What cannot be expressed is said in comments.

mod graph_script;
mod hcl;
mod picture;
mod shell;
mod terraform;
mod text;

use jiff::Timestamp;

use crate::coverage::Coverage;
use crate::local_groups::LocalGroups;
use crate::model::Setup;
use crate::observation::Observation;

/// What a set-up can be exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// Terraform, for the azuread and databricks providers.
    Terraform,
    /// A POSIX shell script of the Microsoft Graph calls.
    GraphScript,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Terraform, Self::GraphScript];

    /// The name on the command line: `terraform`, `graph-script`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::GraphScript => "graph-script",
        }
    }
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name, without a folder; the same for every set-up.
    pub name: &'static str,
    /// Its text: UTF-8, line feeds, one at the end.
    pub content: String,
}

/// The set-up as files. What the observation knows of the connector becomes imports (Terraform) or what is looked up
/// first (script); [`Observation::default`] gives an export for a tenant where nothing exists yet.
pub fn export(format: ExportFormat, setup: &Setup, seen: &Observation) -> Vec<ExportFile> {
    let picture = picture::Picture::of(setup, seen);
    match format {
        ExportFormat::Terraform => terraform::files(&picture),
        ExportFormat::GraphScript => graph_script::files(&picture),
    }
}

/// What people take along from a move: who is covered (where that can be told), and the workspaces' local groups with the order of work.
pub fn move_report(setup: &Setup, seen: &Observation, at: Timestamp) -> Vec<ExportFile> {
    let file = |name, content| ExportFile { name, content };
    let local = LocalGroups::of(seen);
    let coverage = Coverage::planned(setup, seen, &[]).ok();
    let coverage = coverage.map(|coverage| file("coverage.csv", coverage.csv()));
    let groups = [
        file("local-groups.md", local.markdown(&setup.name, at)),
        file("local-groups.csv", local.csv()),
    ];
    coverage.into_iter().chain(groups).collect()
}

#[cfg(test)]
mod tests;
