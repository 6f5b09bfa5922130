//! The keys of a config file, in words. `ftlint init`, the JSON Schema and `--show-settings` are printed from this.

use std::fmt::Write as _;

/// A key of a config file.
pub(super) struct Key {
    pub name: &'static str,
    /// What holds without it, as TOML; `None` if nothing does.
    pub usual: Option<&'static str>,
    /// What could stand there, as TOML.
    pub example: &'static str,
    /// What it means, in one sentence.
    pub about: &'static str,
    /// Whether it is about a run as a whole: then it is read in the folder from which ftlint is called.
    pub of_run: bool,
}

/// All keys, under headings, in the order in which they are printed.
pub(super) static KEYS: &[(&str, &[Key])] = &[
    (
        "The job",
        &[
            key(
                "target",
                Some("\"openai\""),
                "\"azure\"",
                "The provider or trainer that the data is for; `ftlint targets` lists them.",
            ),
            key("model", None, "\"gpt-4.1-mini\"", "The model to train: sets encoding, context and price."),
            key("price", None, "25.0", "US dollars for a million trained tokens, instead of the price that is known."),
            key("epochs", Some("\"auto\""), "3", "Epochs, or \"auto\" for what the service would choose."),
            key("max-cost", None, "50.0", "The most that training may cost, in US dollars; more is an error."),
            key("max-tokens", None, "2000000", "The most tokens that may be billed over all epochs; more is an error."),
        ],
    ),
    (
        "Targets and models of your own",
        &[
            key(
                "targets",
                None,
                "{ ours = { extends = \"openai\", min_examples = 1 } }",
                "Targets by their names, each with what differs from the one that it extends; `ftlint targets --output-format json` has the fields.",
            ),
            key(
                "models",
                None,
                "{ \"llama-ours\" = { target = \"together\", context = 8192 } }",
                "Models by their names, each with what is known of: target, aliases, encoding (without it counts are estimates), context, methods, formats, vision, images, price, state, closes, retires.",
            ),
        ],
    ),
    (
        "Rules: codes, prefixes such as \"FT1\", names, groups such as \"tools\", or \"ALL\"",
        &[
            key("select", None, "[\"ALL\"]", "Only these rules; without it, all that are on by default."),
            key(
                "ignore",
                Some("[]"),
                "[\"few-examples\"]",
                "Not these rules; of two selectors the more specific one wins.",
            ),
            key("extend-select", Some("[]"), "[\"FT0\"]", "These rules too; what is off by default is a warning."),
            key("error", Some("[]"), "[\"empty-content\"]", "What these rules find is an error."),
            key("warn", Some("[]"), "[\"unknown-key\"]", "What these rules find is a warning."),
            key(
                "per-file-ignores",
                Some("{}"),
                "{ \"valid*.jsonl\" = [\"few-examples\"] }",
                "Not these rules in files whose name or path matches.",
            ),
            key(
                "similarity",
                Some("0.8"),
                "0.9",
                "How alike near duplicates are, from 0.5 to 1: the share of word sequences in both.",
            ),
            key(
                "sample",
                Some("500000"),
                "\"none\"",
                "How many examples are compared to find near duplicates, or \"none\" for all; of more it is a sample.",
            ),
        ],
    ),
    (
        "What a run comes to",
        &[
            run_key("deny-warnings", Some("false"), "true", "Exit with 1 if there are warnings."),
            run_key("max-warnings", None, "10", "Exit with 1 if there are more warnings than this."),
            run_key(
                "baseline",
                None,
                "\"baseline.txt\"",
                "Do not report the findings in this file; --write-baseline makes one.",
            ),
        ],
    ),
    (
        "The report",
        &[
            run_key("output-format", Some("\"full\""), "\"concise\"", "How findings are shown."),
            key("max-per-rule", Some("5"), "\"none\"", "Findings shown of one rule and file, or \"none\" for all."),
            key(
                "max-diagnostics",
                Some("50"),
                "\"none\"",
                "Findings shown of one file, errors first, or \"none\" for all.",
            ),
        ],
    ),
    (
        "The run",
        &[
            run_key(
                "data",
                None,
                "[{ train = [\"train*.jsonl\"], validation = [\"valid.jsonl\"] }]",
                "Sets of files, seen from this folder: linted if no file is named, and no example may stand in both parts of a set.",
            ),
            key("exclude", Some("[]"), "[\"old\", \"data/**/*.tmp.jsonl\"]", "Files and folders that are not read."),
            key("threads", Some("0"), "2", "Threads; 0 for one a core."),
            key("no-mmap", Some("false"), "true", "Read files instead of mapping them into memory."),
        ],
    ),
    (
        "The file itself",
        &[
            key("extend", None, "\"../ftlint.toml\"", "A file whose keys hold where this one says nothing."),
            key("required-version", None, "\">=0.1\"", "The versions of ftlint with which this file may be used."),
        ],
    ),
];

const fn key(name: &'static str, usual: Option<&'static str>, example: &'static str, about: &'static str) -> Key {
    Key { name, usual, example, about, of_run: false }
}

const fn run_key(name: &'static str, usual: Option<&'static str>, example: &'static str, about: &'static str) -> Key {
    Key { of_run: true, ..key(name, usual, example, about) }
}

/// A config file that holds all keys as comments.
#[must_use]
pub fn template() -> String {
    let mut text = String::from(
        "# Settings of ftlint for the files in this folder and below. Flags go before them;\n\
         # `ftlint --show-settings FILE` says what holds for a file.\n",
    );
    for (heading, keys) in KEYS {
        let _ = writeln!(text, "\n# {heading}");
        for key in *keys {
            let usual = key.usual.map(|usual| format!(" Default: {usual}")).unwrap_or_default();
            let _ = writeln!(text, "\n# {}{usual}\n# {} = {}", key.about, key.name, key.example);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use clap::ValueEnum;
    use serde_json::{Value, json};

    use super::super::options::{Named, Options};
    use super::*;
    use crate::report::Format;

    /// The template with all keys set to their examples.
    fn uncommented() -> String {
        let mut text = String::new();
        for key in KEYS.iter().flat_map(|(_, keys)| *keys) {
            let _ = writeln!(text, "{} = {}", key.name, key.example);
        }
        text
    }

    fn schema() -> Value {
        let mut schema = serde_json::to_value(schemars::schema_for!(Options)).unwrap();
        schema["title"] = json!("ftlint.toml");
        schema["description"] = json!("Settings of ftlint, also as [tool.ftlint] in pyproject.toml");
        let properties = schema["properties"].as_object_mut().unwrap();
        let formats: Vec<String> = Format::value_variants().iter().map(|format| Named(*format).to_string()).collect();
        properties["output-format"]["enum"] = json!(formats);
        properties["output-format"]["type"] = json!("string");
        properties["epochs"] = json!({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 50}, {"const": "auto"}, {"type": "null"}], "default": null});
        for (name, property) in properties {
            let key = KEYS.iter().flat_map(|(_, keys)| *keys).find(|key| key.name == name);
            let key = key.unwrap_or_else(|| panic!("{name} is not in the table of keys"));
            property["description"] = json!(key.about);
        }
        schema
    }

    #[test]
    fn the_schema_is_current_and_the_template_keeps_to_it() {
        let schema = schema();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/config.json");
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("FTLINT_WRITE_SCHEMA").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "schemas/config.json is old: run this test with FTLINT_WRITE_SCHEMA=1");
        let validator = jsonschema::validator_for(&schema).unwrap();
        let valid =
            |text: &str| validator.is_valid(&serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap());
        assert!(valid(&template()) && valid(&uncommented()));
        assert!(!valid("slect = []") && !valid("max-warnings = \"x\"") && !valid("select = 1"));
        assert!(valid("select = \"FT1\"") && valid("epochs = 50") && !valid("epochs = 51") && !valid("epochs = \"x\""));
    }

    #[test]
    fn the_template_can_be_read_and_names_every_key() {
        toml::from_str::<Options>(&template()).unwrap();
        let options: Options = toml::from_str(&uncommented()).unwrap();
        let set = serde_json::to_value(&options).unwrap();
        for (name, value) in set.as_object().unwrap() {
            assert!(!value.is_null(), "{name} has no example");
            assert!(template().contains(&format!("# {name} = ")));
        }
        for key in KEYS.iter().flat_map(|(_, keys)| *keys) {
            let usual = key.usual.map(|usual| format!("{} = {usual}", key.name)).unwrap_or_default();
            assert!(toml::from_str::<Options>(&usual).is_ok(), "{usual}");
        }
    }
}
