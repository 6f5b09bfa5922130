//! Data about people.

use std::ops::Range;

use crate::example::Example;
use crate::rule::{At, Check, Rule, Sample, Sink};

/// FT602.
pub static RULE: Rule = Rule {
    code: "FT602",
    name: "personal-data",
    level: None,
    summary: "E-mail addresses, phone and card numbers, IBANs and national ids that pass their checks.",
    why: "A model can be made to say what it was trained on, and people did not agree to that.",
    help: "Put made-up data there: `jane@example.com`, `+1 202 555 0143`.",
    label: "personal data",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"I am m.devries@kpnmail.nl, IBAN NL91 ABNA 0417 1643 00."},{"role":"assistant","content":"Thank you!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"I am jane@example.com, IBAN NL00 BANK 0123 4567 89."},{"role":"assistant","content":"Thank you!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in example.doc.strings() {
        let mut next = 0;
        for start in 0..text.len() {
            if start < next || !begins_word(text.as_bytes(), start) {
                continue;
            }
            if let Some((what, span)) = find(text.as_bytes(), start) {
                next = span.end;
                sink.report(At::Inside(at, span), format_args!("{what}"));
            }
        }
    }
}

fn begins_word(text: &[u8], at: usize) -> bool {
    let inside =
        |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || matches!(byte, b'_' | b'.' | b'-' | b'+');
    (text[at].is_ascii_alphanumeric() || matches!(text[at], b'+' | b'('))
        && (at == 0
            || !inside(&text[at - 1])
            || text[at] == b'+' && text[at - 1] != b'+' && !text[at - 1].is_ascii_digit())
}

/// What begins at `start`, and its bytes.
fn find(text: &[u8], start: usize) -> Option<(&'static str, Range<usize>)> {
    let rest = &text[start..];
    let of = |what: &'static str, length: Option<usize>| length.map(|length| (what, start..start + length));
    of("an e-mail address", email(rest))
        .or_else(|| of("an IBAN", iban(rest)))
        .or_else(|| of("a payment card's number", card(rest)))
        .or_else(|| of("a US social security number", ssn(rest)))
        .or_else(|| of("a Brazilian CPF", cpf(rest)))
        .or_else(|| of("a Chinese resident id", chinese_id(rest)))
        .or_else(|| of("a Spanish DNI or NIE", dni(rest)))
        .or_else(|| of("an Italian codice fiscale", codice_fiscale(rest)))
        .or_else(|| of("a French social security number", nir(rest)))
        .or_else(|| of("a phone number", phone(rest)))
}

fn ends(text: &[u8], length: usize) -> bool {
    text.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')
}

fn email(text: &[u8]) -> Option<usize> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-');
    let local = text.iter().take(64).take_while(|byte| is_local(byte)).count();
    let domain = text.get(local..)?.strip_prefix(b"@").filter(|_| local > 0)?;
    let length = domain.iter().take(253).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let domain = std::str::from_utf8(&domain[..length]).ok()?.trim_end_matches(['.', '-']).to_ascii_lowercase();
    let (name, top) = domain.rsplit_once('.')?;
    if name.is_empty() || !(2..=24).contains(&top.len()) || !top.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    // Set aside for documentation by RFC 2606, and what everybody writes instead.
    let made_up = ["example", "test", "invalid", "localhost"].contains(&top)
        || domain
            .split('.')
            .any(|part| matches!(part, "example" | "yourdomain" | "yourcompany" | "domain" | "mydomain"))
        || matches!(&text[..local], b"noreply" | b"no-reply" | b"git");
    (!made_up).then_some(local + 1 + domain.len())
}

/// Up to `most` digits with single separators between them, and the length of the whole.
fn digits(text: &[u8], most: usize, separators: &[u8]) -> (Vec<u8>, usize) {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_digit() && found.len() < most {
            found.push(byte - b'0');
            end = at + 1;
        } else if byte.is_ascii_digit() || !separators.contains(byte) || at > end || at == 0 {
            break;
        }
    }
    (found, end)
}

fn card(text: &[u8]) -> Option<usize> {
    let (number, length) = digits(text, 19, b" -");
    let first = |count: usize| number[..count].iter().fold(0, |number, digit| number * 10 + u32::from(*digit));
    if number.len() < 13 || !ends(text, length) {
        return None;
    }
    let known = match number.len() {
        13 | 19 => number[0] == 4,
        15 => matches!(first(2), 34 | 37),
        16 => {
            number[0] == 4
                || matches!(first(2), 51..=55 | 65)
                || matches!(first(4), 2221..=2720 | 6011 | 3528..=3589)
                || first(2) == 62
        }
        14 => matches!(first(2), 36 | 38) || matches!(first(3), 300..=305),
        _ => false,
    };
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit) << (place % 2);
            digit / 10 + digit % 10
        })
        .sum();
    // Numbers that processors set aside for tests repeat their digits.
    let test = matches!(
        first(8),
        4242_4242 | 4111_1111 | 5555_5555 | 3782_8224 | 6011_1111 | 4012_8888 | 4000_0000 | 5105_1051
    );
    (known && sum.is_multiple_of(10) && !test).then_some(length)
}

fn iban(text: &[u8]) -> Option<usize> {
    if !(text.len() >= 15 && text[..2].iter().all(u8::is_ascii_uppercase) && text[2..4].iter().all(u8::is_ascii_digit))
    {
        return None;
    }
    let expected = match &text[..2] {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"NL" => 18,
        b"SI" => 19,
        b"AT" | b"EE" | b"LT" | b"LU" | b"XK" => 20,
        b"CH" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"BH" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" => 22,
        b"AE" | b"GI" | b"IL" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"PK" | b"RO" | b"SA" | b"SE" | b"SK" => 24,
        b"PT" => 25,
        b"IS" | b"TR" => 26,
        b"FR" | b"GR" | b"IT" | b"MC" | b"SM" => 27,
        b"AL" | b"AZ" | b"CY" | b"HU" | b"LB" | b"PL" => 28,
        b"BR" | b"QA" | b"UA" => 29,
        b"JO" | b"KW" => 30,
        b"MT" => 31,
        _ => return None,
    };
    let mut found = Vec::new();
    let mut end = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' if found.len() < expected => {
                found.push(*byte);
                end = at + 1;
            }
            b' ' if at == end && found.len() < expected => {}
            _ => break,
        }
    }
    if found.len() != expected || !ends(text, end) {
        return None;
    }
    found.rotate_left(4);
    let rest = found.iter().fold(0, |rest: u32, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    (rest == 1).then_some(end)
}

/// Whether the text has this form, `0` standing for any digit.
fn has_form(text: &[u8], form: &[u8]) -> bool {
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    text.len() >= form.len() && text.iter().zip(form).all(fits) && ends(text, form.len())
}

fn ssn(text: &[u8]) -> Option<usize> {
    let form = b"000-00-0000";
    if !has_form(text, form) {
        return None;
    }
    let valid =
        !matches!(&text[..3], b"000" | b"666") && text[0] != b'9' && &text[4..6] != b"00" && &text[7..11] != b"0000";
    let made_up = matches!(&text[..11], b"123-45-6789" | b"078-05-1120" | b"111-11-1111" | b"219-09-9999");
    (valid && !made_up).then_some(form.len())
}

fn cpf(text: &[u8]) -> Option<usize> {
    let form = b"000.000.000-00";
    if !has_form(text, form) {
        return None;
    }
    let number: Vec<u32> =
        text[..form.len()].iter().filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0')).collect();
    let check = |count: u32| {
        let sum: u32 = number.iter().zip((2..=count + 1).rev()).map(|(digit, weight)| digit * weight).sum();
        sum * 10 % 11 % 10
    };
    let same = number.iter().all(|digit| *digit == number[0]);
    (!same && check(9) == number[9] && check(10) == number[10] && number[..9] != [1, 2, 3, 4, 5, 6, 7, 8, 9])
        .then_some(form.len())
}

fn chinese_id(text: &[u8]) -> Option<usize> {
    let (body, last) = (text.get(..17)?, *text.get(17)?);
    if !body.iter().all(u8::is_ascii_digit) || !ends(text, 18) || !matches!(&body[6..8], b"19" | b"20") {
        return None;
    }
    let number = |range: Range<usize>| body[range].iter().fold(0, |number, b| number * 10 + u32::from(b - b'0'));
    if !(1..=12).contains(&number(10..12)) || !(1..=31).contains(&number(12..14)) {
        return None;
    }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.iter().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    (b"10X98765432"[(sum % 11) as usize] == last.to_ascii_uppercase()).then_some(18)
}

fn dni(text: &[u8]) -> Option<usize> {
    let (first, last) = (*text.first()?, *text.get(8)?);
    let lead = match first {
        b'0'..=b'9' => u32::from(first - b'0'),
        b'X' | b'Y' | b'Z' => u32::from(first - b'X'),
        _ => return None,
    };
    if !text[1..8].iter().all(u8::is_ascii_digit) || !ends(text, 9) {
        return None;
    }
    let number = text[1..8].iter().fold(lead, |number, byte| number * 10 + u32::from(byte - b'0'));
    let made_up = matches!(number, 0 | 12_345_678 | 11_111_111 | 99_999_999);
    (!made_up && b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize] == last).then_some(9)
}

fn codice_fiscale(text: &[u8]) -> Option<usize> {
    let code = text.get(..16)?;
    let form = b"AAAAAA00A00A000A";
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte.is_ascii_uppercase() };
    if !code.iter().zip(form).all(fits) || !ends(text, 16) {
        return None;
    }
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let value = |byte: u8| u32::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
    let sum: u32 = code[..15]
        .iter()
        .enumerate()
        .map(|(place, byte)| if place % 2 == 0 { ODD[value(*byte) as usize] } else { value(*byte) })
        .sum();
    (sum % 26 == value(code[15])).then_some(16)
}

fn nir(text: &[u8]) -> Option<usize> {
    let (number, length) = digits(text, 15, b" ");
    if number.len() != 15 || !matches!(number[0], 1 | 2) || !ends(text, length) {
        return None;
    }
    let value = |range: Range<usize>| number[range].iter().fold(0, |value: u64, digit| value * 10 + u64::from(*digit));
    let valid = (1..=12).contains(&value(3..5)) && 97 - value(0..13) % 97 == value(13..15);
    valid.then_some(length)
}

/// International with a plus, or North American with its separators.
fn phone(text: &[u8]) -> Option<usize> {
    if let Some(rest) = text.strip_prefix(b"+") {
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let skipped = text.len() - rest.len();
        let mut found = Vec::new();
        let mut end = 0;
        for (at, byte) in rest.iter().enumerate().take(24) {
            match byte {
                b'0'..=b'9' => {
                    found.push(*byte);
                    end = at + 1;
                }
                b' ' | b'-' | b'.' | b'(' | b')' | b'/' if at <= end + 1 && at > 0 => {}
                _ => break,
            }
        }
        let groups = rest[..end].iter().any(|byte| !byte.is_ascii_digit());
        let valid = (if groups { 9..=15 } else { 10..=15 }).contains(&found.len()) && found[0] != b'0';
        return (valid && ends(rest, end) && !is_made_up(&found)).then_some(skipped + end);
    }
    let forms: [&[u8]; 4] = [b"(000) 000-0000", b"000-000-0000", b"000.000.0000", b"(000)000-0000"];
    let form = forms.into_iter().find(|form| has_form(text, form))?;
    let found: Vec<u8> = text[..form.len()].iter().copied().filter(u8::is_ascii_digit).collect();
    let valid = found[0] >= b'2' && found[3] >= b'2';
    (valid && !is_made_up(&found)).then_some(form.len())
}

/// 555-01xx is set aside for fiction; counts and repeats are made up.
fn is_made_up(number: &[u8]) -> bool {
    let last = &number[number.len().saturating_sub(7)..];
    let run = |step: u8| number.windows(5).any(|w| w.windows(2).all(|pair| pair[1] == pair[0] + step));
    last.starts_with(b"555") || run(0) || run(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut next = 0;
        for start in 0..text.len() {
            if start >= next
                && begins_word(text.as_bytes(), start)
                && let Some((what, span)) = find(text.as_bytes(), start)
            {
                next = span.end;
                found.push(what);
            }
        }
        found
    }

    #[test]
    fn numbers_that_pass_their_checks_are_found() {
        for (text, kind) in [
            ("mail a.b+c@mail.uni-bonn.de.", "an e-mail address"),
            ("DE89 3704 0044 0532 0130 00,", "an IBAN"),
            ("GB29NWBK60161331926819", "an IBAN"),
            ("card 4539 1488 0343 6467", "a payment card's number"),
            ("371449635398431", "a payment card's number"),
            ("SSN 536-22-8714.", "a US social security number"),
            ("CPF 529.982.247-25", "a Brazilian CPF"),
            ("11010519491231002X", "a Chinese resident id"),
            ("DNI 54362315K", "a Spanish DNI or NIE"),
            ("RSSMRA85T10A562S", "an Italian codice fiscale"),
            ("2 55 08 14 168 025 38", "a French social security number"),
            ("call +49 30 901820 now", "a phone number"),
            ("(212) 736-5000", "a phone number"),
        ] {
            assert_eq!(kinds(text), [kind], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "jane@example.com user@localhost @name a@b 5@5.5",
            "DE89 3704 0044 0532 0130 01",
            "4242 4242 4242 4242 4539 1488 0343 6468 1234567890123456",
            "123-45-6789 000-12-3456 2024-11-25 10:30",
            "529.982.247-26 111.111.111-11 12345678Z",
            "+1 202 555 0143, 555-123-4567, 1+2345678901, 3.14159265358979",
            "1700000000000 20241125103000 0xdeadbeef12345678",
        ] {
            assert_eq!(kinds(text), [""; 0], "{text}");
        }
    }
}
