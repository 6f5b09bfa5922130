//! The pipeline: chunks of lines go out to worker threads, their reports come back and are merged
//! in the order of the file.

mod compare;
mod history;
mod request;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use bumpalo::Bump;

use crate::baseline::{self, Baseline};
use crate::dataset::{Examples, FileFacts, LineFacts, Print, Role};
use crate::example::Example;
use crate::finding::{Edit, Finding, Mend, Place, Severity};
use crate::input::{self, Input, Watch};
use crate::json::syntax::{self, Slip, Undo};
use crate::json::{Doc, NodeId, Parser};
use crate::lines::{Block, Chunk, Chunks, first_line};
use crate::report::Reporter;
use crate::rule::{Active, At, FileSink, Pending, Record, Repair, RepeatedCheck, Rule, Sink, Tally};
use crate::rules::{RULES, index_of};
use crate::secrets;
use crate::settings::{Plan, Settings};
use crate::shape::{self, HEAD, Shape, ShapeReport};
use crate::text::snippet_hiding;
use crate::tokens::{Estimate, ExampleCounter};
use crate::training::Job;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

use compare::{Comparison, Printed};
pub use history::look_up;
pub use request::{JobInputs, RequestFiles, RequestReport, Trained, lint_job};

/// What came of one file.
#[derive(Debug)]
pub struct FileReport {
    /// How reports call the file.
    pub name: String,
    /// What is known of it.
    pub facts: FileFacts,
    /// Whether the file was written to while it was read: the report is about what was read.
    pub changed: bool,
    /// How text became tokens: `o200k_base`.
    pub encoding: &'static str,
    /// Shapes of lines that the target takes, but that were not linted further.
    pub unlinted: Vec<&'static str>,
    /// The job that the file would make, if the model or its price was said.
    pub job: Option<Job>,
    /// Findings that a baseline knows: they are in none of the counts.
    pub known: u64,
    /// Whether warnings were left out.
    pub errors_only: bool,
    /// How often each rule found something, in the order of the catalogue; rules that found
    /// nothing are left out. Exact, however few findings were shown.
    pub counts: Vec<RuleCount>,
    /// What was mended before the file was linted, by rule.
    pub fixed: Vec<Fixed>,
}

/// How many findings of a rule were mended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed {
    /// The rule.
    pub rule: &'static Rule,
    /// How many.
    pub count: u64,
}

/// One example, for reports that list them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleRow {
    /// Its line, counted from 1.
    pub line: u64,
    /// All its tokens, as they are billed if nothing is cut off.
    pub tokens: u64,
    /// Those of the answers that are trained.
    pub answer_tokens: u64,
    /// Those that are cut off at the model's training context.
    pub cut_off: u64,
    /// What is not exact about these figures.
    pub estimate: Estimate,
}

/// How often one rule found something in a file.
#[derive(Clone, Copy, Debug)]
pub struct RuleCount {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave its findings are in this run.
    pub severity: Severity,
    /// All findings.
    pub found: u64,
    /// Those that were handed to the reporter.
    pub shown: u64,
    /// Those with a safe fix.
    pub fixable: u64,
    /// Those with an unsafe fix.
    pub unsafe_fixable: u64,
}

impl FileReport {
    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        self.counts.iter().filter(|count| count.severity == severity).map(|count| count.found).sum()
    }
}

/// Reads inputs one after the other and hands what is found to a reporter.
pub struct Linter<'s> {
    settings: &'s Settings,
    plan: Plan,
    /// The rules that the plan leaves out for the file at hand, see [`Plan::new`].
    left_out: Vec<bool>,
    pool: Option<rayon::ThreadPool>,
    workers: Mutex<Vec<Worker>>,
    progress: Box<dyn Fn(u64) + Sync + 's>,
    fixed: Vec<Fixed>,
    /// Findings that are known. Only the thread that merges asks it.
    baseline: Option<&'s Mutex<Baseline>>,
    /// The examples of all files of the run. Only the thread that merges asks for them.
    examples: Arc<Mutex<Examples>>,
    role: Role,
    /// Whether some files are to train on and others to validate with.
    validates: bool,
}

/// Why a file could not be linted to its end.
#[derive(Debug)]
pub enum Failure {
    /// The input could not be opened or read.
    Read(io::Error),
    /// The report could not be written.
    Write(io::Error),
}

impl<'s> Linter<'s> {
    /// A linter that does as the settings say.
    #[must_use]
    pub fn new(settings: &'s Settings) -> Self {
        Linter {
            settings,
            plan: plan(settings, &[], false),
            left_out: Vec::new(),
            pool: None,
            workers: Mutex::default(),
            progress: Box::new(|_| {}),
            fixed: Vec::new(),
            baseline: None,
            examples: Arc::default(),
            role: Role::Training,
            validates: false,
        }
    }

    /// Calls `progress` with the bytes of each chunk that is done.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Fn(u64) + Sync + 's) -> Self {
        self.progress = Box::new(progress);
        self
    }

    /// Leaves out findings that are known.
    #[must_use]
    pub fn with_baseline(mut self, baseline: Option<&'s Mutex<Baseline>>) -> Self {
        self.baseline = baseline;
        self
    }

    /// Reads files for this role, and knows the examples that other linters of the run have seen. `validates` says whether
    /// there are files of both roles.
    #[must_use]
    pub fn with_examples(mut self, examples: &Arc<Mutex<Examples>>, role: Role, validates: bool) -> Self {
        (self.examples, self.role, self.validates) = (Arc::clone(examples), role, validates);
        self.plan = plan(self.settings, &self.left_out, validates);
        self
    }

    /// Says what was mended in the input that is linted next, for its report.
    pub fn after_fixing(&mut self, fixed: Vec<Fixed>) {
        self.fixed = fixed;
    }

    /// Lints what a reader gives as if it were standard input.
    ///
    /// # Errors
    /// The input cannot be read, or the report cannot be written.
    pub fn lint_stream(
        &mut self,
        name: String,
        reader: Box<dyn io::Read + Send>,
        reporter: &mut dyn Reporter,
    ) -> Result<FileReport, Failure> {
        let same_as = self.begin(&name, None);
        let file = File { name, extension: None, size: None, watch: None, same_as };
        self.lint_chunks(file, Chunks::stream(reader), reporter)
    }

    /// What can be mended in some whole lines, and how many lines they are. All places count from their start.
    pub(crate) fn repairs(&self, chunk: &Chunk<'_>) -> (Vec<Finding>, u64) {
        let mut worker = self.worker();
        let report = worker.chunk(&self.plan, self.settings, chunk);
        self.put_back(worker);
        (report.findings, report.facts.lines)
    }

    /// What can be mended in a file as a whole, as far as its first bytes tell.
    pub(crate) fn repairs_of_head(&self, head: &[u8], sniffed: &ShapeReport) -> Vec<Finding> {
        if sniffed.shape != Shape::JsonLines {
            return self.judge_head(head, &Record::WholeFile(&sniffed.shape), sniffed.span.clone()).findings;
        }
        if head.starts_with(BYTE_ORDER_MARK) {
            return self.judge_head(head, &Record::ByteOrderMark, 0..BYTE_ORDER_MARK.len()).findings;
        }
        Vec::new()
    }

    /// Lints one input. Findings reach the reporter in the order of the file, and then its report.
    ///
    /// # Errors
    /// The input cannot be read, or the report cannot be written.
    pub fn lint(&mut self, input: &Input, reporter: &mut dyn Reporter) -> Result<FileReport, Failure> {
        let mut source = input.open(self.settings.mmap).map_err(Failure::Read)?;
        let file = File {
            name: input.name(),
            extension: source.extension.take(),
            size: source.size,
            watch: source.watch.take(),
            same_as: self.begin(&input.name(), Some(input)),
        };
        self.lint_chunks(file, source.chunks(), reporter)
    }

    /// Lints bytes in memory as if they were a file of this name.
    pub fn lint_bytes(&mut self, name: &str, bytes: &[u8]) -> (FileReport, Vec<Finding>) {
        let mut findings = Vec::new();
        let extension = Some(input::extension(Path::new(name)));
        let file =
            File { name: name.to_owned(), extension, size: Some(bytes.len() as u64), watch: None, same_as: None };
        // These bytes are all that there is.
        let others = std::mem::take(&mut self.examples);
        self.begin(name, None);
        let result = self.lint_chunks(file, Chunks::mapped(bytes), &mut findings);
        self.examples = others;
        match result {
            Ok(report) => (report, findings),
            Err(failure) => unreachable!("memory can be read and written: {failure:?}"),
        }
    }

    /// Tells the examples of the run that those of another file come.
    fn begin(&self, name: &str, input: Option<&Input>) -> Option<String> {
        self.examples.lock().unwrap_or_else(PoisonError::into_inner).begin(name, input, self.role)
    }

    /// Some rules may be left out in this file.
    fn plan_for(&mut self, name: &str) {
        let left_out = self.settings.selection.left_out(Path::new(name));
        if left_out != self.left_out {
            self.plan = plan(self.settings, &left_out, self.validates);
            self.left_out = left_out;
        }
    }

    fn lint_chunks(
        &mut self,
        file: File,
        mut chunks: Chunks<'_>,
        reporter: &mut dyn Reporter,
    ) -> Result<FileReport, Failure> {
        self.plan_for(&file.name);
        let mut merge = Merge::new(self.settings, &file.name, reporter, self.baseline);
        merge.comparison = self.plan.asks().then(|| Comparison::new(&self.examples, self.role));
        merge.known_examples = Some(KnownExamples {
            examples: Arc::clone(&self.examples),
            repeated: self.plan.repeated.clone(),
            overlap: self.plan.overlap.clone(),
        });
        let mut facts =
            FileFacts { extension: file.extension.clone(), same_as: file.same_as.clone(), ..FileFacts::default() };

        let (head, complete) = chunks.peek(HEAD).map_err(Failure::Read)?;
        let sniffed = shape::sniff(head, complete);
        facts.shape = sniffed.shape;
        if facts.shape == Shape::JsonLines {
            if head.starts_with(BYTE_ORDER_MARK) {
                self.head(head, &Record::ByteOrderMark, 0..BYTE_ORDER_MARK.len(), &mut merge)?;
                chunks.skip(BYTE_ORDER_MARK.len());
                merge.bytes = BYTE_ORDER_MARK.len() as u64;
            }
            if let Err(failure) = self.lint_lines(&file, chunks, &mut merge) {
                // What was found before is shown all the same.
                merge.finish(self.settings).map_err(Failure::Write)?;
                return Err(failure);
            }
            facts.size = file.size.unwrap_or(0).max(merge.bytes);
        } else {
            self.head(head, &Record::WholeFile(&sniffed.shape), sniffed.span, &mut merge)?;
            facts.size = file.size.unwrap_or(head.len() as u64);
        }
        facts.lines = std::mem::take(&mut merge.facts);
        facts.comparison = merge.comparison.take().map(Comparison::finish).unwrap_or_default();

        let mut findings = Vec::new();
        let validation = self.plan.validation.iter().filter(|_| self.role == Role::Validation);
        for &(active, check) in self.plan.file.iter().chain(&self.plan.answers).chain(validation) {
            let before = findings.len();
            check(&facts, &mut FileSink { settings: self.settings, active, findings: &mut findings });
            merge.counts[active.index].found += (findings.len() - before) as u64;
        }
        findings.sort_by(Finding::order);
        for finding in findings {
            if !merge.is_known(&finding, || baseline::hash_file(&file.name)) {
                merge.keep(finding).map_err(Failure::Write)?;
            }
        }
        let known = merge.known;
        let counts = merge.finish(self.settings).map_err(Failure::Write)?;
        let encoding = self.settings.encoding().name();
        let job = Job::of(&facts.lines.tokens, self.settings);
        let taken = facts.lines.foreign.keys().filter(|shape| self.settings.target.takes_shape(**shape));
        let unlinted = taken.map(|shape| shape.name()).collect();
        let (errors_only, fixed) = (self.settings.errors_only, std::mem::take(&mut self.fixed));
        let changed = file.watch.is_some_and(|watch| watch.is_changed());
        let report =
            FileReport { name: file.name, facts, changed, encoding, unlinted, job, known, errors_only, counts, fixed };
        reporter.file(&report).map_err(Failure::Write)?;
        Ok(report)
    }

    /// Judges what the first bytes of the file tell.
    fn head(&self, head: &[u8], record: &Record<'_>, span: Range<usize>, merge: &mut Merge<'_>) -> Result<(), Failure> {
        merge.chunk(self.judge_head(head, record, span), &[]).map_err(Failure::Write)
    }

    fn judge_head(&self, head: &[u8], record: &Record<'_>, span: Range<usize>) -> ChunkReport {
        let offset = memchr::memrchr(b'\n', &head[..span.start]).map_or(0, |newline| newline + 1);
        let line = 1 + memchr::memchr_iter(b'\n', &head[..offset]).count() as u64;
        let bytes = first_line(&head[offset..]).0;
        // What would be left out is the mark, not its line.
        let length = if let Record::ByteOrderMark = record { span.end } else { bytes.len() };
        let here = Line::new(bytes, line, offset, length);
        let at = At::Bytes(span.start - offset..(span.end - offset).min(bytes.len()));
        let mut report = ChunkReport::default();
        let mut worker = self.worker();
        worker.start_chunk(self.settings);
        worker.record(&self.plan, self.settings, record, &at, &here, &mut report);
        self.put_back(worker);
        report
    }

    fn lint_lines(&mut self, file: &File, mut chunks: Chunks<'_>, merge: &mut Merge<'_>) -> Result<(), Failure> {
        let Some(first) = chunks.next().map_err(Failure::Read)? else { return Ok(()) };
        // A small file is done before threads would have started.
        let alone = first.last || self.settings.threads == Some(1);
        if !alone && self.pool.is_none() {
            self.pool = thread_pool(self.settings);
        }
        let pool = if alone { None } else { self.pool.take() };
        let Some(pool) = pool else {
            let mut worker = self.worker();
            let mut next = Some(first);
            while let Some(chunk) = next {
                let report = worker.chunk(&self.plan, self.settings, &chunk);
                (self.progress)(chunk.bytes.len() as u64);
                file.check(merge.bytes + chunk.bytes.len() as u64)?;
                merge.chunk(report, &chunk.bytes).map_err(Failure::Write)?;
                chunks.recycle(chunk.bytes);
                next = chunks.next().map_err(Failure::Read)?;
            }
            self.put_back(worker);
            return file.check(file.size.unwrap_or(0));
        };
        let result = self.lint_parallel(&pool, file, first, chunks, merge);
        self.pool = Some(pool);
        result.and_then(|()| file.check(file.size.unwrap_or(0)))
    }

    /// Hands out chunks from this thread, which also merges what comes back. Only so many chunks are
    /// out or wait for an earlier one that memory stays bounded.
    fn lint_parallel<'m>(
        &self,
        pool: &rayon::ThreadPool,
        file: &File,
        first: Chunk<'m>,
        mut chunks: Chunks<'m>,
        merge: &mut Merge<'_>,
    ) -> Result<(), Failure> {
        let window = 4 * pool.current_num_threads() as u64;
        let (sender, receiver) = mpsc::channel::<(u64, Option<(ChunkReport, Block<'m>)>)>();
        let linter = self;
        pool.in_place_scope(|scope| {
            let mut next = Some(first);
            let (mut sent, mut merged) = (0, 0);
            let mut waiting = BTreeMap::new();
            let mut unread = None;
            loop {
                while sent - merged < window
                    && let Some(chunk) = next.take()
                {
                    let reply = Reply { sender: sender.clone(), number: sent, answer: None };
                    scope.spawn(move |_| {
                        let mut reply = reply;
                        let mut worker = linter.worker();
                        let report = worker.chunk(&linter.plan, linter.settings, &chunk);
                        linter.put_back(worker);
                        reply.answer = Some((report, chunk.bytes));
                    });
                    sent += 1;
                    // What was read before an error is reported, however far the workers have come.
                    next = chunks.next().unwrap_or_else(|error| {
                        unread = Some(error);
                        None
                    });
                }
                if merged == sent {
                    return unread.map_or(Ok(()), |error| Err(Failure::Read(error)));
                }
                // Every chunk that is out answers, even if its worker panics; then the scope does.
                let Ok((number, Some(answer))) = receiver.recv() else { return Ok(()) };
                waiting.insert(number, answer);
                while let Some((report, block)) = waiting.remove(&merged) {
                    (linter.progress)(block.len() as u64);
                    file.check(merge.bytes + block.len() as u64)?;
                    merge.chunk(report, &block).map_err(Failure::Write)?;
                    chunks.recycle(block);
                    merged += 1;
                }
            }
        })
    }

    fn worker(&self) -> Worker {
        let spare = self.workers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Worker::new(self.settings, self.baseline.is_some()))
    }

    fn put_back(&self, worker: Worker) {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

/// The rules that are on. Without files to validate with nothing can stand there too, and no example need be known.
fn plan(settings: &Settings, left_out: &[bool], validates: bool) -> Plan {
    let mut plan = Plan::new(settings, left_out);
    if !validates {
        plan.overlap.clear();
        plan.validation.clear();
    }
    plan
}

/// The threads of a run; none if the system has none to give, and then the one at hand does the work.
pub(crate) fn thread_pool(settings: &Settings) -> Option<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(settings.threads.unwrap_or(0))
        .thread_name(|number| format!("lint-{number}"))
        .build()
        .ok()
}

/// Sends the answer of a chunk when dropped: also when its worker panicked, with none then.
struct Reply<'m> {
    sender: mpsc::Sender<(u64, Option<(ChunkReport, Block<'m>)>)>,
    number: u64,
    answer: Option<(ChunkReport, Block<'m>)>,
}

impl Drop for Reply<'_> {
    fn drop(&mut self) {
        // If nobody listens any more, the run has already failed.
        let _ = self.sender.send((self.number, self.answer.take()));
    }
}

struct File {
    name: String,
    extension: Option<String>,
    size: Option<u64>,
    watch: Option<Watch>,
    /// See [`FileFacts::same_as`].
    same_as: Option<String>,
}

impl File {
    /// Fails if the bytes up to `end` may not be those of the file any more.
    fn check(&self, end: u64) -> Result<(), Failure> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch.check(end).map_err(Failure::Read))
    }
}

/// What came of one chunk. Lines, examples and bytes count from its start.
struct ChunkReport {
    facts: LineFacts,
    counts: Vec<Tally>,
    findings: Vec<Finding>,
    /// For each finding the hash of its line, if there is a baseline.
    hashes: Vec<u128>,
    rows: Vec<ExampleRow>,
    /// What the examples say, if it is asked whether they stood before.
    digests: Vec<Digest>,
    /// What they ask and answer, if that is asked for.
    prints: Vec<Printed>,
}

/// What an example says, in short, and where it stands in the chunk.
struct Digest {
    of: u128,
    line: u64,
    example: u64,
    bytes: Range<usize>,
}

impl Default for ChunkReport {
    fn default() -> Self {
        ChunkReport {
            facts: LineFacts::default(),
            counts: vec![Tally::default(); RULES.len()],
            findings: Vec::new(),
            hashes: Vec::new(),
            rows: Vec::new(),
            digests: Vec::new(),
            prints: Vec::new(),
        }
    }
}

/// The examples that stood before, and the rules about them.
struct KnownExamples {
    examples: Arc<Mutex<Examples>>,
    repeated: Vec<(Active, RepeatedCheck)>,
    overlap: Vec<(Active, RepeatedCheck)>,
}

/// Puts chunks together: counts everything, and passes on the findings that are to be shown.
struct Merge<'r> {
    settings: &'r Settings,
    /// Prompts and answers, if they are compared.
    comparison: Option<Comparison>,
    /// The examples of the run, and the rules about those that stood before.
    known_examples: Option<KnownExamples>,
    reporter: &'r mut dyn Reporter,
    name: &'r str,
    facts: LineFacts,
    bytes: u64,
    counts: Vec<Tally>,
    shown: Vec<u64>,
    max_per_rule: u64,
    max_findings: Option<u64>,
    /// With a limit on all findings, those that may be shown: errors push out warnings.
    kept: Vec<Finding>,
    /// How many of them are warnings, and how many errors.
    kept_of: [u64; 2],
    baseline: Option<&'r Mutex<Baseline>>,
    /// How many findings the baseline knew.
    known: u64,
}

impl<'r> Merge<'r> {
    fn new(
        settings: &'r Settings,
        name: &'r str,
        reporter: &'r mut dyn Reporter,
        baseline: Option<&'r Mutex<Baseline>>,
    ) -> Self {
        Merge {
            settings,
            comparison: None,
            known_examples: None,
            reporter,
            name,
            facts: LineFacts::default(),
            bytes: 0,
            counts: vec![Tally::default(); RULES.len()],
            shown: vec![0; RULES.len()],
            max_per_rule: settings.max_per_rule.unwrap_or(u64::MAX),
            max_findings: settings.max_findings,
            kept: Vec::new(),
            kept_of: [0; 2],
            baseline,
            known: 0,
        }
    }

    fn chunk(&mut self, mut report: ChunkReport, block: &[u8]) -> io::Result<()> {
        self.repeats(&mut report, block);
        self.compare(&report.prints, block);
        for (total, count) in self.counts.iter_mut().zip(&report.counts) {
            total.add(count);
        }
        let mut hashes = report.hashes.into_iter();
        for mut finding in report.findings {
            if let Some(hash) = hashes.next()
                && self.is_known(&finding, || hash)
            {
                continue;
            }
            if let Some(place) = &mut finding.place {
                place.shift(self.facts.lines, self.facts.records, self.bytes);
            }
            if let Some(mend) = &mut finding.mend {
                mend.shift(self.bytes);
            }
            self.keep(finding)?;
        }
        for row in report.rows {
            self.reporter.example(self.name, &ExampleRow { line: row.line + self.facts.lines, ..row })?;
        }
        self.facts.merge(report.facts, self.bytes);
        self.bytes += block.len() as u64;
        Ok(())
    }

    /// Finds the examples of a chunk that stood before.
    fn repeats(&self, report: &mut ChunkReport, block: &[u8]) {
        let Some(known) = &self.known_examples else { return };
        if report.digests.is_empty() {
            return;
        }
        let mut examples = known.examples.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        let mut room = self.max_per_rule;
        for digest in &report.digests {
            let Some(repeated) = examples.add(digest.of, digest.line + self.facts.lines) else { continue };
            for (active, check) in if repeated.overlaps { &known.overlap } else { &known.repeated } {
                let message = check(&repeated);
                report.counts[active.index].found += 1;
                // Known findings are told by all of them.
                if room == 0 && self.baseline.is_none() {
                    continue;
                }
                room = room.saturating_sub(1);
                let bytes = &block[digest.bytes.clone()];
                let line = Line::new(bytes, digest.line, digest.bytes.start, bytes.len());
                let line = Line { example: digest.example, ..line };
                let place =
                    line.place(line.first_columns(), Some(String::new()), &mut Columns::default(), self.settings);
                let finding = Finding {
                    rule: active.rule,
                    severity: active.severity,
                    message: without_secrets(message),
                    help: None,
                    place: Some(place),
                    fix: None,
                    mend: None,
                };
                found.push((finding, self.baseline.map(|_| baseline::hash_line(bytes))));
            }
        }
        if found.is_empty() {
            return;
        }
        let hashes = std::mem::take(&mut report.hashes).into_iter().map(Some).chain(std::iter::repeat(None));
        found.extend(std::mem::take(&mut report.findings).into_iter().zip(hashes));
        found.sort_by(|(one, _), (other, _)| one.order(other));
        for (finding, hash) in found {
            report.findings.push(finding);
            report.hashes.extend(hash);
        }
    }

    /// Whether a finding is known; then it counts no more.
    fn is_known(&mut self, finding: &Finding, hash: impl FnOnce() -> u128) -> bool {
        let Some(baseline) = self.baseline else { return false };
        let known = baseline.lock().unwrap_or_else(PoisonError::into_inner).knows(finding.rule, hash());
        if known {
            self.counts[index_of(finding.rule)].leave_out(finding.fix);
            self.known += 1;
        }
        known
    }

    fn keep(&mut self, finding: Finding) -> io::Result<()> {
        let shown = &mut self.shown[index_of(finding.rule)];
        if *shown >= self.max_per_rule {
            return Ok(());
        }
        match self.max_findings {
            None => {
                *shown += 1;
                self.reporter.finding(self.name, &finding)
            }
            Some(max) => {
                let of_kind = &mut self.kept_of[usize::from(finding.severity == Severity::Error)];
                if *of_kind < max {
                    *of_kind += 1;
                    *shown += 1;
                    self.kept.push(finding);
                }
                Ok(())
            }
        }
    }

    /// Passes on what was kept, errors before warnings where not all may be shown.
    fn finish(mut self, settings: &Settings) -> io::Result<Vec<RuleCount>> {
        let max = usize::try_from(self.max_findings.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let mut room = max.saturating_sub(self.kept.iter().filter(|f| f.severity == Severity::Error).count());
        for finding in std::mem::take(&mut self.kept) {
            if finding.severity == Severity::Warning {
                if room == 0 {
                    self.shown[index_of(finding.rule)] -= 1;
                    continue;
                }
                room -= 1;
            }
            self.reporter.finding(self.name, &finding)?;
        }
        let counts = RULES.iter().zip(&self.counts).zip(&self.shown).filter(|((_, tally), _)| tally.found > 0);
        let counts = counts.filter_map(|((rule, tally), &shown)| {
            let severity = settings.severity(rule)?;
            let (fixable, unsafe_fixable) = (tally.safe, tally.risky);
            Some(RuleCount { rule, severity, found: tally.found, shown, fixable, unsafe_fixable })
        });
        Ok(counts.collect())
    }
}

/// The memory that a thread needs, reused from chunk to chunk.
struct Worker {
    parser: Parser,
    arguments: Parser,
    arena: Bump,
    counter: Option<ExampleCounter>,
    pending: Vec<Pending>,
    room: Vec<u64>,
    /// Whether lines with findings are hashed, for a baseline. It is asked before caps, so all findings are kept then.
    hash: bool,
}

impl Worker {
    fn new(settings: &Settings, hash: bool) -> Self {
        Worker {
            parser: Parser::default(),
            arguments: Parser::default(),
            arena: Bump::new(),
            counter: settings.tokens.then(|| {
                ExampleCounter::new(settings.encoding(), settings.images(), settings.context())
                    .with_own_tokenizer(settings.own_tokenizer())
            }),
            pending: Vec::new(),
            room: Vec::new(),
            hash,
        }
    }

    fn start_chunk(&mut self, settings: &Settings) {
        self.room.clear();
        let max = settings.max_per_rule.filter(|_| !self.hash);
        self.room.resize(RULES.len(), max.unwrap_or(u64::MAX));
    }

    fn chunk(&mut self, plan: &Plan, settings: &Settings, chunk: &Chunk<'_>) -> ChunkReport {
        let mut report = ChunkReport::default();
        self.start_chunk(settings);
        let mut parser = std::mem::take(&mut self.parser);
        let mut offset = 0;
        while offset < chunk.bytes.len() {
            let rest = &chunk.bytes[offset..];
            let (bytes, length) = first_line(rest);
            let line = report.facts.lines + 1;
            let here = Line::new(bytes, line, offset, length);
            let (lines, consumed) = if bytes.trim_ascii_start().is_empty() {
                let (lines, consumed) = blank_lines(rest);
                let here = Line { length: consumed, ..here };
                // At the end of the file blank lines are nothing.
                if !chunk.last || consumed < rest.len() {
                    self.record(plan, settings, &Record::Blank { lines }, &At::Line, &here, &mut report);
                }
                (lines, consumed)
            } else if let Ok(doc) = parser.parse(bytes) {
                report.facts.records += 1;
                let here = Line { doc: Some(&doc), example: report.facts.records, ..here };
                self.value(plan, settings, &doc, &here, &mut report);
                (1, length)
            } else {
                let broken = syntax::diagnose(rest);
                let (bytes, length) = lines(rest, broken.lines);
                let records = records(&broken.slip);
                let example = if records > 0 { report.facts.records + 1 } else { 0 };
                report.facts.records += records;
                report.facts.stray += u64::from(records == 0);
                let here = Line { bytes, length, lines: broken.lines as u64, example, ..here };
                let at = At::Bytes(broken.span.clone());
                if broken.slip == Slip::MergeConflict {
                    let span = broken.span.clone();
                    report.facts.add_merge_marker(|| here.place(span, None, &mut Columns::default(), settings));
                }
                self.record(plan, settings, &Record::Broken(&broken), &at, &here, &mut report);
                (broken.lines as u64, length)
            };
            offset += consumed;
            report.facts.lines += lines;
        }
        self.parser = parser;
        report
    }

    /// Judges something that is no example.
    fn record(
        &mut self,
        plan: &Plan,
        settings: &Settings,
        record: &Record<'_>,
        at: &At,
        here: &Line<'_>,
        report: &mut ChunkReport,
    ) {
        for &(active, check) in &plan.record {
            check(record, &mut sink(settings, active, &mut report.counts, &mut self.room, &mut self.pending));
        }
        for pending in &mut self.pending {
            if pending.at == At::Line {
                pending.at = at.clone();
            }
        }
        let undo = if let Record::Broken(broken) = record { broken.undo.as_ref() } else { None };
        here.locate(&mut self.pending, undo, self.hash, settings, report);
    }

    /// Judges a line that is JSON.
    fn value(&mut self, plan: &Plan, settings: &Settings, doc: &Doc<'_>, here: &Line<'_>, report: &mut ChunkReport) {
        self.arena.reset();
        let Some(example) = Example::read(doc, &self.arena, &mut self.arguments) else {
            for &(active, check) in &plan.record {
                let mut sink = sink(settings, active, &mut report.counts, &mut self.room, &mut self.pending);
                check(&Record::Value(doc), &mut sink);
            }
            here.locate(&mut self.pending, None, self.hash, settings, report);
            return;
        };
        let (counts, room, pending) = (&mut report.counts, &mut self.room, &mut self.pending);
        for &(active, check) in &plan.example {
            check(&example, &mut sink(settings, active, counts, room, pending));
        }
        for &(active, features, check) in &plan.example_with {
            if example.features.intersects(features) {
                check(&example, &mut sink(settings, active, counts, room, pending));
            }
        }
        for message in example.messages() {
            for &(active, check) in &plan.message {
                check(&example, message, &mut sink(settings, active, counts, room, pending));
            }
            for &(active, features, check) in &plan.message_with {
                if message.features.intersects(features) {
                    check(&example, message, &mut sink(settings, active, counts, room, pending));
                }
            }
        }
        if let Some(counter) = &mut self.counter {
            let tokens = counter.count(&example);
            for &(active, check) in &plan.tokens {
                let mut sink = sink(settings, active, &mut report.counts, &mut self.room, &mut self.pending);
                check(&example, &tokens, &mut sink);
            }
            report.facts.tokens.add(&tokens, here.line);
            if settings.per_example {
                report.rows.push(ExampleRow {
                    line: here.line,
                    tokens: tokens.total,
                    answer_tokens: tokens.answers,
                    cut_off: tokens.cut_off(),
                    estimate: tokens.estimate,
                });
            }
        }
        if plan.asks() {
            let Line { line, example: number, offset, .. } = *here;
            report.prints.push(Printed { print: Print::of(&example), line, example: number, offset });
        }
        if !plan.repeated.is_empty() || !plan.overlap.is_empty() {
            let (of, bytes) = (doc.digest(NodeId::ROOT), here.offset..here.offset + here.bytes.len());
            report.digests.push(Digest { of, line: here.line, example: here.example, bytes });
        }
        if !settings.item_paths.is_empty() {
            report.facts.wanted.add(&example, &settings.item_paths, here.line);
        }
        here.locate(&mut self.pending, None, self.hash, settings, report);
        report.facts.add(&example, |at| here.place_of(&at, settings));
    }
}

fn sink<'s>(
    settings: &'s Settings,
    active: Active,
    counts: &'s mut [Tally],
    room: &'s mut [u64],
    pending: &'s mut Vec<Pending>,
) -> Sink<'s> {
    Sink { settings, active, counts, room, pending, kept: false }
}

/// How many examples there are in what is broken in this way.
fn records(slip: &Slip) -> u64 {
    match slip {
        // Once they are on lines of their own there are as many as the user thinks there are.
        Slip::JoinedRecords { count } => *count as u64,
        slip => u64::from(slip.is_record()),
    }
}

/// How many blank lines there are at the start of `bytes`, and their length.
fn blank_lines(bytes: &[u8]) -> (u64, usize) {
    let (mut lines, mut end) = (0, 0);
    while end < bytes.len() {
        let (line, length) = first_line(&bytes[end..]);
        if !line.trim_ascii_start().is_empty() {
            break;
        }
        lines += 1;
        end += length;
    }
    (lines, end)
}

/// The first `count` lines of `bytes` without the last line's end, and their length with it.
fn lines(bytes: &[u8], count: usize) -> (&[u8], usize) {
    let mut length = 0;
    let mut end = 0;
    for _ in 0..count {
        let (line, consumed) = first_line(&bytes[length..]);
        end = length + line.len();
        length += consumed;
    }
    (&bytes[..end], length)
}

/// How far around a place secrets are looked for, in bytes: longer than any of them, and than what is shown.
const NEAR: usize = 32 * 1024;

/// The record at hand, for places in it.
struct Line<'a> {
    bytes: &'a [u8],
    doc: Option<&'a Doc<'a>>,
    /// Its first physical line, counted from 1 in the chunk.
    line: u64,
    /// How many physical lines it has.
    lines: u64,
    /// Its number among the examples, from 1; 0 if it is none.
    example: u64,
    /// Where it starts in the chunk.
    offset: usize,
    /// Its length with the end of its last line.
    length: usize,
    /// See [`Line::hidden`].
    hidden: OnceCell<Vec<Range<usize>>>,
    /// See [`Line::hash`].
    hash: OnceCell<u128>,
}

impl<'a> Line<'a> {
    /// A physical line that is no example, for all that is known yet.
    fn new(bytes: &'a [u8], line: u64, offset: usize, length: usize) -> Self {
        let (hidden, hash) = (OnceCell::new(), OnceCell::new());
        Line { bytes, doc: None, line, lines: 1, example: 0, offset, length, hidden, hash }
    }
}

impl Line<'_> {
    /// Turns what was found in this line into findings, in the order of the report.
    fn locate(
        &self,
        pending: &mut Vec<Pending>,
        undo: Option<&Undo>,
        hash: bool,
        settings: &Settings,
        report: &mut ChunkReport,
    ) {
        if pending.is_empty() {
            return;
        }
        let mut located: Vec<(Range<usize>, Pending)> =
            pending.drain(..).map(|pending| (self.span(&pending.at), pending)).collect();
        located.sort_by(|(a, first), (b, second)| {
            (a.start, first.active.rule.code).cmp(&(b.start, second.active.rule.code))
        });
        if hash {
            report.hashes.extend(std::iter::repeat_n(self.hash(), located.len()));
        }
        let mut columns = Columns::default();
        for (span, pending) in located {
            let pointer = self.pointer(&pending.at);
            let mend = pending.repair.as_ref().and_then(|repair| self.mend(repair, undo));
            report.findings.push(Finding {
                rule: pending.active.rule,
                severity: pending.active.severity,
                message: without_secrets(pending.message),
                help: pending.help.map(without_secrets),
                place: Some(self.place(span, pointer.map(pointer_without_secrets), &mut columns, settings)),
                fix: pending.fix,
                mend: mend.map(Box::new),
            });
        }
    }

    /// A place in a line that is JSON, for the first of a kind: it is seldom shown. So of a long line only what is near
    /// is searched for secrets: an image of megabytes is not looked through for a window of a few columns.
    fn place_of(&self, at: &At, settings: &Settings) -> Place {
        let span = self.span(at);
        if self.bytes.len() > 2 * NEAR && self.hidden.get().is_none() {
            let near = span.start.saturating_sub(NEAR)..self.bytes.len().min(span.start + NEAR);
            let hidden = secrets::hidden(&self.bytes[near.clone()]).into_iter();
            let hidden: Vec<_> = hidden.map(|secret| secret.start + near.start..secret.end + near.start).collect();
            let line = Line { hidden: OnceCell::from(hidden), hash: self.hash.clone(), ..*self };
            return line.place(span, self.pointer(at), &mut Columns::default(), settings);
        }
        self.place(span, self.pointer(at), &mut Columns::default(), settings)
    }

    fn pointer(&self, at: &At) -> Option<String> {
        match (at, self.doc) {
            (At::Node(node) | At::Inside(node, _), Some(doc)) => Some(doc.pointer(*node)),
            (_, Some(_)) => Some(String::new()),
            _ => None,
        }
    }

    /// What a repair comes to in bytes of the chunk; `None` if it cannot be done here.
    fn mend(&self, repair: &Repair, undo: Option<&Undo>) -> Option<Mend> {
        let record = self.offset..self.offset + self.length;
        let whole = || vec![(0..self.length, String::new())];
        let edits = match repair {
            Repair::Rewrite => Vec::new(),
            Repair::Drop => whole(),
            Repair::Undo if undo?.drops() => whole(),
            Repair::Undo => undo?.edits(self.bytes, if self.bytes.ends_with(b"\r") { "\r\n" } else { "\n" }),
            Repair::Change(changes) => crate::fix::edits(self.doc?, changes)?,
        };
        let range = |range: Range<usize>| (range.start + self.offset) as u64..(range.end + self.offset) as u64;
        let edits = edits.into_iter().map(|(at, with)| Edit { range: range(at), with }).collect();
        Some(Mend { record: record.start as u64..record.end as u64, edits })
    }

    /// The bytes that must not be shown, whichever rules are on. Looked for only in lines of which something is shown.
    fn hidden(&self) -> &[Range<usize>] {
        self.hidden.get_or_init(|| secrets::hidden(self.bytes))
    }

    /// The hash of the record, made once and only if there is a place in it.
    fn hash(&self) -> u128 {
        *self.hash.get_or_init(|| baseline::hash_line(self.bytes))
    }

    fn span(&self, at: &At) -> Range<usize> {
        match (at, self.doc) {
            (At::Node(node), Some(doc)) => doc.span(*node),
            (At::Inside(node, decoded), Some(doc)) => doc.span_inside(*node, decoded.clone()),
            (At::Bytes(span), _) => span.clone(),
            _ => self.first_columns(),
        }
    }

    /// The text of the first physical line without the white space around it, unless that is all there is.
    fn first_columns(&self) -> Range<usize> {
        let line = if self.lines > 1 { first_line(self.bytes).0 } else { self.bytes };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = line.trim_ascii_start();
        if text.is_empty() { 0..line.len() } else { line.len() - text.len()..line.trim_ascii_end().len() }
    }

    fn place(&self, span: Range<usize>, pointer: Option<String>, columns: &mut Columns, settings: &Settings) -> Place {
        // In a record over several lines the place is on the line where the span starts.
        let (above, down, bytes) = if self.lines > 1 {
            let above = memchr::memrchr(b'\n', &self.bytes[..span.start]).map_or(0, |newline| newline + 1);
            let down = memchr::memchr_iter(b'\n', &self.bytes[..above]).count() as u64;
            (above, down, first_line(&self.bytes[above..]).0)
        } else {
            (0, 0, self.bytes)
        };
        let hidden = self.hidden();
        let first = hidden.partition_point(|range| range.end <= above);
        // Only a record over several lines has to be moved, and it has few secrets.
        let moved: Vec<Range<usize>>;
        let hidden = if above == 0 {
            hidden
        } else {
            let here = hidden[first..].iter().take_while(|range| range.start < above + bytes.len());
            moved = here.map(|range| range.start.saturating_sub(above)..range.end - above).collect();
            &moved
        };
        let start = (self.offset + span.start) as u64;
        let file = start..start + span.len() as u64;
        let span = span.start - above..span.end - above;
        let (column, end_column) = columns.of(bytes, &span);
        Place {
            line: self.line + down,
            last_line: self.line + self.lines - 1,
            example: self.example,
            column,
            end_column,
            bytes: file,
            line_hash: self.hash(),
            snippet: snippet_hiding(bytes, &span, settings.snippet_width, hidden),
            span,
            pointer,
        }
    }
}

/// A text of a report, which quotes data, without the secrets in it.
fn without_secrets(text: String) -> String {
    match secrets::redact(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}

/// As [`without_secrets`]: keys may have slashes, which pointers write otherwise.
fn pointer_without_secrets(pointer: String) -> String {
    let key = |step: &str| step.replace("~1", "/").replace("~0", "~");
    if !pointer.split('/').any(|step| matches!(secrets::redact(&key(step)), Cow::Owned(_))) {
        return pointer;
    }
    let step = |step: &str| secrets::redact(&key(step)).replace('~', "~0").replace('/', "~1");
    pointer.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// Counts the code points of a line up to the spans of findings, which come in order: the count goes on from the start
/// of the last one, and a line with 100,000 findings is not counted 100,000 times.
#[derive(Default)]
struct Columns {
    bytes: usize,
    code_points: u64,
}

impl Columns {
    /// The columns, from 1, of the first character of `span` and behind its last.
    fn of(&mut self, line: &[u8], span: &Range<usize>) -> (u64, u64) {
        let (start, end) = (span.start.min(line.len()), span.end.min(line.len()));
        if start < self.bytes {
            *self = Columns::default();
        }
        self.code_points += code_points(&line[self.bytes..start]);
        self.bytes = start;
        (1 + self.code_points, 1 + self.code_points + code_points(&line[start..end]))
    }
}

fn code_points(text: &[u8]) -> u64 {
    // Counts that fit a byte are added up many at a time.
    let of_block = |block: &[u8]| block.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>();
    text.chunks(255).map(|block| u64::from(of_block(block))).sum()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// What a disk gives that is no good any more.
    struct Torn;

    impl Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("torn"))
        }
    }

    #[test]
    fn what_was_found_before_a_read_error_is_shown() {
        // With a cap findings are held back until the end of the file, without one they are not.
        for (max_findings, threads) in [(None, None), (Some(50), None), (None, Some(1)), (Some(50), Some(1))] {
            let settings = Settings { max_per_rule: Some(5), max_findings, threads, ..Settings::default() };
            let mut findings: Vec<Finding> = Vec::new();
            let file = File { name: "torn.jsonl".to_owned(), extension: None, size: None, watch: None, same_as: None };
            let lines = "{\"prompt\":\"2+2=\",\"completion\":\"\"}\n".repeat(40_000);
            let chunks = Chunks::stream(Box::new(io::Cursor::new(lines).chain(Torn)));
            let result = Linter::new(&settings).lint_chunks(file, chunks, &mut findings);
            assert!(matches!(result, Err(Failure::Read(_))));
            assert_eq!(findings.len(), 5, "{max_findings:?}, {threads:?}");
        }
    }
}
