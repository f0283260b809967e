//! Reading the tenant's people and groups.

use futures::{Stream, TryStreamExt as _};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use usher_core::model::setup::PrincipalKind;
use usher_entra::graph::{Graph, GraphError, Group, ListGroups, ListUsers, Page, User};

use super::table::{Row, Table};
use super::{Directory, Read};
use crate::session::jobs::JobKind;
use crate::session::view::{Failure, FailureCode, ObserveEvent, SetupView, StartJob};
use crate::session::{Progress, Session, show};

impl Session {
    /// `load_directory`
    pub async fn load_directory(
        &self,
        request: StartJob,
        progress: Progress<ObserveEvent>,
    ) -> Result<SetupView, Failure> {
        let job = self.0.jobs.begin(request.job, JobKind::Directory)?;
        self.job(async move |session| {
            let (key, entra) =
                session.with_open(|open, _| (open.file.key(), open.entra.clone()))?;
            let entra = entra.ok_or_else(|| {
                Failure::not_ready(
                    "Nobody is signed in to Entra.",
                    "Sign in first, or choose people and groups by hand.",
                )
            })?;
            let (users, groups) = futures::try_join!(
                users(&entra.graph, &job.token, &progress),
                groups(&entra.graph, &job.token, &progress),
            )?;
            let directory = Directory {
                users: users.into(),
                groups: groups.into(),
                loaded_at: Timestamp::now(),
            };
            session.update(&key, |open| open.directory = Some(directory.into()))?;
            session.with_open(show::setup)
        })
        .await
    }
}

/// So many are read of each; in a larger tenant the rest is searched on Entra's side.
pub(super) const LARGEST: usize = 200_000;

/// The rows of a list, as far as they are read.
struct Rows {
    rows: Vec<Row>,
    complete: bool,
}

impl From<Rows> for Read {
    fn from(read: Rows) -> Self {
        Self {
            rows: Table::new(read.rows),
            complete: read.complete,
        }
    }
}

async fn users(
    graph: &Graph,
    cancel: &CancellationToken,
    progress: &Progress<ObserveEvent>,
) -> Result<Rows, GraphError> {
    let list = ListUsers::default();
    let pages = graph.pages(&list, cancel);
    read(pages, person, |read| tell(progress, "Reading people", read)).await
}

async fn groups(
    graph: &Graph,
    cancel: &CancellationToken,
    progress: &Progress<ObserveEvent>,
) -> Result<Rows, GraphError> {
    let list = ListGroups::default();
    let pages = graph.pages(&list, cancel);
    read(pages, group, |read| tell(progress, "Reading groups", read)).await
}

/// Reads pages until the list ends, or is larger than what is held.
async fn read<T>(
    pages: impl Stream<Item = Result<Page<T>, GraphError>>,
    row: fn(T) -> Row,
    told: impl Fn(usize),
) -> Result<Rows, GraphError> {
    let mut pages = std::pin::pin!(pages);
    let mut rows = Vec::new();
    while let Some(page) = pages.try_next().await? {
        rows.extend(page.value.into_iter().map(row));
        told(rows.len());
        if rows.len() >= LARGEST && page.next.is_some() {
            return Ok(Rows {
                rows,
                complete: false,
            });
        }
    }
    Ok(Rows {
        rows,
        complete: true,
    })
}

fn tell(progress: &Progress<ObserveEvent>, what: &str, done: usize) {
    progress(ObserveEvent::Looking {
        what: what.to_owned(),
        done: Some(u64::try_from(done).unwrap_or(u64::MAX)),
        total: None,
        left: None,
    });
}

pub(super) fn person(user: User) -> Row {
    let guest =
        user.user_type.as_deref() == Some("Guest") || user.user_principal_name.contains("#EXT#");
    Row {
        id: user.id,
        kind: PrincipalKind::User,
        name: user.display_name,
        detail: user.user_principal_name,
        mail: user.mail,
        guest,
        unfit: (user.account_enabled == Some(false)).then_some("The account is disabled in Entra."),
    }
}

pub(super) fn group(group: Group) -> Row {
    let detail = match (
        group.is_dynamic(),
        group.group_types.iter().any(|kind| kind == "Unified"),
    ) {
        (true, _) => "Dynamic membership",
        (false, true) => "Microsoft 365 group",
        (false, false) => "Security group",
    };
    Row {
        id: group.id.into(),
        kind: PrincipalKind::Group,
        name: group.display_name.into(),
        detail: if group.security_enabled {
            detail
        } else {
            "Not security-enabled"
        }
        .into(),
        mail: None,
        guest: false,
        unfit: (!group.security_enabled)
            .then_some("The group is not security-enabled, so it cannot be assigned."),
    }
}

impl From<GraphError> for Failure {
    fn from(error: GraphError) -> Self {
        let details = error.to_string();
        let failure = match error {
            GraphError::SignIn(fault) => return fault.into(),
            GraphError::Transport(error) if error.kind == usher_transport::ErrorKind::Cancelled => {
                return Self::cancelled();
            }
            GraphError::Refused(refused) if refused.is_missing_permission() => {
                let needs = refused.needs.first().copied().unwrap_or("a permission");
                Self::new(
                    FailureCode::Permission,
                    "Microsoft Graph did not allow this.",
                    "The sign-in holds, but it lacks a permission or a role.",
                    &[
                        &format!("Grant **{needs}** to the registration, with admin consent."),
                        "Renew the sign-in, and try it again.",
                    ],
                )
            }
            GraphError::Refused(_) => Self::new(
                FailureCode::Network,
                "Microsoft Graph refused the request.",
                "Nothing was changed by it.",
                &[
                    "Read what Graph said in the details.",
                    "Try it again; if it stays, copy the details into a support case.",
                ],
            ),
            GraphError::Transport(_) => Self::new(
                FailureCode::Network,
                "Microsoft Graph could not be reached.",
                "The network, a proxy or a firewall is in between. What was seen before stays.",
                &[
                    "Look whether this machine reaches graph.microsoft.com.",
                    "Try it again.",
                ],
            ),
            GraphError::Decode { .. }
            | GraphError::ForeignLink { .. }
            | GraphError::TooManyPages { .. }
            | GraphError::RepeatedLink { .. }
            | GraphError::SecretMissing { .. } => Self::new(
                FailureCode::Network,
                "Microsoft Graph answered in a way Usher does not know.",
                "Usher stopped rather than guess.",
                &["Try it again.", "If it stays, report it with the details."],
            ),
        };
        failure.with_details(details)
    }
}
