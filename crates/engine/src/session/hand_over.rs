//! Handing a set-up over to the other admin: the set-up file, which has no secrets, and a page that says what is left to do.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use usher_core::model::Setup;
use usher_core::model::setup::Journey;

use super::Session;
use super::show;
use super::view::{Due, Failure, FindingView, HandOver, HandedOver, SetupView};
use crate::store::write_atomically;

impl Session {
    /// `hand_over`
    pub async fn hand_over(&self, request: HandOver) -> Result<HandedOver, Failure> {
        let folder = self.target_folder(request.folder)?;
        self.blocking(move |session| {
            let (text, view) =
                session.with_open(|open, place| (open.file.text(), show::setup(open, place)))?;
            let note = note(&view);
            let setup_path = free(&folder, &view.id, "json");
            let note_path = setup_path.with_extension("md");
            write_atomically(&setup_path, &text?)?;
            write_atomically(&note_path, note.as_bytes())?;
            Ok(HandedOver {
                setup_path: setup_path.display().to_string(),
                note_path: note_path.display().to_string(),
                note,
            })
        })
        .await
    }

    /// The folder a person named, or the documents folder.
    pub(super) fn target_folder(&self, folder: Option<String>) -> Result<PathBuf, Failure> {
        match folder.filter(|folder| !folder.trim().is_empty()) {
            Some(folder) => super::setups::file_path(&folder),
            None => Ok(self.0.options.documents_folder.clone()),
        }
    }
}

/// A path in a folder that nothing has yet: what was saved before is never overwritten.
pub(super) fn free(folder: &Path, stem: &str, ending: &str) -> PathBuf {
    let first = std::iter::once(stem.to_owned());
    let names = first.chain((2..).map(|number| format!("{stem}-{number}")));
    let mut paths = names.map(|name| folder.join(format!("{name}.{ending}")));
    paths
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(format!("{stem}.{ending}")))
}

/// The page that goes with the file, as Markdown.
fn note(view: &SetupView) -> String {
    let setup = &view.setup;
    let mut text = String::new();
    let mut say = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    say(&format!(
        "# {}: where it stands and what is left",
        setup.name
    ));
    say("");
    say(&format!("This is about {}.", about(setup)));
    say("");
    say("## To go on");
    say("");
    say("1. Install Usher, and start it.");
    say(
        "2. On the start page choose **Open a handed-over set-up**, and name the file that came with this page.",
    );
    say(
        "3. Usher goes on where this set-up stands. It looks at both sides anew, so nothing here has to be believed.",
    );
    say("");
    say(
        "The file has no secrets in it. Tokens and client secrets have to be pasted again on the other machine, by",
    );
    say("whoever may know them; do not send them with this page.");
    say("");
    say("## Known so far");
    say("");
    for (label, value) in known(setup) {
        say(&format!("- {label}: {value}"));
    }
    let mut list = |heading: &str, due: Due| section(&mut text, heading, due, &view.findings);
    list("Due now", Due::Now);
    list("Due later", Due::Later);
    list("Not seen yet", Due::CannotTell);
    text
}

fn about(setup: &Setup) -> &'static str {
    match setup.journey {
        Journey::Account => {
            "provisioning people from Microsoft Entra ID to a Databricks account with SCIM"
        }
        Journey::Workspace => {
            "provisioning people from Microsoft Entra ID to one Databricks workspace with SCIM"
        }
        Journey::Migrate => "moving the SCIM connectors of Databricks workspaces to the account",
    }
}

fn known(setup: &Setup) -> Vec<(&'static str, String)> {
    let some = |label, value: &Option<String>| value.clone().map(|value| (label, value));
    let mut rows: Vec<_> = [
        some("Databricks account id", &setup.databricks.account_id),
        some("SCIM URL", &setup.databricks.scim_url),
        some("Entra tenant", &setup.entra.tenant_id),
        some("Enterprise application", &setup.entra.app.display_name),
        some("Its object id", &setup.entra.app.service_principal_id),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (check, word) in &setup.attested {
        rows.push((
            "Attested",
            format!(
                "{check}, by {} on {}",
                word.by,
                word.at.strftime("%Y-%m-%d")
            ),
        ));
    }
    if rows.is_empty() {
        rows.push(("Nothing yet", "this set-up has just begun".to_owned()));
    }
    rows
}

fn section(text: &mut String, heading: &str, due: Due, findings: &[FindingView]) {
    let of_this: Vec<_> = findings
        .iter()
        .filter(|finding| finding.due == due)
        .collect();
    if of_this.is_empty() {
        return;
    }
    // Writing to a String does not fail.
    let _ = writeln!(text, "\n## {heading}\n");
    for FindingView { finding, .. } in of_this {
        let _ = writeln!(text, "- **{}**", finding.title);
        let more = finding
            .fix
            .as_deref()
            .or(finding.reason.as_deref())
            .unwrap_or_default();
        for line in more.lines() {
            let _ = writeln!(text, "  {line}  ");
        }
    }
}
