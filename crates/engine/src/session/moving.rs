//! A move: its inventory, the workspaces behind its connectors, and the texts it leaves behind.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use usher_core::inventory::inventory;
use usher_core::local_groups::{LocalGroup, LocalGroups, ORDER, Twin};
use usher_core::model::Origin;
use usher_core::model::setup::WorkspaceSetup;
use usher_databricks::discovery;

use super::hand_over::free;
use super::jobs::JobKind;
use super::view::{
    Failure, LocalGroupView, LocalGroupsView, MoveReport, MoveView, Nothing, ObserveEvent,
    SaveMoveReport, Saved, SetupView, StartJob,
};
use super::{Progress, Session, show};
use crate::store::write_atomically;

/// So many local groups are shown; the saved texts have all.
const SHOWN: usize = 200;

/// Workspaces that are asked who they are at the same time; each has a host of its own.
const AT_ONCE: usize = 8;

impl Session {
    /// `move_view`
    pub async fn move_view(&self, _: Nothing) -> Result<MoveView, Failure> {
        self.blocking(|session| {
            let covered = session.coverage()?;
            let (coverage, undecided) = match covered.as_deref() {
                Some(Ok(covered)) => (Some(covered.counts()), None),
                Some(Err(why)) => (None, Some(why.clone())),
                None => (None, None),
            };
            session.with_open(|open, _| MoveView {
                inventory: inventory(&open.file.setup, &open.observed.observation),
                coverage,
                undecided,
            })
        })
        .await
    }

    /// `name_workspaces`
    pub async fn name_workspaces(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Observe)?;
        let (origins, client) = self.with_open(|open, place| {
            let found = inventory(&open.file.setup, &open.observed.observation);
            let listed = found.workspaces.iter().filter(|one| !one.named);
            let named: Vec<WorkspaceSetup> = listed.map(|one| named(&one.id, &one.url)).collect();
            let origins: Vec<Origin> = found
                .unnamed
                .iter()
                .filter_map(|url| Origin::of(&url.parse().ok()?))
                .filter(|origin| place.world.knows_databricks(origin))
                .collect();
            ((origins, named), place.client.clone())
        })?;
        let (origins, mut found) = origins;
        let total = origins.len();
        let mut asked = stream::iter(origins)
            .map(|origin| {
                let (client, cancel) = (client.clone(), job.token.clone());
                async move {
                    let told = discovery::host_metadata(&client, &origin, &cancel).await;
                    told.ok()
                        .and_then(|told| told.workspace_id)
                        .map(|id| named(&id, origin.as_str()))
                }
            })
            .buffer_unordered(AT_ONCE);
        let mut done = 0_u64;
        while let Some(one) = asked.next().await {
            found.extend(one);
            done += 1;
            progress(ObserveEvent::Looking {
                what: "Asking the workspaces who they are".to_owned(),
                done: Some(done),
                total: u64::try_from(total).ok(),
                left: None,
            });
        }
        if job.token.is_cancelled() {
            return Err(Failure::cancelled());
        }
        self.edit(move |open| {
            let workspaces = &mut open.file.setup.databricks.workspaces;
            let known: BTreeSet<String> = workspaces.iter().map(|one| one.id.clone()).collect();
            workspaces.extend(found.into_iter().filter(|one| !known.contains(&one.id)));
            workspaces
                .sort_by(|left, right| (left.id.len(), &left.id).cmp(&(right.id.len(), &right.id)));
            Ok(())
        })
        .await?;
        self.with_open(show::setup)
    }

    /// `local_groups`
    pub async fn local_groups(&self, _: Nothing) -> Result<LocalGroupsView, Failure> {
        self.blocking(|session| {
            let found = session.with_open(|open, _| LocalGroups::of(&open.observed.observation))?;
            let one = |group: &LocalGroup| LocalGroupView {
                workspace: group.workspace.clone(),
                name: group.name.clone(),
                fits: group.twin == Twin::Same && group.lacking.is_empty(),
                notes: group.notes(),
            };
            Ok(LocalGroupsView {
                groups: found.groups.iter().take(SHOWN).map(one).collect(),
                total: found.groups.len(),
                order: ORDER.map(str::to_owned).to_vec(),
                unseen: found
                    .unseen
                    .into_iter()
                    .map(|(workspace, why)| format!("{workspace}: {why}"))
                    .collect(),
            })
        })
        .await
    }

    /// `save_move_report`
    pub async fn save_move_report(&self, request: SaveMoveReport) -> Result<Saved, Failure> {
        let folder = self.target_folder(request.folder)?;
        self.blocking(move |session| {
            let stem = session.with_open(|open, _| open.file.stem())?;
            let (text, what, ending) = session.report(request.report)?;
            let path = free(&folder, &format!("{stem}-{what}"), ending);
            write_atomically(&path, text.as_bytes())?;
            Ok(Saved {
                path: path.display().to_string(),
            })
        })
        .await
    }

    fn report(&self, report: MoveReport) -> Result<(String, &'static str, &'static str), Failure> {
        let local_groups = || {
            self.with_open(|open, _| {
                let found = LocalGroups::of(&open.observed.observation);
                let at = open.observed_at.unwrap_or_else(Timestamp::now);
                (found.markdown(&open.file.setup.name, at), found.csv())
            })
        };
        match report {
            MoveReport::LocalGroups => Ok((local_groups()?.0, "local-groups", "md")),
            MoveReport::LocalGroupsTable => Ok((local_groups()?.1, "local-groups", "csv")),
            MoveReport::Coverage => match self.coverage()?.as_deref() {
                Some(Ok(covered)) => Ok((covered.csv(), "coverage", "csv")),
                Some(Err(why)) => Err(Failure::not_ready(
                    why,
                    "Do what the coverage page says, and look again.",
                )),
                None => Err(Failure::not_ready(
                    "Both sides have not been looked at yet.",
                    "Look at both sides first.",
                )),
            },
        }
    }

    /// Who is covered, from what was observed last; `None`: nothing was observed. Made once for each look and each wish.
    pub(super) fn coverage(&self) -> Result<Option<Arc<super::rows::Covered>>, Failure> {
        let mut guard = self.open_setup_now();
        let open = guard.as_mut().ok_or_else(Failure::no_setup)?;
        Ok(super::rows::covered(open))
    }
}

fn named(id: &str, url: &str) -> WorkspaceSetup {
    WorkspaceSetup {
        id: id.to_owned(),
        url: url.to_owned(),
        federated: None,
    }
}
