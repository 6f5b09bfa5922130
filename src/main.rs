//! The `ftlint` command.

use std::io;
use std::process::ExitCode;

use ftlint::cli;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(outcome) => outcome.into(),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => cli::cannot_write(&error).into(),
    }
}
