//! What each figure may be at most. A measurement gives figures by id; what stands here and was not measured is missed as well.

use crate::measurements::Kind;

/// One figure and its limit.
#[derive(Debug)]
pub(crate) struct Limit {
    /// The figure's id.
    pub(crate) id: &'static str,
    /// The measurement that gives it.
    pub(crate) by: Kind,
    /// What is measured, against what.
    pub(crate) what: &'static str,
    /// What it may be at most.
    pub(crate) at_most: f64,
    /// `×` for a ratio, or a unit.
    pub(crate) unit: &'static str,
}

const fn limit(
    id: &'static str,
    by: Kind,
    what: &'static str,
    at_most: f64,
    unit: &'static str,
) -> Limit {
    Limit {
        id,
        by,
        what,
        at_most,
        unit,
    }
}

/// Every limit, in the order in which they are told.
pub(crate) const LIMITS: &[Limit] = &[
    limit(
        "connection-wall",
        Kind::Connection,
        "connection test, against curl with the same requests",
        1.2,
        "×",
    ),
    limit(
        "users-2.1-wall",
        Kind::Reading,
        "10,000 users at 2.1, 50 ms an answer, against the bound",
        1.15,
        "×",
    ),
    limit(
        "users-2.1-memory",
        Kind::Reading,
        "the same, memory at its peak",
        40.0,
        "MiB",
    ),
    limit(
        "users-2.0-requests",
        Kind::Reading,
        "10,000 users at 2.0, requests, against databricks-sdk",
        1.0,
        "×",
    ),
    limit(
        "users-2.0-wall",
        Kind::Reading,
        "the same, time on the wall",
        1.0,
        "×",
    ),
    limit(
        "users-2.0-cpu",
        Kind::Reading,
        "the same, time on the processor",
        0.2,
        "×",
    ),
    limit(
        "plan-wall",
        Kind::LargePlan,
        "plan for 100,000 users and 5,000 groups, 50 ms an answer, against the bound",
        1.2,
        "×",
    ),
    limit(
        "plan-memory",
        Kind::LargePlan,
        "the same, memory at its peak",
        150.0,
        "MiB",
    ),
    limit(
        "move-wall",
        Kind::LargeMove,
        "a move planned, 200 workspaces, 50 ms an answer, against the bound",
        1.2,
        "×",
    ),
    limit(
        "move-cpu",
        Kind::LargeMove,
        "the same, time on the processor, against databricks-sdk",
        0.2,
        "×",
    ),
    limit(
        "move-memory",
        Kind::LargeMove,
        "the same, memory at its peak",
        300.0,
        "MiB",
    ),
    limit(
        "rows-window",
        Kind::Rows,
        "a window of 100,000 rows",
        16.0,
        "ms",
    ),
    limit(
        "rows-keystroke",
        Kind::Rows,
        "a keystroke in their search",
        16.0,
        "ms",
    ),
    limit(
        "coverage-window",
        Kind::Rows,
        "a window of 100,000 rows of coverage",
        16.0,
        "ms",
    ),
    limit(
        "coverage-keystroke",
        Kind::Rows,
        "a keystroke in their search",
        16.0,
        "ms",
    ),
    limit(
        "coverage",
        Kind::Coverage,
        "coverage of a move, 1,000,000 memberships",
        1.0,
        "s",
    ),
    limit(
        "coverage-growth",
        Kind::Coverage,
        "the same, against a tenth of the memberships",
        12.0,
        "×",
    ),
    limit(
        "journey-cpu",
        Kind::Journey,
        "the account journey in the terminal, our time on the processor",
        0.5,
        "s",
    ),
    limit(
        "judging",
        Kind::Judging,
        "every check on 100,000 users, 5,000 groups, 200 workspaces",
        0.5,
        "s",
    ),
    limit(
        "judging-growth",
        Kind::Judging,
        "the same, against a tenth of it",
        12.0,
        "×",
    ),
    limit(
        "writing",
        Kind::Judging,
        "its report and checklist in every format",
        0.3,
        "s",
    ),
    limit(
        "judging-memory",
        Kind::Judging,
        "its memory at the peak, against the observation",
        1.5,
        "×",
    ),
    limit(
        "window-content",
        Kind::Window,
        "from the window's start to its first content, against an empty window",
        1.3,
        "×",
    ),
    limit(
        "window-program",
        Kind::Sizes,
        "the window's program",
        14.0,
        "MiB",
    ),
    limit("page", Kind::Sizes, "the page, packed", 80.0, "KiB"),
];
