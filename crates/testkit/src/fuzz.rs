//! Gives a parser bytes that nobody meant to write: the files of `fuzz/corpus/<target>`, and what
//! comes of them by mutation. Deterministic: the same seed makes the same inputs in the same order.
//!
//! A test runs it for a moment; `cargo xtask fuzz TARGET --seconds N` for as long as one likes. What
//! makes the parser panic is kept under `fuzz/corpus/<target>`, where it is tried first from then on.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::{Entropy, SeededEntropy, Sha256};

/// Inputs that are tried when no time was given.
const QUICK: u64 = 1_000;

/// Longest input.
const LONGEST: usize = 128 << 10;

/// Most inputs that are mutated further.
const POOL: usize = 512;

/// One input that takes longer than this hangs, as far as a server is concerned.
const PATIENCE: Duration = Duration::from_secs(10);

/// Numbers at which things turn.
const TURNS: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];

/// Tries `body` on the corpus of `target`, on `more` seeds, and on mutations of both, for as long as
/// `MEDIAVAULT_FUZZ_SECONDS` says or else for a moment.
///
/// # Panics
/// When `body` panics or hangs: with the path at which the input was kept.
pub fn fuzz(target: &str, more: &[Vec<u8>], body: impl Fn(&[u8])) {
    let seconds = std::env::var("MEDIAVAULT_FUZZ_SECONDS").ok();
    let seconds: Option<u64> = seconds.and_then(|seconds| seconds.parse().ok());
    let seed = std::env::var("MEDIAVAULT_TEST_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let corpus = corpus(target);
    let mut pool: Vec<Vec<u8>> = read_all(&corpus);
    pool.extend(more.iter().cloned());
    assert!(!pool.is_empty(), "{} has no seeds", corpus.display());
    for seed in &pool {
        attempt(&corpus, seed, &body);
    }
    let words = words(&pool);
    let mut chance = Chance(SeededEntropy::new(seed));
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let mut tried: u64 = 0;
    while until.map_or(tried < QUICK, |until| Instant::now() < until) {
        let input = mutated(&pool, &words, &mut chance);
        attempt(&corpus, &input, &body);
        tried += 1;
        // Mutations of mutations come further from where they began.
        if chance.below(16) == 0 {
            match pool.len() < POOL {
                true => pool.push(input),
                false => {
                    let at = chance.below(pool.len());
                    pool[at] = input;
                }
            }
        }
    }
    println!("{target}: {tried} inputs from seed {seed}");
}

/// Where the seeds of a target lie.
fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target)
}

fn read_all(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: &PathBuf| fs::read(path).expect("a readable seed");
    paths.iter().map(read).collect()
}

fn attempt(corpus: &Path, input: &[u8], body: &impl Fn(&[u8])) {
    let begun = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| body(input)));
    let took = begun.elapsed();
    if outcome.is_ok() && took < PATIENCE {
        return;
    }
    let kept = corpus.join(format!("found-{}", &Sha256::of(input).to_string()[..16]));
    fs::create_dir_all(corpus).expect("the folder of seeds");
    fs::write(&kept, input).expect("the input is kept");
    let what = if outcome.is_err() { "panics" } else { "hangs" };
    panic!(
        "{what} on {} bytes, kept as {}",
        input.len(),
        kept.display()
    );
}

/// Stretches of letters in the seeds: the words of the format.
fn words(pool: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut words: Vec<Vec<u8>> = pool
        .iter()
        .flat_map(|seed| seed.split(|byte| !byte.is_ascii_alphanumeric()))
        .filter(|word| (2..=24).contains(&word.len()))
        .map(<[u8]>::to_vec)
        .take(50_000)
        .collect();
    words.sort();
    words.dedup();
    words.truncate(2_000);
    words
}

/// Repeatable chance.
struct Chance(SeededEntropy);

impl Chance {
    fn next(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A number below `end`, or 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        match u64::try_from(end) {
            Ok(end) if end > 0 => usize::try_from(self.next() % end).unwrap_or(0),
            _ => 0,
        }
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

fn mutated(pool: &[Vec<u8>], words: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = pool[chance.below(pool.len())].clone();
    for _ in 0..=chance.below(6) {
        mutate(&mut input, pool, words, chance);
    }
    input.truncate(LONGEST);
    input
}

fn mutate(input: &mut Vec<u8>, pool: &[Vec<u8>], words: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(input.len());
    let end = (at + 1 + chance.below(64)).min(input.len());
    match chance.below(10) {
        0 if !input.is_empty() => input[at] ^= 1 << chance.below(8),
        1 if !input.is_empty() => input[at] = chance.byte(),
        2 => drop(input.drain(at..end)),
        3 => input.truncate(at),
        4 => {
            let piece = input[at..end].to_vec();
            for _ in 0..=chance.below(8) {
                input.splice(at..at, piece.iter().copied());
            }
        }
        5 => {
            let other = &pool[chance.below(pool.len())];
            let from = chance.below(other.len());
            let to = (from + 1 + chance.below(512)).min(other.len());
            input.splice(at..end, other[from..to].iter().copied());
        }
        6 => write_number(input, at, chance),
        7 if !words.is_empty() => {
            let word = &words[chance.below(words.len())];
            input.splice(at..at, word.iter().copied());
        }
        8 => {
            let digits = TURNS[chance.below(TURNS.len())].to_string();
            input.splice(at..end.min(at + 4), digits.bytes());
        }
        _ => input.insert(at, chance.byte()),
    }
}

/// Overwrites a number of 1 to 8 bytes, in either order.
fn write_number(input: &mut [u8], at: usize, chance: &mut Chance) {
    let width = 1 << chance.below(4);
    let value = TURNS[chance.below(TURNS.len())];
    let bytes = match chance.below(2) {
        0 => value.to_le_bytes()[..width].to_vec(),
        _ => value.to_be_bytes()[8 - width..].to_vec(),
    };
    for (place, byte) in input.iter_mut().skip(at).zip(bytes) {
        *place = byte;
    }
}
