//! `usher plan`.

use std::sync::Arc;

use crate::arguments::Global;
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::Output;
use crate::planned::{self, PlanBody};
use crate::sides::Sides;

/// Observes both sides and shows the plan.
pub(crate) async fn run(global: &Global, output: &Arc<Output>) -> Result<Exit, Failure> {
    let cancel = on_interrupt();
    let sides = Sides::open(global, output, &cancel).await?;
    let observed = sides.look(&cancel).await?;
    let plan = planned::plan(&sides, &observed);
    let body = PlanBody::of(&plan, &sides, &observed)?;
    if output.is_json() {
        output.document(body)?;
    } else {
        output.line(body.in_words())?;
    }
    Ok(if plan.refusals.is_empty() {
        Exit::Good
    } else {
        Exit::NotGood
    })
}
