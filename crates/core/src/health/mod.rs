//! What is wrong with a sync that runs, for whoever inherits it: the quarantine and its clock, what a restart would do, and the
//! failures of the provisioning log by cause. Pure, like everything here.

mod failures;
mod quarantine;
mod restart;

pub use failures::{Cause, causes, csv};
pub(crate) use quarantine::time_left;
pub use quarantine::{Clock, QUARANTINE_DAYS, clock};
pub use restart::{RestartChoice, choices};

use crate::finding::{Finding, Status, Weight};

/// The finding to begin with: what fails and blocks, else what fails, in the catalogue's order, in which causes come before
/// what they bring about. `None` where nothing fails.
pub fn first(findings: &[Finding]) -> Option<&Finding> {
    let fails = |finding: &&Finding| finding.status == Status::Fail;
    let blocks = |finding: &&Finding| finding.weight == Weight::Blocks;
    let mut failing = findings.iter().filter(fails);
    failing
        .clone()
        .find(blocks)
        .or_else(|| failing.find(|finding| finding.weight == Weight::Risks))
}

#[cfg(test)]
mod tests;
