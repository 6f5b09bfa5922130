//! Any text as a config: from the command line, as a file of our own, as a part of pyproject.toml. What is wrong with
//! it can be shown, and what is right with it is shown as a config that says the same.
#![no_main]

use std::fs;
use std::path::Path;

use ftlint::config::{Argument, Config, Fault, Finder, Options, show};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("there is room for a file");
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        if let Ok(argument) = text.parse::<Argument>() {
            take(&argument);
        }
        take(&Argument::Inline(text.to_owned()));
    }
    FOLDER.with(|folder| {
        take(&file(&folder.path().join("ftlint.toml"), data));
        take(&file(&folder.path().join("pyproject.toml"), data));
        take(&file(&folder.path().join("pyproject.toml"), &[b"[tool.ftlint]\n", data].concat()));
    });
});

fn file(path: &Path, data: &[u8]) -> Argument {
    fs::write(path, data).expect("there is room for a file");
    Argument::File(path.to_owned())
}

fn find(argument: &Argument) -> Result<Config, Fault> {
    Finder::new(std::slice::from_ref(argument), false, Options::default())?.find(Some(Path::new("/data.jsonl")))
}

fn take(argument: &Argument) {
    let drawn = match find(argument) {
        Ok(config) => match config.settings() {
            Ok(settings) => {
                let shown = show(&config, &config, &settings, &settings);
                let again = find(&Argument::Inline(shown.clone())).map_err(|fault| fault.render());
                let again = again.unwrap_or_else(|fault| panic!("{shown}\n{fault}"));
                // Targets of the user's own are not shown.
                if let Ok(settings) = again.settings() {
                    assert_eq!(values(&show(&again, &again, &settings, &settings)), values(&shown));
                }
                return;
            }
            Err(fault) => fault.render(),
        },
        Err(fault) => fault.render(),
    };
    assert!(drawn.starts_with("ftlint: "), "{drawn}");
}

/// What is shown, but not where it is from.
fn values(shown: &str) -> Vec<&str> {
    shown.lines().map(|line| line.rsplit_once("  # ").map_or(line, |(value, _)| value)).collect()
}
