//! Before starting: plan, roles, licence, cloud, and whether both sides are the ones that are meant.

use super::verdict::{Verdict, subject};
use super::{Check, Context, journeys};
use crate::finding::{How, Status, Subject, Weight};
use crate::model::setup::SignIn;
use crate::model::{DatabricksCloud, EntraCloud};
use crate::observation::databricks::WorkspaceFacts;
use crate::observation::entra::{IdentityKind, Licence, SignedIn};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "aim-considered",
        title: "Automatic identity management was considered",
        weight: Weight::Advises,
        journeys: journeys::ACCOUNT,
        source: "Databricks: automatic identity management",
        judge: aim_considered,
    },
    Check {
        id: "premium-plan",
        title: "Databricks is on the Premium plan or above",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: requirements for SCIM provisioning",
        judge: premium_plan,
    },
    Check {
        id: "databricks-admin",
        title: "A Databricks admin is at hand",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: requirements for SCIM provisioning",
        judge: databricks_admin,
    },
    Check {
        id: "entra-role",
        title: "The sign-in to Entra may do what is needed",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Graph: permissions and roles for synchronization",
        judge: entra_role,
    },
    Check {
        id: "group-licence",
        title: "The tenant may provision groups",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: licences for group assignment",
        judge: group_licence,
    },
    Check {
        id: "cloud-supported",
        title: "The connector exists in this cloud",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Microsoft Entra: Databricks provisioning tutorial",
        judge: cloud_supported,
    },
    Check {
        id: "same-account",
        title: "The workspaces belong to this Databricks account",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: /.well-known/databricks-config of each workspace",
        judge: same_account,
    },
    Check {
        id: "same-tenant",
        title: "The workspaces sign in with this Entra tenant",
        weight: Weight::Blocks,
        journeys: journeys::ALL,
        source: "Databricks: /aad/auth of each workspace",
        judge: same_tenant,
    },
    Check {
        id: "identity-federation",
        title: "The workspaces are identity-federated",
        weight: Weight::Risks,
        journeys: journeys::ACCOUNT,
        source: "Databricks: identity federation",
        judge: identity_federation,
    },
];

const NO_WORKSPACES: &str = "This set-up names no workspace.";

fn aim_considered(context: &Context<'_>) -> Verdict {
    if context.setup.cloud != DatabricksCloud::Azure {
        return Verdict::not_applicable(
            "The question is asked on Azure, where Databricks puts automatic identity management first.",
        );
    }
    if context.setup.attested.contains_key("aim-considered") {
        return Verdict::pass(How::Attested).shows("Chosen", "SCIM, on purpose");
    }
    let workspaces = &context.seen.databricks.workspaces;
    let tenants = workspaces
        .iter()
        .filter_map(|workspace| workspace.tenant.value());
    let several_tenants = tenants
        .clone()
        .any(|tenant| Some(tenant) != tenants.clone().next());
    if several_tenants {
        return Verdict::pass(How::Databricks).shows(
            "Why SCIM",
            "the workspaces sign in with more than one Entra tenant",
        );
    }
    if let Some(odd) = workspaces
        .iter()
        .find(|workspace| workspace.federated.value() == Some(&false))
    {
        return Verdict::pass(How::Databricks).seen(&odd.federated).shows(
            "Why SCIM",
            format!("{} is not identity-federated", odd.label()),
        );
    }
    if workspaces.is_empty()
        || workspaces
            .iter()
            .any(|workspace| !workspace.federated.is_known())
    {
        return Verdict::unknown(
            "Whether automatic identity management could serve instead depends on the workspaces, and not all of them were seen. \
             What would tell: an account admin's sign-in to Databricks, or somebody who attests that SCIM was chosen on purpose.",
        );
    }
    Verdict::warn(
        How::Databricks,
        &[
            "In the account console open **Security**, then **User provisioning**, and look at automatic identity management: it brings users, \
             nested groups and service principals without an enterprise application, for one tenant and federated workspaces.",
            "If it serves you, use it and leave SCIM alone: the two side by side can make duplicates.",
            "If SCIM is what you want (several tenants, a fixed scope, an audited process), attest it here.",
        ],
    )
    .shows("Workspaces", format!("{}, all identity-federated", workspaces.len()))
}

/// Judges each workspace; `none` where the set-up names none.
fn each_workspace(
    context: &Context<'_>,
    none: Verdict,
    presses: &[&str],
    judge: impl Fn(&WorkspaceFacts) -> Subject,
) -> Verdict {
    let workspaces = &context.seen.databricks.workspaces;
    if workspaces.is_empty() && !context.setup.databricks.workspaces.is_empty() {
        return Verdict::unknown("The workspaces of this set-up were not looked at.");
    }
    if workspaces.is_empty() {
        return none;
    }
    Verdict::worst(
        How::Databricks,
        workspaces.iter().map(judge).collect(),
        presses,
    )
}

/// A subject for a fact that is not known.
fn not_seen<T>(name: String, seen: &crate::observation::Seen<T>) -> Subject {
    let reason = Verdict::unseen(seen).reason.unwrap_or_default();
    subject(name, Status::Unknown, reason)
}

fn premium_plan(context: &Context<'_>) -> Verdict {
    let none = Verdict::unknown(
        "The plan is seen through the account's list of workspaces. What would tell: an account admin's sign-in to Databricks, or somebody who attests it.",
    );
    let presses = [
        "Ask who owns the Databricks contract to move the account (on Azure: the workspace) to the **Premium** plan or above.",
        "Come back here afterwards: without it the account console may show no SCIM set-up.",
    ];
    each_workspace(context, none, &presses, |workspace| {
        let Some(tier) = workspace.pricing_tier.value() else {
            return not_seen(workspace.label(), &workspace.pricing_tier);
        };
        match tier.to_ascii_uppercase().as_str() {
            "PREMIUM" | "ENTERPRISE" | "DEDICATED" => {
                subject(workspace.label(), Status::Pass, tier.clone())
            }
            "STANDARD" | "COMMUNITY_EDITION" => subject(
                workspace.label(),
                Status::Fail,
                format!("{tier}: SCIM needs Premium or above"),
            ),
            _ => subject(
                workspace.label(),
                Status::Unknown,
                format!("The plan is called {tier}, which Usher does not know."),
            ),
        }
    })
}

fn databricks_admin(context: &Context<'_>) -> Verdict {
    let facts = &context.seen.databricks;
    let (role, presses) = if context.is_workspace() {
        (
            "workspace admin",
            ["Ask a workspace admin to do the Databricks steps, or to make you a workspace admin."],
        )
    } else {
        (
            "account admin",
            [
                "Ask an account admin to do the Databricks steps, or to make you an account admin in the account console under **User management**.",
            ],
        )
    };
    if let (true, Some(owner)) = (context.is_workspace(), facts.token_owner.value()) {
        let judged = match owner.is_admin.map(|is_admin| is_admin && owner.active) {
            Some(true) => Some((Verdict::pass(How::Databricks), role.to_owned())),
            Some(false) => Some((
                Verdict::fail(How::Databricks, &presses),
                format!("no active {role}"),
            )),
            None => None,
        };
        if let Some((verdict, what)) = judged {
            return verdict
                .seen(&facts.token_owner)
                .shows("Token's owner", format!("{}, {what}", owner.user_name));
        }
    }
    match facts.second_credential_is_admin.value() {
        Some(true) => Verdict::pass(How::Databricks).shows("Databricks sign-in", "account admin"),
        Some(false) if !context.is_workspace() => {
            Verdict::fail(How::Databricks, &presses).shows("Databricks sign-in", format!("no {role}"))
        }
        // Whoever does not administer the account may administer the workspace.
        Some(false) => return Verdict::unknown(
            "The sign-in to Databricks is no account admin, which does not tell whether it is an admin of the workspace. What would \
             tell: the workspace's personal access token, or somebody who attests it.",
        ),
        None => {
            // Where a second credential was entered, why it did not tell comes first.
            let entered = context.setup.databricks.service_principal_client_id.is_some();
            let gap = facts.second_credential_is_admin.gap().filter(|_| entered);
            let gap = gap.map_or_else(String::new, |gap| format!("{gap} "));
            return Verdict::unknown(format!(
                "{gap}The SCIM token does not say who holds it. What would tell: a second sign-in to Databricks as {role}, or somebody who attests it."
            ));
        }
    }
    .seen(&facts.second_credential_is_admin)
}

/// Directory roles that may manage provisioning (facts/entra §0, §1).
const ROLES: [(&str, &str); 3] = [
    (
        "158c047a-c907-4556-b7ef-446551a6b5f7",
        "Cloud Application Administrator",
    ),
    (
        "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
        "Application Administrator",
    ),
    (
        "62e90394-69f5-4237-9190-012177145e10",
        "Global Administrator",
    ),
];

fn entra_role(context: &Context<'_>) -> Verdict {
    let seen = &context.seen.entra.signed_in;
    let Some(signed_in) = seen.value() else {
        if context.setup.entra.sign_in == Some(SignIn::ByHand) {
            return Verdict::unknown(
                "Entra is done by hand in this set-up. What would tell: signing in to Entra, or somebody who attests the role.",
            );
        }
        return Verdict::unseen(seen);
    };
    if signed_in.is_opaque {
        return Verdict::unknown(
            "The token does not tell which permissions it carries. What would tell: somebody who looks at the app registration's API permissions and attests them.",
        );
    }
    let missing: Vec<&str> = ["Application.Read.All", "Synchronization.Read.All"]
        .into_iter()
        .filter(|permission| !signed_in.may(permission))
        .collect();
    if !missing.is_empty() {
        return missing_permissions(signed_in, &missing).seen(seen);
    }
    let write_missing: Vec<&str> = ["Application.ReadWrite.All", "Synchronization.ReadWrite.All"]
        .into_iter()
        .filter(|permission| !signed_in.may(permission))
        .collect();
    let verdict = match signed_in.kind {
        IdentityKind::AppOnly => Verdict::pass(How::Entra),
        IdentityKind::Delegated => match signed_in.directory_roles.value() {
            None => return Verdict::unseen(&signed_in.directory_roles),
            Some(held) => match ROLES.iter().find(|(id, _)| held.iter().any(|role| role.eq_ignore_ascii_case(id))) {
                Some((_, name)) => Verdict::pass(How::Entra).shows("Active role", *name),
                None => Verdict::fail(
                    How::Entra,
                    &[
                        "If the role is yours through Privileged Identity Management, activate **Cloud Application Administrator** there.",
                        "Otherwise ask a Privileged Role Administrator for **Cloud Application Administrator**. Global Reader cannot read the provisioning configuration.",
                        "Sign in again: a role counts in a new token only.",
                    ],
                )
                .shows("Active role", "none that may manage provisioning"),
            },
        },
    };
    let verdict = verdict
        .seen(seen)
        .shows("Signed in as", signed_in.name.clone());
    if write_missing.is_empty() {
        verdict
    } else {
        verdict.shows(
            "Enough to",
            format!("look; a change also needs {}", write_missing.join(" and ")),
        )
    }
}

fn missing_permissions(signed_in: &SignedIn, missing: &[&str]) -> Verdict {
    let grant = match signed_in.kind {
        IdentityKind::AppOnly => {
            "In the Entra admin center open **App registrations**, the app, **API permissions**, and add the application permissions \
             **Application.ReadWrite.All** and **Synchronization.ReadWrite.All** of Microsoft Graph."
        }
        IdentityKind::Delegated => {
            "In the Entra admin center open **App registrations**, the app, **API permissions**, and add the delegated permissions of Microsoft Graph named above."
        }
    };
    Verdict::fail(
        How::Entra,
        &[
            grant,
            "Have an administrator press **Grant admin consent**.",
            "Sign in again: a permission counts in a new token only.",
        ],
    )
    .shows("Signed in as", signed_in.name.clone())
    .shows("Missing", missing.join(", "))
}

fn group_licence(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    if scope.groups.is_empty() {
        return scope.gap.unwrap_or_else(|| {
            Verdict::not_applicable("No group is assigned or wanted; users need no licence.")
        });
    }
    let seen = &context.seen.entra.licences;
    match seen.value() {
        None => Verdict::unseen(seen),
        Some(plans) if plans.contains(&Licence::P1) || plans.contains(&Licence::P2) => {
            let plan = if plans.contains(&Licence::P2) {
                "Microsoft Entra ID P2"
            } else {
                "Microsoft Entra ID P1"
            };
            Verdict::pass(How::Entra).seen(seen).shows("Plan", plan)
        }
        Some(_) => Verdict::fail(
            How::Entra,
            &[
                "Buy or start a trial of Microsoft Entra ID **P1** or **P2** for the tenant.",
                "Or assign users one by one: that works in every edition.",
            ],
        )
        .seen(seen)
        .shows("Plan", "neither P1 nor P2 was found")
        .shows("Groups", scope.groups.len().to_string()),
    }
}

fn cloud_supported(context: &Context<'_>) -> Verdict {
    let setup = context.setup;
    let without = [
        "Provision with Databricks' SCIM API from scripts: the gallery connector is not available here.",
        "If the cloud is set wrongly, choose the right one under **Prepare**.",
    ];
    if setup.cloud == DatabricksCloud::AzureChina || setup.entra.cloud == EntraCloud::China {
        return Verdict::fail(How::Input, &without).shows("Cloud", "Azure China: Microsoft's documentation says that the gallery connector is not available there");
    }
    let seen = &context.seen.entra.template;
    match seen.value() {
        Some(Some(template)) if template.can_provision => Verdict::pass(How::Entra)
            .seen(seen)
            .shows("Gallery", template.display_name.clone()),
        Some(Some(template)) => Verdict::fail(How::Entra, &without).seen(seen).shows(
            "Gallery",
            format!("{} cannot provision here", template.display_name),
        ),
        Some(None) => Verdict::fail(How::Entra, &without).seen(seen).shows(
            "Gallery",
            "Azure Databricks SCIM Provisioning Connector was not found",
        ),
        None if setup.entra.cloud == EntraCloud::Global => Verdict::pass(How::Input).shows(
            "Cloud",
            "Microsoft's documentation excludes Azure China alone",
        ),
        None => Verdict::unknown(
            "Government clouds have few gallery apps, and the gallery was not looked at. What would tell: signing in to Entra.",
        ),
    }
}

fn same_account(context: &Context<'_>) -> Verdict {
    let Some(wanted) = context.account_id() else {
        return if context.is_workspace() {
            Verdict::not_applicable("A workspace set-up names no account to compare with.")
        } else {
            Verdict::unknown("The account id is not known yet: there is no account SCIM URL.")
        };
    };
    let presses = [
        "Compare the account id in the account console (under your avatar) with the one in the SCIM URL.",
        "Take the SCIM URL of the account that owns these workspaces, or take the workspace out of the set-up.",
    ];
    each_workspace(
        context,
        Verdict::not_applicable(NO_WORKSPACES),
        &presses,
        |workspace| match workspace.account_id.value() {
            None => not_seen(workspace.label(), &workspace.account_id),
            Some(id) if id.eq_ignore_ascii_case(&wanted) => {
                subject(workspace.label(), Status::Pass, "same account")
            }
            Some(id) => subject(
                workspace.label(),
                Status::Fail,
                format!("belongs to account {id}, not to {wanted}"),
            ),
        },
    )
}

fn same_tenant(context: &Context<'_>) -> Verdict {
    if !context.setup.cloud.is_azure() {
        return Verdict::not_applicable("Databricks names its Entra tenant on Azure alone.");
    }
    let tenant = context
        .seen
        .entra
        .tenant
        .value()
        .map(|tenant| tenant.id.clone());
    let given = context
        .setup
        .entra
        .tenant_id
        .clone()
        .filter(|id| uuid::Uuid::try_parse(id).is_ok());
    let Some(wanted) = tenant.or(given) else {
        return Verdict::unseen(&context.seen.entra.tenant);
    };
    let presses = [
        "Find out which Entra tenant your people sign in to Databricks with.",
        "Sign in to that tenant here, or take the workspace out of the set-up.",
    ];
    each_workspace(
        context,
        Verdict::not_applicable(NO_WORKSPACES),
        &presses,
        |workspace| match workspace.tenant.value() {
            None => not_seen(workspace.label(), &workspace.tenant),
            Some(id) if id.eq_ignore_ascii_case(&wanted) => {
                subject(workspace.label(), Status::Pass, "same tenant")
            }
            Some(id) => subject(
                workspace.label(),
                Status::Fail,
                format!("signs in with tenant {id}, not with {wanted}"),
            ),
        },
    )
}

fn identity_federation(context: &Context<'_>) -> Verdict {
    let presses = [
        "Keep workspace provisioning for the workspaces named here, or",
        "In the account console open **Workspaces**, the workspace, and enable identity federation there. Public notes say that assigning a metastore of Unity Catalog does it too, and that it cannot be undone.",
    ];
    each_workspace(
        context,
        Verdict::not_applicable(NO_WORKSPACES),
        &presses,
        |workspace| match workspace.federated.value() {
            None => not_seen(workspace.label(), &workspace.federated),
            Some(true) => subject(workspace.label(), Status::Pass, "identity-federated"),
            Some(false) => subject(
                workspace.label(),
                Status::Warn,
                "not federated: it stays on workspace provisioning",
            ),
        },
    )
}
