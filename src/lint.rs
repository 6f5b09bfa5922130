//! The pipeline: what a file is as a whole, its lines chunk by chunk, and what all of it comes to.

mod compare;
mod dispatch;
mod edits;
mod history;
mod line;
mod merge;
mod near;
mod plan;
mod records;
mod request;
mod room;
mod tools;
mod worker;

use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::baseline::{self, Baseline};
use crate::dataset::{Examples, FileFacts, KnownTools, Repeated, SameAs, Split};
use crate::example::Format;
use crate::finding::Finding;
use crate::input::{self, Input, Watch, describe};
use crate::lines::{Chunk, Chunks, first_line};
use crate::outcome::{Failure, FileReport, Fixed, Reporter};
use crate::rule::{At, FileSink, Record, Rule};
use crate::settings::Settings;
use crate::shape::{HEAD, Shape, first_line_of_text};
use crate::target::{Model, State};
use crate::text::snippet;
use crate::timing::{Clock as _, Stage, Stopwatch, Timings};
use crate::training::Job;

use compare::Comparison;
pub(crate) use compare::Printed;
use line::Line;
use merge::Merge;
use near::NearDuplicates;
use plan::Plan;
pub(crate) use records::Head;
use room::Room;
use worker::{ChunkReport, Worker};

pub(crate) use dispatch::thread_pool;
pub use history::look_up;
pub use request::{JobInputs, RequestFiles, Wanted, lint_job};

/// What can be mended in some lines.
pub(crate) struct Repairs {
    pub findings: Vec<Finding>,
    /// How many lines there are.
    pub lines: u64,
    /// The examples, if the rule about those that stood before is on.
    pub prints: Vec<Printed>,
}

/// Reads inputs one after the other and hands what is found to a reporter.
pub struct Linter<'s> {
    /// What was asked for.
    asked: &'s Settings,
    /// What of it holds for the file at hand, see [`Settings::for_file`].
    settings: Arc<Settings>,
    /// The rules that are left out in the file at hand.
    left_out: Vec<bool>,
    plan: Plan,
    pool: Option<rayon::ThreadPool>,
    workers: Mutex<Vec<Worker>>,
    /// What may still be shown of the file at hand.
    room: Arc<Room>,
    progress: Box<dyn Fn(u64) + Sync + 's>,
    fixed: Vec<Fixed>,
    /// Findings that are known. Only the thread that merges asks it.
    baseline: Option<&'s Mutex<Baseline>>,
    /// The examples of all files of the run. Only the thread that merges asks for them.
    examples: Arc<Mutex<Examples>>,
    /// The tools of all files of the run, likewise.
    tools: Arc<Mutex<KnownTools>>,
    split: Split,
    /// What takes how long, if that is asked for.
    timings: Option<&'s Mutex<Timings>>,
    /// Whether there are training files and validation files.
    validates: bool,
}

impl<'s> Linter<'s> {
    /// A linter that does as the settings say.
    #[must_use]
    pub fn new(settings: &'s Settings) -> Self {
        Linter {
            asked: settings,
            settings: Arc::new(settings.clone()),
            left_out: Vec::new(),
            plan: Plan::new(settings, false),
            pool: None,
            workers: Mutex::default(),
            room: Arc::new(Room::new(settings)),
            progress: Box::new(|_| {}),
            fixed: Vec::new(),
            baseline: None,
            examples: Arc::default(),
            tools: Arc::default(),
            split: Split::Training,
            timings: None,
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

    /// Measures what takes how long.
    #[must_use]
    pub fn with_timings(mut self, timings: Option<&'s Mutex<Timings>>) -> Self {
        self.timings = timings;
        self
    }

    /// Reads files for this split, and knows the examples that other linters of the run have seen. `validates` says whether
    /// there are files of both splits.
    #[must_use]
    pub fn with_examples(mut self, examples: &Arc<Mutex<Examples>>, split: Split, validates: bool) -> Self {
        (self.examples, self.split, self.validates) = (Arc::clone(examples), split, validates);
        self.plan = Plan::new(&self.settings, validates);
        self
    }

    /// Knows the tools that other linters of the run have seen.
    #[must_use]
    pub fn with_tools(mut self, tools: &Arc<Mutex<KnownTools>>) -> Self {
        self.tools = Arc::clone(tools);
        self
    }

    /// Says what was mended in the input that is linted next, for its report.
    pub fn after_fixing(&mut self, fixed: Vec<Fixed>) {
        self.fixed = fixed;
    }

    /// Lints what a reader gives as if it were standard input.
    ///
    /// # Errors
    /// Nothing of the input can be read, or the report cannot be written.
    pub fn lint_stream(
        &mut self,
        name: String,
        reader: Box<dyn io::Read + Send>,
        reporter: &mut dyn Reporter,
    ) -> Result<FileReport, Failure> {
        let same_as = self.begin(&name, None);
        let file = File { name, same_as, ..File::default() };
        self.lint_chunks(file, Chunks::stream(reader), reporter)
    }

    /// What can be mended in some whole lines. All places count from their start.
    pub(crate) fn repairs(&self, chunk: &Chunk<'_>) -> Repairs {
        let mut worker = self.worker();
        let report = worker.chunk(&self.plan, &self.settings, chunk, &self.room, &mut ());
        self.put_back(worker);
        Repairs { findings: report.findings, lines: report.facts.lines, prints: report.prints }
    }

    /// Begins a file of which only [`Linter::repairs`] are asked for.
    pub(crate) fn begin_repairs(&mut self, name: &str, input: Option<&Input>, split: Split) {
        self.split = split;
        self.plan_for(name);
        self.begin(name, input);
    }

    /// The rule about examples that stood before, if it is on, and those that were seen.
    pub(crate) fn repeated(&self) -> Option<(&'static Rule, &Mutex<Examples>)> {
        self.plan.repeated.first().map(|(active, _)| (active.rule, &*self.examples))
    }

    /// What can be mended in a file as a whole, as far as its first bytes tell.
    pub(crate) fn repairs_of_head(&self, head: &Head<'_>) -> Vec<Finding> {
        let record = head.record();
        record.map(|(record, span)| self.judge_head(head.bytes, &record, span).findings).unwrap_or_default()
    }

    /// Lints one input. Findings reach the reporter in the order of the file, and then its report, also if the file
    /// cannot be read to its end.
    ///
    /// # Errors
    /// Nothing of the input can be read, or the report cannot be written.
    pub fn lint(&mut self, input: &Input, reporter: &mut dyn Reporter) -> Result<FileReport, Failure> {
        let mut source = input.open(self.settings.mmap).map_err(Failure::Read)?;
        let file = File {
            name: input.name(),
            extension: source.extension.take(),
            disguised: source.disguised,
            size: source.size,
            watch: source.watch.take(),
            same_as: self.begin(&input.name(), Some(input)),
        };
        self.lint_chunks(file, source.chunks(), reporter)
    }

    /// Lints bytes in memory as if they were a file of this name. They are read to their end unless a line has more than
    /// 1 GiB: see [`FileReport::failure`].
    pub fn lint_bytes(&mut self, name: &str, bytes: &[u8]) -> (FileReport, Vec<Finding>) {
        let mut findings = Vec::new();
        let extension = Some(input::extension(Path::new(name)));
        let file = File { name: name.to_owned(), extension, size: Some(bytes.len() as u64), ..File::default() };
        // These bytes are all that there is.
        let others = (std::mem::take(&mut self.examples), std::mem::take(&mut self.tools));
        self.begin(name, None);
        let result = self.lint_chunks(file, Chunks::mapped(bytes), &mut findings);
        (self.examples, self.tools) = others;
        match result {
            Ok(report) => (report, findings),
            Err(failure) => unreachable!("memory is there and can be written: {failure:?}"),
        }
    }

    /// Tells the examples of the run that those of another file come.
    fn begin(&self, name: &str, input: Option<&Input>) -> Option<SameAs> {
        self.examples.lock().unwrap_or_else(PoisonError::into_inner).begin(name, input, self.split)
    }

    /// Tells the examples of the run what the file was in, and what they know of the files to train on.
    fn trained(&self, format: Option<Format>) -> Vec<(Format, String)> {
        let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        examples.end(format);
        examples.trained()
    }

    /// Some rules may be left out in this file.
    fn plan_for(&mut self, name: &str) {
        let left_out = self.asked.selection.left_out(Path::new(name));
        if left_out != self.left_out {
            self.settings = Arc::new(self.asked.for_file(Path::new(name)));
            self.plan = Plan::new(&self.settings, self.validates);
            self.left_out = left_out;
        }
    }

    fn lint_chunks(
        &mut self,
        file: File,
        mut chunks: Chunks<'_>,
        reporter: &mut dyn Reporter,
    ) -> Result<FileReport, Failure> {
        // Of what cannot be read at all there is no report.
        chunks.peek(HEAD).map_err(Failure::Read)?;
        self.plan_for(&file.name);
        let settings = Arc::clone(&self.settings);
        let settings = &*settings;
        self.room.clear();
        // Of a file that cannot be read to its end nothing is told by the report of the next one.
        let fixed = std::mem::take(&mut self.fixed);
        let mut merge = Merge::new(settings, &file.name, reporter, self.baseline, Arc::clone(&self.room));
        merge.comparison = Comparison::new(&self.examples, &self.plan);
        let looks_near = !self.plan.near.is_empty();
        merge.near = looks_near.then(|| NearDuplicates::new(&self.examples, &file.name, settings));
        let shape = match self.lint_head_and_lines(&file, chunks, &mut merge) {
            Ok(shape) => shape,
            Err(Failure::Write(error)) => return Err(Failure::Write(error)),
            Err(Failure::Read(error)) => {
                // What was found before is shown and counted all the same.
                let (lines, known, size) = (std::mem::take(&mut merge.facts), merge.known, merge.bytes);
                let counts = merge.finish(settings).map_err(Failure::Write)?;
                let facts = FileFacts { extension: file.extension, size, lines, ..FileFacts::default() };
                let failure = Some(describe(&error));
                let (job, jobs) = (None, Vec::new());
                let report = FileReport { failure, job, jobs, known, counts, fixed, ..self.report(file.name, facts) };
                reporter.file(&report).map_err(Failure::Write)?;
                return Ok(report);
            }
        };
        let disguised = file.disguised.filter(|_| shape == Shape::JsonLines);
        let mut findings = disguised.map(|what| self.disguised(what, &mut merge)).unwrap_or_default();
        let lines = std::mem::take(&mut merge.facts);
        let facts = FileFacts {
            trained: self.trained(lines.kind(settings.target)),
            extension: file.extension,
            size: file.size.unwrap_or(0).max(merge.bytes),
            same_as: file.same_as,
            shape,
            comparison: merge.comparison.take().map(Comparison::finish).unwrap_or_default(),
            inconsistent_tools: self.known_tools().add(&file.name, &lines.tools, |sight| tools::place(sight, settings)),
            near: merge.near.take().map(|near| near.finish(settings)).unwrap_or_default(),
            lines,
        };
        self.judge_file(&facts, &mut findings, &mut merge);
        for finding in findings {
            if !merge.is_known(&finding, || baseline::hash_file(&file.name)) {
                merge.keep(finding).map_err(Failure::Write)?;
            }
        }
        let known = merge.known;
        let counts = merge.finish(settings).map_err(Failure::Write)?;
        let changed = file.watch.is_some_and(|watch| watch.is_changed());
        let report = FileReport { changed, known, counts, fixed, ..self.report(file.name, facts) };
        reporter.file(&report).map_err(Failure::Write)?;
        Ok(report)
    }

    /// What comes of a file by these facts, but for what was found.
    fn report(&self, name: String, facts: FileFacts) -> FileReport {
        let settings = &*self.settings;
        let taken = facts.lines.foreign.keys().filter(|shape| settings.target.takes_shape(**shape));
        let makes_jobs = settings.profile && self.split == Split::Training;
        FileReport {
            name,
            split: self.split,
            failure: None,
            changed: false,
            target: settings.target,
            context: settings.context(),
            encoding: settings.encoding().name(),
            unlinted: taken.map(|shape| shape.name()).collect(),
            untrained: self.untrained(&facts),
            job: Job::of(&facts.lines.tokens, settings),
            jobs: if makes_jobs { Job::all(&facts.lines, settings) } else { Vec::new() },
            knows_models: settings.models().next().is_some(),
            facts,
            known: 0,
            errors_only: settings.errors_only,
            counts: Vec::new(),
            fixed: Vec::new(),
        }
    }

    /// Lints what a file begins with, and its lines if it has any. Returns what it is as a whole.
    fn lint_head_and_lines(
        &mut self,
        file: &File,
        mut chunks: Chunks<'_>,
        merge: &mut Merge<'_>,
    ) -> Result<Shape, Failure> {
        let head = Head::of(&mut chunks).map_err(Failure::Read)?;
        if let Some((record, span)) = head.record() {
            let found = self.judge_head(head.bytes, &record, span);
            merge.chunk(found, &[]).map_err(Failure::Write)?;
        }
        let (shape, length, mark) = (head.shape().clone(), head.bytes.len(), head.mark());
        if shape != Shape::JsonLines {
            merge.bytes = length as u64;
            return chunks.failure().map_or(Ok(shape), |error| Err(Failure::Read(error)));
        }
        chunks.skip(mark);
        merge.bytes = mark as u64;
        self.lint_lines(file, chunks, merge).map_err(|failure| failure.at(merge.facts.lines + 1))?;
        Ok(shape)
    }

    /// Judges a file by what was learnt of all of it.
    fn judge_file(&self, facts: &FileFacts, findings: &mut Vec<Finding>, merge: &mut Merge<'_>) {
        let validation = self.plan.validation.iter().filter(|_| self.split == Split::Validation);
        let mut clock = self.timings.map(|_| Stopwatch::start());
        for &(active, check) in self.plan.whole_files().chain(validation) {
            let before = findings.len();
            check(facts, &mut FileSink { settings: &self.settings, active, findings });
            clock.iter_mut().for_each(|clock| clock.rule(active));
            merge.counts[active.index].found += (findings.len() - before) as u64;
        }
        if let Some(clock) = clock {
            self.add_timings(clock);
        }
        if let Some(same) = facts.same_as.as_ref().filter(|same| !same.overlaps && facts.lines.examples > 0) {
            let repeated = Repeated { overlaps: false, first_file: Some(&same.name), first_line: None };
            for &(active, check) in &self.plan.repeated {
                let mut sink = FileSink { settings: &self.settings, active, findings };
                // Of a copy no line is left out: the file itself is one too many.
                let help = Some("Leave one of the two files out.".to_owned());
                sink.report_with(None, format_args!("{}", check(&repeated)), help);
                merge.counts[active.index].found += 1;
            }
        }
        findings.sort_by(Finding::order);
    }

    /// See [`FileReport::untrained`]. Whoever named a model is told by a rule.
    fn untrained(&self, facts: &FileFacts) -> Vec<Format> {
        let settings = &self.settings;
        if settings.model.is_some() || !settings.file_jobs || settings.models().next().is_none() {
            return Vec::new();
        }
        let is_open = |model: &&Model| model.state != State::Closed;
        let is_trained = |format| settings.models().filter(is_open).any(|model| model.accepts(format));
        let taken = |format: &Format| settings.target.takes(*format);
        facts.lines.formats.keys().copied().filter(|format| taken(format) && !is_trained(*format)).collect()
    }

    /// What there is to say of compressed lines under a name that promises plain ones: about the file as a whole, since
    /// what is shown of it is not in it as such.
    fn disguised(&self, what: &'static str, merge: &mut Merge<'_>) -> Vec<Finding> {
        let report = self.judge_head(b"", &Record::WholeFile(&Shape::Binary { what }), 0..0);
        merge.counts.iter_mut().zip(&report.counts).for_each(|(all, here)| all.found += here.found);
        let mut findings = report.findings;
        findings.iter_mut().for_each(|finding| finding.place = None);
        findings
    }

    /// Judges what the first bytes of the file tell.
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
        worker.start_chunk(&self.room);
        worker.record(&self.plan, &self.settings, record, &at, &here, &mut report, &mut ());
        worker.end_chunk(&mut report);
        self.put_back(worker);
        // A text in another encoding is shown as it reads: its bytes say little, and no secret is known among them.
        if let Record::WholeFile(shape) = record
            && let Some(line) = first_line_of_text(shape, head)
        {
            let first = line.chars().next().map_or(0, char::len_utf8);
            for place in report.findings.iter_mut().filter_map(|finding| finding.place.as_mut()) {
                place.snippet = snippet(line.as_bytes(), &(0..first), self.settings.snippet_width);
            }
        }
        report
    }

    /// Merges the report of a chunk, as long as its bytes are at hand.
    fn merge(&self, merge: &mut Merge<'_>, mut report: ChunkReport, block: &[u8]) -> Result<(), Failure> {
        let parameters = !self.plan.parameters.is_empty();
        tools::look_at(merge, &mut report.facts.tools, &self.known_tools(), parameters, block);
        merge.chunk(report, block).map_err(Failure::Write)
    }

    fn known_tools(&self) -> MutexGuard<'_, KnownTools> {
        self.tools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lint_chunk(&self, worker: &mut Worker, chunk: &Chunk<'_>) -> ChunkReport {
        if self.timings.is_none() {
            return worker.chunk(&self.plan, &self.settings, chunk, &self.room, &mut ());
        }
        let mut clock = Stopwatch::start();
        let report = worker.chunk(&self.plan, &self.settings, chunk, &self.room, &mut clock);
        self.add_timings(clock);
        report
    }

    /// Does something, and measures how long it takes if that is asked for.
    fn timed<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let mut clock = self.timings.map(|_| Stopwatch::start());
        let done = work();
        if let Some(mut clock) = clock.take() {
            clock.stage(stage);
            self.add_timings(clock);
        }
        done
    }

    fn add_timings(&self, clock: Stopwatch) {
        if let Some(timings) = self.timings {
            timings.lock().unwrap_or_else(PoisonError::into_inner).add(&clock.stop());
        }
    }

    fn worker(&self) -> Worker {
        let spare = self.workers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Worker::new(&self.settings, self.baseline.is_some()))
    }

    fn put_back(&self, worker: Worker) {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
    }
}

#[derive(Default)]
struct File {
    name: String,
    extension: Option<String>,
    /// See [`input::Source::disguised`].
    disguised: Option<&'static str>,
    size: Option<u64>,
    watch: Option<Watch>,
    /// See [`FileFacts::same_as`].
    same_as: Option<SameAs>,
}

impl File {
    /// Fails if the bytes up to `end` may not be those of the file any more.
    fn check(&self, end: u64) -> Result<(), Failure> {
        self.watch.as_ref().map_or(Ok(()), |watch| watch.check(end).map_err(Failure::Read))
    }
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
    fn of_what_cannot_be_read_at_all_there_is_no_report() {
        let settings = Settings::default();
        let mut findings: Vec<Finding> = Vec::new();
        let result = Linter::new(&settings).lint_stream("torn.jsonl".to_owned(), Box::new(Torn), &mut findings);
        assert!(matches!(result, Err(Failure::Read(_))) && findings.is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_ends_the_reading_of_memory_too() {
        let settings = Settings { tokens: false, ..Settings::default() };
        let mut findings: Vec<Finding> = Vec::new();
        let line = b"{\"prompt\":\"2+2=\",\"completion\":\"\"}\n";
        let bytes = [line.as_slice(), &[b'x'; 100]].concat();
        let file = File { name: "long.jsonl".to_owned(), ..File::default() };
        let report = Linter::new(&settings).lint_chunks(file, Chunks::mapped(&bytes).up_to(60), &mut findings).unwrap();
        assert!(report.failure.is_some_and(|why| why.starts_with("line 2: ")));
        assert_eq!((report.counts.len(), findings.len()), (1, 1));
    }

    #[test]
    fn what_was_found_before_a_read_error_is_shown_and_counted() {
        // With a cap findings are held back until the end of the file, without one they are not.
        let caps = [(None, None), (Some(50), None), (None, Some(1)), (Some(50), Some(1))];
        // The first bytes are looked at before anything is linted.
        for ((max_findings, threads), count) in caps.into_iter().flat_map(|caps| [(caps, 40_000), (caps, 10)]) {
            let settings = Settings { max_per_rule: Some(5), max_findings, threads, ..Settings::default() };
            let mut findings: Vec<Finding> = Vec::new();
            let file = File { name: "torn.jsonl".to_owned(), ..File::default() };
            let lines = "{\"prompt\":\"2+2=\",\"completion\":\"\"}\n".repeat(count);
            let chunks = Chunks::stream(Box::new(io::Cursor::new(lines).chain(Torn)));
            let result = Linter::new(&settings).lint_chunks(file, chunks, &mut findings);
            assert_eq!(findings.len(), 5, "{max_findings:?}, {threads:?}");
            let report = result.unwrap();
            assert_eq!(report.failure.as_deref(), Some("torn"));
            // Nothing is known of what takes the whole file, such as whether it has enough examples.
            let counts: Vec<_> =
                report.counts.iter().map(|count| (count.rule.name, count.found, count.shown)).collect();
            let found = report.facts.lines.records;
            assert_eq!(counts, [("empty-completion", found, 5)]);
            assert!(found == count as u64 || (count > 10 && found > 10), "{found}");
        }
    }
}
