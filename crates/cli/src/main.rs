//! The `usher` command.

use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(_) => return ExitCode::from(usher_cli::Exit::NoVerdict.status()),
    };
    let exit = runtime.block_on(usher_cli::run(
        std::env::args_os(),
        Box::new(std::io::stdout()),
        Box::new(std::io::stderr()),
    ));
    // A connection that lingers, or a keyring that never answers, must not keep the command from ending.
    runtime.shutdown_timeout(Duration::from_millis(200));
    ExitCode::from(exit.status())
}
