//! The phases of HTTP: does an API answer, is the token taken, do users and groups come, does the filter filter, and is a
//! wrong token refused?

use jiff::Timestamp;
use usher_core::connection::{FaultCode, PhaseId};
use usher_databricks::error::is_web_page;
use usher_databricks::{ApiError, Error, Filter, Group, ListPage, Query, Resource, Scim, User};
use usher_transport::{
    CancellationToken, Client, ErrorKind, Event, Response, Retry, RetryPolicy, WaitReason,
    retry_after,
};
use uuid::Uuid;

use super::fault;
use super::input::Target;
use super::record::{Diagnosis, Record, Running, Stopped};
use super::spoil::spoil;

/// The cap on one answer: a single user or group is far smaller.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The calls to one target.
pub(super) struct Calls<'a> {
    client: &'a Client,
    target: Target,
    scim: Scim,
    cancel: &'a CancellationToken,
}

impl<'a> Calls<'a> {
    pub(super) fn new(client: &'a Client, target: Target, cancel: &'a CancellationToken) -> Self {
        let scim = Scim::new(
            client.clone(),
            target.url.clone(),
            target.token.secret.clone(),
        );
        Self {
            client,
            target,
            scim,
            cancel,
        }
    }

    /// All of them, in order.
    pub(super) async fn all(&self, record: &mut Record) -> Result<(), Stopped> {
        let reached = self.reach(record).await?;
        self.authenticate_and_users(reached, record).await?;
        self.groups(record).await?;
        self.filter(record).await?;
        self.token_control(record).await
    }

    /// The first users' page without a token: an API refuses it in its own words, a login page redirects or shows itself.
    /// Whatever the status, it is the next phase's matter; only its `Retry-After` is kept, to be honoured there.
    async fn reach(&self, record: &mut Record) -> Result<Option<Response>, Stopped> {
        let phase = record.start(PhaseId::Reach);
        let request = self
            .scim
            .list_request::<User>(&users(), 1, 1)
            .max_bytes(MAX_BYTES)
            .retry(Retry::Connection);
        let summary = "An API answers there.";
        match self.client.send(request, self.cancel).await {
            Ok(response) if response.status.is_success() && is_web_page(&response) => {
                Err(record.fail(phase, Diagnosis::new(FaultCode::LoginPage)))
            }
            Ok(response) => {
                record.pass(
                    phase,
                    summary,
                    Some(format!(
                        "Without a token: HTTP {}.",
                        response.status.as_u16()
                    )),
                );
                Ok(Some(response))
            }
            Err(error) if answer_began(&error.kind) => {
                record.pass(phase, summary, None);
                Ok(None)
            }
            Err(error) => Err(self.fail(record, phase, &Error::Transport(error))),
        }
    }

    /// The first call that carries the token: its status tells whether the token is taken, its body whether users come.
    async fn authenticate_and_users(
        &self,
        reached: Option<Response>,
        record: &mut Record,
    ) -> Result<(), Stopped> {
        let authenticate = record.start(PhaseId::Authenticate);
        if let Some(diagnosis) = self.wait_as_asked(reached).await? {
            return Err(record.fail(authenticate, diagnosis));
        }
        let answer = self
            .list::<User>(&users(), self.scim.clone(), Retry::Read)
            .await;
        let taken = "Databricks takes the token.";
        match answer {
            Ok(page) => {
                record.pass(authenticate, taken, None);
                let phase = record.start(PhaseId::Users);
                record.pass(
                    phase,
                    "Users can be read.",
                    count(page.total_results, "user"),
                );
                Ok(())
            }
            Err(error) if is_fault_of_body(&error) => {
                record.pass(authenticate, taken, None);
                let phase = record.start(PhaseId::Users);
                Err(self.fail(record, phase, &error))
            }
            Err(error) => Err(self.fail(record, authenticate, &error)),
        }
    }

    async fn groups(&self, record: &mut Record) -> Result<(), Stopped> {
        let phase = record.start(PhaseId::Groups);
        let query = Query::default().attributes("id,displayName");
        match self
            .list::<Group>(&query, self.scim.clone(), Retry::Read)
            .await
        {
            Ok(page) => {
                let detail = count(page.total_results, "group");
                record.pass(phase, "Groups can be read.", detail);
                Ok(())
            }
            Err(error) => Err(self.fail(record, phase, &error)),
        }
    }

    /// Asks for a name that nobody has, as Entra's own test does: nobody may come back.
    async fn filter(&self, record: &mut Record) -> Result<(), Stopped> {
        let phase = record.start(PhaseId::Filter);
        let query = users().filter(Filter::equals("userName", Uuid::new_v4().to_string()));
        match self
            .list::<User>(&query, self.scim.clone(), Retry::Read)
            .await
        {
            Ok(page) if page.resources.is_empty() && page.total_results.unwrap_or(0) == 0 => {
                record.pass(phase, "A search for a name nobody has finds nobody.", None);
                Ok(())
            }
            Ok(_) => Err(record.fail(phase, Diagnosis::new(FaultCode::FilterIgnored))),
            Err(Error::Api { error, .. }) if error.status == 400 => {
                let diagnosis = fault::of_api(&error, Some(&self.target.token));
                Err(record.fail(
                    phase,
                    Diagnosis {
                        code: FaultCode::FilterRefused,
                        ..diagnosis
                    },
                ))
            }
            Err(error) => Err(self.fail(record, phase, &error)),
        }
    }

    /// The first call once more with a token that is certainly wrong: only a refusal proves that the token counted.
    async fn token_control(&self, record: &mut Record) -> Result<(), Stopped> {
        let phase = record.start(PhaseId::TokenControl);
        let spoiled = spoil(&self.target.token.secret);
        let scim = Scim::new(self.client.clone(), self.target.url.clone(), spoiled);
        let undecided = "Databricks did not say whether it refuses a wrong token.";
        match self.list::<User>(&users(), scim, Retry::Connection).await {
            Ok(_) => Err(record.fail(phase, Diagnosis::new(FaultCode::TokenNotChecked))),
            Err(error) if is_fault_of_body(&error) => {
                Err(record.fail(phase, Diagnosis::new(FaultCode::TokenNotChecked)))
            }
            Err(Error::Api { error, .. }) if matches!(error.status, 401 | 403) => {
                record.pass(
                    phase,
                    "A wrong token is refused.",
                    Some(format!("HTTP {}", error.status)),
                );
                Ok(())
            }
            Err(Error::Api { error, .. }) => {
                record.warn(phase, undecided, Some(format!("HTTP {}", error.status)));
                Ok(())
            }
            // Sent to a sign-in instead of an answer: refused in another way.
            Err(error) if is_login(&error) => {
                record.pass(phase, "A wrong token leads to a sign-in page.", None);
                Ok(())
            }
            Err(error) => Err(self.fail(record, phase, &error)),
        }
    }

    async fn list<R: Resource>(
        &self,
        query: &Query,
        scim: Scim,
        retry: Retry,
    ) -> Result<ListPage<R>, Error> {
        scim.page_once(query, retry, MAX_BYTES, self.cancel).await
    }

    /// Fails a phase; a redirect or a web page is a fault of `reach`, wherever it shows.
    fn fail(&self, record: &mut Record, phase: Running, error: &Error) -> Stopped {
        if matches!(error.transport(), Some(ErrorKind::Cancelled)) {
            return Stopped::Cancelled;
        }
        let diagnosis = fault::of_call(error, &self.target.url, Some(&self.target.token));
        if is_login(error) {
            return record.fail_earlier(PhaseId::Reach, diagnosis);
        }
        record.fail(phase, diagnosis)
    }

    /// Waits as long as the answer without a token asked for. A wait that is too long to sit through is the fault itself.
    async fn wait_as_asked(&self, reached: Option<Response>) -> Result<Option<Diagnosis>, Stopped> {
        let Some(response) =
            reached.filter(|response| matches!(response.status.as_u16(), 429 | 503))
        else {
            return Ok(None);
        };
        let Some(asked) = retry_after(&response.headers, Timestamp::now()) else {
            return Ok(None);
        };
        if asked > RetryPolicy::default().total {
            let error = ApiError::read(&response, str::to_owned);
            return Ok(Some(fault::of_api(&error, Some(&self.target.token))));
        }
        self.client.tell(Event::Waiting {
            operation: response.operation,
            host: self.target.url.origin.host(),
            wait: asked,
            reason: WaitReason::Asked,
            next_attempt: 2,
        });
        tokio::select! {
            () = self.cancel.cancelled() => Err(Stopped::Cancelled),
            () = tokio::time::sleep(asked) => Ok(None),
        }
    }
}

/// How many there are, where the answer says.
fn count(total: Option<u64>, one: &str) -> Option<String> {
    total.map(|total| {
        if total == 1 {
            format!("1 {one}")
        } else {
            format!("{total} {one}s")
        }
    })
}

fn users() -> Query {
    Query::default().attributes("id")
}

/// Whether a status had arrived before the exchange broke.
fn answer_began(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BodyTruncated { .. }
            | ErrorKind::TooLarge { .. }
            | ErrorKind::Unreadable { .. }
            | ErrorKind::Timeout {
                status: Some(_),
                ..
            }
    )
}

/// Whether the status was a success and only the body is wrong.
fn is_fault_of_body(error: &Error) -> bool {
    let success = |status: &u16| (200..300).contains(status);
    match error {
        Error::Unexpected { .. } | Error::Endless { .. } | Error::Repeating { .. } => true,
        Error::Transport(error) => match &error.kind {
            ErrorKind::BodyTruncated { status, .. }
            | ErrorKind::TooLarge { status, .. }
            | ErrorKind::Unreadable { status, .. }
            | ErrorKind::Timeout {
                status: Some(status),
                ..
            } => success(status),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a redirect or a page for people came instead of an answer.
fn is_login(error: &Error) -> bool {
    matches!(error, Error::WebPage { .. })
        || matches!(error.transport(), Some(ErrorKind::Redirected { .. }))
}
