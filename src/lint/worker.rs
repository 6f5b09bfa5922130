//! What a thread does with a chunk: each line is parsed, read, judged and counted.

use bumpalo::Bump;

use super::compare::Printed;
use super::line::{Columns, Line};
use super::near::Sketched;
use super::plan::Plan;
use super::records::{Kind, Piece, Records};
use super::room::Room;
use crate::dataset::{Banding, Declared, DeclaredParts, LineFacts, Print, Sketch, Spot};
use crate::example::{Example, Expected, Format, Memory};
use crate::finding::{Finding, Severity};
use crate::json::syntax::Slip;
use crate::json::{Doc, Memo, NodeId, Parser};
use crate::lines::Chunk;
use crate::outcome::ExampleRow;
use crate::rule::{At, Notes, Record, Tally};
use crate::rules::RULES;
use crate::settings::Settings;
use crate::target::Unknown;
use crate::timing::{Clock, Stage};
use crate::tokens::ExampleCounter;

/// What came of one chunk. Lines, examples and bytes count from its start.
#[derive(Default)]
pub(super) struct ChunkReport {
    pub(super) facts: LineFacts,
    pub(super) counts: Vec<Tally>,
    pub(super) findings: Vec<Finding>,
    /// For each finding the hash of its line, if there is a baseline.
    pub(super) hashes: Vec<u128>,
    pub(super) rows: Vec<ExampleRow>,
    /// What the examples say, ask and answer, if they are compared with those before them.
    pub(super) prints: Vec<Printed>,
    /// What they say in short, if it is asked what is almost the same.
    pub(super) sketches: Vec<Sketched>,
}

/// The memory that a thread needs, reused from chunk to chunk.
pub(super) struct Worker {
    parser: Parser,
    reading: Memory,
    declared: Memo<DeclaredParts>,
    arena: Bump,
    counter: Option<ExampleCounter>,
    banding: Banding,
    notes: Notes,
    /// Whether lines with findings are hashed, for a baseline. It is asked before caps, so all findings are kept then.
    hash: bool,
}

impl Worker {
    pub(super) fn new(settings: &Settings, hash: bool) -> Self {
        let target = settings.target;
        Worker {
            parser: Parser::default(),
            reading: Memory::default(),
            declared: Memo::default(),
            arena: Bump::new(),
            counter: settings.tokens.then(|| {
                ExampleCounter::new(settings.encoding(), settings.images(), settings.context())
                    .with_own_tokenizer(settings.own_tokenizer())
                    .with_weights(settings.target.weighs("assistant"))
                    .with_keys((target.unknown_message_keys != Unknown::Ignored).then(|| target.keys_of("assistant")))
            }),
            banding: Banding::of(settings.similarity),
            notes: Notes::default(),
            hash,
        }
    }

    /// Begins a chunk of whose findings there is this room for.
    pub(super) fn start_chunk(&mut self, room: &Room) {
        let hash = self.hash;
        self.notes.start(room.of_chunk().map(|max| if hash { u64::MAX } else { max }));
    }

    /// Ends the chunk with what was counted in it.
    pub(super) fn end_chunk(&mut self, report: &mut ChunkReport) {
        report.counts = std::mem::take(&mut self.notes.counts);
    }

    /// Lints a chunk. `clock` is told what was done.
    pub(super) fn chunk<C: Clock>(
        &mut self,
        plan: &Plan,
        settings: &Settings,
        chunk: &Chunk<'_>,
        room: &Room,
        clock: &mut C,
    ) -> ChunkReport {
        let mut report = ChunkReport::default();
        self.start_chunk(room);
        let mut parser = std::mem::take(&mut self.parser);
        let mut records = Records { rest: &chunk.bytes };
        let mut offset = 0;
        while let Some(Piece { bytes, length, lines, kind }) = records.next(&mut parser, clock) {
            let examples = kind.examples();
            let example = if examples > 0 { report.facts.records + 1 } else { 0 };
            let here = Line { example, ..Line::new(bytes, report.facts.lines + 1, offset, length) };
            report.facts.records += examples;
            match kind {
                Kind::Blank => {
                    // At the end of the file blank lines are nothing.
                    if !chunk.last || !records.rest.is_empty() {
                        self.record(plan, settings, &Record::Blank { lines }, &At::Line, &here, &mut report, clock);
                    }
                }
                Kind::Json(doc) => {
                    let here = Line { doc: Some(&doc), ..here };
                    self.value(plan, settings, &doc, &here, &mut report, clock);
                }
                Kind::Broken(broken) => {
                    report.facts.stray += u64::from(examples == 0);
                    let here = Line { lines, ..here };
                    let at = At::Bytes(broken.span.clone());
                    if broken.slip == Slip::MergeConflict {
                        let span = broken.span.clone();
                        report.facts.add_merge_marker(|| here.place(span, None, &mut Columns::default(), settings));
                    }
                    self.record(plan, settings, &Record::Broken(&broken), &at, &here, &mut report, clock);
                }
            }
            if settings.profile && example > 0 {
                report.facts.profile.affected.add(self.worst(example, settings));
            }
            offset += length;
            report.facts.lines += lines;
        }
        self.parser = parser;
        self.end_chunk(&mut report);
        report
    }

    /// How grave the gravest is of what was found in an example.
    fn worst(&self, example: u64, settings: &Settings) -> Option<Severity> {
        let here = self.notes.counts.iter().zip(RULES).filter(|(tally, _)| tally.last == example);
        here.filter_map(|(_, rule)| settings.severity(rule)).max()
    }

    /// Judges something that is no example.
    #[expect(clippy::too_many_arguments, reason = "what `value` has, and the record and its place")]
    pub(super) fn record(
        &mut self,
        plan: &Plan,
        settings: &Settings,
        record: &Record<'_>,
        at: &At,
        here: &Line<'_>,
        report: &mut ChunkReport,
        clock: &mut impl Clock,
    ) {
        self.notes.example = here.example;
        for &(active, check) in &plan.record {
            check(record, &mut self.notes.sink(settings, active));
            clock.rule(active);
        }
        for pending in &mut self.notes.pending {
            if pending.at == At::Line {
                pending.at = at.clone();
            }
        }
        let undo = if let Record::Broken(broken) = record { broken.undo.as_ref() } else { None };
        here.locate(&mut self.notes.pending, undo, self.hash, settings, report);
        clock.stage(Stage::Locate);
    }

    /// Judges a line that is JSON.
    fn value(
        &mut self,
        plan: &Plan,
        settings: &Settings,
        doc: &Doc<'_>,
        here: &Line<'_>,
        report: &mut ChunkReport,
        clock: &mut impl Clock,
    ) {
        self.arena.reset();
        let target = settings.target;
        let expected = Expected {
            chat_keys: target.chat_keys,
            shapes: target.shapes,
            image_url_as_text: target.image_url_as_text,
            reinforcement: settings.reinforcement,
        };
        let example = Example::read(doc, &self.arena, &mut self.reading, expected);
        clock.stage(Stage::Read);
        self.notes.example = here.example;
        let Some(example) = example else {
            for &(active, check) in &plan.record {
                check(&Record::Value(doc), &mut self.notes.sink(settings, active));
                clock.rule(active);
            }
            here.locate(&mut self.notes.pending, None, self.hash, settings, report);
            clock.stage(Stage::Locate);
            return;
        };
        self.notes.take_erred();
        judge(plan, settings, &example, &mut self.notes, clock);
        let erred = self.notes.take_erred();
        let is_read = !matches!(example.format, Format::Unknown(_));
        if let Some(counter) = self.counter.as_mut().filter(|_| is_read) {
            let tokens = counter.count(&example);
            clock.stage(Stage::Tokens);
            for &(active, check) in &plan.tokens {
                check(&example, &tokens, &mut self.notes.sink(settings, active));
                clock.rule(active);
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
        let declared = Declared::of(&example, &self.arena, &mut self.declared);
        if plan.compares() {
            let Line { line, example: number, offset, .. } = *here;
            report.prints.push(Printed {
                print: Print::of(&example, &declared.digests),
                line,
                example: number,
                offset,
            });
        }
        if !plan.near.is_empty()
            && let Some(sketch) = Sketch::of(&example, self.banding)
        {
            let Line { line, example: number, offset, .. } = *here;
            report.sketches.push(Sketched { sketch, digest: doc.digest(NodeId::ROOT), line, example: number, offset });
        }
        if !plan.systems.is_empty() {
            report.facts.systems.add(&example, |at| here.place_of(&at, settings));
        }
        if settings.profile {
            report.facts.profile.add(&example);
        }
        clock.stage(Stage::Hash);
        if !settings.item_paths.is_empty() {
            report.facts.wanted.add(&example, &settings.item_paths, here.line);
        }
        let Line { line, example: number, offset, .. } = *here;
        let spot = Spot { line, example: number, offset, function: NodeId::ROOT };
        report.facts.tools.add(&example, &declared, spot);
        here.locate(&mut self.notes.pending, None, self.hash, settings, report);
        clock.stage(Stage::Locate);
        report.facts.add(&example, erred, |at| here.place_of(&at, settings));
        clock.stage(Stage::Facts);
    }
}

/// Asks the rules about an example and its messages.
fn judge(plan: &Plan, settings: &Settings, example: &Example<'_>, notes: &mut Notes, clock: &mut impl Clock) {
    for &(active, check) in &plan.example {
        check(example, &mut notes.sink(settings, active));
        clock.rule(active);
    }
    if example.features.intersects(plan.example_features) {
        for &(active, features, check) in &plan.example_with {
            if example.features.intersects(features) {
                check(example, &mut notes.sink(settings, active));
                clock.rule(active);
            }
        }
    }
    for message in example.messages() {
        for &(active, check) in &plan.message {
            check(example, message, &mut notes.sink(settings, active));
            clock.rule(active);
        }
        if !message.features.intersects(plan.message_features) {
            continue;
        }
        for &(active, features, check) in &plan.message_with {
            if message.features.intersects(features) {
                check(example, message, &mut notes.sink(settings, active));
                clock.rule(active);
            }
        }
    }
}
