//! A progress bar on standard error, for runs that take longer than a second.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs shorter than this show no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How far a run has come. Hidden, it does nothing.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    start: Option<Instant>,
    shown: AtomicBool,
}

impl Progress {
    /// A bar that fills up to `bytes`.
    pub(crate) fn new(bytes: u64) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(
            "{wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} left",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, start: Some(Instant::now()), shown: AtomicBool::new(false) }
    }

    /// No bar.
    pub(crate) fn hidden() -> Progress {
        Progress { bar: ProgressBar::hidden(), start: None, shown: AtomicBool::new(false) }
    }

    /// Says that so many more bytes are done.
    pub(crate) fn add(&self, bytes: u64) {
        let Some(start) = self.start else { return };
        self.bar.inc(bytes);
        if start.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the bar away while something else is written to the terminal.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes the bar away for good.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// A writer that does not run into the bar.
    pub(crate) fn around<W: Write>(self: Arc<Self>, out: W) -> Around<W> {
        Around { progress: self, out }
    }
}

/// See [`Progress::around`].
#[derive(Debug)]
pub(crate) struct Around<W> {
    progress: Arc<Progress>,
    out: W,
}

impl<W: Write> Write for Around<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let out = &mut self.out;
        self.progress.suspend(|| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
