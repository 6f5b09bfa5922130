//! Compressed data: any bytes that claim to be compressed are read or refused, what was compressed is linted as if it
//! was not, and of what is cut off the beginning is.
#![no_main]

use std::cell::RefCell;
use std::fs;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use ftlint::finding::Finding;
use ftlint::input::Input;
use ftlint::lint::Linter;
use ftlint::outcome::Failure;
use ftlint::settings::Settings;
use ftlint_fuzz::findings::{check, said};
use ftlint_fuzz::{choice, forget};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("there is room for a file");
    static LINTER: RefCell<Linter<'static>> = RefCell::new(Linter::new(Box::leak(Box::new(Settings {
        tokens: false,
        threads: Some(1),
        ..Settings::default()
    }))));
}

fuzz_target!(|data: &[u8]| {
    // As it is: with the first bytes of a gzip or of a zstd file, or without.
    let magic: &[u8] = [b"".as_slice(), b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"][choice(data, 3)];
    let claimed = [magic, data].concat();
    match (lint(&claimed), unpack(&claimed)) {
        (Some(findings), Some(text)) => assert_same(&findings, &text),
        (found, unpacked) => assert_eq!(found.is_some(), unpacked.is_some()),
    }
    // In two pieces, one behind the other.
    let (first, second) = data.split_at(data.len() / 3);
    let whole = [pack(first, data.len()), pack(second, data.len())].concat();
    assert_same(&lint(&whole).expect("what was compressed can be read"), data);
    // Without its end.
    assert!(lint(&whole[..whole.len() - 1 - choice(data, 7)]).is_none(), "nothing is said of the end that is missing");
});

/// By gzip or by zstd.
fn pack(data: &[u8], which: usize) -> Vec<u8> {
    if which % 2 == 1 {
        return zstd::encode_all(data, 1).expect("memory can be read");
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// The whole of what is compressed; of what is not, the bytes themselves. Nothing if it is damaged.
fn unpack(data: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let read = match data {
        [0x1f, 0x8b, ..] => flate2::read::MultiGzDecoder::new(data).read_to_end(&mut text),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => {
            zstd::stream::read::Decoder::new(data).and_then(|mut decoder| decoder.read_to_end(&mut text))
        }
        _ => return Some(data.to_vec()),
    };
    read.ok().map(|_| text)
}

/// What is found in a file of these bytes; nothing if it cannot be read to its end.
fn lint(data: &[u8]) -> Option<Vec<Finding>> {
    // What is compressed under another name is a fault of its own.
    let name = match data {
        [0x1f, 0x8b, ..] => "data.jsonl.gz",
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => "data.jsonl.zst",
        _ => "data.jsonl",
    };
    let path = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, data).expect("there is room for a file");
    LINTER.with_borrow_mut(|linter| {
        forget(linter);
        let mut findings = Vec::new();
        match linter.lint(&Input::File(path), &mut findings) {
            Ok(report) => report.failure.is_none().then_some(findings),
            Err(Failure::Read(_)) => None,
            Err(Failure::Write(error)) => panic!("memory can be written: {error}"),
        }
    })
}

fn assert_same(findings: &[Finding], text: &[u8]) {
    check(text, findings);
    let (_, expected) = LINTER.with_borrow_mut(|linter| linter.lint_bytes("data.jsonl", text));
    assert_eq!(findings.iter().map(said).collect::<Vec<_>>(), expected.iter().map(said).collect::<Vec<_>>());
}
