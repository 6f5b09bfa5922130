//! A key of the lines that some do not have.

use crate::example::Format;
use crate::finding::Severity;
use crate::request::Request;
use crate::request::template::{is_same, item_path, templates};
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{count, number, quote};

/// FT740.
pub static RULE: Rule = Rule {
    code: "FT740",
    name: "missing-item-key",
    level: Some(Severity::Error),
    summary: "A grader wants to know a key of the lines that some lines do not have.",
    why: "Grading fails for these lines: each `{{ item.KEY }}` must be in every line of both files.",
    help: "Add the key to every line, or correct the template.",
    label: "not in every line",
    fix: None,
    bad: Sample::Described("(a grader that wants `{{ item.answer }}`, and a line without `answer`)"),
    good: Sample::Described("(the same with an `answer` in every line)"),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let paths = request.item_paths();
    // Each path is reported where it stands first.
    let mut seen = vec![false; paths.len()];
    for text in request.graders.iter().flat_map(|grader| grader.templates) {
        for template in templates(text.text) {
            let Some(path) = template.path.ok().and_then(item_path) else { continue };
            let Some(place) = paths.iter().position(|known| is_same(known, path)) else { continue };
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            for file in [request.training, request.validation].into_iter().flatten() {
                // Lines of another format are not what is graded, which is a fault of its own.
                if file.facts.lines.format() != Some(Format::Reinforcement) {
                    continue;
                }
                let (lack, examples) = (file.facts.lines.wanted.lack(place), file.facts.lines.examples);
                if lack.count == 0 {
                    continue;
                }
                let (path, name) = (quote(path), file.quoted());
                let at = At::Inside(text.at, template.span.clone());
                if lack.count == examples {
                    sink.report(at, format_args!("no line of {name} has {path}"));
                    // Then it is the template that is wrong, and for each file alike.
                    break;
                } else {
                    let (missing, first) = (number(lack.count), number(lack.line));
                    let of = count(examples, "line");
                    let message = format_args!("{missing} of {of} of {name} have no {path}: line {first} is the first");
                    sink.report(at, message);
                }
            }
        }
    }
}
