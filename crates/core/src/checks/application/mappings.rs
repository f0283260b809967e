//! The attribute mappings: where user name, address and external id come from, and whether groups are mapped at all.

use crate::checks::Context;
use crate::checks::verdict::{Verdict, few};
use crate::finding::How;
use crate::observation::Seen;
use crate::observation::connector::{JobSchema, ObjectMapping};

const MAPPING: &str = "In Entra open **Enterprise apps**, the app, **Provisioning**, **Attribute mapping** (formerly **Mappings**), then **Provision Microsoft Entra ID Users**.";

/// The mapping for users, or the verdict where there is none to judge.
fn user_mapping<'a>(
    context: &Context<'a>,
) -> Result<(&'a ObjectMapping, &'a Seen<JobSchema>), Verdict> {
    let (schema, seen) = context.schema()?;
    let mapping = schema.user.as_ref().filter(|mapping| mapping.enabled);
    mapping.map(|mapping| (mapping, seen)).ok_or_else(|| {
        Verdict::fail(
            How::Entra,
            &[MAPPING, "Set **Enabled** to **Yes** and press **Save**."],
        )
        .seen(seen)
        .shows("Mapping for users", "off")
    })
}

pub(super) fn mapping_username(context: &Context<'_>) -> Verdict {
    let (mapping, seen) = match user_mapping(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let user_name = mapping.to("userName").map(|attribute| attribute.origin());
    let email = work_email(mapping).map(|attribute| attribute.origin());
    let presses = [
        MAPPING,
        "Give **userName** and **emails[type eq \"work\"].value** the same source attribute.",
        "With guests or aliases in scope take **userPrincipalName** for both.",
        "Press **Save**. Changing a mapping starts a new first cycle.",
    ];
    let verdict = match (&user_name, &email) {
        (Some(user_name), Some(email)) if user_name == email => Verdict::pass(How::Entra),
        _ => Verdict::fail(How::Entra, &presses).shows("Why", "Microsoft's documentation says that the two must match, or Databricks rejects the user"),
    };
    verdict
        .seen(seen)
        .shows(
            "userName comes from",
            user_name.unwrap_or_else(|| "nothing".to_owned()),
        )
        .shows(
            "The work address comes from",
            email.unwrap_or_else(|| "nothing".to_owned()),
        )
}

/// The mapping to the work address, however its target is written.
pub(crate) fn work_email(
    mapping: &ObjectMapping,
) -> Option<&crate::observation::connector::AttributeMapping> {
    let mut emails = mapping
        .attributes
        .iter()
        .filter(|attribute| attribute.target.starts_with("emails"));
    emails
        .clone()
        .find(|attribute| attribute.target.contains("work"))
        .or_else(|| emails.next())
}

pub(super) fn mapping_external_id(context: &Context<'_>) -> Verdict {
    let (mapping, seen) = match user_mapping(context) {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let found = mapping.to("externalId").map(|attribute| attribute.origin());
    let verdict = if found.as_deref() == Some("objectId") {
        Verdict::pass(How::Entra)
    } else {
        Verdict::fail(
            How::Entra,
            &[
                MAPPING,
                "Give **externalId** the source attribute **objectId** and press **Save**.",
                "Databricks matches by it once automatic identity management is used: with another value people would appear twice.",
            ],
        )
    };
    verdict.seen(seen).shows(
        "externalId comes from",
        found.unwrap_or_else(|| "nothing".to_owned()),
    )
}

pub(super) fn mapping_groups(context: &Context<'_>) -> Verdict {
    let scope = context.in_scope();
    if scope.groups.is_empty() {
        return scope
            .gap
            .unwrap_or_else(|| Verdict::not_applicable("No group is assigned or wanted."));
    }
    let (schema, seen) = match context.schema() {
        Ok(found) => found,
        Err(verdict) => return verdict,
    };
    let on = schema.group.as_ref().is_some_and(|mapping| mapping.enabled);
    let verdict = if on {
        Verdict::pass(How::Entra)
    } else {
        Verdict::fail(
            How::Entra,
            &[
                "In Entra open **Enterprise apps**, the app, **Provisioning**, **Attribute mapping** (formerly **Mappings**), then **Provision Microsoft Entra ID Groups**.",
                "Set **Enabled** to **Yes** and press **Save**.",
            ],
        )
    };
    verdict
        .seen(seen)
        .shows("Mapping for groups", if on { "on" } else { "off" })
        .shows("Groups", few(scope.groups.into_values()))
}
