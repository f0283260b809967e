//! Running programs: bounded in time, ended with everything they started.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// Longer than anything here takes; a program that needs more hangs.
pub const LIMIT: Duration = Duration::from_secs(60);

/// What a program left behind.
#[derive(Debug)]
pub struct Ran {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// The one JSON document on standard output.
    ///
    /// # Panics
    /// When there is none, or anything beside it.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no JSON document ({error}): {self:#?}"))
    }

    /// Everything it printed.
    pub fn printed(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }
}

/// Runs a program to its end.
///
/// # Panics
/// When it cannot be started, or does not end in time.
pub async fn run(command: Command) -> Ran {
    run_with_input(command, "").await
}

/// Runs a program to its end, `input` on its standard input.
///
/// # Panics
/// When it cannot be started, or does not end in time.
pub async fn run_with_input(mut command: Command, input: &str) -> Ran {
    let shown = format!("{:?}", command.as_std());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.kill_on_drop(true).spawn().unwrap_or_else(|error| {
        panic!("{shown} cannot be started: {error}");
    });
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    let whole = async {
        // A program that does not read its input closes the pipe: that is its right.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        child.wait_with_output().await
    };
    let output = tokio::time::timeout(LIMIT, whole)
        .await
        .unwrap_or_else(|_| panic!("{shown} did not end in {LIMIT:?}"))
        .expect("its output can be read");
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A program that serves until the test is over.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    lines: tokio::io::Lines<BufReader<ChildStdout>>,
}

impl Serving {
    /// Starts a server; its errors go to the test's own output.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the server can be started");
        let out = child.stdout.take().expect("its output is a pipe");
        Self {
            child,
            lines: BufReader::new(out).lines(),
        }
    }

    /// The next line it prints: how a server says that it is ready.
    ///
    /// # Panics
    /// When it ends or keeps silent instead.
    pub async fn line(&mut self) -> String {
        tokio::time::timeout(LIMIT, self.lines.next_line())
            .await
            .expect("the server says something in time")
            .expect("its output can be read")
            .expect("the server goes on")
    }

    /// Its process id.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it and waits until it is gone.
    pub async fn end(mut self) {
        let _ = self.child.kill().await;
    }
}
