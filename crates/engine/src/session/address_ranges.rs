//! Entra's address ranges from a service-tags file the admin downloaded: what is in it, what changed since the file before, and as
//! entries of a Databricks IP access list. The last two are kept beside the set-ups, so that the next file has something to differ
//! from.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use usher_core::address_ranges::{ACCESS_LIST_LIMIT, AddressRanges, Network, TAG};

use super::Session;
use super::view::{
    AddressRangesView, Failure, KeptAddressRanges, Nothing, OpenSetupFile, SaveInto, Saved,
    ServiceTags,
};
use crate::store::write_atomically;

/// The largest file that is read; Microsoft's has some megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A file, as far as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    read_at: Timestamp,
    cloud: String,
    file_change: u64,
    tag_change: u64,
    networks: Vec<String>,
}

/// What is kept of one cloud, the newer file first.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Shelf {
    newer: Option<Kept>,
    older: Option<Kept>,
}

impl Session {
    /// `address_ranges`
    pub async fn address_ranges(&self, _: Nothing) -> Result<KeptAddressRanges, Failure> {
        self.blocking(|session| {
            let shelf = read_shelf(&session.shelf_path());
            Ok(KeptAddressRanges {
                ranges: shelf.view(),
            })
        })
        .await
    }

    /// `read_address_ranges`
    pub async fn read_address_ranges(
        &self,
        request: OpenSetupFile,
    ) -> Result<KeptAddressRanges, Failure> {
        let path = super::setups::file_path(&request.path)?;
        self.blocking(move |session| put(&session, &text_of(&path)?))
            .await
    }

    /// `take_address_ranges`
    pub async fn take_address_ranges(
        &self,
        request: ServiceTags,
    ) -> Result<KeptAddressRanges, Failure> {
        self.blocking(move |session| put(&session, &request.text))
            .await
    }

    /// `save_address_ranges`
    pub async fn save_address_ranges(&self, request: SaveInto) -> Result<Saved, Failure> {
        let path = self.shelf_path();
        let view = self.blocking(move |_| Ok(read_shelf(&path).view())).await?;
        let view = view.ok_or_else(|| {
            Failure::not_ready(
                "No file has been read yet.",
                "Read a service-tags file first.",
            )
        })?;
        let stem = format!("{TAG}-{}-{}", view.cloud, view.file_change);
        self.save(request, stem, "txt", view.text).await
    }

    fn shelf_path(&self) -> PathBuf {
        self.0.options.data_folder.join("address-ranges.json")
    }
}

/// What cannot be read is as good as nothing: the next file is then the first.
fn read_shelf(path: &Path) -> Shelf {
    std::fs::read(path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Reads a file's text, keeps what is in it, and says what is new.
fn put(session: &Session, text: &str) -> Result<KeptAddressRanges, Failure> {
    let ranges = AddressRanges::read(text).map_err(|error| {
        Failure::bad_input(
            error.to_string(),
            "Download **Azure IP Ranges and Service Tags** for your cloud from Microsoft, and name that file.",
        )
    })?;
    let mut shelf = read_shelf(&session.shelf_path());
    shelf.put(&ranges, Timestamp::now());
    let text = serde_json::to_vec(&shelf).unwrap_or_default();
    write_atomically(&session.shelf_path(), &text)?;
    Ok(KeptAddressRanges {
        ranges: shelf.view(),
    })
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let unreadable = |details: String| {
        Failure::bad_input(
            "The file cannot be read.",
            "Look whether it is where you say, and a text file.",
        )
        .with_details(details)
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if size.len() > LARGEST {
        return Err(unreadable(format!("{} bytes", size.len())));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))
}

impl Shelf {
    /// Puts a file in front. The same addresses again, or another cloud's, are no step from one file to the next.
    fn put(&mut self, ranges: &AddressRanges, now: Timestamp) {
        let kept = Kept {
            read_at: now,
            cloud: ranges.cloud.clone(),
            file_change: ranges.file_change,
            tag_change: ranges.tag_change,
            networks: ranges.networks.iter().map(Network::to_string).collect(),
        };
        match self.newer.take() {
            Some(before) if before.cloud != kept.cloud => self.older = None,
            Some(before) if before.networks == kept.networks => {}
            before => self.older = before,
        }
        self.newer = Some(kept);
    }

    fn view(&self) -> Option<AddressRangesView> {
        let newer = self.newer.as_ref()?;
        let ranges = newer.ranges()?;
        let list = ranges.access_list();
        let older = self.older.as_ref();
        let since = older
            .and_then(Kept::ranges)
            .map(|older| ranges.since(&older));
        let named = |networks: Vec<Network>| networks.iter().map(Network::to_string).collect();
        let (added, gone) = since.map_or_else(Default::default, |since| {
            (named(since.added), named(since.gone))
        });
        Some(AddressRangesView {
            cloud: newer.cloud.clone(),
            file_change: newer.file_change,
            read_at: newer.read_at,
            v4: ranges.v4_count(),
            v6: ranges.v6_count(),
            entries: list.len(),
            limit: ACCESS_LIST_LIMIT,
            above_limit: list.above_limit(0),
            text: list.text(),
            compared_with: older.map(|older| older.read_at),
            added,
            gone,
        })
    }
}

impl Kept {
    fn ranges(&self) -> Option<AddressRanges> {
        let networks = self.networks.iter().map(|text| text.parse().ok());
        Some(AddressRanges {
            cloud: self.cloud.clone(),
            file_change: self.file_change,
            tag_change: self.tag_change,
            networks: networks.collect::<Option<_>>()?,
        })
    }
}
