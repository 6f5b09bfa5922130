//! Which examples say almost the same, over all files of a run.
//!
//! How alike two examples are is the Jaccard similarity of their shingles, the sequences of [`WIDTH`] words in them: how
//! many both have, out of all that one of them has. What an example says is its messages and calls, or its prompt and
//! completion, without regard to case and punctuation. System prompts are left out: they would make all examples alike.
//!
//! A thread makes a [`Sketch`] of each example by one permutation hashing (Li, Owen and Zhang 2012): a shingle's hash
//! says in which of [`BINS`] bins it falls, each bin keeps the least of its hashes, and how many bins agree among those
//! that either example fills is the similarity, nearly exact for short texts and with a standard error of 0.025 for long
//! ones. A classical MinHash of as many rows takes as many multiplications for each word. Bands of some rows are the
//! keys under which examples are looked up; a row that falls on an empty bin takes the next one that is not, from a
//! place of its own (densification, Shrivastava 2017).
//!
//! No crate was taken: `gaoya` has classical MinHash with an allocation and hundreds of multiplications a word and brings
//! ten crates along, `probminhash` two dozen, `minhash-rs` has no index, and none bounds what it keeps.
//!
//! The thread that merges holds each example against those before it, in the order of the files and their lines, so that
//! threads do not change what is found. An example takes 256 bytes, 32 for where it stands, 9 to 18 to know it again, and
//! 10 to 21 for each band (there are 24 at most): 0.5 to 0.8 kB in all, so 500,000 examples take up to 400 MB. If there
//! are more than asked for, a sample of them is held, of between half as many and as many. What decides whether an example
//! is in it is the least hash of its shingles, which examples that are almost the same mostly share: they are kept or
//! dropped together, and of pairs the sample has about as many as of examples.

use std::collections::{HashMap, HashSet};

use hashbrown::HashTable;

use crate::example::{Arguments, Example, Format};
use crate::finding::Place;

/// How many words make a shingle.
const WIDTH: u64 = 3;
/// Examples of fewer words are not compared: in them a word makes too much of a difference.
const LEAST_WORDS: u64 = 16;
/// The bins of a sketch.
const BINS: usize = 256;
/// How many bands there may be.
const MAX_BANDS: usize = 24;
/// The chance to miss two examples that are just as alike as asked for is less than one in so many.
const MISSED: f64 = 200.0;
/// How many examples are looked at under one key. Where there are more the key is that of a common phrase, and others
/// tell them apart.
const BUCKET: usize = 8;
/// How many groups of one file are told one by one.
const MAX_GROUPS: usize = 10_000;
/// How many lines of a group are named.
const LINES: usize = 8;

/// How the rows of a sketch make keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Banding {
    bands: usize,
    rows: usize,
}

impl Banding {
    /// As many rows a band as leave few of those apart that are so similar: more rows mean fewer false candidates.
    pub(crate) fn of(similarity: f64) -> Banding {
        // A band agrees if all its rows do.
        let bands = |rows: usize| {
            let agrees = similarity.powf(rows as f64).min(0.999);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
            let bands = (-MISSED.ln() / (1.0 - agrees).ln()).ceil() as usize;
            bands.max(4)
        };
        let fits = |rows: &usize| bands(*rows) <= MAX_BANDS && bands(*rows) * rows <= BINS;
        let rows = (1..=BINS).rev().find(fits).unwrap_or(1);
        Banding { bands: bands(rows).min(MAX_BANDS), rows }
    }
}

/// What an example says, in short.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    /// A byte of the least hash of each bin; 0 if it is empty.
    signature: [u8; BINS],
    /// The keys under which it is looked up, as many as there are bands.
    keys: [u32; MAX_BANDS],
    /// What decides whether it is in a sample.
    rank: u32,
}

impl Sketch {
    /// The sketch of an example; `None` if it says too little.
    pub(crate) fn of(example: &Example<'_>, banding: Banding) -> Option<Sketch> {
        let mut shingles = Shingles::new();
        if example.format == Format::Completion {
            shingles.text(example.prompt.value()?);
            shingles.text(example.answer().1.value()?);
        } else {
            for message in example.messages() {
                if matches!(message.role(), Some("system" | "developer")) {
                    continue;
                }
                message.texts().for_each(|(_, text)| shingles.text(text));
                message.refusal.value().into_iter().for_each(|text| shingles.text(text));
                for call in message.calls() {
                    call.name.value().into_iter().for_each(|name| shingles.text(name));
                    if let Arguments::Text(_, text, _) = call.arguments {
                        shingles.text(text);
                    }
                }
            }
        }
        shingles.sketch(banding)
    }

    /// How alike the two are.
    fn similarity(&self, other: &[u8; BINS]) -> f32 {
        similarity(&self.signature, other)
    }
}

/// The share of bins that agree, of those that are filled. That two bytes are the same by chance matters little.
fn similarity(one: &[u8; BINS], other: &[u8; BINS]) -> f32 {
    let (mut same, mut filled) = (0_u32, 0_u32);
    // Counts of a part fit a byte, and are added up many at a time.
    for (one, other) in one.chunks_exact(BINS / 2).zip(other.chunks_exact(BINS / 2)) {
        let pairs = || one.iter().zip(other);
        same += u32::from(pairs().map(|(a, b)| u8::from(a == b && *a != 0)).sum::<u8>());
        filled += u32::from(pairs().map(|(a, b)| u8::from(a | b != 0)).sum::<u8>());
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 256")]
    let share = same as f32 / filled.max(1) as f32;
    share
}

/// Takes texts apart into shingles.
struct Shingles {
    words: u64,
    /// The hashes of the last two words, the older one first.
    last: [u64; 2],
    /// The least hash of each bin.
    least: [u32; BINS],
}

/// No hash is as great.
const EMPTY: u32 = u32::MAX;
/// An odd number that has its bits well spread: that of xxHash's first 64-bit prime.
const SPREAD: u64 = 0x9E37_79B1_85EB_CA87;

/// What a byte is to words: its lower case, 0 for what stands between them, 255 for a part of another character.
static FOLDED: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            byte @ (b'a'..=b'z' | b'0'..=b'9') => byte,
            byte @ b'A'..=b'Z' => byte | 0x20,
            0x80.. => 255,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// The places at which the rows of bands look for a bin: all of them, shuffled.
static ROWS: [u8; BINS] = {
    let mut rows = [0; BINS];
    let mut row = 0;
    while row < BINS {
        rows[row] = row as u8;
        row += 1;
    }
    let (mut state, mut left) = (1_u64, BINS);
    while left > 1 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = (state >> 33) as usize % left;
        left -= 1;
        (rows[left], rows[other]) = (rows[other], rows[left]);
    }
    rows
};

impl Shingles {
    fn new() -> Self {
        Shingles { words: 0, last: [0; 2], least: [EMPTY; BINS] }
    }

    fn text(&mut self, text: &str) {
        let mut word = 0_u64;
        let mut at = 0;
        let bytes = text.as_bytes();
        while let Some(&byte) = bytes.get(at) {
            match FOLDED[usize::from(byte)] {
                0 => {
                    if word != 0 {
                        self.word(word);
                        word = 0;
                    }
                    at += 1;
                }
                255 => {
                    let Some(c) = text[at..].chars().next() else { return };
                    at += c.len_utf8();
                    word = self.character(c, word);
                }
                folded => {
                    word = add(word, u64::from(folded));
                    at += 1;
                }
            }
        }
        if word != 0 {
            self.word(word);
        }
    }

    /// Takes a character that is not ASCII; the word that is begun then.
    fn character(&mut self, c: char, word: u64) -> u64 {
        if !c.is_alphanumeric() {
            if word != 0 {
                self.word(word);
            }
            return 0;
        }
        if !is_word(c) {
            return c.to_lowercase().fold(word, |word, c| add(word, u64::from(c)));
        }
        if word != 0 {
            self.word(word);
        }
        self.word(add(0, u64::from(c)));
        0
    }

    /// Takes the hash of a word.
    fn word(&mut self, word: u64) {
        self.words += 1;
        let [first, second] = self.last;
        self.last = [second, word];
        if self.words >= WIDTH {
            self.shingle(mixed(first.rotate_left(21) ^ second.rotate_left(42) ^ word));
        }
    }

    fn shingle(&mut self, hash: u64) {
        #[expect(clippy::cast_possible_truncation, reason = "one part is the bin, another one its hash")]
        let (bin, hash) = ((hash >> 56) as usize, hash as u32 >> 1);
        self.least[bin] = self.least[bin].min(hash);
    }

    fn sketch(&self, banding: Banding) -> Option<Sketch> {
        if self.words < LEAST_WORDS {
            return None;
        }
        let mut sketch = Sketch { signature: [0; BINS], keys: [0; MAX_BANDS], rank: 0 };
        let mut filled = [0_u64; BINS / 64];
        for (bin, &least) in self.least.iter().enumerate() {
            if least != EMPTY {
                filled[bin / 64] |= 1 << (bin % 64);
                sketch.signature[bin] = byte_of(least);
            }
        }
        for (band, key) in sketch.keys.iter_mut().enumerate().take(banding.bands) {
            let rows = &ROWS[band * banding.rows..][..banding.rows];
            let hash = rows.iter().fold(0, |key, &row| add(key, u64::from(self.least[next(&filled, row)])));
            *key = upper(mixed(hash));
        }
        let least = self.least.iter().min().copied().unwrap_or(EMPTY);
        sketch.rank = upper(mixed(u64::from(least)));
        Some(sketch)
    }
}

/// Whether a character is a word by itself: where words are written without spaces.
fn is_word(c: char) -> bool {
    // Thai and Lao; Burmese; Khmer; Chinese and Japanese. Hangul has spaces, and so has what stands behind it but for the
    // forms of Japanese letters and the further Chinese characters.
    matches!(
        c,
        '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17ff}'
            | '\u{2e80}'..='\u{312f}'
            | '\u{31a0}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}'
            | '\u{1b000}'..='\u{1b16f}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// Adds something to a hash, which is never 0 then.
fn add(hash: u64, with: u64) -> u64 {
    ((hash ^ with).wrapping_mul(SPREAD) ^ hash >> 32) | 1 << 63
}

/// Spreads what differs over all bits.
fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 32).wrapping_mul(SPREAD);
    let hash = (hash ^ hash >> 29).wrapping_mul(SPREAD);
    hash ^ hash >> 32
}

fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A byte of a hash that tells it from others, and is not 0.
#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
fn byte_of(hash: u32) -> u8 {
    let spread = hash.wrapping_mul(0x9E37_79B1);
    1 + ((u64::from(spread) * 255) >> 32) as u8
}

/// The first bin that is filled, from `row` on and around.
fn next(filled: &[u64; BINS / 64], row: u8) -> usize {
    let (word, bit) = (usize::from(row) / 64, u32::from(row) % 64);
    let rest = filled[word] & u64::MAX << bit;
    if rest != 0 {
        return word * 64 + rest.trailing_zeros() as usize;
    }
    let around = (1..=filled.len()).map(|step| (word + step) % filled.len());
    let mut found = around.filter(|word| filled[*word] != 0);
    found.next().map_or(0, |word| word * 64 + filled[word].trailing_zeros() as usize)
}

/// The examples of a run that are held against each other. Only the thread that merges adds to them.
#[derive(Debug)]
pub(crate) struct NearExamples {
    /// Two examples that are less alike are no near duplicates.
    least: f32,
    /// How many may be held.
    room: usize,
    entries: Vec<Entry>,
    signatures: Vec<[u8; BINS]>,
    /// By band: keys and entries.
    tables: Vec<HashTable<(u32, u32)>>,
    /// What the entries say, to leave out what says exactly the same.
    known: HashSet<u64>,
    /// The greatest rank in the sample; nothing is left out as long as it is the greatest there is.
    greatest: u32,
    /// How many examples came.
    asked: u64,
    /// How often entries were looked for.
    searches: u32,
    files: Vec<String>,
    groups: Vec<Group>,
    /// The groups to which the file at hand has added, with their number.
    here: HashMap<u32, Here>,
    /// The groups to which it has added as well, beyond those that are told.
    further: u64,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    digest: u64,
    line: u64,
    file: u32,
    rank: u32,
    /// Its group; [`ALONE`] if it has none.
    group: u32,
    /// The last search that came upon it.
    search: u32,
}

const ALONE: u32 = u32::MAX;

/// Examples that are almost the same: each like an earlier one.
#[derive(Clone, Copy, Debug)]
struct Group {
    file: u32,
    line: u64,
    count: u64,
    least: f32,
    greatest: f32,
    /// The last file in which it was counted without being told.
    counted: u32,
}

/// What a file has added to a group.
#[derive(Debug)]
struct Here {
    place: Place,
    lines: Vec<u64>,
}

/// What a file has that is almost the same as something before it.
#[derive(Clone, Debug, Default)]
pub struct NearFacts {
    /// The groups to which it has added, in the order of their first such lines.
    pub groups: Vec<NearGroup>,
    /// How many more there are.
    pub further: u64,
    /// How many examples are held against each other, and of how many, if that is not all of them.
    pub sample: Option<(u64, u64)>,
}

/// Examples that are almost the same.
#[derive(Clone, Debug)]
pub struct NearGroup {
    /// How many they are by now.
    pub count: u64,
    /// The file of the first of them, if that is another one.
    pub first_file: Option<String>,
    /// Its line.
    pub first_line: u64,
    /// The lines of the others, those of this file and the first of them.
    pub lines: Vec<u64>,
    /// How alike they are, each to the earlier one that it resembles most: the least and the greatest similarity.
    pub similarity: [f32; 2],
    /// The first of them that is in this file and is like another one.
    pub place: Place,
}

impl NearExamples {
    /// Two examples are near duplicates from this similarity on, and so many examples are held at most.
    pub(crate) fn new(similarity: f64, room: Option<u64>) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a number from 0.5 to 1")]
        let least = similarity as f32;
        let room = room.and_then(|room| usize::try_from(room).ok()).unwrap_or(usize::MAX);
        NearExamples {
            least,
            // Entries are numbered in 32 bits.
            room: room.min(ALONE as usize - 1),
            entries: Vec::new(),
            signatures: Vec::new(),
            tables: vec![HashTable::new(); Banding::of(similarity).bands],
            known: HashSet::new(),
            greatest: u32::MAX,
            asked: 0,
            searches: 0,
            files: Vec::new(),
            groups: Vec::new(),
            here: HashMap::new(),
            further: 0,
        }
    }

    /// Begins a file.
    pub(crate) fn begin(&mut self, name: &str) {
        self.files.push(name.to_owned());
        self.here.clear();
        self.further = 0;
    }

    /// Adds an example of the file that was begun last. `digest` tells what says exactly the same, which is no near
    /// duplicate.
    pub(crate) fn add(&mut self, sketch: &Sketch, digest: u64, line: u64, place: impl FnOnce() -> Place) {
        self.asked += 1;
        if sketch.rank > self.greatest || !self.known.insert(digest) {
            return;
        }
        let file = u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let mut entry = Entry { digest, line, file, rank: sketch.rank, group: ALONE, search: 0 };
        if let Some((similarity, nearest)) = self.nearest(sketch) {
            entry.group = self.group(nearest, similarity, file, line, place);
        }
        if self.entries.len() >= self.room {
            self.thin_out();
            if sketch.rank > self.greatest {
                self.known.remove(&digest);
                return;
            }
        }
        let Ok(number) = u32::try_from(self.entries.len()) else { return };
        self.entries.push(entry);
        self.signatures.push(sketch.signature);
        for (table, &key) in self.tables.iter_mut().zip(&sketch.keys) {
            let hash = hash_of(key);
            if table.iter_hash(hash).filter(|known| known.0 == key).take(BUCKET).count() < BUCKET {
                table.insert_unique(hash, (key, number), |known| hash_of(known.0));
            }
        }
    }

    /// The example that resembles this one most, if one is near; of two the earlier one.
    fn nearest(&mut self, sketch: &Sketch) -> Option<(f32, u32)> {
        self.searches = self.searches.wrapping_add(1);
        let mut best: Option<(f32, u32)> = None;
        for (table, &key) in self.tables.iter().zip(&sketch.keys) {
            for &(_, number) in table.iter_hash(hash_of(key)).filter(|known| known.0 == key).take(BUCKET) {
                let entry = &mut self.entries[number as usize];
                if entry.search == self.searches {
                    continue;
                }
                entry.search = self.searches;
                let similarity = sketch.similarity(&self.signatures[number as usize]);
                let is_better = |(best, other)| similarity > best || similarity == best && number < other;
                if similarity >= self.least && best.is_none_or(is_better) {
                    best = Some((similarity, number));
                }
            }
        }
        best
    }

    /// Adds an example to the group of the one that it resembles; the group's number.
    fn group(&mut self, nearest: u32, similarity: f32, file: u32, line: u64, place: impl FnOnce() -> Place) -> u32 {
        let nearest = &mut self.entries[nearest as usize];
        if nearest.group == ALONE {
            nearest.group = u32::try_from(self.groups.len()).unwrap_or(ALONE - 1);
            let (file, line) = (nearest.file, nearest.line);
            self.groups.push(Group {
                file,
                line,
                count: 1,
                least: similarity,
                greatest: similarity,
                counted: u32::MAX,
            });
        }
        let number = nearest.group;
        let group = &mut self.groups[number as usize];
        group.count += 1;
        group.least = group.least.min(similarity);
        group.greatest = group.greatest.max(similarity);
        let is_room = self.here.len() < MAX_GROUPS;
        match self.here.get_mut(&number) {
            Some(here) if here.lines.len() < LINES => here.lines.push(line),
            Some(_) => {}
            None if is_room => {
                self.here.insert(number, Here { place: place(), lines: vec![line] });
            }
            None if group.counted != file => {
                group.counted = file;
                self.further += 1;
            }
            None => {}
        }
        number
    }

    /// Drops half of the entries, those with the greatest ranks.
    fn thin_out(&mut self) {
        let mut order: Vec<u32> = (0..).take(self.entries.len()).collect();
        order.sort_unstable_by_key(|&number| (self.entries[number as usize].rank, number));
        order.truncate((self.room / 2).max(1));
        self.greatest = order.last().map_or(0, |&last| self.entries[last as usize].rank);
        order.sort_unstable();
        // Each moves forward, if at all.
        for (new, &old) in order.iter().enumerate() {
            self.entries[new] = self.entries[old as usize];
            self.signatures[new] = self.signatures[old as usize];
        }
        self.entries.truncate(order.len());
        self.signatures.truncate(order.len());
        let numbers: HashMap<u32, u32> = order.iter().copied().zip(0..).collect();
        for table in &mut self.tables {
            let old = std::mem::take(table);
            let kept = old.into_iter().filter_map(|(key, number)| Some((key, *numbers.get(&number)?)));
            for kept in kept {
                table.insert_unique(hash_of(kept.0), kept, |known| hash_of(known.0));
            }
        }
        self.known = self.entries.iter().map(|entry| entry.digest).collect();
    }

    /// What the file that was begun last has added.
    pub(crate) fn finish(&mut self) -> NearFacts {
        let file = self.files.len().saturating_sub(1);
        let mut groups: Vec<NearGroup> = std::mem::take(&mut self.here)
            .into_iter()
            .map(|(number, here)| {
                let group = self.groups[number as usize];
                let elsewhere = (group.file as usize != file).then(|| self.files.get(group.file as usize));
                NearGroup {
                    count: group.count,
                    first_file: elsewhere.flatten().cloned(),
                    first_line: group.line,
                    lines: here.lines,
                    similarity: [group.least, group.greatest],
                    place: here.place,
                }
            })
            .collect();
        groups.sort_unstable_by_key(|group| group.place.line);
        let is_sample = self.greatest < u32::MAX;
        let sample = is_sample.then_some((self.entries.len() as u64, self.asked));
        NearFacts { groups, further: self.further, sample }
    }
}

fn hash_of(key: u32) -> u64 {
    mixed(u64::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_is_written_between_spaces() {
        let words = |text: &str| {
            let mut shingles = Shingles::new();
            shingles.text(text);
            shingles.words
        };
        for (text, expected) in [
            ("한국의 수도는 서울입니다.", 3),
            ("日本の首都", 5),
            ("ไทย", 3),
            ("ＡＢＣ　ＤＥＦ", 2),
            ("Größe 한글 东京", 4),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
