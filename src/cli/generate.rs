//! `ftlint completions SHELL` and `ftlint man`: what shells and packagers want, printed from the arguments.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Outcome, Program};

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

impl CompletionsArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Program::command(), "ftlint", &mut script);
        print(&script)
    }
}

/// Prints the man page of the program, its commands among it.
pub(super) fn man() -> io::Result<Outcome> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Program::command()).render(&mut page)?;
    print(&page)
}

fn print(text: &[u8]) -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(Outcome::Clean)
}
