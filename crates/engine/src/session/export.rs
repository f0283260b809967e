//! The open set-up as code, in a folder of its own.

use usher_core::export::export;

use super::Session;
use super::view::{ExportCode, Exported, Failure};
use crate::store::write_atomically;

impl Session {
    /// `export_code`
    pub async fn export_code(&self, request: ExportCode) -> Result<Exported, Failure> {
        let folder = self.target_folder(request.folder)?;
        let format = request.format.format();
        self.blocking(move |session| {
            let (stem, files) = session.with_open(|open, _| {
                let files = export(format, &open.file.setup, &open.observed.observation);
                (open.file.stem(), files)
            })?;
            let folder = unused(&folder.join(format!("{stem}-{}", format.name())));
            std::fs::create_dir_all(&folder)
                .map_err(|error| crate::store::StoreError::writing(&folder, error))?;
            for file in &files {
                write_atomically(&folder.join(file.name), file.content.as_bytes())?;
            }
            Ok(Exported {
                folder: folder.display().to_string(),
                files: files.iter().map(|file| file.name.to_owned()).collect(),
            })
        })
        .await
    }
}

/// A folder that nothing has yet: what was exported before, and perhaps changed since, is never overwritten.
fn unused(folder: &std::path::Path) -> std::path::PathBuf {
    if !folder.exists() {
        return folder.to_owned();
    }
    let numbered = |number: u32| {
        let mut name = folder.as_os_str().to_owned();
        name.push(format!("-{number}"));
        std::path::PathBuf::from(name)
    };
    (2..)
        .map(numbered)
        .find(|folder| !folder.exists())
        .unwrap_or_else(|| folder.to_owned())
}
