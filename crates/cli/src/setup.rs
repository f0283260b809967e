//! The set-up file a command works on.

use std::path::Path;

use url::Url;
use usher_core::model::Setup;
use usher_core::model::setup::SignIn;
use usher_core::target::Target;
use usher_engine::store::{SetupFile, StoreError};

use crate::arguments::Global;
use crate::failure::Failure;

/// Reads the set-up file and asks for what a command needs of it: what is absent is an error that names the field.
pub(crate) fn read(global: &Global) -> Result<SetupFile, Failure> {
    let Some(path) = &global.setup else {
        let hint =
            "Name the set-up file: --setup FILE. The window saves one, or write one by hand.";
        return Err(Failure::usage(
            "setup-missing",
            "This command works on a set-up file, and none was named.",
            hint,
        ));
    };
    let file = open(path)?;
    let setup = &file.setup;
    let missing = |field: &str| {
        let message = format!("The set-up file {} has no {field}.", path.display());
        Err(Failure::usage(
            "field-missing",
            message,
            format!("Add {field} to the file, or let the window ask for it."),
        ))
    };
    if let Some((field, why)) = unusable(setup) {
        let message = format!(
            "The set-up file {} cannot be used: {field} {why}.",
            path.display()
        );
        let hint = format!("Put {field} right in the file. The file was left as it is.");
        return Err(Failure::usage("setup-unreadable", message, hint));
    }
    let empty = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().is_empty();
    if empty(&setup.databricks.scim_url) {
        return missing("databricks.scimUrl");
    }
    match setup.entra.sign_in {
        None => missing("entra.signIn"),
        Some(SignIn::ByHand) => Ok(file),
        Some(_) if empty(&setup.entra.tenant_id) => missing("entra.tenantId"),
        Some(_) if empty(&setup.entra.client_id) => missing("entra.clientId"),
        Some(_) => Ok(file),
    }
}

/// The first value that has the right type and still cannot be what its field is for.
fn unusable(setup: &Setup) -> Option<(String, &'static str)> {
    const ID: &str = "is not an id";
    let is_id = |text: &str| {
        let stands_alone = |c: char| !c.is_whitespace() && !c.is_control() && !"/?#\\".contains(c);
        !text.is_empty() && text.chars().all(stands_alone)
    };
    let optional = |text: &Option<String>| text.as_deref().is_none_or(is_id);
    let (entra, databricks, want) = (&setup.entra, &setup.databricks, &setup.want);
    if !optional(&entra.app.service_principal_id) {
        return Some(("entra.app.servicePrincipalId".to_owned(), ID));
    }
    let target = databricks.scim_url.as_deref().and_then(Target::of);
    if let (Some(account), Some(Target::Account(of_url))) = (&databricks.account_id, &target)
        && !account.trim().eq_ignore_ascii_case(of_url)
    {
        let why = "is another account than the one that databricks.scimUrl leads to";
        return Some(("databricks.accountId".to_owned(), why));
    }
    for (at, workspace) in databricks.workspaces.iter().enumerate() {
        if !is_id(&workspace.id) {
            return Some((format!("databricks.workspaces[{at}].id"), ID));
        }
        if !Url::parse(workspace.url.trim()).is_ok_and(|url| url.has_host()) {
            let field = format!("databricks.workspaces[{at}].url");
            return Some((field, "is not a URL"));
        }
    }
    let is_address = |text: &str| {
        let name_and_host = text.trim().split_once('@');
        name_and_host.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && !text.chars().any(char::is_control)
    };
    if !want.notification_email.as_deref().is_none_or(is_address) {
        return Some(("want.notificationEmail".to_owned(), "is not an address"));
    }
    let assigned = want.assign.iter().position(|one| !is_id(&one.id));
    if let Some(at) = assigned {
        return Some((format!("want.assign[{at}].id"), ID));
    }
    let retired = want.retire.iter().flatten().position(|id| !is_id(id));
    retired.map(|at| (format!("want.retire[{at}]"), ID))
}

/// Reads a set-up file, whatever it lacks.
pub(crate) fn open(path: &Path) -> Result<SetupFile, Failure> {
    SetupFile::read(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &StoreError) -> Failure {
    let message = format!("The set-up file cannot be read: {error}.");
    match error {
        StoreError::Newer { .. } => Failure::usage(
            "setup-newer",
            message,
            "Use the Usher that wrote it, or a newer one. The file was left as it is.",
        ),
        StoreError::Missing { .. } => Failure::usage(
            "setup-missing",
            message,
            format!("Check the path {}.", path.display()),
        ),
        _ => Failure::usage(
            "setup-unreadable",
            message,
            "Put the named field right. The file was left as it is.",
        ),
    }
}
