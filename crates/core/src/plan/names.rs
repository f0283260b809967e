//! The ids of changes, and the fields by which later changes refer to what earlier ones bring.

use super::Reference;

/// The fields of [`Reference::FromChange`].
pub mod field {
    /// The enterprise application's object id.
    pub const SERVICE_PRINCIPAL: &str = "servicePrincipalId";
    /// The role that users and groups are assigned with.
    pub const APP_ROLE: &str = "appRoleId";
    /// The synchronization job.
    pub const JOB: &str = "jobId";
}

/// A name as a part of an id: lower case, without blanks, so that it can be typed after `--only`.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A reference to what an earlier change brings.
pub(super) fn from_change(change: &str, field: &str) -> Reference {
    Reference::FromChange {
        change: change.to_owned(),
        field: field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_can_be_typed() {
        assert_eq!(
            slug("Azure Databricks SCIM  Provisioning Connector"),
            "azure-databricks-scim-provisioning-connector"
        );
        assert_eq!(slug("  (Contoso) "), "contoso");
    }
}
