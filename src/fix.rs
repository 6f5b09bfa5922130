//! Fixes: what rules offer to mend, written into a copy of the data.
//!
//! A rule offers a [`Repair`](crate::rule::Repair) in terms of what it sees; the pipeline turns it into edits of bytes.
//! Here edits are chosen and applied, line by line: those that overlap wait for the next pass over the line, every
//! outcome must be JSON, and what no edit touches is copied as it is. A file that is no JSON Lines is written anew
//! first, see `rewrite`. Examples that stood before are left out where chunks come together again, in the order of the
//! file. How a file is replaced by its fixed copy is the matter of `replace`.

mod replace;
mod rewrite;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use tempfile::NamedTempFile;

use crate::dataset::{Examples, Met, Repeated, Split};
use crate::finding::Finding;
use crate::input::Input;
use crate::json::Parser;
use crate::lines::{Block, Chunk, Chunks, first_line};
use crate::lint::{Head, Linter, Printed, Repairs, thread_pool};
use crate::outcome::Fixed;
use crate::rule::{Fix, Rule};
use crate::rules::RULES;
use crate::rules::index_of;
use crate::settings::Settings;
use crate::shape::{HEAD, Shape};

pub use replace::{Place, into, read, spool};

/// How often a line is gone over again: each pass can bring to light what the one before has mended the way to.
const PASSES: usize = 8;

/// Mends what can be mended.
pub struct Fixer<'s> {
    linter: Linter<'s>,
    allow: Fix,
    pool: Option<rayon::ThreadPool>,
    /// Whether examples that stood before are left out of the file at hand, if that is allowed.
    drops: AtomicBool,
}

/// Why nothing was mended.
#[derive(Debug)]
pub enum Error {
    /// The data cannot be read.
    Read(io::Error),
    /// The result cannot be written.
    Write(io::Error),
    /// Something stands in the way, in a few words.
    Refused(String),
}

/// Some lines that become others.
#[derive(Debug)]
pub struct Changed<'a> {
    /// The first of the lines, counted from 1.
    pub line: u64,
    /// What they are, with their ends.
    pub old: &'a [u8],
    /// What they become; empty if they are left out.
    pub new: &'a [u8],
    /// What is mended.
    pub rules: &'a [&'static Rule],
}

/// What is to be seen of fixes that are not made.
pub trait Preview {
    /// The file will be written anew, as JSON Lines in UTF-8: these are its first bytes.
    ///
    /// # Errors
    /// It cannot be shown.
    fn rewritten(&mut self, rule: &'static Rule, head: &[u8]) -> io::Result<()>;

    /// Some lines become others.
    ///
    /// # Errors
    /// It cannot be shown.
    fn changed(&mut self, changed: &Changed<'_>) -> io::Result<()>;
}

/// The settings with which a [`Fixer`] looks for what it can mend.
#[must_use]
pub fn settings(settings: &Settings) -> Settings {
    Settings {
        repairs: true,
        tokens: false,
        per_example: false,
        errors_only: false,
        max_per_rule: None,
        max_findings: None,
        ..settings.clone()
    }
}

impl<'s> Fixer<'s> {
    /// A fixer for [`settings`], which mends what is as safe as `allow` says.
    #[must_use]
    pub fn new(settings: &'s Settings, allow: Fix) -> Self {
        let pool = if settings.threads == Some(1) { None } else { thread_pool(settings) };
        let mut linter = Linter::new(settings);
        linter.begin_repairs("", None, Split::Training);
        Fixer { linter, allow, pool, drops: AtomicBool::new(true) }
    }

    /// Knows the examples that other fixers of the run have seen.
    #[must_use]
    pub fn with_examples(mut self, examples: &Arc<Mutex<Examples>>) -> Self {
        self.linter = self.linter.with_examples(examples, Split::Training, false);
        self
    }

    /// Says which file is mended next. Of its examples those are left out that stand in a file before it with the same
    /// split; not if that would be all of them.
    pub fn begin(&mut self, input: &Input, split: Split) {
        self.linter.begin_repairs(&input.name(), Some(input), split);
        *self.drops.get_mut() = true;
    }

    /// Says that the file at hand was replaced by what was mended.
    pub fn replaced(&self) {
        if let Some((_, examples)) = self.linter.repeated() {
            examples.lock().unwrap_or_else(PoisonError::into_inner).replaced();
        }
    }

    /// Looks whether all examples of the file at hand stood before, so that a preview shows what would be mended.
    ///
    /// # Errors
    /// The data cannot be read.
    pub fn look(&self, data: Box<dyn Read + Send>) -> Result<(), Error> {
        if self.dropping().is_some() {
            let mut counts = vec![0; RULES.len()];
            let temp = || NamedTempFile::new();
            if let Stage::Lines { emptied: true, .. } = self.stage(data, &mut Output::Nothing, &temp, &mut counts)? {
                self.drops.store(false, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Shows what would be mended in the data.
    ///
    /// # Errors
    /// The data cannot be read, or the preview not be shown.
    pub fn preview(&self, data: Box<dyn Read + Send>, preview: &mut dyn Preview) -> Result<Vec<Fixed>, Error> {
        let mut counts = vec![0; RULES.len()];
        let temp = || NamedTempFile::new();
        match self.stage(data, &mut Output::Preview(preview), &temp, &mut counts)? {
            Stage::Lines { .. } => {}
            Stage::Rewritten(rule, mut file) => {
                let mut head = Vec::new();
                io::Read::by_ref(file.as_file_mut()).take(HEAD as u64).read_to_end(&mut head).map_err(Error::Read)?;
                preview.rewritten(rule, &head).map_err(Error::Write)?;
                self.settled(file, &temp, &mut counts)?;
            }
        }
        Ok(fixed(&counts))
    }

    /// Mends the data into a file that `temp` makes; none is made if there is nothing to mend. The data is that of
    /// the file `original`; without one, the result holds all of it even if nothing was mended.
    ///
    /// # Errors
    /// Nothing was mended: the data cannot be read, the result not be written, or something stands in the way.
    pub(crate) fn mend(
        &self,
        data: Box<dyn Read + Send>,
        original: Option<&Path>,
        temp: &dyn Fn() -> io::Result<NamedTempFile>,
    ) -> Result<(Option<NamedTempFile>, Vec<Fixed>), Error> {
        let mut counts = vec![0; RULES.len()];
        let mut copy = Copy { original, kept: 0, temp, file: None };
        let mut stage = self.stage(data, &mut Output::Copy(&mut copy), temp, &mut counts)?;
        if let (Stage::Lines { emptied: true, .. }, Some(path)) = (&stage, original) {
            self.drops.store(false, Ordering::Relaxed);
            counts.fill(0);
            copy = Copy { original, kept: 0, temp, file: None };
            let data = Box::new(File::open(path).map_err(Error::Read)?);
            stage = self.stage(data, &mut Output::Copy(&mut copy), temp, &mut counts)?;
        }
        if let Stage::Lines { .. } = stage {
            self.dropped();
        }
        let file = match stage {
            // What stood between two broken lines is gone: they may be read together now.
            Stage::Lines { changed: true, .. } => match copy.finish().map_err(Error::Write)? {
                Some(file) => Some(self.settled(file, temp, &mut counts)?),
                None => None,
            },
            Stage::Lines { changed: false, .. } => copy.finish().map_err(Error::Write)?,
            Stage::Rewritten(_, file) => Some(self.settled(file, temp, &mut counts)?),
        };
        Ok((file, fixed(&counts)))
    }

    /// Goes over what was mended until nothing is left to mend: so a second run finds nothing more but examples that are
    /// alike only now, and an array in UTF-16 becomes lines.
    fn settled(
        &self,
        mut file: NamedTempFile,
        temp: &dyn Fn() -> io::Result<NamedTempFile>,
        counts: &mut Vec<u64>,
    ) -> Result<NamedTempFile, Error> {
        for _ in 0..PASSES {
            let data = file.reopen().map_err(Error::Read)?;
            let path = file.path().to_owned();
            let mut copy = Copy { original: Some(&path), kept: 0, temp, file: None };
            let before = counts.clone();
            let stage = self.stage(Box::new(data), &mut Output::Copy(&mut copy), temp, counts)?;
            if let Stage::Lines { emptied: false, .. } = stage {
                self.dropped();
            }
            match stage {
                Stage::Lines { emptied: true, .. } => {
                    self.drops.store(false, Ordering::Relaxed);
                    *counts = before;
                }
                Stage::Lines { changed: false, .. } => break,
                Stage::Lines { changed: true, .. } => {
                    if let Some(mended) = copy.finish().map_err(Error::Write)? {
                        file = mended;
                    }
                }
                Stage::Rewritten(_, again) => file = again,
            }
        }
        Ok(file)
    }

    /// Goes over the data once.
    fn stage(
        &self,
        data: Box<dyn Read + Send>,
        output: &mut Output<'_, '_>,
        temp: &dyn Fn() -> io::Result<NamedTempFile>,
        counts: &mut [u64],
    ) -> Result<Stage, Error> {
        if let Some((_, examples)) = self.dropping() {
            examples.lock().unwrap_or_else(PoisonError::into_inner).restart();
        }
        let mut chunks = Chunks::stream(data);
        let head = Head::of(&mut chunks).map_err(Error::Read)?;
        let head_findings = self.linter.repairs_of_head(&head);
        let found = head_findings.iter().find(|finding| self.may(finding));
        let (shape, mark) = (head.shape().clone(), head.mark());
        if shape != Shape::JsonLines {
            if let Some(finding) = found {
                let mut file = temp().map_err(Error::Write)?;
                rewrite::rewrite(&shape, self.allow, chunks.into_reader(), BufWriter::new(file.as_file_mut()))?;
                io::Seek::rewind(file.as_file_mut()).map_err(Error::Write)?;
                counts[index_of(finding.rule)] += 1;
                return Ok(Stage::Rewritten(finding.rule, file));
            }
            let mut reader = chunks.into_reader();
            let mut block = vec![0; HEAD];
            loop {
                match reader.read(&mut block).map_err(Error::Read)? {
                    0 => return Ok(Stage::Lines { changed: false, emptied: false }),
                    length => output.keep(&block[..length]).map_err(Error::Write)?,
                }
            }
        }
        let mut changed = false;
        let old = &head.bytes[..mark];
        if let Some(finding) = found {
            let lines = Changed { line: 1, old, new: b"", rules: &[finding.rule] };
            output.change(&lines).map_err(Error::Write)?;
            counts[index_of(finding.rule)] += 1;
            changed = true;
        } else {
            output.keep(old).map_err(Error::Write)?;
        }
        chunks.skip(mark);
        let mut lines = 0;
        let (mut kept, mut dropped) = (0, 0);
        loop {
            let batch = self.batch(&mut chunks)?;
            if batch.is_empty() {
                return Ok(Stage::Lines { changed, emptied: dropped > 0 && kept == 0 });
            }
            let patched: Vec<Patched> = match &self.pool {
                Some(pool) if batch.len() > 1 => {
                    pool.install(|| batch.par_iter().map(|chunk| self.patch(chunk, PASSES)).collect())
                }
                _ => batch.iter().map(|chunk| self.patch(chunk, PASSES)).collect(),
            };
            for (chunk, mut patched) in batch.into_iter().zip(patched) {
                if let Some((rule, examples)) = self.dropping() {
                    let examples = &mut examples.lock().unwrap_or_else(PoisonError::into_inner);
                    let of_chunk = patched.drop_repeated(&chunk.bytes, lines, rule, examples);
                    (kept, dropped) = (kept + of_chunk.0, dropped + of_chunk.1);
                }
                let mut behind = 0;
                for patch in &patched.patches {
                    output.keep(&chunk.bytes[behind..patch.range.start]).map_err(Error::Write)?;
                    let (old, new) = (&chunk.bytes[patch.range.clone()], patch.new.as_slice());
                    let rules = &patch.rules;
                    output.change(&Changed { line: lines + patch.line, old, new, rules }).map_err(Error::Write)?;
                    behind = patch.range.end;
                    changed = true;
                }
                output.keep(&chunk.bytes[behind..]).map_err(Error::Write)?;
                counts.iter_mut().zip(&patched.counts).for_each(|(total, count)| *total += count);
                lines += patched.lines;
                chunks.recycle(chunk.bytes);
            }
        }
    }

    /// As many chunks as keep all threads busy.
    fn batch<'m>(&self, chunks: &mut Chunks<'m>) -> Result<Vec<Chunk<'m>>, Error> {
        let most = self.pool.as_ref().map_or(1, |pool| 2 * pool.current_num_threads());
        let mut batch = Vec::new();
        while batch.len() < most
            && let Some(chunk) = chunks.next().map_err(Error::Read)?
        {
            batch.push(chunk);
        }
        Ok(batch)
    }

    /// Whether the finding can be mended as safely as was asked for.
    fn may(&self, finding: &Finding) -> bool {
        finding.mend.is_some() && finding.fix.is_some_and(|fix| fix <= self.allow)
    }

    /// Says that the examples that stood before were left out: those that are alike only now that they are mended stay.
    fn dropped(&self) {
        self.drops.store(false, Ordering::Relaxed);
    }

    /// The rule about examples that stood before, if they are left out, and those that were seen.
    fn dropping(&self) -> Option<(&'static Rule, &Mutex<Examples>)> {
        let (rule, examples) = self.linter.repeated()?;
        let drops = self.drops.load(Ordering::Relaxed) && rule.fix.is_some_and(|fix| fix <= self.allow);
        drops.then_some((rule, examples))
    }

    /// Mends some whole lines.
    fn patch(&self, chunk: &Chunk<'_>, passes: usize) -> Patched {
        let Repairs { findings, lines, prints } = self.linter.repairs(chunk);
        let mut patched = Patched { patches: Vec::new(), lines, counts: vec![0; RULES.len()], prints };
        let mut findings = findings.into_iter().filter(|finding| self.may(finding)).peekable();
        let mut parser = Parser::default();
        let (mut counted, mut line) = (0, 1);
        while let Some(first) = findings.next() {
            let record = first.mend.as_ref().map_or(0..0, |mend| local(&mend.record));
            let mut of_record = vec![first];
            let is_same = |next: &Finding| next.mend.as_ref().is_some_and(|mend| local(&mend.record) == record);
            while let Some(next) = findings.next_if(|next| is_same(next)) {
                of_record.push(next);
            }
            let (mut new, rules) = apply(&chunk.bytes, &record, &of_record);
            let old = &chunk.bytes[record.clone()];
            // A repair that does not lead to JSON is none.
            if new == old || !is_json_lines(&new, &mut parser) {
                continue;
            }
            for rule in &rules {
                patched.counts[index_of(rule)] += 1;
            }
            let mut rules_of_all = rules;
            let mut first_read = Vec::new();
            if passes > 1 && !new.is_empty() {
                let again = self.patch(&Chunk { bytes: Block::Read(new.clone()), last: false }, passes - 1);
                patched.counts.iter_mut().zip(&again.counts).for_each(|(total, count)| *total += count);
                first_read = again.prints;
                for patch in again.patches.into_iter().rev() {
                    new.splice(patch.range, patch.new);
                    rules_of_all.extend(patch.rules);
                }
            }
            line += memchr::memchr_iter(b'\n', &chunk.bytes[counted..record.start]).count() as u64;
            counted = record.start;
            rules_of_all.sort_unstable_by_key(|rule| rule.code);
            rules_of_all.dedup();
            let prints = if passes == PASSES && !new.is_empty() && self.dropping().is_some() {
                let now = self.linter.repairs(&Chunk { bytes: Block::Read(new.clone()), last: false }).prints;
                let place = |at: usize| patched.prints.partition_point(|printed| printed.offset < at);
                let before = &patched.prints[place(record.start)..place(record.end)];
                as_first_read(now, if before.is_empty() { &first_read } else { before })
            } else {
                Vec::new()
            };
            patched.patches.push(Patch { range: record, line, new, rules: rules_of_all, prints });
        }
        patched
    }
}

/// What came of one pass over a file.
enum Stage {
    Lines {
        changed: bool,
        /// Whether all its examples stood before, and were left out.
        emptied: bool,
    },
    Rewritten(&'static Rule, NamedTempFile),
}

/// What became of some lines.
struct Patched {
    patches: Vec<Patch>,
    lines: u64,
    /// How many findings of each rule were mended.
    counts: Vec<u64>,
    /// The examples before anything was mended.
    prints: Vec<Printed>,
}

struct Patch {
    range: Range<usize>,
    line: u64,
    new: Vec<u8>,
    rules: Vec<&'static Rule>,
    /// The examples in what is new, as they were.
    prints: Vec<Printed>,
}

impl Patched {
    /// Leaves out the examples that stood before, in the chunk `bytes`, which comes behind so many lines. How many were
    /// kept, and how many left out.
    fn drop_repeated(&mut self, bytes: &[u8], lines: u64, rule: &'static Rule, examples: &mut Examples) -> (u64, u64) {
        let (mut kept, mut dropped) = (0, 0);
        let mut stood_before = |printed: &Printed, line: u64| {
            let met = examples.meet(&printed.print, lines + line);
            let is_dropped = matches!(met, Met::Repeated(Repeated { overlaps: false, .. }));
            *if is_dropped { &mut dropped } else { &mut kept } += 1;
            is_dropped
        };
        let record =
            |bytes: &[u8], printed: &Printed| printed.offset..printed.offset + first_line(&bytes[printed.offset..]).1;
        let mut prints = std::mem::take(&mut self.prints).into_iter().peekable();
        let mut patches = Vec::with_capacity(self.patches.len());
        let mut mended = std::mem::take(&mut self.patches).into_iter().peekable();
        loop {
            // What is left as it was, up to what was mended next.
            let until = mended.peek().map_or(bytes.len(), |patch| patch.range.start);
            while let Some(printed) = prints.next_if(|printed| printed.offset < until) {
                if stood_before(&printed, printed.line) {
                    let (range, line) = (record(bytes, &printed), printed.line);
                    patches.push(Patch { range, line, new: Vec::new(), rules: vec![rule], prints: Vec::new() });
                }
            }
            let Some(mut patch) = mended.next() else { break };
            while prints.next_if(|printed| printed.offset < patch.range.end).is_some() {}
            let mut again: Vec<Range<usize>> = Vec::new();
            for printed in std::mem::take(&mut patch.prints) {
                if stood_before(&printed, patch.line + printed.line - 1) {
                    again.push(record(&patch.new, &printed));
                }
            }
            if !again.is_empty() {
                again.into_iter().rev().for_each(|range| drop(patch.new.drain(range)));
                patch.rules.push(rule);
            }
            patches.push(patch);
        }
        self.patches = patches;
        self.counts[index_of(rule)] += dropped;
        (kept, dropped)
    }
}

/// Mended examples, each with what it said when it could first be read: two that only differed in what was taken out of them
/// were no duplicates, and nobody was told that one of them goes.
fn as_first_read(mut mended: Vec<Printed>, first: &[Printed]) -> Vec<Printed> {
    if mended.len() == first.len() {
        mended.iter_mut().zip(first).for_each(|(mended, first)| mended.print = first.print);
    }
    mended
}

/// A range in a chunk, of which all places count from its start.
fn local(range: &Range<u64>) -> Range<usize> {
    let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    index(range.start)..index(range.end)
}

fn fixed(counts: &[u64]) -> Vec<Fixed> {
    let some = RULES.iter().zip(counts).filter(|(_, count)| **count > 0);
    some.map(|(&rule, &count)| Fixed { rule, count }).collect()
}

/// The record once findings are mended, and the rule of each. What overlaps an earlier repair is left for later.
fn apply(chunk: &[u8], record: &Range<usize>, findings: &[Finding]) -> (Vec<u8>, Vec<&'static Rule>) {
    let mut chosen: BTreeMap<(usize, usize), &str> = BTreeMap::new();
    let mut rules = Vec::new();
    for finding in findings {
        let Some(mend) = finding.mend.as_deref() else { continue };
        let is_free = mend.edits.iter().all(|edit| {
            let range = local(&edit.range);
            let before = chosen.range(..=(range.start, range.end)).next_back();
            let behind = chosen.range((range.start, range.end)..).next();
            before.is_none_or(|((start, end), _)| *end <= range.start && (*start, *end) != (range.start, range.end))
                && behind.is_none_or(|((start, _), _)| *start >= range.end)
        });
        if is_free && !mend.edits.is_empty() {
            chosen.extend(mend.edits.iter().map(|edit| {
                let range = local(&edit.range);
                ((range.start, range.end), edit.with.as_str())
            }));
            rules.push(finding.rule);
        }
    }
    let mut new = Vec::with_capacity(record.len() + 64);
    let mut behind = record.start;
    for ((start, end), with) in chosen {
        new.extend_from_slice(&chunk[behind..start]);
        new.extend_from_slice(with.as_bytes());
        behind = end;
    }
    new.extend_from_slice(&chunk[behind..record.end]);
    (new, rules)
}

/// Whether every line that is not blank is JSON.
fn is_json_lines(bytes: &[u8], parser: &mut Parser) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, length) = first_line(rest);
        if !line.trim_ascii().is_empty() && parser.parse(line).is_err() {
            return false;
        }
        rest = &rest[length..];
    }
    true
}

/// Where the outcome of a pass goes.
enum Output<'o, 'c> {
    Nothing,
    Copy(&'o mut Copy<'c>),
    Preview(&'o mut dyn Preview),
}

impl Output<'_, '_> {
    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Output::Copy(copy) => copy.keep(bytes),
            Output::Preview(_) | Output::Nothing => Ok(()),
        }
    }

    fn change(&mut self, changed: &Changed<'_>) -> io::Result<()> {
        match self {
            Output::Nothing => Ok(()),
            Output::Copy(copy) => copy.write(changed.new),
            Output::Preview(preview) => preview.changed(changed),
        }
    }
}

/// A copy that is only made once something in it differs.
struct Copy<'c> {
    original: Option<&'c Path>,
    /// How many bytes are so far as they were; they are copied when the file is made.
    kept: u64,
    temp: &'c dyn Fn() -> io::Result<NamedTempFile>,
    file: Option<BufWriter<NamedTempFile>>,
}

impl Copy<'_> {
    fn keep(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() && self.original.is_some() {
            self.kept += bytes.len() as u64;
            return Ok(());
        }
        self.write(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file()?.write_all(bytes)
    }

    fn file(&mut self) -> io::Result<&mut BufWriter<NamedTempFile>> {
        if self.file.is_none() {
            let mut file = BufWriter::with_capacity(HEAD, (self.temp)()?);
            if let Some(original) = self.original.filter(|_| self.kept > 0) {
                let copied = io::copy(&mut File::open(original)?.take(self.kept), &mut file)?;
                if copied < self.kept {
                    return Err(io::Error::other("the file became shorter while it was being fixed"));
                }
            }
            self.file = Some(file);
        }
        self.file.as_mut().ok_or_else(|| io::Error::other("no file"))
    }

    fn finish(mut self) -> io::Result<Option<NamedTempFile>> {
        if self.original.is_none() {
            self.file()?;
        }
        self.file.take().map(|file| file.into_inner().map_err(io::IntoInnerError::into_error)).transpose()
    }
}
