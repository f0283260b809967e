//! The checklist of the open set-up, as text and as a file.

use jiff::Timestamp;
use usher_core::checklist::{Checklist, Format};

use super::hand_over::free;
use super::view::{ChecklistRequest, ChecklistText, Failure, SaveChecklist, Saved};
use super::{Session, show};
use crate::store::write_atomically;

impl Session {
    /// `checklist`
    pub async fn checklist(&self, request: ChecklistRequest) -> Result<ChecklistText, Failure> {
        self.blocking(move |session| session.checklist_now(request.format))
            .await
    }

    /// `save_checklist`
    pub async fn save_checklist(&self, request: SaveChecklist) -> Result<Saved, Failure> {
        let folder = self.target_folder(request.folder)?;
        self.blocking(move |session| {
            let checklist = session.checklist_now(request.format)?;
            let ending = request.format.extension();
            let stem = checklist
                .file_name
                .trim_end_matches(ending)
                .trim_end_matches('.');
            let path = free(&folder, stem, ending);
            write_atomically(&path, checklist.text.as_bytes())?;
            Ok(Saved {
                path: path.display().to_string(),
            })
        })
        .await
    }

    fn checklist_now(&self, format: Format) -> Result<ChecklistText, Failure> {
        self.with_open(|open, _| {
            let checklist = Checklist::of(
                &open.file.setup,
                &open.observed.observation,
                &show::report(open),
            );
            ChecklistText {
                format,
                file_name: format!("{}-checklist.{}", open.file.stem(), format.extension()),
                text: checklist.text(format, Timestamp::now()),
            }
        })
    }
}
