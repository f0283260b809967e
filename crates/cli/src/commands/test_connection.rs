//! `usher test-connection`.

use std::sync::Arc;

use usher_core::connection::Verdict;
use usher_core::model::scim_url::{self, ScimUrl};
use usher_core::model::{Secret, World};
use usher_engine::doctor::{self, DoctorInput, PhaseEvent};

use crate::arguments::{Global, TestConnection};
use crate::failure::{Exit, Failure};
use crate::interrupt::on_interrupt;
use crate::output::{Loudness, Output};
use crate::secrets::{self, Purse};
use crate::{setup, world};

/// Runs the connection doctor.
pub(crate) async fn run(
    options: TestConnection,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Exit, Failure> {
    let world = world::world(global)?;
    let verdict = scim_url::recognise(&options.url, &world);
    let token = if options.token_stdin {
        Some(secrets::from_stdin()?)
    } else {
        match secrets::scim_token(verdict.good(), &world) {
            Some(token) => Some(token),
            None => kept(verdict.good(), &world, global, output).await?,
        }
    };
    let client = world::client(world)?;
    let input = DoctorInput {
        url: options.url,
        token,
        timeout: Some(options.timeout),
    };
    let cancel = on_interrupt();
    let sink = Arc::clone(output);
    let progress = Arc::new(move |event| show(&sink, &event));
    let report = doctor::run(&client, input, progress, &cancel)
        .await
        .map_err(|_| Failure::Interrupted)?;
    let exit = match report.verdict {
        Verdict::Pass => Exit::Good,
        Verdict::Fail => Exit::NotGood,
    };
    if output.is_json() {
        output.document(report)?;
    } else {
        output.line(report.text())?;
    }
    Ok(exit)
}

/// The set-up's token from the keyring, where a set-up is named and its token belongs to the URL's own origin.
async fn kept(
    url: Option<&ScimUrl>,
    world: &World,
    global: &Global,
    output: &Arc<Output>,
) -> Result<Option<Secret>, Failure> {
    let (Some(url), Some(path)) = (url, &global.setup) else {
        return Ok(None);
    };
    let file = setup::open(path)?;
    let own = file.setup.databricks.scim_url.clone().unwrap_or_default();
    let same = scim_url::recognise(&own, world)
        .good()
        .is_some_and(|own| own.origin == url.origin);
    let purse = Purse::new(&file, world, global.no_keyring, output);
    Ok(if same {
        purse.scim_token(world).await
    } else {
        None
    })
}

/// What a person sees meanwhile, on standard error.
fn show(output: &Output, event: &PhaseEvent) {
    match event {
        PhaseEvent::Waiting {
            seconds,
            asked: true,
        } => {
            output.tell(
                Loudness::Usual,
                format!("Databricks asked to wait {seconds:.0} s."),
            );
        }
        PhaseEvent::Waiting { seconds, .. } => {
            output.tell(
                Loudness::Verbose,
                format!("Trying again in {seconds:.1} s."),
            );
        }
        PhaseEvent::Finished { phase } if output.is_json() => {
            output.tell(Loudness::Verbose, phase.text())
        }
        _ => {}
    }
}
