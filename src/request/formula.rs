//! The formula by which a multi grader adds up its graders: `0.7 * exact + 0.3 * similar`.

use std::ops::Range;

use crate::text::{did_you_mean, list, quote};

/// The functions that a formula may call.
pub const FUNCTIONS: &[&str] = &["min", "max", "abs", "floor", "ceil", "exp", "sqrt", "log"];

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In bytes of the formula; empty at its end.
    pub span: Range<usize>,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// There is nothing in it.
    Empty,
    /// No grader has this name.
    UnknownName(String),
    /// There is no such function.
    UnknownFunction(String),
    /// A character or word that does not belong there.
    Unexpected(String),
    /// It ends too early.
    End,
    /// More brackets inside each other than are read.
    TooDeep,
}

impl What {
    /// In words.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            What::Empty => "the formula is empty".to_owned(),
            What::UnknownName(name) => format!("the formula uses {}, which is no grader here", quote(name)),
            What::UnknownFunction(name) => format!("the formula calls {}, which is no function of it", quote(name)),
            What::Unexpected(text) => format!("{} does not belong here in the formula", quote(text)),
            What::End => "the formula ends too early".to_owned(),
            What::TooDeep => "the formula has too many brackets inside each other".to_owned(),
        }
    }

    /// What to do, if there is more to say than what may be used.
    #[must_use]
    pub fn help(&self, names: &[&str]) -> Option<String> {
        match self {
            What::UnknownName(name) => {
                let near = did_you_mean(name, names.iter().copied());
                let near = near.map(|near| format!("Did you mean {}? ", quote(near))).unwrap_or_default();
                Some(format!("{near}The graders are {}.", list(names.iter().copied(), "and")))
            }
            What::UnknownFunction(_) => Some(format!("Functions are {}.", list(FUNCTIONS.iter().copied(), "and"))),
            _ => None,
        }
    }
}

/// Reads a formula over graders of these names.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(formula: &str, names: &[&str]) -> Result<(), Fault> {
    if formula.trim().is_empty() {
        return Err(Fault { span: 0..formula.len(), what: What::Empty });
    }
    let mut scan = Scan { text: formula, at: 0, names, depth: 0 };
    scan.sum()?;
    scan.skip_space();
    if scan.at < formula.len() { Err(scan.unexpected()) } else { Ok(()) }
}

/// Deeper brackets are not read.
const MAX_DEPTH: usize = 64;

struct Scan<'f> {
    text: &'f str,
    at: usize,
    names: &'f [&'f str],
    depth: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes one of these characters.
    fn take(&mut self, wanted: &[char]) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(wanted);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self) -> Fault {
        let length = match self.rest().find(|c: char| !is_word(c)) {
            Some(0) => self.rest().chars().next().map_or(0, char::len_utf8),
            Some(length) => length,
            None => self.rest().len(),
        };
        let span = self.at..self.at + length;
        let what = if length == 0 { What::End } else { What::Unexpected(self.text[span.clone()].to_owned()) };
        Fault { span, what }
    }

    fn sum(&mut self) -> Result<(), Fault> {
        loop {
            self.factor()?;
            // All operators are read alike: what comes first is for the service.
            if !self.take(&['+', '-', '*', '/', '^']) {
                return Ok(());
            }
            // `a ** b`
            if self.text[..self.at].ends_with('*') && self.rest().starts_with('*') {
                return Err(self.unexpected());
            }
        }
    }

    fn factor(&mut self) -> Result<(), Fault> {
        while self.take(&['-', '+']) {}
        self.skip_space();
        if self.take(&['(']) {
            return self.inside();
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return self.number();
        }
        if let Some(name) = self.names.iter().filter(|name| self.is_name(name)).max_by_key(|name| name.len()) {
            self.at += name.len();
            return Ok(());
        }
        let length = self.rest().find(|c: char| !is_word(c)).unwrap_or(self.rest().len());
        if length == 0 {
            return Err(self.unexpected());
        }
        let span = self.at..self.at + length;
        let word = &self.text[span.clone()];
        let is_function = FUNCTIONS.contains(&word);
        self.at = span.end;
        if !self.take(&['(']) {
            return Err(Fault { span, what: What::UnknownName(word.to_owned()) });
        }
        if !is_function {
            return Err(Fault { span, what: What::UnknownFunction(word.to_owned()) });
        }
        self.inside()
    }

    /// Whether the text goes on with this name, and not with a longer word.
    fn is_name(&self, name: &str) -> bool {
        let Some(behind) = self.rest().strip_prefix(name) else { return false };
        !name.is_empty() && !behind.starts_with(is_word) && !behind.trim_start().starts_with('(')
    }

    /// What stands in brackets, behind the opening one.
    fn inside(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault { span: self.at - 1..self.at, what: What::TooDeep });
        }
        loop {
            self.sum()?;
            if self.take(&[',']) {
                continue;
            }
            if self.take(&[')']) {
                self.depth -= 1;
                return Ok(());
            }
            return Err(self.unexpected());
        }
    }

    fn number(&mut self) -> Result<(), Fault> {
        let mut length = self.rest().find(|c: char| !is_word(c)).unwrap_or(self.rest().len());
        // The sign of an exponent: `1e-3`.
        if self.rest()[..length].ends_with(['e', 'E']) && self.rest()[length..].starts_with(['-', '+']) {
            let digits = &self.rest()[length + 1..];
            length += 1 + digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        }
        if self.rest()[..length].parse::<f64>().is_err() {
            return Err(self.unexpected());
        }
        self.at += length;
        Ok(())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(formula: &str) -> (&str, What) {
        let fault = check(formula, &["exact", "similar", "a-b", "min"]).expect_err(formula);
        (&formula[fault.span], fault.what)
    }

    #[test]
    fn formulas_are_read() {
        for formula in [
            "exact",
            "0.7 * exact + 0.3*similar",
            "-exact / (2 - similar)^2",
            "max(exact, min(similar, 1e-3), .5)",
            "a-b + min",
            "sqrt(abs(floor(ceil(exp(log(exact))))))",
        ] {
            assert_eq!(check(formula, &["exact", "similar", "a-b", "min"]), Ok(()), "{formula}");
        }
    }

    #[test]
    fn the_first_fault_is_found() {
        assert_eq!(wrong("exact + simlar"), ("simlar", What::UnknownName("simlar".into())));
        assert_eq!(wrong("mean(exact, similar)"), ("mean", What::UnknownFunction("mean".into())));
        assert_eq!(wrong("exact +"), ("", What::End));
        assert_eq!(wrong("(exact"), ("", What::End));
        assert_eq!(wrong("exact)"), (")", What::Unexpected(")".into())));
        assert_eq!(wrong("exact similar"), ("similar", What::Unexpected("similar".into())));
        assert_eq!(wrong("exact % 2"), ("%", What::Unexpected("%".into())));
        assert_eq!(wrong("exact ** 2"), ("*", What::Unexpected("*".into())));
        assert_eq!(wrong("1.2.3"), ("1.2.3", What::Unexpected("1.2.3".into())));
        assert_eq!(wrong(" "), (" ", What::Empty));
        let deep = "(".repeat(1000);
        assert_eq!(wrong(&deep).1, What::TooDeep);
    }
}
