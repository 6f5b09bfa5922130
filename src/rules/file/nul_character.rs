//! A control character that was escaped, but is still no text.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};

/// FT027.
pub static RULE: Rule = Rule {
    code: "FT027",
    name: "nul-character",
    level: Some(Severity::Warning),
    summary: "An escaped control character such as \\u0000 inside text.",
    why: "The model learns to write it. Such characters come from broken PDF extraction or binary data.",
    help: "Remove the character from the text.",
    label: "a control character",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=\u0000","completion":" 4"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=\n","completion":" 4"}
"#,
    ),
    check: Check::ExampleWith(Features::CONTROL, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in example.doc.strings() {
        // The whole text is tested first, without a branch for each byte: mostly there is none.
        let some = text.bytes().fold(false, |some, byte| some | is_control(byte));
        if some && let Some(place) = text.bytes().position(is_control) {
            let byte = text.as_bytes()[place];
            sink.report(
                At::Inside(at, place..place + 1),
                format_args!("the control character U+{byte:04X} inside text"),
            );
        }
    }
}

/// A C0 control that is no white space.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\t' && byte != b'\n' && byte != b'\r'
}
