//! How the world stands with respect to one intent: as wanted, as the plan found it, or otherwise.

use tokio_util::sync::CancellationToken;
use usher_core::plan::Intent;
use usher_entra::graph::{
    FindServicePrincipals, GetJob, GetSchema, GetSecrets, GetServicePrincipal, Graph, GraphError,
    ListAssignments, ListJobs, ListSynchronizationTemplates, MappingState, Pair, ScheduleState,
    Schema, SecretSet, ServicePrincipal, SynchronizationJob,
};
use usher_entra::render::Material;

use super::journal::{Before, Brought};
use super::target::{APP, APP_ROLE, ASSIGNMENT, JOB, RULE, SERVICE_PRINCIPAL};

/// How the world stands.
#[derive(Debug)]
pub(super) enum Stand {
    /// As wanted already.
    Wanted(Brought),
    /// As the plan found it: the change is open.
    Open(Before),
    /// Otherwise; in words.
    Moved(String),
}

/// What the look goes by.
pub(super) struct Look<'a> {
    pub(super) graph: &'a Graph,
    pub(super) cancel: &'a CancellationToken,
    /// What the plan, or an earlier change of this run, last saw of the connector.
    pub(super) known: Option<&'a Material>,
    /// Whether the intent may have been sent already.
    pub(super) sent: bool,
}

impl Look<'_> {
    /// Looks.
    pub(super) async fn stand(&self, intent: &Intent, ids: &Brought) -> Result<Stand, GraphError> {
        match intent {
            Intent::CreateApplication {
                display_name,
                seen_before,
                ..
            } => self.application(display_name, seen_before).await,
            Intent::SetAssignmentRequired { to, .. } => {
                self.assignment_required(id(ids, SERVICE_PRINCIPAL), *to)
                    .await
            }
            Intent::SaveSecrets { .. } => self.secrets(id(ids, SERVICE_PRINCIPAL)).await,
            Intent::CreateJob { template_id, .. } => {
                self.job_of_template(id(ids, SERVICE_PRINCIPAL), template_id)
                    .await
            }
            Intent::RepairMapping {
                object,
                target_attribute,
                source_attribute,
                ..
            } => {
                self.mapping(
                    ids,
                    object,
                    target_attribute.as_deref(),
                    source_attribute.as_deref(),
                )
                .await
            }
            Intent::Assign { principal_id, .. } => {
                self.assigned(id(ids, SERVICE_PRINCIPAL), principal_id)
                    .await
            }
            Intent::Unassign { assignment_id, .. } => {
                self.unassigned(id(ids, SERVICE_PRINCIPAL), assignment_id)
                    .await
            }
            Intent::Start { .. } => {
                let job = self.job(ids).await?;
                Ok(match &job.schedule.state {
                    ScheduleState::Active => Stand::Wanted(Brought::new()),
                    ScheduleState::Paused | ScheduleState::Disabled => open_job(&job),
                    ScheduleState::Other(state) => Stand::Moved(format!(
                        "Entra calls the state of its schedule \u{201c}{state}\u{201d}, which this version does not know, so it is not started."
                    )),
                })
            }
            Intent::Pause { .. } => {
                let job = self.job(ids).await?;
                Ok(match &job.schedule.state {
                    ScheduleState::Paused | ScheduleState::Disabled => {
                        Stand::Wanted(Brought::new())
                    }
                    ScheduleState::Active | ScheduleState::Other(_) => open_job(&job),
                })
            }
            Intent::Restart { .. } => self.restart(ids).await,
            Intent::ProvisionOne { .. } => Ok(Stand::Open(Before::default())),
        }
    }

    /// Created once (rule 8): what was seen before is no candidate; two candidates stop the run.
    async fn application(&self, name: &str, seen_before: &[String]) -> Result<Stand, GraphError> {
        let named = self
            .graph
            .all(&FindServicePrincipals::Named(name.to_owned()), self.cancel)
            .await?;
        let mut new = named
            .into_iter()
            .filter(|principal| !seen_before.contains(&principal.id));
        Ok(match (new.next(), new.next()) {
            (None, _) => Stand::Open(Before::default()),
            (Some(one), None) if self.sent => Stand::Wanted(brought_by(&one)),
            (Some(_), None) => Stand::Moved(format!(
                "An application named \u{201c}{name}\u{201d} has appeared since the plan was made."
            )),
            (Some(_), Some(_)) => Stand::Moved(format!(
                "There are two applications named \u{201c}{name}\u{201d} that were not there before, so it cannot be told which one is meant."
            )),
        })
    }

    async fn assignment_required(&self, id: &str, to: bool) -> Result<Stand, GraphError> {
        let found = self
            .graph
            .run(&GetServicePrincipal { id: id.to_owned() }, self.cancel)
            .await?;
        // A switch that is not as wanted is as it was found; there is no third way.
        let is_wanted = found.app_role_assignment_required == to;
        Ok(if is_wanted {
            Stand::Wanted(Brought::new())
        } else {
            Stand::Open(Before::default())
        })
    }

    /// Whether the stored settings are those the plan saw. A stored token cannot be read, so they are never "as wanted".
    async fn secrets(&self, id: &str) -> Result<Stand, GraphError> {
        let found = self
            .graph
            .run(
                &GetSecrets {
                    service_principal: id.to_owned(),
                },
                self.cancel,
            )
            .await?;
        let sorted = |pairs: &[Pair]| {
            let mut pairs: Vec<(String, String)> = pairs
                .iter()
                .filter(|pair| !pair.value.is_empty())
                .map(|pair| (pair.key.clone(), pair.value.clone()))
                .collect();
            pairs.sort();
            pairs
        };
        let known = self.known.and_then(|material| material.secrets.as_ref());
        Ok(match known {
            Some(known) if !self.sent && sorted(known.pairs()) != sorted(found.pairs()) => {
                Stand::Moved(
                    "The connector's stored settings have changed since the plan was made."
                        .to_owned(),
                )
            }
            _ => Stand::Open(Before {
                settings: clear(found.pairs()),
                ..Before::default()
            }),
        })
    }

    async fn job_of_template(&self, id: &str, template: &str) -> Result<Stand, GraphError> {
        let jobs = self
            .graph
            .all(
                &ListJobs {
                    service_principal: id.to_owned(),
                },
                self.cancel,
            )
            .await?;
        let mut of_template = jobs
            .into_iter()
            .filter(|job| job.template_id.eq_ignore_ascii_case(template));
        Ok(match (of_template.next(), of_template.next()) {
            (None, _) => Stand::Open(Before::default()),
            (Some(job), None) => Stand::Wanted(self.brought_by_job(id, job).await),
            (Some(_), Some(_)) => {
                Stand::Moved("The connector has two provisioning jobs of the same kind.".to_owned())
            }
        })
    }

    /// The job, and its rule where the schema can be read already.
    async fn brought_by_job(&self, id: &str, job: SynchronizationJob) -> Brought {
        let mut brought = Brought::from([(JOB.to_owned(), job.id.clone())]);
        let get = GetSchema {
            service_principal: id.to_owned(),
            job: job.id,
        };
        if let Ok(schema) = self.graph.run(&get, self.cancel).await
            && let Some(rule) = schema.user_rule().and_then(|rule| rule.id.clone())
        {
            brought.insert(RULE.to_owned(), rule);
        }
        brought
    }

    async fn mapping(
        &self,
        ids: &Brought,
        object: &str,
        attribute: Option<&str>,
        source: Option<&str>,
    ) -> Result<Stand, GraphError> {
        let get = GetSchema {
            service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
            job: id(ids, JOB).to_owned(),
        };
        let schema = self.graph.run(&get, self.cancel).await?;
        if is_mapped(&schema, object, attribute, source) {
            return Ok(Stand::Wanted(Brought::new()));
        }
        let Some(found) = schema.mapping_state(object, attribute) else {
            return Ok(Stand::Moved(
                "The mapping to repair is no longer there.".to_owned(),
            ));
        };
        let planned = self.known.and_then(|material| material.schema.as_ref());
        let moved = planned.is_some_and(|planned| {
            planned.mapping_state(object, attribute).as_ref() != Some(&found)
        });
        Ok(if moved && !self.sent {
            Stand::Moved("The mapping has changed since the plan was made.".to_owned())
        } else {
            Stand::Open(before(found))
        })
    }

    async fn assigned(&self, id: &str, principal: &str) -> Result<Stand, GraphError> {
        let rows = self
            .graph
            .all(
                &ListAssignments {
                    service_principal: id.to_owned(),
                },
                self.cancel,
            )
            .await?;
        let found = rows
            .into_iter()
            .find(|row| row.principal_id.eq_ignore_ascii_case(principal));
        Ok(match found {
            Some(row) => Stand::Wanted(Brought::from([(ASSIGNMENT.to_owned(), row.id)])),
            None => Stand::Open(Before::default()),
        })
    }

    async fn unassigned(&self, id: &str, assignment: &str) -> Result<Stand, GraphError> {
        let rows = self
            .graph
            .all(
                &ListAssignments {
                    service_principal: id.to_owned(),
                },
                self.cancel,
            )
            .await?;
        let there = rows.iter().any(|row| row.id == assignment);
        Ok(if there {
            Stand::Open(Before::default())
        } else {
            Stand::Wanted(Brought::new())
        })
    }

    /// Rule 5: a restart is for a credential quarantine alone.
    async fn restart(&self, ids: &Brought) -> Result<Stand, GraphError> {
        let job = self.job(ids).await?;
        Ok(match &job.status.quarantine {
            None => Stand::Wanted(Brought::new()),
            Some(quarantine)
                if quarantine
                    .reason
                    .eq_ignore_ascii_case("EncounteredQuarantineException") =>
            {
                open_job(&job)
            }
            Some(quarantine) => Stand::Moved(format!(
                "The job is in quarantine for another reason now ({}), and that is for a person to decide.",
                quarantine.reason
            )),
        })
    }

    /// The job an intent is about.
    pub(super) async fn job(&self, ids: &Brought) -> Result<SynchronizationJob, GraphError> {
        let get = GetJob {
            service_principal: id(ids, SERVICE_PRINCIPAL).to_owned(),
            job: id(ids, JOB).to_owned(),
        };
        self.graph.run(&get, self.cancel).await
    }

    /// Whether an application that was just made can be worked with: it reads back, and its templates are there.
    pub(super) async fn is_ready(&self, id: &str) -> Result<bool, GraphError> {
        self.graph
            .run(&GetServicePrincipal { id: id.to_owned() }, self.cancel)
            .await?;
        let templates = ListSynchronizationTemplates {
            service_principal: id.to_owned(),
        };
        Ok(!self
            .graph
            .run(&templates, self.cancel)
            .await?
            .value
            .is_empty())
    }

    /// What the request of an intent is rendered from, read now.
    pub(super) async fn material(
        &self,
        intent: &Intent,
        ids: &Brought,
    ) -> Result<Material, GraphError> {
        let service_principal = || id(ids, SERVICE_PRINCIPAL).to_owned();
        Ok(match intent {
            Intent::SaveSecrets { .. } => {
                let secrets = self
                    .graph
                    .run(
                        &GetSecrets {
                            service_principal: service_principal(),
                        },
                        self.cancel,
                    )
                    .await?;
                Material {
                    secrets: Some(secrets),
                    schema: None,
                }
            }
            Intent::RepairMapping { .. } => {
                let get = GetSchema {
                    service_principal: service_principal(),
                    job: id(ids, JOB).to_owned(),
                };
                Material {
                    secrets: None,
                    schema: Some(self.graph.run(&get, self.cancel).await?),
                }
            }
            _ => Material::default(),
        })
    }
}

/// What a request is to bring about, as it can be seen.
#[derive(Debug)]
pub(super) enum Goal {
    /// What the intent says.
    Intent(Intent),
    /// These settings are stored.
    Stored(SecretSet),
    /// The mapping stands like this.
    Mapping {
        object: String,
        attribute: Option<String>,
        state: MappingState,
    },
}

impl Goal {
    /// The goal of an intent: stored settings are compared as a whole set.
    pub(super) fn of(intent: &Intent, material: &Material) -> Self {
        if let Intent::SaveSecrets {
            base_address,
            settings,
            ..
        } = intent
            && let Ok(set) = material
                .secrets
                .clone()
                .unwrap_or_default()
                .with(base_address, settings)
        {
            return Self::Stored(set);
        }
        Self::Intent(intent.clone())
    }
}

/// Whether the goal can be seen to be reached.
pub(super) async fn has_arrived(
    look: &Look<'_>,
    goal: &Goal,
    ids: &Brought,
) -> Result<Stand, GraphError> {
    let service_principal = || id(ids, SERVICE_PRINCIPAL).to_owned();
    let reached = match goal {
        Goal::Intent(intent) => return look.stand(intent, ids).await,
        Goal::Stored(set) => {
            let get = GetSecrets {
                service_principal: service_principal(),
            };
            look.graph.run(&get, look.cancel).await?.holds(set)
        }
        Goal::Mapping {
            object,
            attribute,
            state,
        } => {
            let get = GetSchema {
                service_principal: service_principal(),
                job: id(ids, JOB).to_owned(),
            };
            let schema = look.graph.run(&get, look.cancel).await?;
            schema.mapping_state(object, attribute.as_deref()).as_ref() == Some(state)
        }
    };
    Ok(if reached {
        Stand::Wanted(Brought::new())
    } else {
        Stand::Open(Before::default())
    })
}

pub(super) fn id<'a>(ids: &'a Brought, name: &str) -> &'a str {
    ids.get(name).map(String::as_str).unwrap_or_default()
}

pub(super) fn brought_by(principal: &ServicePrincipal) -> Brought {
    let mut brought = Brought::from([(SERVICE_PRINCIPAL.to_owned(), principal.id.clone())]);
    if let Some(app) = &principal.app_id {
        brought.insert(APP.to_owned(), app.clone());
    }
    if let Some(role) = principal.assignable_role() {
        brought.insert(APP_ROLE.to_owned(), role.to_owned());
    }
    brought
}

fn open_job(job: &SynchronizationJob) -> Stand {
    let running = job.schedule.state == ScheduleState::Active;
    Stand::Open(Before {
        running: Some(running),
        ..Before::default()
    })
}

/// The settings that may stand in the journal: those that Graph shows in clear and that are no secret.
fn clear(pairs: &[Pair]) -> Vec<Pair> {
    const CLEAR: [&str; 4] = [
        "BaseAddress",
        "SyncAll",
        "SyncNotificationSettings",
        "SkipOutOfScopeDeletions",
    ];
    pairs
        .iter()
        .filter(|pair| CLEAR.contains(&pair.key.as_str()) && !pair.value.is_empty())
        .cloned()
        .collect()
}

/// How a mapping stands, as undoing needs it.
fn before(state: MappingState) -> Before {
    match state {
        MappingState::Source(source) => Before {
            mapping: Some(source),
            ..Before::default()
        },
        MappingState::Enabled(enabled) => Before {
            mapping_enabled: Some(enabled),
            ..Before::default()
        },
    }
}

/// Whether a mapping is as wanted: the attribute directly from `source`, or the object mapping on.
fn is_mapped(schema: &Schema, object: &str, attribute: Option<&str>, source: Option<&str>) -> bool {
    let Some(mapping) = schema.object(object) else {
        return false;
    };
    let Some(attribute) = attribute else {
        return mapping.enabled;
    };
    let found = mapping
        .attribute_mappings
        .iter()
        .find(|mapping| mapping.target_attribute_name == attribute);
    found.and_then(|mapping| mapping.source.as_ref()?.attribute()) == source
}
