//! The journal on disk: one line an event, written through to the disk, locked for as long as it is open.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Event, Journal, JournalError, Line};

/// A journal beside a set-up file.
#[derive(Debug)]
pub struct FileJournal {
    file: Arc<File>,
    /// Held for as long as the journal is open. A lock on a file of its own, because a locked file cannot be read by
    /// others everywhere, and the one that is refused has to read who holds it.
    _lock: File,
    run: Uuid,
    lines: Vec<Line>,
}

/// The journal's path for a set-up file: `NAME.journal.jsonl`.
pub fn journal_path(setup: &Path) -> PathBuf {
    setup.with_extension("journal.jsonl")
}

impl FileJournal {
    /// Opens and locks the journal of a set-up file, and writes who holds it. A torn last line, which a crash can leave,
    /// is cut off: what it was going to say never counted.
    ///
    /// # Errors
    /// [`JournalError`]: another run holds it, the disk, or a line in the middle that cannot be read.
    pub fn open(setup: &Path, by: &str) -> Result<Self, JournalError> {
        let path = journal_path(setup);
        let lock = open(&setup.with_extension("journal.lock"), "locked")?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Locked { by: holder(&path) });
            }
            Err(TryLockError::Error(source)) => {
                return Err(JournalError::Disk {
                    doing: "locked",
                    source,
                });
            }
        }
        let mut file = open(&path, "opened")?;
        let (lines, end) = read(&mut file)?;
        let failed = |source| JournalError::Disk {
            doing: "opened",
            source,
        };
        file.set_len(end).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let mut journal = Self {
            file: Arc::new(file),
            _lock: lock,
            run: Uuid::new_v4(),
            lines,
        };
        let opened = Event::Opened {
            by: by.to_owned(),
            process: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let line = journal.line(opened);
        write(&journal.file, &line)?;
        journal.lines.push(line);
        Ok(journal)
    }

    /// Reads a journal without opening it for a run; an empty one where there is none.
    ///
    /// # Errors
    /// The disk, or a line in the middle that cannot be read.
    pub fn peek(setup: &Path) -> Result<Vec<Line>, JournalError> {
        match File::open(journal_path(setup)) {
            Ok(mut file) => Ok(read(&mut file)?.0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(JournalError::Disk {
                doing: "read",
                source,
            }),
        }
    }

    fn line(&self, event: Event) -> Line {
        Line {
            at: Timestamp::now(),
            run: self.run,
            event,
        }
    }
}

impl Journal for FileJournal {
    fn append(&mut self, event: Event) -> BoxFuture<'_, Result<(), JournalError>> {
        async move {
            let line = self.line(event);
            let (file, written) = (Arc::clone(&self.file), line.clone());
            let lost = |error: tokio::task::JoinError| JournalError::Disk {
                doing: "written",
                source: std::io::Error::other(error),
            };
            tokio::task::spawn_blocking(move || write(&file, &written))
                .await
                .map_err(lost)??;
            self.lines.push(line);
            Ok(())
        }
        .boxed()
    }

    fn lines(&self) -> Vec<Line> {
        self.lines.clone()
    }
}

fn open(path: &Path, doing: &'static str) -> Result<File, JournalError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path);
    // Something that never ends, or keeps nothing, cannot say what was begun.
    let file = file.and_then(|file| match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(std::io::Error::other("it is no file")),
    });
    file.map_err(|source| JournalError::Disk { doing, source })
}

fn write(mut file: &File, line: &Line) -> Result<(), JournalError> {
    let failed = |source| JournalError::Disk {
        doing: "written",
        source,
    };
    let mut text =
        serde_json::to_vec(line).map_err(|error| failed(std::io::Error::other(error)))?;
    text.push(b'\n');
    file.write_all(&text).map_err(failed)?;
    file.sync_all().map_err(failed)
}

/// The lines, and where the last whole one ends.
fn read(file: &mut File) -> Result<(Vec<Line>, u64), JournalError> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)
        .map_err(|source| JournalError::Disk {
            doing: "read",
            source,
        })?;
    let whole = text
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let mut lines = Vec::new();
    for (at, line) in text[..whole]
        .split(|&byte| byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let line = serde_json::from_slice(line).map_err(|error| JournalError::Unreadable {
            line: at + 1,
            why: error.to_string(),
        })?;
        lines.push(line);
    }
    Ok((lines, u64::try_from(whole).unwrap_or(u64::MAX)))
}

/// Who opened the journal last: the one that holds it.
fn holder(path: &Path) -> String {
    let lines = File::open(path)
        .ok()
        .and_then(|mut file| read(&mut file).ok())
        .map(|(lines, _)| lines);
    let last = lines
        .into_iter()
        .flatten()
        .rev()
        .find_map(|line| match line.event {
            Event::Opened { by, process, .. } => Some((by, process, line.at)),
            _ => None,
        });
    match last {
        Some((by, process, at)) => format!("{by}, process {process}, since {at:.0}"),
        None => "a run that has only just begun".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(by: &str) -> Event {
        Event::Opened {
            by: by.into(),
            process: 1,
            version: "1".into(),
        }
    }

    #[tokio::test]
    async fn a_second_run_is_refused_with_who_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let setup = folder.path().join("contoso.json");
        let first = FileJournal::open(&setup, "the window").unwrap();
        let refused = FileJournal::open(&setup, "the command line").unwrap_err();
        assert!(
            matches!(&refused, JournalError::Locked { by } if by.contains("the window")),
            "{refused}"
        );
        drop(first);
        FileJournal::open(&setup, "the command line").unwrap();
    }

    #[tokio::test]
    async fn a_torn_last_line_is_cut_off_and_the_rest_kept() {
        let folder = tempfile::tempdir().unwrap();
        let setup = folder.path().join("contoso.json");
        let mut journal = FileJournal::open(&setup, "a").unwrap();
        journal.append(opened("b")).await.unwrap();
        drop(journal);
        let path = journal_path(&setup);
        let mut text = std::fs::read(&path).unwrap();
        text.extend_from_slice(br#"{"at":"2026-01-01T00:00:00Z","run":"#);
        std::fs::write(&path, text).unwrap();
        let journal = FileJournal::open(&setup, "c").unwrap();
        assert_eq!(journal.lines().len(), 3);
        drop(journal);
        assert_eq!(FileJournal::peek(&setup).unwrap().len(), 3);
    }

    #[tokio::test]
    async fn a_broken_line_in_the_middle_stops_everything() {
        let folder = tempfile::tempdir().unwrap();
        let setup = folder.path().join("contoso.json");
        std::fs::write(journal_path(&setup), "{}\n{}\n").unwrap();
        let error = FileJournal::open(&setup, "a").unwrap_err();
        assert!(
            matches!(error, JournalError::Unreadable { line: 1, .. }),
            "{error}"
        );
    }
}
