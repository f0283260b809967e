//! The set-up file a command works on.

use std::path::Path;

use usher_core::model::setup::SignIn;
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
