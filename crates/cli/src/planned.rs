//! A plan as it is shown: `usher.plan/1`, each change with its exact request.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;
use usher_core::document::Schema;
use usher_core::plan::{
    self, ByHand, Change, ChangeKind, Plan, PlanOptions, Reference, Refusal, Undo,
};
use usher_engine::observe::Observed;
use usher_entra::render::{self, RenderedRequest};

use crate::failure::Failure;
use crate::sides::Sides;

/// The body of `usher.plan/1`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanBody {
    changes: Vec<Planned>,
    refusals: Vec<Refusal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_hand: Vec<ByHand>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Planned {
    id: String,
    kind: ChangeKind,
    title: String,
    target: String,
    before: String,
    after: String,
    request: RenderedRequest,
    undo: Undo,
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<String>,
}

impl Schema for PlanBody {
    const SCHEMA: &'static str = "usher.plan/1";
}

/// The plan for what was seen.
pub(crate) fn plan(sides: &Sides, observed: &Observed) -> Plan {
    let options = PlanOptions {
        token_held: sides.secrets.scim_token.is_some(),
        admin_confirmed: false,
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
        let mut body = Self {
            changes: Vec::new(),
            refusals: plan.refusals.clone(),
            by_hand: plan.by_hand.clone(),
        };
        // Without a sign-in nothing was seen of Entra, so there is nothing to render.
        let Some(entra) = &sides.entra else {
            return Ok(body);
        };
        for change in &plan.changes {
            body.changes
                .push(Planned::of(change, observed, entra.graph.base())?);
        }
        Ok(body)
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
            lines.push(format!(
                "     {} {}",
                change.request.method, change.request.url
            ));
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

impl Planned {
    fn of(change: &Change, observed: &Observed, base: &Url) -> Result<Self, Failure> {
        let material = match change.intent.service_principal() {
            Some(Reference::Existing(id)) => observed.material_of(id),
            _ => render::Material::default(),
        };
        let request = render::render(&change.intent, &material, base).map_err(|error| {
            let message = format!(
                "The request of the change {} cannot be shown: {error}.",
                change.id
            );
            Failure::no_verdict(
                "plan",
                message,
                "Run the command again; if it stays so, do this step by hand.",
            )
        })?;
        Ok(Self {
            id: change.id.clone(),
            kind: change.kind,
            title: change.title.clone(),
            target: change.target.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
            request,
            undo: change.undo,
            guard: change.guard.clone(),
        })
    }
}
