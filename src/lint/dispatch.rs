//! Chunks go out to threads, and their reports come back.

use std::collections::BTreeMap;
use std::sync::mpsc;

use super::merge::Merge;
use super::worker::ChunkReport;
use super::{File, Linter};
use crate::lines::{Block, Chunk, Chunks};
use crate::outcome::Failure;
use crate::settings::Settings;
use crate::timing::Stage;

impl Linter<'_> {
    /// Lints the lines of a file and merges what is found in them, in the order of the file.
    pub(super) fn lint_lines(
        &mut self,
        file: &File,
        mut chunks: Chunks<'_>,
        merge: &mut Merge<'_>,
    ) -> Result<(), Failure> {
        let Some(first) = chunks.next().map_err(Failure::Read)? else { return Ok(()) };
        // A small file is done before threads would have started.
        let alone = first.last || self.settings.threads == Some(1);
        if !alone && self.pool.is_none() {
            self.pool = thread_pool(&self.settings);
        }
        let pool = if alone { None } else { self.pool.take() };
        let Some(pool) = pool else {
            let mut worker = self.worker();
            let mut next = Some(first);
            while let Some(chunk) = next {
                let report = self.lint_chunk(&mut worker, &chunk);
                (self.progress)(chunk.bytes.len() as u64);
                file.check(merge.bytes + chunk.bytes.len() as u64)?;
                self.timed(Stage::Merge, || self.merge(merge, report, &chunk.bytes))?;
                chunks.recycle(chunk.bytes);
                next = self.timed(Stage::Chunks, || chunks.next()).map_err(Failure::Read)?;
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
                        let report = linter.lint_chunk(&mut worker, &chunk);
                        linter.put_back(worker);
                        reply.answer = Some((report, chunk.bytes));
                    });
                    sent += 1;
                    // What was read before an error is reported, however far the workers have come.
                    next = self.timed(Stage::Chunks, || chunks.next()).unwrap_or_else(|error| {
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
                    self.timed(Stage::Merge, || linter.merge(merge, report, &block))?;
                    chunks.recycle(block);
                    merged += 1;
                }
            }
        })
    }
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
