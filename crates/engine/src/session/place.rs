//! Where a session is: a world with its client, its folder of set-ups and its vault.

use std::sync::Arc;

use tempfile::TempDir;
use usher_core::model::World;
use usher_transport::{Client, ClientConfig};
use usher_vault::{KeyringOptions, Vault};

use super::SessionOptions;
use super::practice::PracticeTenant;
use super::view::{Failure, FailureCode};
use crate::store::Store;

/// The practice tenant agrees with itself at once where Entra's copies take minutes, so our own waits are short there.
const PRACTICE_WAITS: f64 = 0.05;

/// A world with everything that belongs to it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The world.
    pub(crate) world: World,
    /// Speaks HTTP to that world alone.
    pub(crate) client: Client,
    /// Its set-ups.
    pub(crate) store: Store,
    /// Its secrets.
    pub(crate) vault: Vault,
    /// The practice tenant, while practising.
    pub(crate) practice: Option<Arc<Practice>>,
}

/// A practice tenant with the folder of its set-ups. Both end with practice: its addresses are new the next time.
#[derive(Debug)]
pub(crate) struct Practice {
    /// The tenant.
    pub(crate) tenant: PracticeTenant,
    _folder: TempDir,
}

impl Place {
    /// The place of the session's options.
    pub(crate) fn home(options: &SessionOptions) -> Result<Self, Failure> {
        // In the real clouds nothing is hurried.
        let waits = if options.world == World::Live {
            1.0
        } else {
            options.wait_scale
        };
        Ok(Self {
            world: options.world.clone(),
            client: client(options.world.clone(), waits)?,
            store: Store::new(&options.data_folder),
            vault: if options.memory_vault {
                Vault::memory()
            } else {
                Vault::keyring(KeyringOptions::default())
            },
            practice: None,
        })
    }

    /// The place of a practice tenant.
    pub(crate) fn practice(
        tenant: PracticeTenant,
        options: &SessionOptions,
    ) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix("usher-practice-")
            .tempdir()
            .map_err(|error| {
                Failure::new(
                    FailureCode::Practice,
                    "Practice could not start.",
                    "The folder for temporary files cannot be written.",
                    &["Make room on the disk, and try it again."],
                )
                .with_details(error.to_string())
            })?;
        let world = World::Mapped(tenant.endpoints.clone());
        Ok(Self {
            client: client(world.clone(), options.wait_scale.min(PRACTICE_WAITS))?,
            world,
            store: Store::new(folder.path()),
            vault: Vault::memory(),
            practice: Some(Arc::new(Practice {
                tenant,
                _folder: folder,
            })),
        })
    }
}

fn client(world: World, wait_scale: f64) -> Result<Client, Failure> {
    Client::new(ClientConfig {
        wait_scale,
        ..ClientConfig::new(world)
    })
    .map_err(|error| Failure::internal(error.to_string()))
}
