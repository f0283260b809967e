//! A plan as it is shown: `usher.plan/1`, each change with its exact request.

use jiff::Timestamp;
use serde::Serialize;
use usher_core::document::{Schema, unmark};
use usher_core::plan::{self, ByHand, Plan, PlanOptions, Refusal};
use usher_engine::observe::Observed;
use usher_engine::session::view::ChangeView;

use crate::failure::Failure;
use crate::sides::Sides;

/// The body of `usher.plan/1`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanBody {
    changes: Vec<ChangeView>,
    refusals: Vec<Refusal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_hand: Vec<ByHand>,
}

impl Schema for PlanBody {
    const SCHEMA: &'static str = "usher.plan/1";

    fn plain(mut self) -> Self {
        let refused = self.refusals.iter_mut();
        unmark(refused.flat_map(|one| [&mut one.title, &mut one.fix]));
        let by_hand = self.by_hand.iter_mut();
        unmark(by_hand.flat_map(|one| [&mut one.title, &mut one.fix]));
        self
    }
}

/// The plan for what was seen.
pub(crate) fn plan(sides: &Sides, observed: &Observed) -> Plan {
    let options = PlanOptions {
        token_held: sides.secrets.scim_token.is_some(),
        admin_confirmed: false,
        address_fault: sides.scim_url().fault(),
    };
    plan::plan(
        &sides.file.setup,
        &observed.observation,
        options,
        Timestamp::now(),
    )
}

impl PlanBody {
    /// Renders every change. One that cannot be rendered forbids the plan: what cannot be shown is not done.
    pub(crate) fn of(plan: &Plan, sides: &Sides, observed: &Observed) -> Result<Self, Failure> {
        let base = sides.entra.as_ref().map(|entra| entra.graph.base());
        let shown = |change| {
            let shown = ChangeView::of(change, observed, base);
            match &shown.request_note {
                None => Ok(shown),
                Some(why) => Err(unshowable(&shown.id, why)),
            }
        };
        Ok(Self {
            changes: plan.changes.iter().map(shown).collect::<Result<_, _>>()?,
            refusals: plan.refusals.clone(),
            by_hand: plan.by_hand.clone(),
        })
    }

    /// The plan for people.
    pub(crate) fn in_words(&self) -> String {
        let mut lines = Vec::new();
        for refusal in &self.refusals {
            lines.push(format!("✗ {} ({})", refusal.title, refusal.check));
            lines.extend(
                refusal
                    .fix
                    .lines()
                    .map(|line| format!("    {}", line.replace("**", ""))),
            );
        }
        for (number, change) in self.changes.iter().enumerate() {
            lines.push(format!("{}. {}  [{}]", number + 1, change.title, change.id));
            let before = if change.before.is_empty() {
                "nothing"
            } else {
                &change.before
            };
            lines.push(format!("     {before} → {}", change.after));
            let request = change.request.iter();
            lines.extend(request.map(|one| format!("     {} {}", one.method, one.url)));
        }
        for by_hand in &self.by_hand {
            lines.push(format!("By hand: {} ({})", by_hand.title, by_hand.check));
            lines.extend(
                by_hand
                    .fix
                    .lines()
                    .map(|line| format!("    {}", line.replace("**", ""))),
            );
        }
        if lines.is_empty() {
            lines.push("Nothing is to be changed.".to_owned());
        }
        lines.join("\n")
    }
}

fn unshowable(id: &str, why: &str) -> Failure {
    let message = format!("The request of the change {id} cannot be shown: {why}.");
    Failure::no_verdict(
        "plan",
        message,
        "Run the command again; if it stays so, do this step by hand.",
    )
}
