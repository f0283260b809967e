//! How many requests are under way to a host at once, whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use usher_core::model::Origin;

/// Requests under way to one host (facts/databricks §9: 3 to 4). Who waits before a try holds none of them.
const AT_ONCE: usize = 4;

/// The lanes to every host that was asked so far.
#[derive(Debug, Default)]
pub(crate) struct Lanes(Mutex<HashMap<Origin, Arc<Semaphore>>>);

impl Lanes {
    /// Waits for a lane to the host, first come first served; dropping it gives it back. Nobody closes lanes, so there is always one.
    pub(crate) async fn take(&self, origin: &Origin) -> Option<OwnedSemaphorePermit> {
        let lanes = {
            let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match hosts.get(origin) {
                Some(lanes) => Arc::clone(lanes),
                None => {
                    let lanes = Arc::new(Semaphore::new(AT_ONCE));
                    hosts.insert(origin.clone(), Arc::clone(&lanes));
                    lanes
                }
            }
        };
        lanes.acquire_owned().await.ok()
    }
}
