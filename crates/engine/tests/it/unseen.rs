//! What is not seen: each check says which sign-in or permission would tell, and people linked to Entra are looked up there.

use jiff::Timestamp;
use serde_json::json;
use usher_core::checks::judge;
use usher_core::finding::{Finding, Report, Status};
use usher_core::model::setup::Journey;
use usher_core::model::{Endpoints, EntraCloud, Secret, Setup, World};
use usher_core::observation::Observation;
use usher_engine::observe::{Entra, ObserveContext, Secrets, What, observe};
use usher_entra::signin::{SignInService, SignedIn};
use usher_practice::databricks::{Kind, Principal};
use usher_transport::{Client, ClientConfig};

use crate::tenant::Tenant;

async fn look(tenant: &Tenant, entra: Option<&Entra>, secrets: &Secrets) -> Observation {
    let context = ObserveContext {
        setup: &tenant.setup,
        entra,
        http: &tenant.client,
        secrets,
        what: What::EVERYTHING,
    };
    let observed = observe(&context, &|_| {}, &tenant.cancel).await.unwrap();
    observed.observation
}

fn report(setup: &Setup, seen: &Observation) -> Report {
    judge(setup, seen, Timestamp::now())
}

fn one(report: Report, check: &str) -> Finding {
    let mut findings = report.findings.into_iter();
    findings.find(|finding| finding.check == check).unwrap()
}

#[tokio::test]
async fn without_sign_ins_every_check_says_which_would_tell() {
    let mut tenant = Tenant::start("migrate-small").await;
    let endpoints = tenant.practice.details().endpoints.clone();
    let workspaces: Vec<_> = endpoints
        .workspaces
        .iter()
        .map(|(id, url)| json!({ "id": id, "url": url }))
        .collect();
    tenant.setup.databricks.workspaces = serde_json::from_value(json!(workspaces)).unwrap();
    let mut silent = Vec::new();
    for journey in [Journey::Account, Journey::Workspace, Journey::Migrate] {
        tenant.setup.journey = journey;
        if journey == Journey::Workspace {
            let origin = &endpoints.workspaces["1001"];
            tenant.setup.databricks.scim_url = Some(format!("{origin}/api/2.0/preview/scim"));
        }
        let seen = look(&tenant, None, &Secrets::default()).await;
        for finding in report(&tenant.setup, &seen).findings {
            let reason = finding.reason.unwrap_or_default();
            if finding.status == Status::Unknown && !reason.contains("What would tell: ") {
                silent.push(format!("{journey:?} {}: {reason}", finding.check));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[tokio::test]
async fn who_is_linked_to_entra_is_looked_up_there() {
    let mut tenant = Tenant::start("connected").await;
    tenant.setup.entra.app.display_name =
        Some("Azure Databricks SCIM Provisioning Connector".to_owned());
    let linked = |name: &str, id: &str| Principal {
        external_id: Some(id.to_owned()),
        ..Principal::new(0, Kind::User, name)
    };
    let outside = tenant.practice.entra().read(|directory| {
        let guest = directory
            .users
            .iter()
            .find(|user| user.user_principal_name.starts_with("cloud.admin"));
        guest.unwrap().id.to_string()
    });
    let add = |name: &str, id: &str| {
        tenant
            .practice
            .databricks()
            .world()
            .insert(linked(name, id));
    };
    add("cloud.admin@contoso.example", &outside);
    let seen = tenant.observe().await.observation;
    let finding = one(report(&tenant.setup, &seen), "outside-scim");
    assert_eq!(finding.status, Status::Pass, "{finding:#?}");

    add(
        "left@contoso.example",
        "0d9a3c1e-7f34-4b52-9f10-5a4f5f6f7a8b",
    );
    add("odd@contoso.example", "employee-17");
    let seen = tenant.observe().await.observation;
    let finding = one(report(&tenant.setup, &seen), "outside-scim");
    let named = finding
        .subjects
        .iter()
        .filter(|one| one.status == Status::Warn);
    let named: Vec<&str> = named.map(|one| one.subject.as_str()).collect();
    assert_eq!(named, ["left@contoso.example", "odd@contoso.example"]);

    let writes = tenant.practice.changes();
    tenant.practice.entra().change(|directory| {
        for registration in &mut directory.registrations {
            registration
                .application_permissions
                .retain(|name| name != "Directory.Read.All");
        }
    });
    let details = tenant.practice.details();
    let world = World::Mapped(Endpoints::parse(&tenant.practice.endpoints_json()).unwrap());
    let client = Client::new(ClientConfig::new(world)).unwrap();
    let service = SignInService::new(
        client,
        EntraCloud::Global,
        &details.tenant_id,
        &details.client_id,
    );
    let secret = Secret::new(details.client_secret.clone());
    let signed_in = SignedIn::with_client_secret(service.unwrap(), secret, &tenant.cancel).await;
    let entra = Entra::new(signed_in.unwrap()).unwrap();
    let seen = tenant.observe_with(&entra).await.observation;
    let finding = one(report(&tenant.setup, &seen), "outside-scim");
    assert_eq!(finding.status, Status::Unknown, "{finding:#?}");
    assert!(finding.reason.unwrap().contains("Directory.Read.All"));
    assert_eq!(
        tenant.practice.changes().len(),
        writes.len(),
        "a look writes nothing"
    );
}
