//! Where the time of a run goes, stage by stage and rule by rule: only for runs that ask, `ftlint -v`.
//!
//! A worker tells its `Clock` whenever something is done; the time since it was last told is that of what was done.
//! In runs that do not ask the clock is `()`, which does nothing and leaves no trace in the code.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::rule::Active;
use crate::rules::RULES;

/// What is done with data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading a stream, cutting chunks; waiting for the disk.
    Chunks,
    /// Finding the ends of lines. Of a mapped file this is also the first touch of its pages.
    Lines,
    /// JSON into a tape.
    Parse,
    /// What a line is that is no JSON.
    Diagnose,
    /// A tape into an example.
    Read,
    /// Counting tokens.
    Tokens,
    /// Hashes of examples, prompts and answers.
    Hash,
    /// Adding up facts.
    Facts,
    /// Turning what was found into findings with places.
    Locate,
    /// Putting chunks together, and comparing their hashes.
    Merge,
}

/// All stages, with what they are called.
const STAGES: [(Stage, &str); 10] = [
    (Stage::Chunks, "reading the input"),
    (Stage::Lines, "finding lines"),
    (Stage::Parse, "parsing JSON"),
    (Stage::Diagnose, "explaining what is not JSON"),
    (Stage::Read, "reading examples"),
    (Stage::Tokens, "counting tokens"),
    (Stage::Hash, "hashing for comparisons"),
    (Stage::Facts, "adding up facts"),
    (Stage::Locate, "locating findings"),
    (Stage::Merge, "merging chunks"),
];

/// What is told when something is done.
pub(crate) trait Clock {
    /// A stage is done.
    fn stage(&mut self, stage: Stage);
    /// A rule was asked.
    fn rule(&mut self, active: Active);
}

impl Clock for () {
    #[inline(always)]
    fn stage(&mut self, _: Stage) {}

    #[inline(always)]
    fn rule(&mut self, _: Active) {}
}

/// How often something was done, and how long that took.
#[derive(Clone, Copy, Debug, Default)]
struct Lap {
    times: u64,
    time: Duration,
}

/// How long everything took, over all threads.
#[derive(Clone, Debug)]
pub struct Timings {
    stages: [Lap; STAGES.len()],
    rules: Vec<Lap>,
}

impl Default for Timings {
    fn default() -> Self {
        Timings { stages: Default::default(), rules: vec![Lap::default(); RULES.len()] }
    }
}

impl Timings {
    /// Adds what another thread took.
    pub(crate) fn add(&mut self, other: &Timings) {
        let others = other.stages.iter().chain(&other.rules);
        for (lap, other) in self.stages.iter_mut().chain(&mut self.rules).zip(others) {
            lap.times += other.times;
            lap.time += other.time;
        }
    }
}

/// A clock that runs.
pub(crate) struct Stopwatch {
    timings: Timings,
    last: Instant,
}

impl Stopwatch {
    /// Starts with nothing done.
    pub(crate) fn start() -> Self {
        Stopwatch { timings: Timings::default(), last: Instant::now() }
    }

    /// What was done.
    pub(crate) fn stop(self) -> Timings {
        self.timings
    }
}

impl Stopwatch {
    fn lap(last: &mut Instant, lap: &mut Lap) {
        let now = Instant::now();
        lap.times += 1;
        lap.time += now - *last;
        *last = now;
    }
}

impl Clock for Stopwatch {
    fn stage(&mut self, stage: Stage) {
        Stopwatch::lap(&mut self.last, &mut self.timings.stages[stage as usize]);
    }

    fn rule(&mut self, active: Active) {
        Stopwatch::lap(&mut self.last, &mut self.timings.rules[active.index]);
    }
}

/// How long it takes to look at the clock.
fn cost_of_a_look() -> Duration {
    const LOOKS: u32 = 10_000;
    let start = Instant::now();
    for _ in 0..LOOKS {
        black_box(Instant::now());
    }
    start.elapsed() / LOOKS
}

/// A table of all that was done, what took longest first.
impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look = cost_of_a_look().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a share of a time that was measured")]
        let seconds = |lap: &Lap| (lap.time.as_secs_f64() - lap.times as f64 * look).max(0.0);
        let stages = STAGES.iter().map(|(stage, name)| (self.stages[*stage as usize], (*name).to_owned()));
        let rules = RULES.iter().zip(&self.rules).map(|(rule, lap)| (*lap, format!("{} {}", rule.code, rule.name)));
        let mut rows: Vec<(f64, u64, String)> = stages
            .chain(rules)
            .filter(|(lap, _)| lap.times > 0)
            .map(|(lap, name)| (seconds(&lap), lap.times, name))
            .collect();
        rows.sort_by(|one, other| other.0.total_cmp(&one.0));
        let all: f64 = rows.iter().map(|row| row.0).sum();
        let share = |part: f64| if all > 0.0 { 100.0 * part / all } else { 0.0 };
        writeln!(f, "time of all threads, without that of the clock:")?;
        writeln!(f, "{:>12} {:>6}  {:>11}", "ms", "share", "times")?;
        for (seconds, times, name) in rows {
            let times = crate::text::number(times);
            writeln!(f, "{:>12.3} {:>5.1}%  {times:>11}  {name}", seconds * 1000.0, share(seconds))?;
        }
        write!(f, "{:>12.3} {:>5.1}%  {:>11}  all", all * 1000.0, share(all), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_name() {
        for (place, (stage, _)) in STAGES.iter().enumerate() {
            assert_eq!(*stage as usize, place);
        }
    }

    #[test]
    fn what_took_longest_comes_first() {
        let mut timings = Timings::default();
        timings.stages[Stage::Parse as usize] = Lap { times: 1, time: Duration::from_secs(1) };
        timings.rules[0] = Lap { times: 2, time: Duration::from_secs(3) };
        let mut sum = timings.clone();
        sum.add(&timings);
        let table = sum.to_string();
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows.len(), 3, "{table}");
        assert!(rows[0].ends_with("FT001 invalid-json") && rows[0].contains(" 75.0%"), "{table}");
        assert!(rows[1].ends_with("parsing JSON") && rows[1].contains(" 25.0%"), "{table}");
        assert!(rows[2].contains("8000.0") || rows[2].contains("7999.9"), "{table}");
    }
}
