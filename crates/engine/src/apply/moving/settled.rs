//! What a workspace's people kept, told.

use serde::Serialize;
use ts_rs::TS;
use usher_core::observation::databricks::WorkspaceFacts;
use usher_core::plan::migrate::{self, Watched};

use super::super::gate::Aftermath;

/// What the people of one workspace kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceKept {
    /// The workspace, by name and id.
    pub workspace: String,
    /// What was there before and is gone; empty where nothing is.
    pub lost: Vec<String>,
    /// Why something could not be compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub unseen: Vec<String>,
}

/// Every workspace that was there before, compared.
pub fn workspaces_kept(before: &[WorkspaceFacts], after: &[WorkspaceFacts]) -> Vec<WorkspaceKept> {
    let one = |was: &WorkspaceFacts| {
        let watched = match after.iter().find(|is| is.id == was.id) {
            Some(is) => migrate::watch(was, is),
            None => Watched {
                lost: Vec::new(),
                unseen: vec!["The workspace was not seen again.".to_owned()],
            },
        };
        WorkspaceKept {
            workspace: was.label(),
            lost: watched.lost,
            unseen: watched.unseen,
        }
    };
    before.iter().map(one).collect()
}

/// What was seen of a workspace right after its connector was paused.
pub(super) fn told(label: &str, watched: &Watched) -> Aftermath {
    if !watched.lost.is_empty() {
        let lost = watched.lost.join("; ");
        return Aftermath::Trouble(format!(
            "In {label} something was lost: {lost}. Nothing more was paused. Look there, and roll back if it was not meant."
        ));
    }
    Aftermath::Fine(Some(if watched.unseen.is_empty() {
        format!("Everyone in {label} has what they had.")
    } else {
        format!(
            "What could be seen of {label} is as it was. {}",
            watched.unseen.join(" ")
        )
    }))
}
