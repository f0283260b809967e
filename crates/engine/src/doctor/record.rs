//! Keeps what each phase brought, tells it, and makes the report of it.

use std::time::Instant;

use usher_core::connection::fault::FaultContext;
use usher_core::connection::{
    ConnectionReport, Fault, FaultCode, Phase, PhaseId, PhaseStatus, Verdict,
};

use super::{PhaseEvent, PhaseSink};

/// Why the phases ended before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// A phase failed; the record has its fault.
    Failed,
    /// The person cancelled.
    Cancelled,
}

/// What the phases brought so far.
pub(super) struct Record {
    phases: Vec<Phase>,
    fault: Option<Fault>,
    url: String,
    host: String,
    workspace: bool,
    sink: PhaseSink,
}

/// A phase under way.
#[derive(Clone, Copy)]
pub(super) struct Running {
    id: PhaseId,
    since: Instant,
}

/// A fault before it has its words: what is wrong, and what may be named.
#[derive(Debug, Clone)]
pub(super) struct Diagnosis {
    pub(super) code: FaultCode,
    pub(super) context: FaultContext,
    /// A line of detail for the phase; never a secret.
    pub(super) detail: Option<String>,
}

impl Diagnosis {
    pub(super) fn new(code: FaultCode) -> Self {
        Self {
            code,
            context: FaultContext::default(),
            detail: None,
        }
    }
}

impl Record {
    pub(super) fn new(sink: PhaseSink) -> Self {
        let (url, host) = (String::new(), String::new());
        Self {
            phases: Vec::new(),
            fault: None,
            url,
            host,
            workspace: false,
            sink,
        }
    }

    /// What the report shows as URL and host, and whether it is a workspace's.
    pub(super) fn target(&mut self, url: String, host: String, workspace: bool) {
        (self.url, self.host, self.workspace) = (url, host, workspace);
    }

    pub(super) fn start(&self, id: PhaseId) -> Running {
        (self.sink)(PhaseEvent::Started { phase: id });
        Running {
            id,
            since: Instant::now(),
        }
    }

    pub(super) fn pass(
        &mut self,
        phase: Running,
        summary: impl Into<String>,
        detail: Option<String>,
    ) {
        self.finish(phase, PhaseStatus::Pass, summary.into(), detail);
    }

    pub(super) fn warn(
        &mut self,
        phase: Running,
        summary: impl Into<String>,
        detail: Option<String>,
    ) {
        self.finish(phase, PhaseStatus::Warn, summary.into(), detail);
    }

    /// A phase that has nothing to do here.
    pub(super) fn skip(&mut self, id: PhaseId, summary: impl Into<String>) {
        let phase = Phase {
            id,
            status: PhaseStatus::Skipped,
            millis: 0.0,
            summary: summary.into(),
            detail: None,
        };
        self.keep(phase);
    }

    /// A phase that fails with a fault; it ends the test.
    pub(super) fn fail(&mut self, phase: Running, diagnosis: Diagnosis) -> Stopped {
        let fault = self.words(diagnosis.code, diagnosis.context);
        self.finish(
            phase,
            PhaseStatus::Fail,
            fault.title.clone(),
            diagnosis.detail,
        );
        self.fault = Some(fault);
        Stopped::Failed
    }

    /// A fault of an earlier phase that shows only now: that phase is told anew, and this one counts as not tried.
    pub(super) fn fail_earlier(&mut self, earlier: PhaseId, diagnosis: Diagnosis) -> Stopped {
        let fault = self.words(diagnosis.code, diagnosis.context);
        let millis = self
            .phases
            .iter()
            .find(|phase| phase.id == earlier)
            .map_or(0.0, |phase| phase.millis);
        self.phases.retain(|phase| phase.id < earlier);
        let (status, summary) = (PhaseStatus::Fail, fault.title.clone());
        self.keep(Phase {
            id: earlier,
            status,
            millis,
            summary,
            detail: diagnosis.detail,
        });
        self.fault = Some(fault);
        Stopped::Failed
    }

    /// The report: what was not reached is skipped.
    pub(super) fn into_report(mut self) -> ConnectionReport {
        for id in PhaseId::ALL {
            if !self.phases.iter().any(|phase| phase.id == id) {
                self.skip(id, "Not tried.");
            }
        }
        self.phases.sort_by_key(|phase| phase.id);
        let verdict = if self.fault.is_some() {
            Verdict::Fail
        } else {
            Verdict::Pass
        };
        ConnectionReport {
            url: self.url,
            host: self.host,
            verdict,
            phases: self.phases,
            fault: self.fault,
        }
    }

    fn words(&self, code: FaultCode, context: FaultContext) -> Fault {
        let host = context
            .host
            .or_else(|| (!self.host.is_empty()).then(|| self.host.clone()));
        let workspace = self.workspace;
        Fault::of(
            code,
            &FaultContext {
                host,
                workspace,
                ..context
            },
        )
    }

    fn finish(
        &mut self,
        phase: Running,
        status: PhaseStatus,
        summary: String,
        detail: Option<String>,
    ) {
        let millis = phase.since.elapsed().as_secs_f64() * 1_000.0;
        // Microseconds are noise.
        let millis = (millis * 100.0).round() / 100.0;
        self.keep(Phase {
            id: phase.id,
            status,
            millis,
            summary,
            detail,
        });
    }

    fn keep(&mut self, phase: Phase) {
        (self.sink)(PhaseEvent::Finished {
            phase: phase.clone(),
        });
        self.phases.push(phase);
    }
}
