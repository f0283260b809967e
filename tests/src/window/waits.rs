//! What a person waits for: something comes, or goes.

use std::time::{Duration, Instant};

use super::page::{PATIENCE, Page};

impl Page {
    /// Waits until nothing has this role and name any more.
    ///
    /// # Panics
    /// When it stays.
    pub async fn gone(&self, role: &str, name: &str) {
        let end = Instant::now() + PATIENCE;
        while self.has(role, name).await {
            assert!(Instant::now() < end, "the {role} {name:?} stays");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a field holds just this.
    ///
    /// # Panics
    /// When it comes to hold something else.
    pub async fn wait_for_value(&self, name: &str, text: &str) {
        let end = Instant::now() + PATIENCE;
        while self.value_of(name).await != text {
            if Instant::now() > end {
                self.screenshot("missing-value").await;
                panic!("{name:?} holds {:?}", self.value_of(name).await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until these words can be read.
    ///
    /// # Panics
    /// When they do not appear.
    pub async fn wait_for(&self, words: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text().await.contains(words) {
            if Instant::now() > end {
                self.screenshot("missing-words").await;
                panic!("{words:?} does not appear:\n{}", self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
