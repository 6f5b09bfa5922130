//! Chunks of whole lines.
//!
//! A chunk ends where a record can start: before a line that begins with `{`, and not with `{\`, which is JSON in a
//! string. So a record that was broken over several lines is seldom torn apart, and where the cuts are depends on the
//! bytes alone: a map and a pipe, one thread and eight give the same chunks.

use std::fmt;
use std::io::{self, Read};
use std::ops::Deref;

/// The least size of a chunk but the last, in bytes. A fuzzer's inputs are small, and should be many chunks.
const CHUNK: usize = if cfg!(fuzzing) { 64 } else { 1024 * 1024 };

/// How far behind the least size a line with `{` is looked for before any line will do.
const PATIENCE: usize = 2 * CHUNK;

/// The longest line that is read, in bytes, its end included. It has to be in memory as a whole, and what was compressed
/// may unpack to a line without an end.
const LONGEST: usize = 1 << 30;

/// Why a file is not read to its end: a line is longer than [`LONGEST`].
#[derive(Debug)]
pub(crate) struct LongLine;

impl fmt::Display for LongLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a line is longer than 1 GiB, and no further was read")
    }
}

impl std::error::Error for LongLine {}

/// The bytes of a chunk.
#[derive(Debug)]
pub(crate) enum Block<'m> {
    /// A part of a mapped file.
    Mapped(&'m [u8]),
    /// What was read from a stream.
    Read(Vec<u8>),
}

impl Deref for Block<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Block::Mapped(bytes) => bytes,
            Block::Read(bytes) => bytes,
        }
    }
}

/// Some whole lines.
#[derive(Debug)]
pub(crate) struct Chunk<'m> {
    pub bytes: Block<'m>,
    /// Whether nothing comes behind.
    pub last: bool,
}

/// Cuts a source into chunks.
pub(crate) enum Chunks<'m> {
    Mapped {
        rest: &'m [u8],
        done: bool,
        longest: usize,
    },
    Stream {
        reader: Box<dyn Read + Send + 'm>,
        carry: Vec<u8>,
        ended: bool,
        done: bool,
        spare: Vec<Vec<u8>>,
        /// Why nothing more can be read; told once what was read before was handed out.
        failed: Option<io::Error>,
        longest: usize,
    },
}

impl<'m> Chunks<'m> {
    pub(crate) fn mapped(bytes: &'m [u8]) -> Self {
        Chunks::Mapped { rest: bytes, done: false, longest: LONGEST }
    }

    pub(crate) fn stream(reader: Box<dyn Read + Send + 'm>) -> Self {
        Chunks::Stream {
            reader,
            carry: Vec::new(),
            ended: false,
            done: false,
            spare: Vec::new(),
            failed: None,
            longest: LONGEST,
        }
    }

    /// How many bytes are left, if that is known beforehand.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Chunks::Mapped { rest, .. } => Some(rest.len()),
            Chunks::Stream { .. } => None,
        }
    }

    /// The same with another longest line.
    #[cfg(test)]
    pub(crate) fn up_to(mut self, bytes: usize) -> Self {
        let (Chunks::Mapped { longest, .. } | Chunks::Stream { longest, .. }) = &mut self;
        *longest = bytes;
        self
    }

    /// The first bytes, at least `length` of them unless there are fewer, and whether they are all.
    pub(crate) fn peek(&mut self, length: usize) -> io::Result<(&[u8], bool)> {
        match self {
            Chunks::Mapped { rest, .. } => Ok((&rest[..length.min(rest.len())], rest.len() <= length)),
            Chunks::Stream { reader, carry, ended, failed, .. } => {
                while carry.len() <= length && !*ended && failed.is_none() {
                    match read_more(reader, carry, length + 1) {
                        Ok(read) => *ended = read == 0,
                        Err(error) => {
                            leave_whole_lines(carry);
                            if carry.is_empty() {
                                return Err(error);
                            }
                            *failed = Some(error);
                        }
                    }
                }
                Ok((&carry[..length.min(carry.len())], failed.is_none() && carry.len() <= length))
            }
        }
    }

    /// Why no more than what was looked at can be read, if it cannot.
    pub(crate) fn failure(&mut self) -> Option<io::Error> {
        if let Chunks::Stream { failed, .. } = self { failed.take() } else { None }
    }

    /// Leaves out the first bytes.
    pub(crate) fn skip(&mut self, bytes: usize) {
        match self {
            Chunks::Mapped { rest, .. } => *rest = &rest[bytes.min(rest.len())..],
            Chunks::Stream { carry, .. } => {
                carry.drain(..bytes.min(carry.len()));
            }
        }
    }

    /// All bytes that are left, as they are.
    pub(crate) fn into_reader(self) -> Box<dyn Read + Send + 'm> {
        match self {
            Chunks::Mapped { rest, .. } => Box::new(rest),
            Chunks::Stream { carry, failed: Some(error), .. } => {
                Box::new(io::Cursor::new(carry).chain(Failing(Some(error))))
            }
            Chunks::Stream { reader, carry, .. } => Box::new(io::Cursor::new(carry).chain(reader)),
        }
    }

    /// The next chunk; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Chunk<'m>>> {
        match self {
            Chunks::Mapped { rest, done, longest } => {
                if *done || rest.is_empty() {
                    return Ok(None);
                }
                let mut length = cut(rest, 0, true).unwrap_or(rest.len());
                if let Some(before) = before_long_line(&rest[..length], *longest) {
                    if before == 0 {
                        return Err(io::Error::other(LongLine));
                    }
                    length = before;
                }
                let (chunk, behind) = rest.split_at(length);
                *rest = behind;
                *done = behind.is_empty();
                Ok(Some(Chunk { bytes: Block::Mapped(chunk), last: *done }))
            }
            Chunks::Stream { reader, carry, ended, done, spare, failed, longest } => {
                if carry.is_empty()
                    && let Some(error) = failed.take()
                {
                    return Err(error);
                }
                if *done {
                    return Ok(None);
                }
                let mut from = 0;
                let length = loop {
                    let cut = cut(carry, from, *ended || failed.is_some());
                    if let Some(before) = before_long_line(&carry[..cut.unwrap_or(carry.len())], *longest) {
                        *failed = Some(io::Error::other(LongLine));
                        // The line is not read, so nothing of it need be kept.
                        carry.truncate(before);
                        break before;
                    }
                    match cut {
                        Ok(length) => break length,
                        Err(resume) => from = resume,
                    }
                    // Twice as much each time, or a line of a gigabyte would be scanned forever.
                    let most = (*longest + CHUNK + PATIENCE).saturating_sub(carry.len());
                    let more = carry.len().max(CHUNK).min(most + 1);
                    match read_more(reader, carry, more) {
                        Ok(read) => *ended = read == 0,
                        Err(error) => {
                            leave_whole_lines(carry);
                            *failed = Some(error);
                            break carry.len();
                        }
                    }
                };
                if length == 0
                    && let Some(error) = failed.take()
                {
                    return Err(error);
                }
                *done = *ended && length == carry.len() && failed.is_none();
                if length == 0 {
                    return Ok(None);
                }
                let mut bytes = spare.pop().unwrap_or_default();
                bytes.clear();
                bytes.extend_from_slice(&carry[length..]);
                std::mem::swap(&mut bytes, carry);
                bytes.truncate(length);
                Ok(Some(Chunk { bytes: Block::Read(bytes), last: *done }))
            }
        }
    }

    /// Takes back the memory of a chunk.
    pub(crate) fn recycle(&mut self, block: Block<'m>) {
        if let (Chunks::Stream { spare, .. }, Block::Read(bytes)) = (self, block) {
            // One huge line must not keep its memory for good.
            if bytes.capacity() <= 8 * CHUNK {
                spare.push(bytes);
            }
        }
    }
}

/// Leaves out a line that was cut off by an error: it says nothing.
fn leave_whole_lines(read: &mut Vec<u8>) {
    read.truncate(memchr::memrchr(b'\n', read).map_or(0, |newline| newline + 1));
}

/// What cannot be read.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Reads up to `more` bytes; 0 at the end.
fn read_more(reader: &mut dyn Read, into: &mut Vec<u8>, more: usize) -> io::Result<usize> {
    // Not twice of what is there, as a vector grows by itself: that may be a gigabyte.
    into.reserve_exact(more);
    reader.take(more as u64).read_to_end(into)
}

/// Where the chunk at the start of `bytes` ends. `complete` says that nothing comes behind them.
///
/// # Errors
/// More bytes are needed; the search can go on from the place that is returned.
fn cut(bytes: &[u8], from: usize, complete: bool) -> Result<usize, usize> {
    let mut at = from.max(CHUNK - 1);
    while at < bytes.len() {
        let Some(newline) = memchr::memchr(b'\n', &bytes[at..]) else {
            at = bytes.len();
            break;
        };
        let start = at + newline + 1;
        match bytes.get(start) {
            // What stands there is not known yet.
            None => {
                at = start - 1;
                break;
            }
            // Whether a backslash stands behind it is not known yet.
            Some(b'{') if bytes.len() == start + 1 => {
                at = start - 1;
                break;
            }
            Some(b'{') if bytes[start + 1] != b'\\' => return Ok(start),
            Some(_) if start >= CHUNK + PATIENCE => return Ok(start),
            Some(_) => at = start,
        }
    }
    if complete { Ok(bytes.len()) } else { Err(at) }
}

/// Where the last line of a chunk starts, if it is too long. No other line of a chunk can be: see [`cut`].
fn before_long_line(chunk: &[u8], longest: usize) -> Option<usize> {
    if chunk.len() <= longest {
        return None;
    }
    let before = memchr::memrchr(b'\n', &chunk[..chunk.len() - 1]).map_or(0, |newline| newline + 1);
    (chunk.len() - before > longest).then_some(before)
}

/// The lines at the start of `bytes`: one after the other, without their ends.
pub(crate) fn first_line(bytes: &[u8]) -> (&[u8], usize) {
    match memchr::memchr(b'\n', bytes) {
        Some(end) => (&bytes[..end], end + 1),
        None => (bytes, bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(mut chunks: Chunks<'_>) -> Vec<(Vec<u8>, bool)> {
        let mut all = Vec::new();
        while let Some(chunk) = chunks.next().unwrap() {
            all.push((chunk.bytes.to_vec(), chunk.last));
            chunks.recycle(chunk.bytes);
        }
        all
    }

    /// A reader that gives a few bytes at a time.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1 * 7 % 100_003 + 1;
            let length = self.1.min(into.len()).min(self.0.len());
            let (now, rest) = self.0.split_at(length);
            into[..length].copy_from_slice(now);
            self.0 = rest;
            Ok(length)
        }
    }

    #[test]
    fn a_map_and_a_pipe_are_cut_alike() {
        let line = |length: usize| format!("{{\"k\":\"{}\"}}\n", "x".repeat(length));
        let texts = [
            String::new(),
            line(10),
            line(1000).repeat(3000),
            line(1000).repeat(3000) + "\n\n\n",
            line(3_000_000) + &line(5),
            "no record\n".repeat(300_000),
            line(CHUNK - 9) + "\n" + &line(5),
            line(CHUNK - 9) + "{\\\"k\\\"}\n" + &line(5),
            line(CHUNK - 9) + "{",
            line(CHUNK - 9) + "{\\",
            "x".repeat(CHUNK) + "\n",
        ];
        for text in &texts {
            let mapped = chunks(Chunks::mapped(text.as_bytes()));
            let streamed = chunks(Chunks::stream(Box::new(Trickle(text.as_bytes(), 1))));
            assert_eq!(mapped.iter().flat_map(|(bytes, _)| bytes.clone()).collect::<Vec<_>>(), text.as_bytes());
            assert!(mapped.iter().rev().skip(1).all(|(bytes, last)| bytes.ends_with(b"\n") && !last));
            assert!(mapped.last().is_none_or(|(_, last)| *last));
            assert!(mapped.iter().all(|(bytes, _)| !bytes.starts_with(b"{\\")));
            assert!(mapped == streamed);
        }
    }

    #[test]
    fn a_line_that_is_too_long_ends_the_file_behind_what_stands_before() {
        let long = 3_000_000;
        let line = |length: usize| "x".repeat(length - 1) + "\n";
        let record = |length: usize| format!("{{{}", line(length - 1));
        let texts = [
            (record(long) + &record(9), None),
            (record(long + 1), Some(0)),
            (record(long * 9), Some(0)),
            ("x".repeat(long), None),
            ("x".repeat(long + 1), Some(0)),
            (record(9) + &record(long), None),
            (record(9) + &record(long + 1), Some(9)),
            (line(CHUNK - 1) + &line(CHUNK) + &line(long + 1) + &record(5), Some(2 * CHUNK - 1)),
            (record(CHUNK) + &record(long + 1) + &record(CHUNK), Some(CHUNK)),
            (record(CHUNK + 7) + &record(long * 4), Some(CHUNK + 7)),
        ];
        for (number, (text, before)) in texts.iter().enumerate() {
            let stream = Chunks::stream(Box::new(Trickle(text.as_bytes(), 1)));
            for source in [Chunks::mapped(text.as_bytes()), stream] {
                let mut source = source.up_to(long);
                let mut read = Vec::new();
                let end = loop {
                    match source.next() {
                        Ok(Some(chunk)) => read.extend_from_slice(&chunk.bytes),
                        end => break end,
                    }
                };
                assert_eq!(end.is_err(), before.is_some(), "{number}");
                assert!(read == text.as_bytes()[..before.unwrap_or(text.len())], "{number}: {}", read.len());
            }
        }
    }

    #[test]
    fn what_was_read_before_an_error_is_handed_out() {
        for lines in [1, 5, 100_000, 400_000] {
            let text = "{}\n".repeat(lines);
            for looked in [0, 1, 64 * 1024] {
                let torn = io::Cursor::new(text.clone() + "{\"cut").chain(Failing(Some(io::Error::other("torn"))));
                let mut stream = Chunks::stream(Box::new(torn));
                let (head, is_all) = stream.peek(looked).unwrap();
                assert!((!head.is_empty() || looked == 0) && !is_all);
                let mut read = 0;
                let error = loop {
                    match stream.next() {
                        Ok(Some(chunk)) => read += chunk.bytes.len(),
                        Ok(None) => panic!("the error was lost"),
                        Err(error) => break error,
                    }
                };
                assert_eq!((read, error.to_string().as_str()), (text.len(), "torn"), "{lines} {looked}");
            }
        }
    }

    #[test]
    fn a_look_ahead_changes_nothing() {
        let text = "{}\n".repeat(400_000);
        for length in [0, 1, 64, 1_000_000, 10_000_000] {
            let mut stream = Chunks::stream(Box::new(Trickle(text.as_bytes(), 1)));
            let (head, complete) = stream.peek(length).unwrap();
            assert_eq!(head, &text.as_bytes()[..length.min(text.len())]);
            assert_eq!(complete, length >= text.len());
            assert!(chunks(stream) == chunks(Chunks::mapped(text.as_bytes())));
        }
    }
}
