//! Running other programs: announced, bounded in time, and with a way to repeat them alone.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Why a command of this program stopped, in words for the person who ran it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What every step of this program answers.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// One run of another program.
pub(crate) struct Step {
    title: String,
    command: Command,
    alone: String,
    limit: Duration,
}

impl Step {
    /// `program` with its arguments, run in `folder`, stopped after `minutes`.
    pub(crate) fn new(
        title: impl Into<String>,
        folder: &Path,
        minutes: u64,
        program: &str,
        arguments: &[&str],
    ) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null());
        // Cargo told this program about its own package. Passed on, it would look like a change to crates that ask for it, and
        // every `cargo xtask` would compile them anew.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_"]
                .iter()
                .any(|own| name.starts_with(own))
            {
                command.env_remove(&*name);
            }
        }
        let words: Vec<String> = std::iter::once(program)
            .chain(arguments.iter().copied())
            .map(quoted)
            .collect();
        let alone = match crate::project::relative(folder) {
            Some(place) => format!("(cd {place} && {})", words.join(" ")),
            None => words.join(" "),
        };
        Self {
            title: title.into(),
            command,
            alone,
            limit: Duration::from_secs(minutes * 60),
        }
    }

    /// Sets a variable in the program's environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let value = value.as_ref();
        self.alone = format!("{name}={} {}", quoted(&value.to_string_lossy()), self.alone);
        self.command.env(name, value);
        self
    }

    /// The same for a value that is to be seen nowhere.
    pub(crate) fn secret(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.alone = format!("{name}=… {}", self.alone);
        self.command.env(name, value);
        self
    }

    /// Lets the program ask the person something (a password, for instance).
    pub(crate) fn interactive(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Sends its output to standard error: it prepares what was asked for, and is not the answer.
    pub(crate) fn aside(mut self) -> Self {
        self.command.stdout(std::io::stderr());
        self
    }

    /// Runs it, its output on this terminal; a failure says how to run it alone.
    pub(crate) fn run(mut self) -> Outcome {
        eprintln!("\n── {}", self.title);
        let begun = Instant::now();
        let child = self
            .command
            .spawn()
            .map_err(|error| self.failure(&error.to_string()))?;
        match wait(child, self.limit)? {
            Some(status) if status.success() => {
                println!(
                    "── {}: done in {:.1} s",
                    self.title,
                    begun.elapsed().as_secs_f64()
                );
                Ok(())
            }
            Some(status) => Err(self.failure(&status.to_string())),
            None => Err(self.failure(&format!("stopped after {} s", self.limit.as_secs()))),
        }
    }

    /// Runs it quietly and gives back what it wrote to standard output.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let output = self
            .command
            .output()
            .map_err(|error| self.failure(&error.to_string()))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(self.failure(&format!("{}\n{}", output.status, said.trim_end())));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn failure(&self, what: &str) -> Failure {
        Failure(format!(
            "✕ {}: {what}\n  To run it alone: {}",
            self.title, self.alone
        ))
    }
}

/// Whether a program is there and answers `--version` (or what `arguments` ask) with success.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a program of this name is on the search path.
pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| {
            folder.join(program).is_file() || folder.join(format!("{program}.exe")).is_file()
        })
    })
}

/// Waits for the program to end; `None` when it had to be stopped.
fn wait(mut child: Child, limit: Duration) -> Outcome<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= end {
            end_tree(&mut child)?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Ends a program and what it started.
///
/// The programs stay in this one's process group, so that Ctrl-C reaches them all; that is why
/// their descendants are looked up instead of ended as a group.
pub(crate) fn end_tree(child: &mut Child) -> Outcome {
    for process in descendants(child.id()) {
        succeeds("kill", &["-KILL", &process.to_string()]);
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// The processes below `ancestor`, where the system tells (Linux).
fn descendants(ancestor: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name in brackets may hold blanks; the state and the parent come after it.
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1))
            .and_then(|parent| parent.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = Vec::new();
    let mut open = vec![ancestor];
    while let Some(process) = open.pop() {
        let below = children.remove(&process).unwrap_or_default();
        found.extend(&below);
        open.extend(below);
    }
    found
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_=./:,@+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project;

    #[test]
    fn a_failure_says_how_to_run_the_step_alone() {
        let step = Step::new("listing", &project::ui(), 1, "npm", &["run", "it's here"]);
        let said = step.env("CI", "true").failure("exit status: 1").to_string();
        assert!(said.contains("listing: exit status: 1"), "{said}");
        assert!(
            said.contains(r"CI=true (cd ui && npm run 'it'\''s here')"),
            "{said}"
        );
    }

    #[test]
    fn words_without_special_letters_stay_as_they_are() {
        assert_eq!(quoted("--profile=ci"), "--profile=ci");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("-screen 0"), "'-screen 0'");
    }
}
