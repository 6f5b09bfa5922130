//! A folder of a test's own, and ftlint run in it.
#![allow(dead_code, reason = "no test asks for all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder that is empty when the test begins.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        // Tests of other files may have the same name.
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        self.file(name, bytes);
        self
    }

    /// Writes a file and says where it is.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn ftlint(&self) -> Command {
        self.program(env!("CARGO_BIN_EXE_ftlint"))
    }

    pub(crate) fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null());
        // What the tests are run in must not show in their results.
        for name in
            ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "FTLINT_OUTPUT_FORMAT", "CI", "TERM", "RUST_BACKTRACE"]
        {
            command.env_remove(name);
        }
        // Nothing closes soon on this day, 2026-06-01.
        command.env("SOURCE_DATE_EPOCH", "1780272000");
        command
    }
}
