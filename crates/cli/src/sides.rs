//! Both sides of a set-up: the sign-in to Entra, the secrets of Databricks, and what is seen of them.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use usher_core::model::scim_url::{self, UrlVerdict};
use usher_core::model::setup::SignIn;
use usher_core::model::{Setup, World};
use usher_core::observation::{Observation, Seen};
use usher_engine::apply::LiveWitness;
use usher_engine::doctor::{self, DoctorInput};
use usher_engine::observe::{
    self, Entra, ObserveContext, Observed, Progress, ProgressSink, Scan, Secrets, What,
};
use usher_engine::session::view::SecretSlot;
use usher_engine::store::SetupFile;
use usher_entra::signin::{
    Access, DevicePrompt, Interaction, SignInFault, SignInFaultCode, SignInService, SignedIn,
};
use usher_transport::{CancellationToken, Client, Event, WaitReason};

use crate::arguments::Global;
use crate::failure::Failure;
use crate::output::{Loudness, Output};
use crate::secrets::{Purse, workspace_tokens, workspace_variable};
use crate::{output, setup, world};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// A set-up with what it takes to look at its two sides.
pub(crate) struct Sides {
    pub(crate) file: SetupFile,
    pub(crate) entra: Option<Entra>,
    pub(crate) secrets: Secrets,
    client: Client,
    output: Arc<Output>,
}

impl Sides {
    /// Reads the set-up, finds the secrets and signs in with read access.
    pub(crate) async fn open(
        global: &Global,
        output: &Arc<Output>,
        cancel: &CancellationToken,
    ) -> Result<Self, Failure> {
        let file = setup::read(global)?;
        let world = world::world(global)?;
        let by_terminal = matches!(
            file.setup.entra.sign_in,
            Some(SignIn::Browser | SignIn::DeviceCode)
        );
        if by_terminal && !std::io::stderr().is_terminal() {
            let message = "This set-up signs a person in, and there is no terminal to ask in.";
            let hint = "Run it in a terminal, or set entra.signIn to client-secret.";
            return Err(Failure::usage("no-terminal", message, hint));
        }
        let waits = Waits {
            output: Arc::clone(output),
            told: Mutex::default(),
        };
        let client =
            world::client(world.clone())?.with_events(Arc::new(move |event| waits.hear(&event)));
        let purse = Purse::new(&file, &world, global.no_keyring, output);
        let entra = sign_in(&file, &client, &purse, output, cancel).await?;
        if let Some(entra) = &entra {
            to_databricks(&file.setup, entra, output, cancel).await?;
        }
        let secrets = databricks_secrets(&file, &world, &purse).await;
        Ok(Self {
            file,
            entra,
            secrets,
            client,
            output: Arc::clone(output),
        })
    }

    /// Goes over every enterprise application, so that what is seen afterwards has the connectors it finds. The set-up's file
    /// stays as it is.
    pub(crate) async fn scan(&mut self, cancel: &CancellationToken) -> Result<(), Failure> {
        let Some(entra) = &self.entra else {
            let message = "Nobody is signed in to Entra, so its applications cannot be asked.";
            let hint = "Leave --deep out, or set entra.signIn to another value.";
            return Err(Failure::usage("by-hand", message, hint));
        };
        let mut scan = Scan::default();
        let told = |step: Progress| self.output.tell(Loudness::Usual, output::in_words(&step));
        let world = self.client.world();
        let went = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Failure::Interrupted),
            went = scan.go_on(&entra.graph, world, &told, cancel) => went,
        };
        went.map_err(|error| {
            let hint = "Run the command again, or leave --deep out.";
            Failure::no_verdict("scan-failed", error.to_string(), hint)
        })?;
        self.file.setup.entra.deep_scan = scan.ended(Timestamp::now());
        Ok(())
    }

    /// Tests the connection and looks at both sides.
    pub(crate) async fn look(&self, cancel: &CancellationToken) -> Result<Observed, Failure> {
        self.look_by(&self.file.setup, cancel).await
    }

    /// The same by a set-up that names more than the file does.
    pub(crate) async fn look_by(
        &self,
        setup: &Setup,
        cancel: &CancellationToken,
    ) -> Result<Observed, Failure> {
        let context = ObserveContext {
            setup,
            entra: self.entra.as_ref(),
            http: &self.client,
            secrets: &self.secrets,
            what: What::EVERYTHING,
        };
        let told = |step: Progress| self.tell(&step);
        let (connection, observed) = tokio::join!(
            self.test_connection(cancel),
            observe::observe(&context, &told, cancel)
        );
        let mut observed = observed.map_err(|observe::Cancelled| Failure::Interrupted)?;
        observed.observation.databricks.connection = connection?;
        if self.entra.is_some() && nothing_seen(&observed.observation) {
            let hint =
                "Check the way to Microsoft Graph (proxy, firewall), then run the command again.";
            return Err(Failure::no_verdict(
                "graph-unreachable",
                "Microsoft Graph did not answer a single question.",
                hint,
            ));
        }
        Ok(observed)
    }

    /// Looks again while a plan is carried out.
    pub(crate) fn witness<'a>(
        &'a self,
        entra: &'a Entra,
        progress: ProgressSink<'a>,
        cancel: &'a CancellationToken,
    ) -> LiveWitness<'a> {
        LiveWitness {
            entra,
            http: &self.client,
            secrets: &self.secrets,
            progress,
            cancel,
        }
    }

    /// What the set-up's SCIM URL is in this world.
    pub(crate) fn scim_url(&self) -> UrlVerdict {
        let text = self.file.setup.databricks.scim_url.as_deref();
        scim_url::recognise(text.unwrap_or_default(), self.client.world())
    }

    /// Shows what is being looked at.
    pub(crate) fn tell(&self, step: &Progress) {
        self.output.step(step);
    }

    async fn test_connection(
        &self,
        cancel: &CancellationToken,
    ) -> Result<Seen<usher_core::connection::ConnectionReport>, Failure> {
        let url = self
            .file
            .setup
            .databricks
            .scim_url
            .clone()
            .unwrap_or_default();
        let Some(token) = self.secrets.scim_token.clone() else {
            let needs = "the SCIM token, in USHER_SCIM_TOKEN or in the keyring";
            return Ok(Seen::needing(
                "No token is there to test the connection with.",
                needs,
            ));
        };
        let input = DoctorInput {
            url,
            token: Some(token),
            timeout: None,
        };
        let report = doctor::run(&self.client, input, Arc::new(|_| ()), cancel).await;
        Ok(Seen::databricks(
            report.map_err(|doctor::Cancelled| Failure::Interrupted)?,
            Timestamp::now(),
        ))
    }

    /// The sign-in to Entra. A set-up whose Entra steps are done by hand has none, so nothing can be changed there.
    pub(crate) fn entra(&self) -> Result<&Entra, Failure> {
        self.entra.as_ref().ok_or_else(|| {
            let message = "This set-up does Entra's steps by hand (entra.signIn is by-hand), so nothing can be changed there.";
            let hint = "Do the steps by hand, or set entra.signIn to another value.";
            Failure::usage("by-hand", message, hint)
        })
    }

    /// Raises the sign-in to write access, before a plan is carried out.
    pub(crate) async fn raise(&self, cancel: &CancellationToken) -> Result<&Entra, Failure> {
        let entra = self.entra()?;
        entra
            .signed_in
            .raise(&interaction(&self.output), cancel)
            .await
            .map_err(refused)?;
        Ok(entra)
    }
}

/// Nothing of the Entra side answered, and no permission would have changed that.
fn nothing_seen(seen: &Observation) -> bool {
    let entra = &seen.entra;
    let silent = [
        no_answer(&entra.tenant),
        no_answer(&entra.licences),
        no_answer(&entra.template),
        no_answer(&entra.connectors),
    ];
    silent.iter().all(|silent| *silent)
}

fn no_answer<T>(fact: &Seen<T>) -> bool {
    matches!(fact, Seen::Unknown { needs: None, .. })
}

async fn sign_in(
    file: &SetupFile,
    client: &Client,
    purse: &Purse<'_>,
    output: &Arc<Output>,
    cancel: &CancellationToken,
) -> Result<Option<Entra>, Failure> {
    let entra = &file.setup.entra;
    let service = || {
        let (tenant, client_id) = (entra.tenant_id.as_deref(), entra.client_id.as_deref());
        SignInService::new(
            client.clone(),
            entra.cloud,
            tenant.unwrap_or_default(),
            client_id.unwrap_or_default(),
        )
        .map_err(malformed)
    };
    let signed_in = match entra.sign_in {
        None | Some(SignIn::ByHand) => return Ok(None),
        Some(SignIn::ClientSecret) => {
            let secret = purse.entra_client_secret().await?;
            SignedIn::with_client_secret(service()?, secret, cancel).await
        }
        Some(SignIn::Browser) => {
            SignedIn::with_browser(service()?, Access::Read, &interaction(output), cancel).await
        }
        Some(SignIn::DeviceCode) => {
            SignedIn::with_device_code(service()?, Access::Read, &interaction(output), cancel).await
        }
    };
    if cancel.is_cancelled() {
        return Err(Failure::Interrupted);
    }
    signed_in.and_then(Entra::new).map(Some).map_err(refused)
}

/// Takes the person's sign-in to Azure Databricks, where the set-up has it as the second credential. It is optional: without it
/// what only an account admin sees is unknown, with the reason.
async fn to_databricks(
    setup: &Setup,
    entra: &Entra,
    output: &Arc<Output>,
    cancel: &CancellationToken,
) -> Result<(), Failure> {
    let signed_in = &entra.signed_in;
    if !setup.databricks.as_signed_in || !setup.cloud.is_azure() || signed_in.is_app_only() {
        return Ok(());
    }
    match signed_in
        .allow_databricks(&interaction(output), cancel)
        .await
    {
        Ok(()) => Ok(()),
        Err(_) if cancel.is_cancelled() => Err(Failure::Interrupted),
        Err(fault) => {
            let (title, cause) = (fault.title, fault.cause);
            let told = format!("No sign-in to Azure Databricks: {title}. {cause}");
            output.tell(Loudness::Usual, told);
            Ok(())
        }
    }
}

async fn databricks_secrets(file: &SetupFile, world: &World, purse: &Purse<'_>) -> Secrets {
    let mut secrets = Secrets {
        scim_token: purse.scim_token(world).await,
        databricks_client: purse
            .optional(
                "USHER_DATABRICKS_CLIENT_SECRET",
                SecretSlot::DatabricksClientSecret,
            )
            .await,
        ..Secrets::default()
    };
    for workspace in &file.setup.databricks.workspaces {
        let slot = SecretSlot::WorkspaceToken {
            workspace_id: workspace.id.clone(),
        };
        let variable = workspace_variable(&workspace.id);
        if let Some(token) = purse.optional(&variable, slot).await {
            secrets.workspace_tokens.insert(workspace.id.clone(), token);
        }
    }
    // A move looks at workspaces that only the account names, too.
    secrets.workspace_tokens.extend(workspace_tokens());
    secrets
}

fn interaction(output: &Arc<Output>) -> Interaction {
    let (shown, coded) = (Arc::clone(output), Arc::clone(output));
    Interaction {
        open: Arc::new(move |url| {
            shown.tell(
                Loudness::Quiet,
                format!("Sign in in the browser. Where none opens, open this page:\n{url}"),
            );
            open::that_detached(url.as_str()).map_err(|error| error.to_string())
        }),
        show_code: Arc::new(move |prompt: &DevicePrompt| {
            let page = &prompt.verification_url;
            coded.tell(
                Loudness::Quiet,
                format!("Open {page} and type the code {}.", prompt.user_code),
            );
        }),
        patience: PATIENCE,
    }
}

/// A tenant or client id that is written as none: the set-up file is wrong.
fn malformed(fault: SignInFault) -> Failure {
    let field = match fault.code {
        SignInFaultCode::ClientIdMalformed => "entra.clientId",
        _ => "entra.tenantId",
    };
    Failure::usage(
        "setup-unreadable",
        format!("{field}: {}. {}", fault.title, fault.cause),
        fault.fix.replace("**", ""),
    )
}

fn refused(fault: SignInFault) -> Failure {
    let code = match fault.code {
        SignInFaultCode::Cancelled => return Failure::Interrupted,
        _ => "sign-in",
    };
    let mut hint = fault.fix.replace("**", "");
    let references = fault.references();
    if !references.is_empty() {
        hint += &format!("\nFor support: {}", references.join(", "));
    }
    Failure::no_verdict(code, format!("{}. {}", fault.title, fault.cause), hint)
}

/// Waits, told to a person: once, as long as the same host keeps somebody waiting.
struct Waits {
    output: Arc<Output>,
    /// Until when a host's waits have been told.
    told: Mutex<BTreeMap<String, Instant>>,
}

impl Waits {
    fn hear(&self, event: &Event) {
        let Event::Waiting {
            wait,
            reason,
            host,
            operation,
            ..
        } = event
        else {
            return;
        };
        let from = if *wait >= WORTH_TELLING && self.is_news(host, *wait) {
            Loudness::Usual
        } else {
            Loudness::Verbose
        };
        let why = match reason {
            WaitReason::Asked => "asked for a pause",
            WaitReason::Throttled => "has too many requests",
            WaitReason::ServerError => "could not answer",
            WaitReason::Connection => "could not be reached",
        };
        let seconds = wait.as_secs_f64();
        let digits = usize::from(seconds < 10.0);
        let words =
            format!("{host} {why}: waiting {seconds:.digits$} s, then going on ({operation}).");
        self.output.tell(from, words);
    }

    fn is_news(&self, host: &str, wait: Duration) -> bool {
        let now = Instant::now();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(host).is_some_and(|until| now < *until) {
            return false;
        }
        told.insert(host.to_owned(), now + wait.max(FROM_LINE_TO_LINE));
        true
    }
}

/// Shorter waits are told with `-v` alone.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// From one line about a host that keeps somebody waiting to the next.
const FROM_LINE_TO_LINE: Duration = Duration::from_secs(10);
