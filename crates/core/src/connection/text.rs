//! A connection report as text: what a terminal shows, and what is copied into a ticket. The report has no secret, so neither has
//! this.

use super::{ConnectionReport, Phase, PhaseStatus};

impl ConnectionReport {
    /// What each phase said, then the verdict or the fault with its fix.
    pub fn text(&self) -> String {
        let mut lines = vec![format!("Connection test of {}", self.url)];
        lines.extend(self.phases.iter().map(Phase::text));
        lines.push(String::new());
        match &self.fault {
            None => lines.push(format!(
                "The connection to {} works from this machine.",
                self.host
            )),
            Some(fault) => {
                lines.push(format!("{}.", fault.title));
                lines.push(fault.cause.clone());
                lines.push(String::new());
                // The page shows labels in bold; plain text shows them as they are.
                lines.push(fault.fix.replace("**", ""));
                lines.extend(fault.docs.iter().map(|docs| format!("More: {docs}")));
            }
        }
        lines.join("\n")
    }
}

impl Phase {
    /// One line: mark, id, time, what it says.
    pub fn text(&self) -> String {
        let mark = match self.status {
            PhaseStatus::Pass => "✓",
            PhaseStatus::Warn => "!",
            PhaseStatus::Fail => "✗",
            PhaseStatus::Skipped => "–",
        };
        let id = serde_json::to_value(self.id).unwrap_or_default();
        let id = id.as_str().unwrap_or_default();
        let time = if self.status == PhaseStatus::Skipped {
            String::new()
        } else {
            format!("{:.0} ms", self.millis)
        };
        let detail = self.detail.iter().map(|detail| format!(" {detail}"));
        format!(
            "{mark} {id:<14}{time:>8}  {}{}",
            self.summary,
            detail.collect::<String>()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::FaultContext;
    use super::super::{Fault, FaultCode, PhaseId, Verdict};
    use super::*;

    #[test]
    fn a_report_says_each_phase_and_what_to_press() {
        let fault = Fault::of(FaultCode::TokenRejected, &FaultContext::default());
        let report = ConnectionReport {
            url: "https://accounts.example/scim/v2".into(),
            host: "accounts.example".into(),
            verdict: Verdict::Fail,
            phases: vec![Phase {
                id: PhaseId::TokenControl,
                status: PhaseStatus::Skipped,
                millis: 0.0,
                summary: "Not tried.".into(),
                detail: None,
            }],
            fault: Some(fault.clone()),
        };
        let text = report.text();
        assert!(
            text.starts_with(
                "Connection test of https://accounts.example/scim/v2\n– token-control"
            )
        );
        assert!(text.contains(&fault.cause) && text.contains("1. ") && !text.contains("**"));
        let good = ConnectionReport {
            fault: None,
            ..report
        };
        assert!(
            good.text()
                .ends_with("The connection to accounts.example works from this machine.")
        );
    }
}
