//! The commands and options, and what is said when they are wrong.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use crate::failure::{Exit, Failure};
use crate::output::{Loudness, Output};

/// What the command line asks for.
#[derive(Debug, Parser)]
#[command(name = "usher", version, about = ABOUT, after_help = ENVIRONMENT, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const ABOUT: &str =
    "Sets up SCIM provisioning from Microsoft Entra ID to Databricks, and proves that it works.";

const ENVIRONMENT: &str = "\
Secrets are never arguments. They come from the environment, from standard input or from the keyring:
  USHER_SCIM_TOKEN                the account SCIM token, or a workspace's personal access token
  USHER_PAT_<workspace id>        the personal access token of one workspace
  USHER_ENTRA_CLIENT_SECRET       the client secret of the Entra app registration Usher signs in with
  USHER_DATABRICKS_CLIENT_SECRET  the OAuth secret of a Databricks service principal

Exit status: 0 done and good, 1 done and not good, 2 wrong usage (nothing was sent), 3 no verdict, 130 interrupted.";

/// Options of every command, before or after its name.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Talk to the loopback hosts of this file instead of the public clouds; also USHER_ENDPOINTS=FILE
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) endpoints: Option<PathBuf>,
    /// Print one JSON document on standard output, and nothing else there
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The set-up file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) setup: Option<PathBuf>,
    /// Use no keyring: secrets come from the environment or standard input alone
    #[arg(long, global = true)]
    pub(crate) no_keyring: bool,
    /// Errors alone on standard error
    #[arg(long, global = true)]
    quiet: bool,
    /// More on standard error; twice for every request. Never a secret
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
}

impl Global {
    pub(crate) fn loudness(&self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (false, 0) => Loudness::Usual,
            (false, 1) => Loudness::Verbose,
            (false, _) => Loudness::Debug,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Test a SCIM URL and token from this machine, from the host's name to SCIM's answers; changes nothing
    TestConnection(TestConnection),
    /// Look at both sides and judge every check that applies; changes nothing
    Check(Check),
    /// Show the changes that would bring the set-up to what its file asks; changes nothing
    Plan,
    /// Carry the plan out, change by change; after a crash, go on where it ended
    Apply(Apply),
    /// Take back what the journal says was done, newest first
    Rollback(Rollback),
    /// Write the configuration checklist with its evidence; changes nothing
    Checklist(Checklist),
    /// Write the set-up as code, with secrets as variables; changes nothing
    Export(Export),
    /// Serve a tenant to practise on, on loopback, until interrupted
    Practice(Practice),
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Count what is only worth knowing, and what cannot be told, as not good
    #[arg(long)]
    pub(crate) strict: bool,
    /// Ask every enterprise application of the tenant for its jobs first, so that connectors of another template are found too
    #[arg(long)]
    pub(crate) deep: bool,
    /// Tell what is new, gone and still there since this report of an earlier `check --json`
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
}

/// Options of `apply`.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    /// Only these changes of the plan, by id
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// Wait this long for the first cycle to complete
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    pub(crate) wait: Option<Duration>,
}

/// Options of `rollback`.
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Options of `checklist`.
#[derive(Debug, Args)]
pub(crate) struct Checklist {
    /// The format
    #[arg(long, value_enum, required_unless_present = "verify")]
    pub(crate) format: Option<Format>,
    /// Write it here instead of standard output; folders that are missing are made
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Tell whether a saved checklist still has the digest it was written with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "output"])]
    pub(crate) verify: Option<PathBuf>,
}

/// Options of `export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write
    #[arg(long = "as", value_enum)]
    pub(crate) code: Code,
    /// The folder to write into; it is made where it is missing
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

/// What a set-up can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Code {
    /// Terraform, for the azuread and databricks providers
    Terraform,
    /// A shell script of the Microsoft Graph calls
    GraphScript,
    /// Of a move: who is covered, and the workspaces' local groups with the order of work
    MoveReport,
}

/// The formats of a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Markdown
    Md,
    /// A page that needs nothing from anywhere
    Html,
    /// `usher.checklist/1`
    Json,
    /// A table
    Csv,
}

/// Options of `test-connection`.
#[derive(Debug, Args)]
pub(crate) struct TestConnection {
    /// The SCIM URL, as Databricks shows it
    #[arg(long)]
    pub(crate) url: String,
    /// Read the token from standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// The time for one request
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,
}

/// Options of `practice`.
#[derive(Debug, Args)]
pub(crate) struct Practice {
    /// The state to begin with
    #[arg(long, value_name = "NAME", default_value = "fresh")]
    pub(crate) scenario: String,
    /// Write the endpoints file here once everything listens
    #[arg(long, value_name = "FILE")]
    pub(crate) port_file: Option<PathBuf>,
}

/// Seconds, decimal, more than none and at most a day.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 86_400.0 {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("more than 0 and at most 86400".to_owned())
    }
}

/// Minutes, decimal, not negative and at most a week.
fn minutes(text: &str) -> Result<Duration, String> {
    let minutes: f64 = text
        .parse()
        .map_err(|_| "not a number of minutes".to_owned())?;
    if (0.0..=10_080.0).contains(&minutes) {
        Ok(Duration::from_secs_f64(minutes * 60.0))
    } else {
        Err("0 to 10080".to_owned())
    }
}

/// Help and version go to standard output and are fine; anything else is wrong usage.
pub(crate) fn refused(
    error: &clap::Error,
    arguments: &[OsString],
    mut out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
) -> Exit {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let shown = write!(out, "{error}").and_then(|()| out.flush());
        return if shown.is_ok() {
            Exit::Good
        } else {
            Exit::NoVerdict
        };
    }
    // The options could not be read, so this one is looked for by hand.
    let json = arguments.iter().any(|argument| argument == "--json");
    let text = error.to_string();
    let message = if json {
        text.lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
    } else {
        text.trim_end()
    };
    let hint = "`usher --help` and `usher COMMAND --help` say what there is.";
    Output::new(out, err, json, Loudness::Usual).failure(&Failure::usage("usage", message, hint))
}
