//! A small disk, to see what becomes of data when there is no more room.
#![cfg(target_os = "linux")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Says that the test was started once more by itself, where it may mount.
const AGAIN: &str = "FTLINT_TEST_AGAIN";

/// Says that the test must run: a CI may be in a box in which nothing can be mounted, and knows best.
const NEEDED: &str = "FTLINT_TEST_DISKS";

/// Who may mount what others need not see, if the test may not: whoever is root of a name space of its own, or is asked
/// to be root without a password.
const WAYS: [&[&str]; 2] = [&["unshare", "-rm"], &["sudo", "-n", "-E", "unshare", "-m"]];

/// Calls a test while a file system of this size is mounted on its folder: here, or else in a process that may mount,
/// in which the test runs once more and comes here again. Where that cannot be done either it is skipped, unless it [must](NEEDED) run.
pub(crate) fn on_small_disk(folder: &Path, size: &str, test: impl FnOnce()) {
    let mount = |way: &[&str]| {
        let mount = ["mount", "-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"];
        let words = [way, &mount].concat();
        let status = Command::new(words[0]).args(&words[1..]).arg(folder).stdin(Stdio::null()).output();
        status.is_ok_and(|output| output.status.success())
    };
    if mount(&[]) {
        let _mounted = Mounted(folder);
        return test();
    }
    let name = std::thread::current().name().expect("the thread of a test has its name").to_owned();
    let is_again = std::env::var_os(AGAIN).is_some();
    let Some(way) = WAYS.iter().find(|way| !is_again && mount(way)) else {
        assert!(std::env::var_os(NEEDED).is_none(), "nothing can be mounted here: {name} needs unshare or sudo");
        let _ = writeln!(std::io::stderr(), "skipped {name}: nothing can be mounted here");
        return;
    };
    let mut again = Command::new(way[0]);
    again.args(&way[1..]).arg(std::env::current_exe().unwrap()).args(["--exact", &name]).env(AGAIN, "1");
    let output = again.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

struct Mounted<'f>(&'f Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}
