//! The configuration checklist with its evidence, `usher.checklist/1`, in four formats.
//!
//! Each format ends in a digest that [`verify`] checks. It finds accidental change, not forgery.

mod csv;
mod digest;
mod html;
mod markdown;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use csv::row as csv_row;
pub use digest::{Verification, verify};

use crate::checks::{self, CATALOGUE};
use crate::document::{Document, Schema};
use crate::finding::{Finding, Report, Status, Summary, Weight};
use crate::model::setup::{Attestation, Journey, Wanted};
use crate::model::{DatabricksCloud, EntraCloud, Setup};
use crate::observation::Observation;
use crate::text::{counted, few};

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(rename = "ChecklistFormat")]
pub enum Format {
    /// Markdown.
    Markdown,
    /// A page that needs nothing from anywhere.
    Html,
    /// `usher.checklist/1`.
    Json,
    /// A table.
    Csv,
}

impl Format {
    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// What the set-up is about, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ids {
    /// The Entra tenant.
    pub tenant_id: Option<String>,
    /// The Databricks account.
    pub account_id: Option<String>,
    /// The SCIM URL.
    pub scim_url: Option<String>,
    /// The enterprise application's name.
    pub application: Option<String>,
    /// The enterprise application's object id.
    pub service_principal_id: Option<String>,
    /// The synchronization job.
    pub job_id: Option<String>,
    /// The workspaces.
    pub workspaces: Vec<String>,
}

/// The body of `usher.checklist/1`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checklist {
    /// The set-up's name.
    pub name: String,
    /// Its journey.
    pub journey: Journey,
    /// The Databricks cloud.
    pub cloud: DatabricksCloud,
    /// The Entra cloud.
    pub entra_cloud: EntraCloud,
    /// What it is about.
    pub ids: Ids,
    /// What is wanted.
    pub wanted: Wanted,
    /// Counts.
    pub summary: Summary,
    /// One finding for each check of the journey.
    pub findings: Vec<Finding>,
    /// What people attested, by check.
    pub attested: BTreeMap<String, Attestation>,
}

impl Schema for Checklist {
    const SCHEMA: &'static str = "usher.checklist/1";

    fn plain(mut self) -> Self {
        self.findings.iter_mut().for_each(Finding::unmark);
        self
    }
}

impl Checklist {
    /// The checklist of a set-up as it was judged.
    pub fn of(setup: &Setup, seen: &Observation, report: &Report) -> Self {
        let connector = seen.connector(setup);
        let tenant = seen.entra.tenant.value().map(|tenant| tenant.id.clone());
        let in_journey = |id: &str| checks::of_journey(setup.journey).any(|check| check.id == id);
        Self {
            name: setup.name.clone(),
            journey: setup.journey,
            cloud: setup.cloud,
            entra_cloud: setup.entra.cloud,
            ids: Ids {
                tenant_id: tenant.or_else(|| setup.entra.tenant_id.clone()),
                account_id: setup.databricks.account_id.clone(),
                scim_url: setup.databricks.scim_url.clone(),
                application: connector
                    .map(|connector| connector.display_name.clone())
                    .or_else(|| setup.entra.app.display_name.clone()),
                service_principal_id: connector
                    .map(|connector| connector.service_principal_id.clone())
                    .or_else(|| setup.entra.app.service_principal_id.clone()),
                job_id: connector
                    .and_then(|connector| connector.job())
                    .map(|job| job.id.clone()),
                workspaces: setup
                    .databricks
                    .workspaces
                    .iter()
                    .map(|workspace| workspace.url.clone())
                    .collect(),
            },
            wanted: setup.want.clone(),
            summary: report.summary,
            findings: report.findings.clone(),
            attested: setup
                .attested
                .iter()
                .filter(|(id, _)| in_journey(id))
                .map(|(id, word)| (id.clone(), word.clone()))
                .collect(),
        }
    }

    /// The checklist as text, dated, with its digest at the end.
    pub fn text(self, format: Format, generated_at: Timestamp) -> String {
        let body = match format {
            Format::Json | Format::Csv => self.plain(),
            Format::Markdown | Format::Html => self,
        };
        let document = Document::new(body, generated_at);
        match format {
            Format::Markdown => digest::seal(&markdown::write(&document)),
            Format::Html => digest::seal(&html::write(&document)),
            Format::Csv => digest::seal(&csv::write(&document)),
            Format::Json => digest::sealed_json(&document),
        }
    }

    /// Its findings by section of the catalogue; sections without one are left out.
    fn sections(&self) -> impl Iterator<Item = (&'static str, Vec<&Finding>)> {
        CATALOGUE.iter().filter_map(|section| {
            let belongs =
                |finding: &&Finding| section.checks.iter().any(|check| check.id == finding.check);
            let findings: Vec<&Finding> = self.findings.iter().filter(belongs).collect();
            (!findings.is_empty()).then_some((section.title, findings))
        })
    }

    /// What it is about, as label and value.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let ids = &self.ids;
        let journey = match self.journey {
            Journey::Account => "account provisioning",
            Journey::Workspace => "workspace provisioning (legacy)",
            Journey::Migrate => "moving workspace connectors to the account",
        };
        let mut facts = vec![("Journey", journey.to_owned())];
        let optional = [
            ("Entra tenant", &ids.tenant_id),
            ("Databricks account", &ids.account_id),
            ("SCIM URL", &ids.scim_url),
            ("Enterprise application", &ids.application),
            ("Its object id", &ids.service_principal_id),
            ("Synchronization job", &ids.job_id),
        ];
        facts.extend(
            optional
                .into_iter()
                .filter_map(|(label, value)| Some((label, value.clone()?))),
        );
        if !ids.workspaces.is_empty() {
            facts.push(("Workspaces", ids.workspaces.join(", ")));
        }
        facts
    }

    /// The state of things in a few sentences, for the person who signs them off.
    fn sign_off(&self) -> Vec<String> {
        let titles = |status: Status, weight: Option<Weight>| -> Vec<String> {
            let of_it = self.findings.iter().filter(|finding| {
                finding.status == status && weight.is_none_or(|weight| finding.weight == weight)
            });
            of_it
                .map(|finding| format!("“{}”", finding.title))
                .collect()
        };
        let blocking = titles(Status::Fail, Some(Weight::Blocks));
        let failing = titles(Status::Fail, None).len() - blocking.len();
        let unknown = titles(Status::Unknown, None);
        let mut lines = vec![if blocking.is_empty() {
            "Nothing that was seen keeps the sync from working.".to_owned()
        } else {
            format!(
                "Not ready: {} in the way: {}.",
                counted(blocking.len(), "thing stands", "things stand"),
                few(blocking)
            )
        }];
        if failing + self.summary.warn > 0 {
            lines.push(format!(
                "{failing} more to do, {} to know: nothing of it stops the sync today.",
                self.summary.warn
            ));
        }
        if !unknown.is_empty() {
            lines.push(format!(
                "Nobody has seen or attested {}: {}.",
                counted(unknown.len(), "point", "points"),
                few(unknown)
            ));
        }
        let mut by: Vec<&str> = self
            .attested
            .values()
            .map(|word| word.by.as_str())
            .collect();
        by.sort_unstable();
        by.dedup();
        if !by.is_empty() {
            lines.push(format!(
                "{} on a person's word: {}. Everything else was observed.",
                counted(self.attested.len(), "point rests", "points rest"),
                few(by.into_iter().map(str::to_owned))
            ));
        }
        lines.push(
            "The digest at the end tells accidental change; it proves neither who wrote this nor when."
                .to_owned(),
        );
        lines
    }

    /// What is wanted, as label and value.
    fn wants(&self) -> Vec<(&'static str, String)> {
        let want = &self.wanted;
        let mut wants = Vec::new();
        if let Some(required) = want.assignment_required {
            wants.push((
                "Assignment required",
                if required { "Yes" } else { "No" }.to_owned(),
            ));
        }
        if let Some(scope) = want.scope {
            let words = match scope {
                crate::model::setup::Scope::Assigned => "only assigned users and groups",
                crate::model::setup::Scope::All => "all users and groups",
            };
            wants.push(("Scope", words.to_owned()));
        }
        if let Some(state) = want.provisioning {
            let words = match state {
                crate::model::setup::Provisioning::On => "on",
                crate::model::setup::Provisioning::Off => "off",
            };
            wants.push(("Provisioning", words.to_owned()));
        }
        if let Some(email) = &want.notification_email {
            wants.push(("Notified of failures", email.clone()));
        }
        if let Some(threshold) = want.delete_threshold {
            wants.push(("Deletions held above", threshold.to_string()));
        }
        if !want.assign.is_empty() {
            let names = want.assign.iter().map(|wanted| {
                wanted
                    .display_name
                    .clone()
                    .unwrap_or_else(|| wanted.id.clone())
            });
            wants.push(("To be assigned", names.collect::<Vec<_>>().join(", ")));
        }
        wants
    }
}

/// How a finding's facts came about, in words.
fn origin(finding: &Finding) -> &'static str {
    match finding.how {
        crate::finding::How::Databricks => "Databricks",
        crate::finding::How::Entra => "Entra",
        crate::finding::How::Attested => "attested by a person",
        crate::finding::How::Input => "this set-up",
    }
}

/// The counts in a line.
fn counts(summary: &Summary) -> String {
    format!(
        "{} fine, {} to know, {} to do, {} that cannot be told",
        summary.pass, summary.warn, summary.fail, summary.unknown
    )
}

#[cfg(test)]
mod tests;
