//! How one check came out, before it becomes a [`Finding`](crate::finding::Finding).

use jiff::Timestamp;

use crate::connection::fault::numbered;
use crate::finding::{Evidence, How, Status, Subject};
use crate::observation::Seen;
pub(crate) use crate::text::{counted, few};

/// One check's outcome, built in the order in which a check thinks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) fix: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) how: How,
}

impl Verdict {
    fn new(status: Status, how: How) -> Self {
        Self {
            status,
            evidence: Vec::new(),
            subjects: Vec::new(),
            fix: None,
            reason: None,
            at: None,
            how,
        }
    }

    /// As it should be.
    pub(crate) fn pass(how: How) -> Self {
        Self::new(Status::Pass, how)
    }

    /// Works, with something to know; `presses` say what to do.
    pub(crate) fn warn(how: How, presses: &[&str]) -> Self {
        Self::new(Status::Warn, how).fix(presses)
    }

    /// Not as it should be; `presses` say what to do.
    pub(crate) fn fail(how: How, presses: &[&str]) -> Self {
        Self::new(Status::Fail, how).fix(presses)
    }

    /// Has no meaning here, and why.
    pub(crate) fn not_applicable(why: &str) -> Self {
        Self::new(Status::NotApplicable, How::Input).shows("Why", why)
    }

    /// Not to be told, and why.
    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        let mut verdict = Self::new(Status::Unknown, How::Input);
        verdict.reason = Some(reason.into());
        verdict
    }

    /// Not to be told because a fact was not seen.
    pub(crate) fn unseen<T>(seen: &Seen<T>) -> Self {
        Self::unknown(
            seen.gap()
                .unwrap_or_else(|| "Usher could not tell.".to_owned()),
        )
    }

    /// What was found.
    pub(crate) fn shows(mut self, label: &str, value: impl Into<String>) -> Self {
        self.evidence.push(Evidence {
            label: label.to_owned(),
            value: value.into(),
        });
        self
    }

    /// When the fact was seen.
    pub(crate) fn seen<T>(mut self, seen: &Seen<T>) -> Self {
        if let Seen::Known { at, how, .. } = seen {
            self.at = Some(*at);
            self.how = *how;
        }
        self
    }

    /// The things it looked at.
    pub(crate) fn of(mut self, subjects: Vec<Subject>) -> Self {
        self.subjects = subjects;
        self
    }

    fn fix(mut self, presses: &[&str]) -> Self {
        let presses: Vec<String> = presses.iter().map(|press| (*press).to_owned()).collect();
        self.fix = Some(numbered(&presses));
        self
    }

    /// The worst of several things, with the fix where that is bad and the reason where it is unknown.
    pub(crate) fn worst(how: How, subjects: Vec<Subject>, presses: &[&str]) -> Self {
        let status = subjects
            .iter()
            .map(|subject| subject.status)
            .max_by_key(|status| rank(*status))
            .unwrap_or(Status::Pass);
        let verdict = match status {
            Status::Fail => Self::fail(how, presses),
            Status::Warn => Self::warn(how, presses),
            Status::Unknown => Self::unknown(first_note(&subjects, Status::Unknown)),
            Status::NotApplicable => {
                Self::not_applicable(&first_note(&subjects, Status::NotApplicable))
            }
            Status::Pass => Self::pass(how),
        };
        verdict.of(subjects)
    }
}

fn first_note(subjects: &[Subject], status: Status) -> String {
    subjects
        .iter()
        .find(|subject| subject.status == status)
        .map_or_else(String::new, |subject| subject.note.clone())
}

/// How bad a status is among several.
pub(crate) fn rank(status: Status) -> u8 {
    match status {
        Status::NotApplicable => 0,
        Status::Pass => 1,
        Status::Unknown => 2,
        Status::Warn => 3,
        Status::Fail => 4,
    }
}

/// One of the things a check looked at.
pub(crate) fn subject(name: impl Into<String>, status: Status, note: impl Into<String>) -> Subject {
    Subject {
        subject: name.into(),
        status,
        note: note.into(),
    }
}
